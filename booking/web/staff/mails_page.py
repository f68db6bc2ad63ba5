"""How the mails are: what waits, what failed and why, what is to be decided; and who sends them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, redirect, request

from booking import clock
from booking.db import db, run_in_transaction
from booking.mail_desk import trial
from booking.mail_desk.decide import (
    MailDecidedError,
    MailJustSentError,
    MailOfNoUseError,
    leave_mail,
    send_again,
)
from booking.mail_desk.overview import Outbox, find_addresses, find_outbox, list_mails
from booking.mail_desk.trial import send_test_mail
from booking.outbox.models import Message, MessageState
from booking.outbox.settle import MOST_UNKNOWNS
from booking.pulse import SILENT_AFTER, list_processes
from booking.staff.models import Staff
from booking.time_zone import RULES
from booking.web.audience import Audience, is_for
from booking.web.current import current_composers, current_installation
from booking.web.page import page_url
from booking.web.rate_limits import TEST_MAILS, count
from booking.web.short_ids import read_id
from booking.web.staff.console_page import render_console_page
from booking.web.staff.mail_labels import (
    KIND_NAMES,
    RECIPIENT_NAMES,
    STATE_NAMES,
    reason_of,
    subject_of,
)
from booking.web.staff.signed_in import get_signed_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.errors import BookingError

PAGE_SIZE = 50

blueprint = Blueprint("staff_mails", __name__)


@blueprint.get("/staff/mails")
@is_for(Audience.MANAGER)
def show_mails() -> Response:
    """Show how the outbox is, and the mails of one state, a page at a time."""
    return _show()


@blueprint.post("/staff/mails/<int:message_id>/again")
@is_for(Audience.MANAGER)
def send_copy(message_id: int) -> AnyResponse:
    """Try one again that was given up; send a copy of one that may have arrived."""
    return _decide(partial(send_again, message_id, composers=current_composers()), done="again")


@blueprint.post("/staff/mails/<int:message_id>/leave")
@is_for(Audience.MANAGER)
def leave(message_id: int) -> AnyResponse:
    """Leave one as it is."""
    return _decide(partial(leave_mail, message_id), done="left")


@blueprint.post("/staff/mails/test")
@is_for(Audience.MANAGER)
def send_test() -> AnyResponse:
    """Send a test mail to oneself."""
    signed_in = get_signed_in()
    count(TEST_MAILS, about=signed_in.email.lower())

    def work(session: Session) -> int:
        message = send_test_mail(
            session.get_one(Staff, signed_in.staff_id),
            actor=signed_in.actor,
            now=clock.now(),
            session=session,
            installation=current_installation(),
        )
        return message.id

    return redirect(page_url("staff_mails.show_mails", test=run_in_transaction(work)), code=303)


def _decide(decision: Callable[..., None], *, done: str) -> AnyResponse:
    actor = get_signed_in().actor
    try:
        run_in_transaction(lambda session: decision(actor=actor, now=clock.now(), session=session))
    except (MailDecidedError, MailJustSentError, MailOfNoUseError) as refusal:
        return _show(refusal)
    state = request.args.get("state")
    return redirect(page_url("staff_mails.show_mails", state=state, done=done), code=303)


def _show(refusal: BookingError | None = None) -> Response:
    now, session = clock.now(), db.session()
    outbox = find_outbox(now=now, session=session)
    state = _asked_state() or _most_urgent(outbox)
    before = request.args.get("before", type=read_id)
    found = list_mails(state, before=before, limit=PAGE_SIZE + 1, session=session)
    mails = found[:PAGE_SIZE]
    newest_url = page_url("staff_mails.show_mails", state=state)
    is_more = len(found) > PAGE_SIZE
    return render_console_page(
        "staff/mails.html",
        refusal=refusal,
        done=request.args.get("done"),
        now=now,
        outbox=outbox,
        state=state,
        state_names=STATE_NAMES,
        counts=_counts(outbox),
        mails=mails,
        addresses=find_addresses(mails, session=session) if mails else {},
        newest_url=newest_url if before else None,
        older_url=page_url("staff_mails.show_mails", state=state, before=mails[-1].id)
        if is_more
        else None,
        kind_names=KIND_NAMES,
        recipient_names=RECIPIENT_NAMES,
        reason_of=reason_of,
        subject_of=subject_of,
        most_unknowns=MOST_UNKNOWNS,
        test_mail=_find_test_mail(session=session),
        **_processes(now=now, session=session),
    )


def _asked_state() -> MessageState | None:
    asked = request.args.get("state")
    return next((state for state in STATE_NAMES if state == asked), None)


def _most_urgent(outbox: Outbox) -> MessageState:
    """Return the state whose mails are looked at first."""
    if outbox.undecided:
        return MessageState.UNKNOWN
    if outbox.failed:
        return MessageState.FAILED
    return MessageState.EXPIRED if outbox.expired else MessageState.QUEUED


def _counts(outbox: Outbox) -> dict[MessageState, int]:
    """Return how many of each state call for somebody; none where nobody is needed."""
    return {
        MessageState.FAILED: outbox.failed,
        MessageState.UNKNOWN: outbox.undecided,
        MessageState.EXPIRED: outbox.expired,
    }


def _find_test_mail(*, session: Session) -> Message | None:
    """Return the test mail that the address names, if it is the reader's own."""
    message_id = request.args.get("test", type=read_id)
    message = session.get(Message, message_id) if message_id else None
    if message is None or message.kind != trial.KIND:
        return None
    return message if message.staff_id == get_signed_in().staff_id else None


def _processes(*, now: datetime, session: Session) -> dict[str, Any]:
    return {
        "processes": list_processes(now=now, session=session),
        "silent_since": now - SILENT_AFTER,
        "own_rules": RULES,
    }
