"""What staff have chosen for a demo that they book for a lead: which one, and with whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from sqlalchemy import select

from booking.bookings.slots import list_all_slots, list_slots_of
from booking.errors import NotFoundError
from booking.event_types.find import list_event_types
from booking.segment import Segment
from booking.staff.models import Staff
from booking.web.staff.scope import sees_everybody

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.availability.engine import Slot
    from booking.event_types.models import EventType
    from booking.web.staff.signed_in import SignedIn


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingDraft:
    """What an address or a form tells of it; what it leaves open is the first there is."""

    event_types: Sequence[EventType]
    event_type: EventType
    hosts: Sequence[Staff]
    """Who may be booked by whoever books."""
    host_id: int | None
    """None: whoever of the pool is free and whose turn it is."""
    segment: Segment | None

    @classmethod
    def read(cls, values: Mapping[str, str], *, signed_in: SignedIn, session: Session) -> Self:
        """Return what ``values`` tell.

        Raises:
            NotFoundError: there is no such event type or host, or none that they may book.
        """
        event_types = list_event_types(session=session)
        slug = values.get("event_type")
        chosen = next((one for one in event_types if slug in {None, "", one.slug}), None)
        if chosen is None:
            raise NotFoundError
        hosts = _hosts_open_to(signed_in, session=session)
        host_id = _read_host(values, signed_in=signed_in, hosts=hosts)
        segment = values.get("segment", "")
        return cls(
            event_types=event_types,
            event_type=chosen,
            hosts=hosts,
            host_id=host_id,
            segment=Segment(segment) if segment in set(Segment) else None,
        )

    def list_slots(self, *, now: datetime, session: Session) -> list[Slot]:
        """Return every time that is offered for it."""
        if self.host_id is not None:
            return list_slots_of(
                self.event_type,
                segment=self.segment,
                host_ids=[self.host_id],
                now=now,
                session=session,
            )
        return list_all_slots(self.event_type, segment=self.segment, now=now, session=session)


def _hosts_open_to(signed_in: SignedIn, *, session: Session) -> Sequence[Staff]:
    query = select(Staff).where(Staff.active).order_by(Staff.name, Staff.id)
    if not sees_everybody(signed_in):
        query = query.where(Staff.id == signed_in.staff_id)
    return session.scalars(query).all()


def _read_host(
    values: Mapping[str, str], *, signed_in: SignedIn, hosts: Sequence[Staff]
) -> int | None:
    named = values.get("host", "")
    if not named:
        return None if sees_everybody(signed_in) else signed_in.staff_id
    if named not in {str(host.id) for host in hosts}:
        raise NotFoundError
    return int(named)
