"""Whether a hold still keeps what it was made for: against others, never against its hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.availability.explain import ReasonCode
from booking.bookings.admission import is_hold_for
from booking.bookings.placement import known_hosts, reserved_hosts
from booking.bookings.pool import list_active_pool
from booking.bookings.slots import explain_hosts
from booking.staff.calendar_lock import lock_calendars

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking
    from booking.bookings.placement import Search

OUTRANKING = frozenset(
    {
        ReasonCode.OUTSIDE_HOURS,
        ReasonCode.OVERRIDE,
        ReasonCode.CLOSED_DAY,
        ReasonCode.PUBLIC_HOLIDAY,
        ReasonCode.TIME_OFF,
        ReasonCode.BUSY,
    }
)
"""What hosts and company decide about their time; notice and limits have bound the hold itself."""


def is_kept(hold: Booking, *, search: Search, session: Session) -> bool:
    """Tell whether ``hold``, which is locked, still keeps exactly what is asked for.

    Its hosts' calendars are locked from then on, so that nobody goes away meanwhile.
    """
    assert hold.hold_expires_at is not None  # noqa: S101 - the table insists on it for holds
    return (
        is_hold_for(hold, search=search)
        # Another segment may have another pool: its hosts are asked anew.
        and hold.segment is search.segment
        and hold.hold_expires_at > search.now
        and hold.meeting.ends_at == search.end
        and _can_be_given(hold, search=search, session=session)
        and _is_with_known_host(hold, search=search, session=session)
    )


def _can_be_given(hold: Booking, *, search: Search, session: Session) -> bool:
    """Tell whether its hosts still give such demos, and have not gone away since."""
    host_ids = reserved_hosts(hold.meeting, session=session)
    lock_calendars(host_ids, session=session)
    pool = list_active_pool(search.event_type, segment=search.segment, session=session)
    reasons = explain_hosts(
        search.event_type,
        segment=search.segment,
        host_ids=host_ids,
        start=search.start,
        now=search.now,
        session=session,
        moving=hold.meeting,
    )
    return {member.host_id for member in pool}.issuperset(host_ids) and not any(
        reason.code in OUTRANKING for reason in reasons
    )


def _is_with_known_host(hold: Booking, *, search: Search, session: Session) -> bool:
    """Tell whether nobody is to be asked before the host who keeps the time.

    The hold was made before anybody knew for whom.
    """
    first = known_hosts(search, session=session)[:1]
    return not first or first == reserved_hosts(hold.meeting, session=session)
