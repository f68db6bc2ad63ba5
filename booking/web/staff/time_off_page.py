"""Time off: what is coming of one host's, a form to block more, and a way to give it back.

Where demos are booked in the time, a second page asks what becomes of each; then one form does
all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, request

from booking import clock
from booking.bookings.absence import AbsenceDetails
from booking.bookings.take_time_off import UndecidedDemosError, take_time_off
from booking.bookings.touched_demos import list_touched
from booking.db import db, run_in_transaction
from booking.errors import InvalidFieldsError, NotFoundError
from booking.fields.read import read
from booking.staff.block_time import give_time_back, list_coming_time_off
from booking.staff.find import get_staff, list_active_staff
from booking.staff.models import TimeOff
from booking.web.audience import Audience, is_for
from booking.web.page import page_url
from booking.web.staff.availability import blueprint, render_availability_page
from booking.web.staff.booking_words import REASONS
from booking.web.staff.calendar_view import asked_host
from booking.web.staff.opened_booking import may_open
from booking.web.staff.scope import may_see, sees_everybody
from booking.web.staff.signed_in import get_signed_in
from booking.web.staff.time_off_decisions import proposed, read_decisions
from booking.web.staff.told_history import tell_history_here

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Response
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.bookings.models import Booking
    from booking.bookings.touched_demos import TouchedDemo
    from booking.errors import BookingError

TAB = "staff_availability.show_time_off"


@blueprint.get("/staff/time-off")
@is_for(Audience.HOST)
def show_time_off() -> Response:
    """List the coming absences of one host, beside the form for another one."""
    return _show()


@blueprint.post("/staff/time-off")
@is_for(Audience.HOST)
def take() -> AnyResponse:
    """Block the time and do with the demos in it what was decided; first ask what that is."""
    host_id, actor, now = asked_host(signed_in=get_signed_in()), get_signed_in().actor, clock.now()
    decisions = read_decisions(request.form)

    def work(session: Session) -> None:
        staff = get_staff(host_id, session=session)
        take_time_off(
            staff,
            interval=details.interval(zone=staff.time_zone, now=now),
            note=details.note,
            decisions=decisions,
            authorise=lambda booking: _require_may_open(booking, session=session),
            actor=actor,
            now=now,
            session=session,
        )

    try:
        details = read(AbsenceDetails, request.form.to_dict())
        run_in_transaction(work)
    except InvalidFieldsError as refusal:
        return _show(refusal)
    except UndecidedDemosError as undecided:
        return _ask(details, undecided if decisions else None, now=now)
    done = "settled" if decisions else "taken"
    return redirect(page_url(TAB, host=host_id, done=done), code=303)


@blueprint.post("/staff/time-off/<int:time_off_id>/delete")
@is_for(Audience.HOST)
def give_back(time_off_id: int) -> AnyResponse:
    """Let the time be booked again; whoever comes second finds it done.

    So does who may not see it, while it stays: that it is there is not told.
    """
    signed_in = get_signed_in()

    def work(session: Session) -> int:
        time_off = session.get(TimeOff, time_off_id)
        if time_off is None or not may_see(time_off.staff_id, signed_in=signed_in):
            return signed_in.staff_id
        give_time_back(time_off, actor=signed_in.actor, now=clock.now(), session=session)
        return time_off.staff_id

    host_id = run_in_transaction(work)
    return redirect(page_url(TAB, host=host_id, done="back"), code=303)


def _require_may_open(booking: Booking, *, session: Session) -> None:
    if not may_open(booking, session=session):
        raise NotFoundError


def _show(refusal: BookingError | None = None) -> Response:
    signed_in, session, now = get_signed_in(), db.session(), clock.now()
    host = get_staff(asked_host(signed_in=signed_in), session=session)
    return render_availability_page(
        "staff/time_off.html",
        tab=TAB,
        refusal=refusal,
        host=host,
        team=list_active_staff(session=session) if sees_everybody(signed_in) else (),
        coming=list_coming_time_off(host.id, now=now, session=session),
        zone_name=host.time_zone,
        now=now,
        done=request.args.get("done"),
        typed=request.values,
    )


def _ask(
    details: AbsenceDetails, undecided: UndecidedDemosError | None, *, now: datetime
) -> Response:
    """Show the demos in the way, each with what may become of it; ``undecided``: once more."""
    db.session.rollback()
    session = db.session()
    host = get_staff(asked_host(signed_in=get_signed_in()), session=session)
    interval = details.interval(zone=host.time_zone, now=now)
    touched = list_touched(host, interval=interval, now=now, session=session)
    decided = read_decisions(request.form)
    return render_availability_page(
        "staff/time_off_effect.html",
        tab=TAB,
        refusal=undecided,
        host=host,
        interval=interval,
        note=details.note,
        zone_name=host.time_zone,
        typed=request.form,
        touched=[(demo, decided.get(demo.public_id, proposed(demo))) for demo in touched],
        decided=decided,
        reason_names=REASONS,
        refused=undecided.refused if undecided else {},
        **_news(undecided, touched=touched),
    )


def _news(undecided: UndecidedDemosError | None, *, touched: list[TouchedDemo]) -> dict[str, Any]:
    """Return what has happened to the demos since they were shown, and to which."""
    changed = undecided.changed if undecided else {}
    return {
        "changed": changed.keys() & {demo.public_id for demo in touched},
        "meanwhile": tell_history_here(entry for those in changed.values() for entry in those),
    }
