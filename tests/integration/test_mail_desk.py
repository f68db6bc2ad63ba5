"""What staff decide about mails that nobody tries any more, and what they see of the outbox."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from booking.bookings import emails as booking_emails
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking
from booking.errors import BookingError, NotFoundError
from booking.history import HistoryEntry, version_of
from booking.invariants.check import find_violations
from booking.mail_desk import trial
from booking.mail_desk.decide import (
    PAUSE,
    MailDecidedError,
    MailJustSentError,
    MailOfNoUseError,
    leave_mail,
    send_again,
)
from booking.mail_desk.overview import Outbox, find_addresses, find_outbox, list_mails
from booking.mail_desk.trial import send_test_mail
from booking.outbox.claim import claim_due
from booking.outbox.models import Message, MessageState, Priority, Recipient
from booking.outbox.settle import MOST_UNKNOWNS
from booking.outbox.trouble import count_expired, count_faulty, find_undelivered
from booking.wishes import emails as wish_emails
from tests.factories import NOW, make_organisation, make_staff
from tests.mail_files import expected_parts, parts_of
from tests.mail_scenarios import INSTALLATION, add_message, event_type_of, make_demo
from tests.outbox import make_message
from tests.query_plans import plan_of, rows_read
from tests.wishes_at_work import express

COMPOSERS = booking_emails.composers(INSTALLATION) | wish_emails.composers(INSTALLATION)
ANNA = "staff:1"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
UNDECIDED = {"state": MessageState.UNKNOWN, "unknowns": MOST_UNKNOWNS, "attempts": 2}
FAILED = {
    "state": MessageState.FAILED,
    "attempts": 1,
    "last_error": "SMTPRecipientsRefused 550",
}


@pytest.fixture
def booking(session: Session) -> Booking:
    """A demo whose lead and host have been told of it."""
    booking = make_demo(session)
    add_message("confirmation", whom=Recipient.HOST, booking=booking, session=session)
    return booking


@pytest.fixture
def add(booking: Booking, session: Session) -> Callable[..., Message]:
    """Add the confirmation to the lead."""

    def add_confirmation(**changes: Any) -> Message:
        return add_message(
            "confirmation", whom=Recipient.LEAD, booking=booking, session=session, **changes
        )

    return add_confirmation


def decide(
    decision: Callable[..., None], message: Message, *, session: Session, **more: Any
) -> None:
    """Let Anna decide at NOW."""
    more = {"now": NOW} | more | ({} if decision is leave_mail else {"composers": COMPOSERS})
    decision(message.id, actor=ANNA, session=session, **more)
    session.flush()


def test_failed_mail_is_tried_again_under_its_own_name(
    session: Session, add: Callable[..., Message], booking: Booking
) -> None:
    message = add(**FAILED, next_attempt_at=NOW - HOUR)
    message_id = message.message_id

    decide(send_again, message, session=session)

    claimed = claim_due(limit=9, worker="w", lease=MINUTE, now=NOW, session=session)
    entry = session.scalars(select(HistoryEntry)).one()
    assert message in claimed
    assert (message.state, message.message_id) == (MessageState.SENDING, message_id)
    assert (entry.action, entry.actor, entry.subject, entry.subject_id, entry.facts) == (
        "mail_retried",
        ANNA,
        "booking",
        booking.id,
        {"message": message.id, "kind": "confirmation"},
    )


def test_mail_that_may_have_arrived_is_sent_again_as_another(
    session: Session, add: Callable[..., Message]
) -> None:
    message = add(**UNDECIDED)

    decide(send_again, message, session=session)

    copy = session.scalars(select(Message).where(Message.copy == 2)).one()
    assert (message.state, message.settled) == (MessageState.UNKNOWN, True)
    assert copy.key == message.key.removesuffix("/1") + "/2"
    assert copy.message_id != message.message_id
    assert copy.message_id.endswith("@termine.example.com>")
    assert (copy.state, copy.due_at, copy.expires_at, copy.attempts) == (
        MessageState.QUEUED,
        NOW,
        message.expires_at,
        0,
    )
    assert (copy.booking_id, copy.kind, copy.recipient, copy.facts) == (
        message.booking_id,
        message.kind,
        message.recipient,
        message.facts,
    )


def test_copies_are_counted_on(session: Session, add: Callable[..., Message]) -> None:
    message = add(**UNDECIDED)
    second = add(**UNDECIDED, key=f"{message.key[:-1]}2", copy=2, message_id="<2@x>")
    second.created_at = NOW - HOUR
    session.flush()

    decide(send_again, message, session=session)
    decide(send_again, second, session=session, now=NOW + PAUSE)

    keys = session.scalars(select(Message.key).where(Message.recipient == Recipient.LEAD))
    assert sorted(key.rpartition("/")[2] for key in keys) == ["1", "2", "3", "4"]


def test_reader_is_sent_one_copy_a_minute(
    session: Session, add: Callable[..., Message], booking: Booking
) -> None:
    message = add(state=MessageState.SENT, sent_at=NOW - HOUR)
    soon = NOW + PAUSE - timedelta(seconds=1)
    version = version_of(booking, session=session)

    decide(send_again, message, session=session)
    copy = session.scalars(select(Message).where(Message.copy == 2)).one()
    copy.state, copy.sent_at = MessageState.SENT, NOW
    session.flush()
    for again in (message, copy):
        with pytest.raises(MailJustSentError):
            decide(send_again, again, session=session, now=soon)
    decide(send_again, message, session=session, now=NOW + PAUSE)

    copies = session.scalars(select(Message.copy).where(Message.kind == message.kind)).all()
    assert sorted(copies) == [1, 1, 2, 3]
    assert message.settled is False
    assert version_of(booking, session=session) == version


def test_mail_about_another_booking_is_not_found(
    session: Session, add: Callable[..., Message]
) -> None:
    message, other = add(state=MessageState.SENT, sent_at=NOW), Booking(id=4711)

    with pytest.raises(NotFoundError):
        decide(send_again, message, session=session, of=other)


@pytest.mark.parametrize("is_unknown", [True, False])
def test_mail_that_is_left_is_no_trouble_any_more(
    session: Session, add: Callable[..., Message], *, is_unknown: bool
) -> None:
    message = add(**UNDECIDED if is_unknown else FAILED)
    before = find_undelivered(since=NOW - HOUR, now=NOW, session=session)

    decide(leave_mail, message, session=session)

    assert before == [message]
    assert find_undelivered(since=NOW - HOUR, now=NOW, session=session) == []
    assert list_mails(message.state, limit=9, session=session) == []


def test_health_counts_nothing_that_is_settled(session: Session) -> None:
    for state in (MessageState.FAILED, MessageState.EXPIRED):
        make_message(session, state=state, last_error="ComposingError", settled=True)

    long_ago = NOW - 99 * HOUR
    assert count_faulty(since=long_ago, session=session) == 0
    assert count_expired(since=long_ago, session=session) == 0


@pytest.mark.parametrize(
    ("decision", "changes", "refusal"),
    [
        (send_again, FAILED | {"settled": True}, MailDecidedError),
        (send_again, FAILED | {"expires_at": NOW}, MailOfNoUseError),
        (send_again, {}, MailDecidedError),
        (send_again, UNDECIDED | {"settled": True}, MailDecidedError),
        (send_again, UNDECIDED | {"unknowns": 1}, MailDecidedError),
        (send_again, UNDECIDED | {"expires_at": NOW}, MailOfNoUseError),
        (leave_mail, {"state": MessageState.SENT, "sent_at": NOW}, MailDecidedError),
        (leave_mail, {}, MailDecidedError),
    ],
)
def test_decision_that_does_not_fit_changes_nothing(
    session: Session,
    add: Callable[..., Message],
    decision: Callable[..., None],
    changes: dict[str, Any],
    refusal: type[BookingError],
) -> None:
    message = add(**changes)
    state, settled = message.state, message.settled

    with pytest.raises(refusal):
        decide(decision, message, session=session)

    assert (message.state, message.settled) == (state, settled)
    assert session.scalars(select(HistoryEntry)).all() == []


def test_mail_that_a_change_has_overtaken_is_not_sent(
    session: Session, add: Callable[..., Message], booking: Booking
) -> None:
    message = add(**FAILED)
    booking.state = BookingState.CANCELLED
    session.flush()

    with pytest.raises(MailOfNoUseError):
        decide(send_again, message, session=session)


def test_mail_that_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFoundError):
        leave_mail(4711, actor=ANNA, now=NOW, session=session)


def test_copies_break_no_rule(
    session: Session, add: Callable[..., Message], booking: Booking
) -> None:
    express(event_type_of(booking, session=session), session=session)
    add()
    session.flush()
    told = session.scalars(select(Message).where(Message.recipient != Recipient.HOST)).all()
    for message in told:
        message.state, message.unknowns = MessageState.UNKNOWN, MOST_UNKNOWNS
    before = broken_rules(session)

    for message in told:
        decide(send_again, message, session=session)

    assert len(told) == 2
    assert broken_rules(session) == before


def test_outbox_is_counted(session: Session) -> None:
    make_message(session, due_at=NOW - MINUTE)
    make_message(session, due_at=NOW + HOUR)
    make_message(session, state=MessageState.SENT, sent_at=NOW - HOUR)
    make_message(session, state=MessageState.SENT, sent_at=NOW - 25 * HOUR)
    make_message(session, **FAILED)
    make_message(session, **UNDECIDED)
    make_message(session, **UNDECIDED | {"unknowns": 1})
    make_message(session, state=MessageState.EXPIRED)
    make_message(session, state=MessageState.EXPIRED, priority=Priority.LATER)

    assert find_outbox(now=NOW, session=session) == Outbox(
        waiting=1,
        planned=1,
        overdue_at=NOW - MINUTE,
        sent_lately=1,
        failed=1,
        undecided=1,
        expired=1,
    )


def test_mails_are_listed_from_the_newest_on(session: Session) -> None:
    mails = [make_message(session, **FAILED) for _ in range(3)]
    make_message(session)

    first = list_mails(MessageState.FAILED, limit=2, session=session)
    second = list_mails(MessageState.FAILED, before=first[-1].id, limit=2, session=session)

    assert [*first, *second] == mails[::-1]


def test_addresses_are_those_of_this_moment(session: Session, booking: Booking) -> None:
    to_lead = add_message("link", whom=Recipient.LEAD, booking=booking, session=session)
    withdrawn = add_message("withdrawn", whom=Recipient.LEAD, booking=booking, session=session)
    to_host = session.scalars(select(Message).where(Message.recipient == Recipient.HOST)).one()
    to_house = make_message(session, recipient=Recipient.ORGANISATION)
    wish = express(
        event_type_of(booking, session=session), session=session, email="wunsch@firma.example"
    )
    offer = make_message(session, recipient=Recipient.LEAD, wish_id=wish.id)
    booking.email = "neu@firma.example"
    session.flush()

    found = find_addresses([to_lead, withdrawn, to_host, to_house, offer], session=session)

    assert found == {
        to_lead.id: "neu@firma.example",
        withdrawn.id: "jorg.weiss@firma.example",
        to_host.id: "anna@beispiel.example",
        to_house.id: "kontakt@beispiel.example",
        offer.id: "wunsch@firma.example",
    }


@pytest.mark.parametrize("locale", ["de", "en"])
def test_test_mail_is_as_expected(locale: str, session: Session) -> None:
    make_organisation(session, locale=locale)
    carla = make_staff(session, name="Carla Díaz", email="carla@beispiel.example")
    message = send_test_mail(carla, actor=ANNA, now=NOW, session=session, installation=INSTALLATION)
    composer = trial.composers(INSTALLATION)["test"]

    mail = composer.compose(message, session)

    assert composer.is_current(message, session)
    assert parts_of(mail) == expected_parts(f"test-staff-{locale}")


@pytest.mark.parametrize("state", [MessageState.FAILED, MessageState.SENT])
def test_page_of_mails_is_read_by_an_index_and_no_further(
    session: Session, state: MessageState
) -> None:
    template = make_message(session, state=MessageState.SENT)
    row = {c.name: getattr(template, c.name) for c in Message.__table__.columns if c.name != "id"}
    session.execute(
        insert(Message),
        [
            row
            | {
                "key": f"many/{number}",
                "message_id": f"<many-{number}@x>",
                "state": MessageState.SENT if number % 50 else MessageState.FAILED,
            }
            for number in range(4000)
        ],
    )
    session.execute(text("ANALYZE message"))
    newest = list_mails(state, limit=1, session=session)[0].id

    plan = plan_of(lambda: list_mails(state, before=newest, limit=21, session=session), session)

    assert "ix_message_state" in plan or "pk_message" in plan
    assert rows_read(plan) <= 22
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def broken_rules(session: Session) -> set[str]:
    session.flush()
    return set(map(str, find_violations(now=NOW, lease=MINUTE, session=session)))
