"""Which hosts' time is taken, as a condition of a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_

from booking.bookings.models import MeetingHost

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement


def takes_time_of(
    host_ids: Collection[int], *, start: datetime, end: datetime
) -> ColumnElement[bool]:
    """Return that a ``MeetingHost`` blocks some of [start, end) (UTC) of one of ``host_ids``."""
    return and_(
        MeetingHost.host_id.in_(host_ids),
        MeetingHost.active,
        MeetingHost.blocked_end > start,
        MeetingHost.blocked_start < end,
    )
