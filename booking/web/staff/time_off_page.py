"""Time off: what is coming of one host's, a form to block more, and a way to give it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, request

from booking import clock
from booking.bookings.absence import AbsenceDetails
from booking.bookings.agenda import list_hosts
from booking.bookings.take_time_off import take_time_off
from booking.db import db, run_in_transaction
from booking.errors import InvalidFieldsError, NotFoundError
from booking.fields.read import read
from booking.staff.block_time import give_time_back, list_coming_time_off
from booking.staff.models import Staff, TimeOff
from booking.web.audience import Audience, is_for
from booking.web.page import page_url
from booking.web.staff.calendar_view import asked_host
from booking.web.staff.console_page import render_console_page
from booking.web.staff.scope import require_visible, sees_everybody
from booking.web.staff.signed_in import get_signed_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.bookings.agenda import AgendaEntry

CONFLICT = 409

blueprint = Blueprint("staff_time_off", __name__)


@blueprint.get("/staff/time-off")
@is_for(Audience.HOST)
def show_time_off() -> Response:
    """List the coming absences of one host, beside the form for another one."""
    return _show()


@blueprint.post("/staff/time-off")
@is_for(Audience.HOST)
def take() -> AnyResponse:
    """Block the time; where demos lie in it that were not told of yet, tell of them first."""
    host_id = asked_host(signed_in=get_signed_in())

    def work(session: Session) -> Sequence[AgendaEntry]:
        staff, now = _get_host(host_id, session=session), clock.now()
        return take_time_off(
            staff,
            interval=details.interval(zone=staff.time_zone, now=now),
            note=details.note,
            known=request.form.getlist("known"),
            actor=get_signed_in().actor,
            now=now,
            session=session,
        )

    try:
        details = read(AbsenceDetails, request.form.to_dict())
        in_the_way = run_in_transaction(work)
    except InvalidFieldsError as refusal:
        return _show(refusal)
    if in_the_way:
        return _show(in_the_way=in_the_way)
    return redirect(page_url("staff_time_off.show_time_off", host=host_id, done="taken"), code=303)


@blueprint.post("/staff/time-off/<int:time_off_id>/delete")
@is_for(Audience.HOST)
def give_back(time_off_id: int) -> AnyResponse:
    """Let the time be booked again; whoever comes second finds it done."""
    signed_in = get_signed_in()

    def work(session: Session) -> int:
        time_off = session.get(TimeOff, time_off_id)
        if time_off is None:
            return signed_in.staff_id
        require_visible(time_off.staff_id, signed_in=signed_in)
        give_time_back(time_off, actor=signed_in.actor, now=clock.now(), session=session)
        return time_off.staff_id

    host_id = run_in_transaction(work)
    return redirect(page_url("staff_time_off.show_time_off", host=host_id, done="back"), code=303)


def _get_host(host_id: int | None, *, session: Session) -> Staff:
    host = session.get(Staff, host_id) if host_id is not None else None
    if host is None:
        raise NotFoundError
    return host


def _show(
    refusal: InvalidFieldsError | None = None, *, in_the_way: Sequence[AgendaEntry] = ()
) -> Response:
    signed_in, session, now = get_signed_in(), db.session(), clock.now()
    host = _get_host(asked_host(signed_in=signed_in), session=session)
    return render_console_page(
        "staff/time_off.html",
        status=CONFLICT if in_the_way else 200,
        refusal=refusal,
        host=host,
        team=list_hosts(start=now, end=now, session=session) if sees_everybody(signed_in) else (),
        coming=list_coming_time_off(host.id, now=now, session=session),
        in_the_way=in_the_way,
        zone_name=host.time_zone,
        now=now,
        done=request.args.get("done"),
        typed=request.values,
    )
