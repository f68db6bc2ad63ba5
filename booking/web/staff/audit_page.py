"""Who did what, when: everything that was ever recorded, filtered in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request

from booking.db import db
from booking.history import HistoryFilter, list_history, staff_actor
from booking.staff.names import names_of_staff
from booking.templating import N_, translate
from booking.web.audience import Audience, is_for
from booking.web.days import beginning_of, end_of, read_day
from booking.web.language import request_locale
from booking.web.page import page_url
from booking.web.short_ids import read_id
from booking.web.staff.console_page import render_console_page
from booking.web.staff.history_labels import ACTIONS, ACTORS, SUBJECT_KINDS
from booking.web.staff.signed_in import get_signed_in
from booking.web.staff.told_history import tell_history

if TYPE_CHECKING:
    from flask import Response
    from sqlalchemy.orm import Session

PAGE_SIZE = 50
FILTERS = ("who", "what", "about", "number", "from", "to")
ANYBODY = N_("Somebody")

blueprint = Blueprint("staff_audit", __name__)


@blueprint.get("/staff/audit")
@is_for(Audience.ADMIN)
def show_audit() -> Response:
    """Show the newest entries that are asked for, a page at a time."""
    session, zone, locale = db.session(), get_signed_in().time_zone, request_locale()
    found = list_history(
        _read_filter(zone=zone),
        before=request.args.get("before", type=read_id),
        limit=PAGE_SIZE + 1,
        session=session,
    )
    entries = found[:PAGE_SIZE]
    asked = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    is_more = len(found) > PAGE_SIZE
    return render_console_page(
        "staff/audit.html",
        entries=tell_history(entries, locale=locale, time_zone=zone, session=session),
        typed=request.args,
        is_filtered=bool(asked),
        actors=_actors(locale=locale, session=session),
        actions=_actions(locale=locale),
        kinds=SUBJECT_KINDS,
        older_url=page_url("staff_audit.show_audit", **asked, before=entries[-1].id)
        if is_more
        else None,
        newest_url=page_url("staff_audit.show_audit", **asked)
        if "before" in request.args
        else None,
    )


def _read_filter(*, zone: str) -> HistoryFilter:
    """Return what the address asks for; what cannot be understood asks for nothing."""
    asked = request.args
    first_day, last_day = (read_day(asked.get(name)) for name in ("from", "to"))
    return HistoryFilter(
        actor=asked.get("who") or None,
        action=asked.get("what") or None,
        subject=asked.get("about") or None,
        subject_id=asked.get("number", type=read_id),
        start=beginning_of(first_day, zone_name=zone) if first_day else None,
        end=end_of(last_day, zone_name=zone) if last_day else None,
    )


def _actors(*, locale: str, session: Session) -> list[tuple[str, str]]:
    """Return everybody who can have done something, as the filter offers them."""
    staff = names_of_staff(session=session).items()
    others = [(actor, translate(name, locale=locale)) for actor, name in ACTORS.items()]
    return [*((staff_actor(staff_id), name) for staff_id, name in staff), *others]


def _actions(*, locale: str) -> list[tuple[str, str]]:
    """Return everything that can be done, in the order of the reader's alphabet."""
    anybody = translate(ANYBODY, locale=locale)
    said = [
        (action, translate(sentence, locale=locale, who=anybody))
        for action, sentence in ACTIONS.items()
    ]
    return sorted(said, key=lambda pair: pair[1])
