"""A time, hour by hour: leads book, move, cancel and wish, hosts mark demos, mails are sent.

Nothing is written but by the product's own actions, each at the moment at which it happens.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.bookings.cancel import cancel_booking
from booking.bookings.confirm import confirm_booking
from booking.bookings.hold import hold_slot
from booking.bookings.lapsed_holds import sweep_lapsed_holds
from booking.bookings.lifecycle import BookingState, Outcome
from booking.bookings.models import Booking, Meeting
from booking.bookings.offered import record_offered_minutes
from booking.bookings.outcome import mark_outcome
from booking.bookings.refusals import TooLateError
from booking.bookings.reschedule import reschedule_booking
from booking.bookings.slots import list_slots
from booking.db import db, run_in_transaction
from booking.errors import BookingError
from booking.event_types.find import get_event_type
from booking.outbox.deliver import Delivery, deliver_due
from booking.outbox.ledger import Ledger
from booking.outbox.pace import Pace
from booking.segment import Segment
from booking.wishes.express import express_wish
from booking.wishes.wished_times import MOST_WISHED_TIMES, PartOfDay, WishedTime
from scripts.history.leads import make_lead
from scripts.history.mail_server import MailServer
from scripts.history.visits import count_visits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from random import Random

    from flask import Flask
    from sqlalchemy.orm import Session

    from booking.leads.intake import LeadDetails

SLUG = "demo"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LATEST = timedelta(days=14)
"""How far ahead most leads book."""

MOVED, CANCELLED = 0.12, 0.1
RETURNS = 0.12
"""How many of those who book have booked before."""
WISHED = 0.05
"""How many find nothing that suits them."""

OUTCOMES = (*[Outcome.ATTENDED] * 15, *[Outcome.NO_SHOW] * 3, None, None)
MOST_HELD = 5


@dataclass(frozen=True)
class History:
    """Lives ``bookings`` bookings, from ``start`` to ``end`` (UTC), in the database of ``app``."""

    app: Flask
    random: Random
    start: datetime
    end: datetime
    bookings: int

    def live(self) -> None:
        """Live it; takes some hundredths of a second a booking."""
        days = (self.end - self.start) // DAY
        made = 0
        for day in range(days):
            wanted = self.bookings * (day + 1) // days - made
            self._live_day(self.start + day * DAY, numbers=range(made, made + wanted))
            made += wanted
        run_in_transaction(self._hold_some)
        self._deliver(self.end)

    def _live_day(self, midnight: datetime, *, numbers: range) -> None:
        moments = sorted(midnight + self.random.random() * DAY for _ in numbers)
        for moment, number in zip(moments, numbers, strict=True):
            run_in_transaction(
                lambda session, now=moment, number=number: self._book(
                    number, now=now, session=session
                )
            )
        for hours in range(1, 25):
            self._deliver(midnight + hours * HOUR)
        run_in_transaction(lambda session: self._look_after(midnight + DAY, session=session))

    def _book(self, number: int, *, now: datetime, session: Session) -> None:
        """Book one of the next slots, or wish for a time; a lead in ten has booked before."""
        same = self.random.randrange(number + 1) if self.random.random() < RETURNS else number
        details = make_lead(same, random=self.random)
        if self.random.random() < WISHED:
            self._wish(details, now=now, session=session)
            return
        count_visits(details, slug=SLUG, random=self.random, now=now, session=session)
        starts = self._free_starts(details.segment, now=now, session=session)
        with suppress(BookingError), session.begin_nested():
            confirm_booking(
                get_event_type(SLUG, session=session),
                start=self.random.choice(starts),
                details=details,
                hold_token=None,
                now=now,
                session=session,
                installation=self.app.extensions["installation"],
            )

    def _wish(self, details: LeadDetails, *, now: datetime, session: Session) -> None:
        days = self.random.sample(range(1, 29), k=self.random.randint(1, MOST_WISHED_TIMES))
        with suppress(BookingError), session.begin_nested():
            express_wish(
                get_event_type(SLUG, session=session),
                wished_times=[
                    WishedTime(
                        on=(now + day * DAY).date(), part=self.random.choice(tuple(PartOfDay))
                    )
                    for day in days
                ],
                details=details,
                now=now,
                session=session,
                installation=self.app.extensions["installation"],
            )

    def _look_after(self, now: datetime, *, session: Session) -> None:
        """Move and cancel what is to come, mark what was, and keep house."""
        for booking in _bookings(session, after=now, before=now + LATEST):
            chance = self.random.random() * LATEST / DAY
            if chance < CANCELLED:
                with suppress(TooLateError):
                    cancel_booking(booking, reason=None, now=now, session=session)
            elif chance < CANCELLED + MOVED:
                self._move(booking, now=now, session=session)
        for booking in _bookings(session, after=now - DAY, before=now):
            outcome = self.random.choice(OUTCOMES)
            if outcome and booking.meeting.ends_at <= now:
                actor = f"staff:{booking.meeting.hosts[0].host_id}"
                mark_outcome(booking, outcome=outcome, actor=actor, now=now, session=session)
        sweep_lapsed_holds(now=now, session=session)
        record_offered_minutes(now=now, session=session)

    def _move(self, booking: Booking, *, now: datetime, session: Session) -> None:
        starts = self._free_starts(booking.segment, now=now, session=session)
        with suppress(BookingError), session.begin_nested():
            reschedule_booking(booking, start=self.random.choice(starts), now=now, session=session)

    def _free_starts(self, segment: Segment, *, now: datetime, session: Session) -> list[datetime]:
        first = now + self.random.random() * LATEST
        slots = list_slots(
            get_event_type(SLUG, session=session),
            segment=segment,
            start=first,
            end=first + 4 * DAY,
            now=now,
            session=session,
        )
        return [slot.start for slot in slots]

    def _hold_some(self, session: Session) -> None:
        """Leave some holds that somebody is just typing behind."""
        starts = self._free_starts(Segment.TEAM, now=self.end, session=session)
        for start in starts[:MOST_HELD]:
            with suppress(BookingError), session.begin_nested():
                hold_slot(
                    get_event_type(SLUG, session=session),
                    start=start,
                    segment=Segment.TEAM,
                    now=self.end,
                    session=session,
                    installation=self.app.extensions["installation"],
                )

    def _deliver(self, now: datetime) -> None:
        ledger = Ledger(
            worker="history",
            composers=self.app.extensions["composers"],
            lease=HOUR,
            now=lambda: now,
        )
        deliver_due(
            Delivery(
                ledger=ledger,
                transport=MailServer(self.random),
                pace=Pace(per_minute=0),
                is_stopping=lambda: False,
            )
        )
        db.session.close()


def _bookings(session: Session, *, after: datetime, before: datetime) -> Sequence[Booking]:
    return session.scalars(
        select(Booking)
        .join(Meeting)
        .where(
            Booking.state == BookingState.CONFIRMED,
            Meeting.starts_at > after,
            Meeting.starts_at <= before,
        )
        .order_by(Booking.id)
    ).all()
