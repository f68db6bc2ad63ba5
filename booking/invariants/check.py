"""Checks the whole database, as it is at one moment; reads and changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from booking.invariants.mails import (
    find_contradictory_mails,
    find_late_mails,
    find_mails_of_the_future,
    find_stuck_mails,
)
from booking.invariants.records import find_missing_history, find_wrong_sequences
from booking.invariants.reservations import (
    find_idle_reservations,
    find_missing_reservations,
    find_overlaps,
)
from booking.invariants.storage import find_damage, find_odd_instants, find_unknown_zones
from booking.invariants.told import find_untold_hosts, find_untold_leads
from booking.invariants.wishes import find_untold_wishes, find_wishes_without_history

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.invariants.violation import Violation

STUCK_AFTER = timedelta(minutes=5)
"""How long a lapsed lease may lie: a worker may be busy with a slow mail server."""


def find_violations(*, now: datetime, lease: timedelta, session: Session) -> Iterator[Violation]:
    """Yield everything that is wrong at ``now`` (UTC).

    Args:
        now: aware UTC.
        lease: what a worker has for one mail; between the last look and the end of its DATA.
        session: a view of one moment, as of `booking.db.snapshot`.
    """
    yield from find_damage(session)
    yield from find_odd_instants(session)
    yield from find_unknown_zones(session)
    yield from find_overlaps(session)
    yield from find_idle_reservations(session)
    yield from find_missing_reservations(session)
    yield from find_untold_leads(session)
    yield from find_untold_hosts(session)
    yield from find_untold_wishes(session)
    yield from find_stuck_mails(session, now=now, grace=STUCK_AFTER)
    yield from find_contradictory_mails(session)
    yield from find_late_mails(session, lease=lease)
    yield from find_mails_of_the_future(session)
    yield from find_missing_history(session)
    yield from find_wishes_without_history(session)
    yield from find_wrong_sequences(session)
