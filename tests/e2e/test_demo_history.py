"""The past of a company that a demonstration can be filled with."""

import subprocess
from collections import Counter
from pathlib import Path

from sqlalchemy import func, select

from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking
from booking.db import db
from booking.numbers.models import StepCount
from booking.numbers.steps import Step
from booking.outbox.models import Message, MessageState
from booking.wishes.models import Wish
from scripts.history.life import MOST_HELD
from tests.fixtures.history import HISTORY, history_environment
from tests.installation import installation, violations
from tests.processes import PATIENCE_SECONDS, PROJECT


def test_history_breaks_no_rule_and_has_everything(lived_copy: Path) -> None:
    with installation(history_environment(lived_copy)):
        bookings = Counter(db.session.scalars(select(Booking.state)))
        outcomes = set(db.session.scalars(select(Booking.outcome)))
        moved = db.session.scalar(select(func.count()).where(Booking.changes > 0))
        wishes = db.session.scalar(select(func.count(Wish.id)))
        mails = Counter(db.session.scalars(select(Message.state)))
        counted = select(StepCount.step, func.sum(StepCount.times)).group_by(StepCount.step)
        steps = dict(db.session.execute(counted).all())
        assert violations() == []
    assert set(bookings) == {BookingState.HELD, BookingState.CONFIRMED, BookingState.CANCELLED}
    assert bookings[BookingState.CONFIRMED] > 60
    assert len(outcomes) == 3
    assert (
        steps[Step.OPENED] > steps[Step.CHOSEN] > steps[Step.SENT] >= bookings.total() - MOST_HELD
    )
    assert moved
    assert wishes
    assert mails[MessageState.SENT] > 150
    assert mails[MessageState.FAILED]


def test_history_is_not_added_to_what_is_there(lived_copy: Path) -> None:
    before = lived_copy.read_bytes()

    again = subprocess.run(
        HISTORY,
        cwd=PROJECT,
        env=history_environment(lived_copy),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )

    assert (again.returncode, again.stderr) == (
        1,
        "There is a company in this database already; nothing was changed.\n",
    )
    assert lived_copy.read_bytes() == before
