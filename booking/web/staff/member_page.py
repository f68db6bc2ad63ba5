"""One member of the team: what they are called, and where their video calls are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, request

from booking.db import db
from booking.errors import InvalidFieldsError
from booking.staff.change_profile import StaleProfileError
from booking.staff.find import get_staff
from booking.web.audience import Audience, is_for
from booking.web.page import page_url
from booking.web.staff.console_page import render_console_page
from booking.web.staff.profile_form import profile_of, save_profile
from booking.web.staff.team_page import blueprint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response as AnyResponse

    from booking.errors import BookingError


@blueprint.get("/staff/team/<int:staff_id>")
@is_for(Audience.ADMIN)
def show_member(staff_id: int) -> Response:
    """Show what is known of one of the team, those who have left among them."""
    return _show(staff_id)


@blueprint.post("/staff/team/<int:staff_id>")
@is_for(Audience.ADMIN)
def save_member(staff_id: int) -> AnyResponse:
    """Save it."""
    try:
        save_profile(staff_id)
    except (InvalidFieldsError, StaleProfileError) as refusal:
        return _show(staff_id, refusal, typed=request.form)
    return redirect(page_url("staff_team.show_member", staff_id=staff_id, done="saved"), code=303)


def _show(
    staff_id: int,
    refusal: BookingError | None = None,
    *,
    typed: Mapping[str, str] | None = None,
) -> Response:
    member = get_staff(staff_id, session=db.session())
    return render_console_page(
        "staff/member.html",
        refusal=refusal,
        member=member,
        done=request.args.get("done"),
        **profile_of(member, refusal=refusal, typed=typed),
    )
