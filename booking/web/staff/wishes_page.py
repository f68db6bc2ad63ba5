"""The wishes that wait for an answer, and those answered lately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from booking.db import db
from booking.web.audience import Audience, is_for
from booking.web.staff.console_page import render_console_page
from booking.web.staff.lead_names import WISH_STATE_NAMES
from booking.web.staff.scope import own_id_of_host
from booking.web.staff.signed_in import get_signed_in
from booking.wishes.list_wishes import list_answered_wishes, list_open_wishes
from booking.wishes.part_names import PART_NAMES
from booking.wishes.wished_times import WishedTime

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("staff_wishes", __name__)


@blueprint.get("/staff/wishes")
@is_for(Audience.HOST)
def show_wishes() -> Response:
    """List open wishes, who has waited longest first, then the newest of the others."""
    host_id, session = own_id_of_host(get_signed_in()), db.session()
    return render_console_page(
        "staff/wishes.html",
        open_wishes=list_open_wishes(host_id, session=session),
        answered_wishes=list_answered_wishes(host_id, session=session),
        read_wished=WishedTime.read,
        part_names=PART_NAMES,
        wish_state_names=WISH_STATE_NAMES,
    )
