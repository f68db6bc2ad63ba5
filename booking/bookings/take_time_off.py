"""Blocks a host's time, together with what becomes of the demos booked in it: all, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.bookings.ask_to_move import ask_to_move, is_asked
from booking.bookings.authority import ONCE_SETTLED
from booking.bookings.hand_over import hand_over
from booking.bookings.models import Booking, MeetingHost
from booking.bookings.refusals import (
    ChangedMeanwhileError,
    SlotUnavailableError,
    TooLateError,
)
from booking.bookings.seen import open_seen
from booking.bookings.touched_demos import list_in_the_way
from booking.errors import BookingError, InvalidFieldsError, NotFoundError
from booking.staff.block_time import block_time
from booking.staff.calendar_lock import lock_calendars
from booking.staff.models import TimeOff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.availability.explain import Reason
    from booking.availability.interval import Interval
    from booking.history import HistoryEntry
    from booking.staff.models import Staff


class Deed(StrEnum):
    """What becomes of a demo in the way of an absence."""

    HAND_OVER = "hand_over"
    ASK = "ask"
    """Its lead is asked to choose another time."""
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided of one demo, as it was at ``version``."""

    deed: Deed
    version: int
    to: int | None = None
    """Who takes it over, where it is handed over."""


class UndecidedDemosError(BookingError):
    """Demos lie in the time of which it is not decided, or no longer, what becomes of them.

    Everything stays as it was.
    """

    code = "undecided_demos"

    def __init__(
        self,
        *,
        changed: Mapping[str, Sequence[HistoryEntry]] | None = None,
        refused: Mapping[str, Sequence[Reason]] | None = None,
    ) -> None:
        super().__init__()
        self.changed = dict(changed or {})
        """What has happened to a demo since, by its public id."""
        self.refused = dict(refused or {})
        """What keeps it from what was decided, likewise."""


def take_time_off(
    staff: Staff,
    *,
    interval: Interval,
    note: str,
    decisions: Mapping[str, Decision],
    authorise: Callable[[Booking], None],
    actor: str,
    now: datetime,
    session: Session,
) -> None:
    """Block ``interval`` and do with each demo in it what was decided, by its public id.

    Time in which ``staff`` is away already is not blocked once more, but what was decided is done,
    if it is not yet: a form may be sent twice. ``authorise`` raises NotFoundError for a booking of
    which whoever asks may know nothing; it is passed over.

    Raises:
        UndecidedDemosError: a demo is left over, has changed, or cannot go that way any more.
    """
    bookings, changed = _open_all(decisions, authorise=authorise, session=session)
    # Before looking, and all at once: from now on nobody books any of them.
    lock_calendars([staff.id, *_others(bookings, decisions, session=session)], session=session)
    is_away = _is_away(staff, interval=interval, session=session)
    touched = {
        entry.booking.public_id: entry.booking
        for entry in list_in_the_way(staff, interval=interval, now=now, session=session)
    }
    if is_away:
        for public_id in _list_done(decisions, touched=touched, session=session):
            changed.pop(public_id, None)
    if changed or not touched.keys() <= decisions.keys():
        raise UndecidedDemosError(changed=changed)
    refused = _do_all(
        [booking for public_id, booking in bookings.items() if public_id in touched],
        decisions=decisions,
        leaving=staff.id,
        actor=actor,
        now=now,
        session=session,
    )
    if refused:
        raise UndecidedDemosError(refused=refused)
    if not is_away:
        block_time(staff, interval=interval, note=note, actor=actor, now=now, session=session)


def _do_all(
    bookings: Iterable[Booking],
    *,
    decisions: Mapping[str, Decision],
    leaving: int,
    actor: str,
    now: datetime,
    session: Session,
) -> dict[str, Sequence[Reason]]:
    """Do what was decided of each; return what keeps which from it, by public id."""
    refused: dict[str, Sequence[Reason]] = {}
    for booking in bookings:
        public_id = booking.public_id
        try:
            _do(
                booking,
                decision=decisions[public_id],
                leaving=leaving,
                actor=actor,
                now=now,
                session=session,
            )
        except SlotUnavailableError as refusal:
            to = decisions[public_id].to
            refused[public_id] = [one for one in refusal.reasons if one.host_id == to]
        except (InvalidFieldsError, TooLateError):
            refused[public_id] = ()
    return refused


def _do(
    booking: Booking,
    *,
    decision: Decision,
    leaving: int,
    actor: str,
    now: datetime,
    session: Session,
) -> None:
    if decision.deed is Deed.HAND_OVER:
        hand_over(
            booking,
            leaving=leaving,
            to=decision.to or 0,
            overruled=ONCE_SETTLED,
            actor=actor,
            now=now,
            session=session,
        )
    elif decision.deed is Deed.ASK:
        ask_to_move(booking, actor=actor, now=now, session=session)


def _open_all(
    decisions: Mapping[str, Decision],
    *,
    authorise: Callable[[Booking], None],
    session: Session,
) -> tuple[dict[str, Booking], dict[str, Sequence[HistoryEntry]]]:
    """Return the bookings decided on, locked in ascending id, and what has happened to which."""
    known = session.scalars(
        select(Booking.public_id).where(Booking.public_id.in_(decisions)).order_by(Booking.id)
    ).all()
    bookings: dict[str, Booking] = {}
    changed: dict[str, Sequence[HistoryEntry]] = {}
    for public_id in known:
        version = decisions[public_id].version
        try:
            bookings[public_id] = open_seen(
                public_id, version=version, authorise=authorise, session=session
            )
        except ChangedMeanwhileError as change:
            changed[public_id] = change.entries
        except NotFoundError:
            # A hold is nobody's demo yet, and others' are none of theirs.
            continue
    return bookings, changed


def _others(
    bookings: Mapping[str, Booking], decisions: Mapping[str, Decision], *, session: Session
) -> Iterable[int]:
    """Return whose time is needed besides: who takes over, and who gives one of these as well."""
    yield from (decision.to for decision in decisions.values() if decision.to is not None)
    yield from session.scalars(
        select(MeetingHost.host_id).where(
            MeetingHost.meeting_id.in_([booking.meeting_id for booking in bookings.values()])
        )
    )


def _list_done(
    decisions: Mapping[str, Decision], *, touched: Mapping[str, Booking], session: Session
) -> list[str]:
    """Return of which demos, by public id, what was decided has become true already."""
    return [
        public_id
        for public_id, decision in decisions.items()
        if public_id not in touched
        or decision.deed is Deed.KEEP
        or (decision.deed is Deed.ASK and is_asked(touched[public_id], session=session))
    ]


def _is_away(staff: Staff, *, interval: Interval, session: Session) -> bool:
    """Tell whether one absence of ``staff`` holds all of ``interval``."""
    around = select(TimeOff.id).where(
        TimeOff.staff_id == staff.id,
        TimeOff.starts_at <= interval.start,
        TimeOff.ends_at >= interval.end,
    )
    return session.scalars(around.limit(1)).first() is not None
