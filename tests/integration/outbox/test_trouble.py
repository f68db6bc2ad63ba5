from datetime import timedelta

from sqlalchemy.orm import Session

from booking.outbox.models import MessageState, Priority
from booking.outbox.settle import MOST_UNKNOWNS
from booking.outbox.trouble import count_expired, count_faulty, find_undelivered, oldest_overdue_at
from tests.outbox import NOW, make_message

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
COMPOSING = "ComposingError: UndefinedError"
REFUSED = "SMTPRecipientsRefused 550"


def test_oldest_overdue_mail_is_the_one_that_has_waited_longest(session: Session) -> None:
    make_message(session, due_at=NOW - MINUTE)
    make_message(session, due_at=NOW - 3 * MINUTE, state=MessageState.SENDING)
    make_message(session, due_at=NOW - 5 * MINUTE, next_attempt_at=NOW + MINUTE)
    make_message(session, due_at=NOW - 7 * MINUTE, state=MessageState.SENT)
    make_message(session, due_at=NOW - 9 * MINUTE, state=MessageState.UNKNOWN, unknowns=1)

    assert oldest_overdue_at(now=NOW, session=session) == NOW - 5 * MINUTE


def test_mail_that_is_not_due_yet_is_not_overdue(session: Session) -> None:
    make_message(session, due_at=NOW + MINUTE)

    assert oldest_overdue_at(now=NOW, session=session) is None


def test_faulty_mails_are_those_that_could_not_be_composed_lately(session: Session) -> None:
    for age, error in ((MINUTE, COMPOSING), (2 * DAY, COMPOSING), (MINUTE, REFUSED)):
        make_message(
            session, next_attempt_at=NOW - age, state=MessageState.FAILED, last_error=error
        )
    make_message(session, next_attempt_at=NOW, last_error=COMPOSING)

    assert count_faulty(since=NOW - DAY, session=session) == 1


def test_expired_mails_are_those_that_came_too_late_lately_but_for_reminders(
    session: Session,
) -> None:
    for priority, age in (
        (Priority.SOON, MINUTE),
        (Priority.SOON, 2 * DAY),
        (Priority.LATER, MINUTE),
    ):
        make_message(session, priority=priority, expires_at=NOW - age, state=MessageState.EXPIRED)
    make_message(session, expires_at=NOW - MINUTE)

    assert count_expired(since=NOW - DAY, session=session) == 1


def test_undelivered_mails_are_those_that_nobody_tries_any_more(session: Session) -> None:
    unknown = {"state": MessageState.UNKNOWN, "expires_at": NOW + DAY}
    failed = make_message(session, state=MessageState.FAILED, last_error=REFUSED)
    undecided = make_message(session, **unknown, unknowns=MOST_UNKNOWNS)
    too_late = make_message(session, **unknown | {"expires_at": NOW}, unknowns=1)
    make_message(session, **unknown, unknowns=1)
    make_message(session, state=MessageState.FAILED, due_at=NOW - DAY)
    make_message(session, state=MessageState.SENT)
    expired = make_message(session, state=MessageState.EXPIRED)
    make_message(session, state=MessageState.EXPIRED, priority=Priority.LATER)
    make_message(session)

    found = find_undelivered(since=NOW - DAY, now=NOW, session=session)

    assert found == [failed, undecided, too_late, expired]
