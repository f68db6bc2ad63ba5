"""Tells whose leads would look for their video call in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.event_types.models import EventType, LocationKind, PoolMember
from booking.staff.models import Staff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def hosts_without_room(event_type: EventType, *, session: Session) -> Sequence[Staff]:
    """Return who can be booked for a video call to which no address leads, by name.

    Nobody, where it is no video call, or one at an address of its own.
    """
    if event_type.location_kind is not LocationKind.VIDEO or event_type.location_url:
        return []
    pool = select(PoolMember.host_id).where(PoolMember.event_type_id == event_type.id)
    return session.scalars(
        select(Staff)
        .where(Staff.active, Staff.meeting_url.is_(None), Staff.id.in_(pool))
        .order_by(Staff.name, Staff.id)
    ).all()
