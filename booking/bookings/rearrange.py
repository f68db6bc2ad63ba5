"""Gives a booking's meeting another time or other hosts: what every such change has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booking.bookings.notify import notify_rearranged
from booking.bookings.placement import place_meeting, reserved_hosts
from booking.history import record

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking, Meeting
    from booking.bookings.placement import Search


def rearrange(
    booking: Booking, *, search: Search, action: str, actor: str, session: Session
) -> None:
    """Let the meeting of ``booking`` be what ``search`` finds; the old time is kept until then.

    The history calls it ``action``. Who may do it, and when, has been asked before.

    Raises:
        SlotTakenError, SlotNotOfferedError: it cannot be had; everything stays as it was.
    """
    meeting = booking.meeting
    before = _arrangement(meeting, session=session)
    booking.assignment = place_meeting(meeting, search=search, session=session)
    meeting.starts_at, meeting.ends_at = search.start, search.end
    meeting.sequence += 1
    session.flush()
    record(
        action,
        subject=booking,
        actor=actor,
        facts={
            "from": before,
            "to": _arrangement(meeting, session=session),
            "sequence": meeting.sequence,
        },
        now=search.now,
        session=session,
    )
    notify_rearranged(
        booking, event_type=search.event_type, actor=actor, now=search.now, session=session
    )


def _arrangement(meeting: Meeting, *, session: Session) -> dict[str, Any]:
    hosts = reserved_hosts(meeting, session=session)
    return {"start": meeting.starts_at.isoformat(), "hosts": hosts}
