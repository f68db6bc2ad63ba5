"""One booking: everything that is known of it, what became of it, and its mails."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, request

from booking import clock
from booking.bookings.answers import tell_answers
from booking.bookings.ask_to_move import list_unanswered
from booking.bookings.lifecycle import BookingState, Outcome
from booking.bookings.models import Booking
from booking.bookings.outcome import mark_outcome
from booking.db import db
from booking.errors import FieldError, InvalidFieldsError, NotFoundError
from booking.event_types.find import questions_of
from booking.mail_desk.decide import (
    MailDecidedError,
    MailJustSentError,
    MailOfNoUseError,
    leave_mail,
    send_again,
)
from booking.mail_desk.of_booking import list_mails_of
from booking.staff.names import names_of_staff
from booking.web.audience import Audience, is_for
from booking.web.current import current_composers
from booking.web.language import request_locale
from booking.web.page import page_url
from booking.web.staff.one_click import lead_back_to_list
from booking.web.staff.opened_booking import (
    act,
    explain_changed,
    may_open,
    open_booking,
    render_booking_page,
)
from booking.web.staff.signed_in import get_signed_in
from booking.web.staff.told_history import tell_history_here

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.bookings.summary import BookingSummary
    from booking.errors import BookingError
    from booking.mail_desk.of_booking import MailOfBooking

blueprint = Blueprint("staff_bookings", __name__)
explain_changed(blueprint)


@blueprint.get("/staff/bookings/<public_id>")
@is_for(Audience.HOST)
def show_booking(public_id: str) -> Response:
    """Show one booking to whoever gives it, or was to."""
    return _show(public_id)


@blueprint.get("/staff/bookings/number/<int:booking_id>")
@is_for(Audience.HOST)
def find_numbered(booking_id: int) -> AnyResponse:
    """Lead to the booking that the audit log and the mails call by its number."""
    session = db.session()
    booking = session.get(Booking, booking_id)
    if booking is None or not may_open(booking, session=session):
        raise NotFoundError
    return redirect(page_url("staff_bookings.show_booking", public_id=booking.public_id))


def _show(public_id: str, *, refusal: BookingError | None = None) -> Response:
    opened, session = open_booking(public_id), db.session()
    booking, now = opened.booking, opened.now
    mails = list_mails_of(booking, now=now, session=session)
    names = _names(booking, mails)
    is_cancelled = booking.state is BookingState.CANCELLED
    has_started = now >= opened.summary.meeting.starts_at
    return render_booking_page(
        "staff/booking.html",
        opened,
        done=request.args.get("done"),
        is_unanswered=bool(list_unanswered([booking.id], now=now, session=session)),
        has_outcome=has_started and not is_cancelled,
        answers=_answers(opened.summary),
        history=tell_history_here(opened.history),
        ranking=_ranking(booking, names=names),
        refusal=refusal,
        mails=mails,
        readers=names,
    )


@blueprint.post("/staff/bookings/<public_id>/outcome")
@is_for(Audience.HOST)
def mark(public_id: str) -> AnyResponse:
    """Note whether the lead came, or take the note back; a list leads back to itself."""
    asked = request.form.get("outcome", "")
    if asked not in {"", *Outcome}:
        raise InvalidFieldsError([FieldError("outcome", "choice")])
    outcome, actor = Outcome(asked) if asked else None, get_signed_in().actor

    def work(booking: Booking, session: Session) -> None:
        mark_outcome(booking, outcome=outcome, actor=actor, now=clock.now(), session=session)

    marked = act(public_id, work, done="outcome")
    return lead_back_to_list() or marked


@blueprint.post("/staff/bookings/<public_id>/mails/<int:message_id>/again")
@is_for(Audience.HOST)
def resend(public_id: str, message_id: int) -> AnyResponse:
    """Send one mail once more."""
    decision = partial(send_again, message_id, composers=current_composers())
    return _decide(public_id, decision, done="resent")


@blueprint.post("/staff/bookings/<public_id>/mails/<int:message_id>/leave")
@is_for(Audience.HOST)
def leave(public_id: str, message_id: int) -> AnyResponse:
    """Leave a mail be that may never have arrived."""
    return _decide(public_id, partial(leave_mail, message_id), done="settled")


def _decide(public_id: str, decision: Callable[..., None], *, done: str) -> AnyResponse:
    actor = get_signed_in().actor

    def work(booking: Booking, session: Session) -> None:
        decision(of=booking, actor=actor, now=clock.now(), session=session)

    try:
        return act(public_id, work, done=done)
    except (MailDecidedError, MailJustSentError, MailOfNoUseError) as refusal:
        return _show(public_id, refusal=refusal)


def _answers(summary: BookingSummary) -> list[tuple[str, str]]:
    return tell_answers(
        summary.booking.answers,
        questions=questions_of(summary.event_type),
        locale=request_locale(),
        fallback=summary.organisation.locale,
    )


def _ranking(booking: Booking, *, names: dict[int, str]) -> list[tuple[str, str, bool]]:
    """Return everybody who was asked, in the order of asking: who, how loaded, and who was free."""
    free = booking.assignment.get("free", ())
    return [
        (names[one["host_id"]], one["load"], one["host_id"] in free)
        for one in booking.assignment.get("candidates", ())
    ]


def _names(booking: Booking, mails: Sequence[MailOfBooking]) -> dict[int, str]:
    """Return the names of the staff who were asked to give it, or were written to about it."""
    asked = {one["host_id"] for one in booking.assignment.get("candidates", ())}
    written_to = {mail.message.staff_id for mail in mails}
    return names_of_staff({*asked, *written_to} - {None}, session=db.session())
