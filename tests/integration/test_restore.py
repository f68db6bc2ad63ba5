"""What a restored backup does with mails that may have left since it was taken."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.history import HistoryEntry
from booking.outbox.models import Message, MessageState
from booking.restore import TakenAtError, leave_due_mails_to_staff
from tests.bookings_at_work import confirm
from tests.factories import NOW, START, make_event_type, make_organisation, make_staff
from tests.outbox import make_message

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def booking_id(session: Session) -> int:
    """A booking at NOW: two mails due at once, reminders later."""
    make_organisation(session)
    event_type = make_event_type(session, hosts=[make_staff(session)])
    booking_id = confirm(event_type, session=session, start=START + HOUR).booking.id
    session.flush()
    return booking_id


def leave(session: Session, *, taken_at: datetime = NOW, now: datetime = NOW + HOUR) -> int:
    """Return how many mails were left to staff."""
    return len(leave_due_mails_to_staff(taken_at=taken_at, now=now, session=session))


def states(session: Session) -> list[tuple[str, MessageState]]:
    rows = session.execute(select(Message.kind, Message.state).order_by(Message.id))
    return [(kind, state) for kind, state in rows]


def test_mails_that_may_have_left_are_left_to_staff(session: Session) -> None:
    count = leave(session)

    assert count == 2
    assert states(session) == [
        ("confirmation", MessageState.UNKNOWN),
        ("confirmation", MessageState.UNKNOWN),
        ("reminder", MessageState.QUEUED),
        ("reminder", MessageState.QUEUED),
    ]
    entry = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.facts) == (
        "restored",
        {"taken_at": NOW.isoformat(), "unknown_mails": 2},
    )


def test_again_changes_nothing(session: Session) -> None:
    leave(session)
    before = states(session)

    assert leave(session) == 0
    assert states(session) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"state": MessageState.SENDING, "lease_until": NOW + 2 * HOUR, "data_started_at": NOW},
        {"state": MessageState.UNKNOWN, "unknowns": 1},
        {"state": MessageState.QUEUED, "attempts": 3, "next_attempt_at": NOW + 9 * HOUR},
    ],
)
def test_mail_on_its_way_is_left_to_staff(session: Session, changes: dict[str, object]) -> None:
    message = make_message(session, **changes)

    leave(session)

    assert (message.state, message.unknowns) == (MessageState.UNKNOWN, 2)
    assert (message.lease_until, message.data_started_at) == (None, None)


@pytest.mark.parametrize(
    ("state", "changes"),
    [
        (MessageState.SENT, {"sent_at": NOW}),
        (MessageState.FAILED, {}),
        (MessageState.OBSOLETE, {}),
        (MessageState.QUEUED, {"expires_at": NOW + HOUR}),
    ],
)
def test_mail_that_is_decided_stays_so(
    session: Session, state: MessageState, changes: dict[str, object]
) -> None:
    message = make_message(session, state=state, **changes)

    leave(session)

    assert message.state is state


def test_live_database_is_no_backup(session: Session) -> None:
    before = states(session)

    with pytest.raises(TakenAtError) as refusal:
        leave(session, taken_at=NOW - timedelta(seconds=1))

    assert refusal.value.newest == NOW
    assert states(session) == before
