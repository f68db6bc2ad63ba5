"""Whose a booking is: who gives it, and who ever was to."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from booking.bookings.models import Booking, MeetingHost
from booking.history import HistoryEntry

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy.orm import Session

TELL_OF_HOSTS = ("confirmed", "moved", "handed_over")


def load_hosts_ever(
    booking_ids: Collection[int], *, session: Session
) -> Mapping[int, frozenset[int]]:
    """Return by booking everybody in whose calendar it stands or stood; two queries."""
    found: dict[int, set[int]] = defaultdict(set)
    present = session.execute(
        select(Booking.id, MeetingHost.host_id)
        .join(MeetingHost, MeetingHost.meeting_id == Booking.meeting_id)
        .where(Booking.id.in_(booking_ids))
    )
    for booking_id, host_id in present:
        found[booking_id].add(host_id)
    told = session.execute(
        select(HistoryEntry.subject_id, HistoryEntry.facts).where(
            HistoryEntry.subject == Booking.__tablename__,
            HistoryEntry.subject_id.in_(booking_ids),
            HistoryEntry.action.in_(TELL_OF_HOSTS),
        )
    )
    for booking_id, facts in told:
        found[booking_id].update(_hosts_in(facts))
    return {booking_id: frozenset(found[booking_id]) for booking_id in booking_ids}


def is_of(booking: Booking, host_id: int, *, session: Session) -> bool:
    """Tell whether ``host_id`` gives ``booking``, or ever was to."""
    return host_id in load_hosts_ever([booking.id], session=session)[booking.id]


def _hosts_in(facts: dict[str, Any]) -> Iterator[int]:
    for stage in (facts, facts.get("from", {}), facts.get("to", {})):
        yield from stage.get("hosts", ())
