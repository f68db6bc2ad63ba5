"""The year of a company that a demonstration can be filled with."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking
from booking.db import db
from booking.outbox.models import Message, MessageState
from booking.wishes.models import Wish
from tests.environment import make_environment
from tests.installation import installation, violations
from tests.processes import PATIENCE_SECONDS, PROJECT

HISTORY = (sys.executable, "-m", "scripts.history")


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_history_breaks_no_rule_and_has_everything(blank_database_url: str, tmp_path: Path) -> None:
    environment = make_environment(
        database_url=blank_database_url, instance_dir=tmp_path / "instance"
    )

    first, second = (
        subprocess.run(
            HISTORY,
            cwd=PROJECT,
            env=environment | {"DAYS": "15", "BOOKINGS": "100"},
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        for _ in range(2)
    )

    assert (first.returncode, first.stderr) == (0, "")
    assert (second.returncode, second.stderr) == (
        1,
        "There is a company in this database already; nothing was changed.\n",
    )
    with installation(environment):
        bookings = Counter(db.session.scalars(select(Booking.state)))
        outcomes = set(db.session.scalars(select(Booking.outcome)))
        moved = db.session.scalar(select(func.count()).where(Booking.changes > 0))
        wishes = db.session.scalar(select(func.count(Wish.id)))
        mails = Counter(db.session.scalars(select(Message.state)))
        assert violations() == []
    assert set(bookings) == {BookingState.HELD, BookingState.CONFIRMED, BookingState.CANCELLED}
    assert bookings[BookingState.CONFIRMED] > 50
    assert len(outcomes) == 3
    assert moved
    assert wishes
    assert mails[MessageState.SENT] > 100
    assert mails[MessageState.FAILED]
