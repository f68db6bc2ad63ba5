"""Leads, hosts, workers, the clock and a mail server take turns in any order.

What the API has answered is remembered. After every step the database breaks no rule and holds what
was answered; at the end, when everything was delivered that could be, every recipient's calendar
shows it as well.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)
from sqlalchemy import select

from booking import clock
from booking.bookings.idempotency import purge_keys
from booking.bookings.lapsed_holds import sweep_lapsed_holds
from booking.bookings.lifecycle import BookingState, Outcome
from booking.bookings.models import Booking, Meeting
from booking.bookings.outcome import mark_outcome
from booking.bookings.refusals import AlreadyCancelledError, NotStartedError
from booking.db import snapshot
from booking.history import SYSTEM
from booking.invariants.check import find_violations
from booking.outbox.models import Message
from booking.staff.models import Staff
from tests import mail_weather
from tests.factories import START, make_time_off
from tests.outbox import LEASE
from tests.pages import OWN_PAGE
from tests.whole_life.calendars import find_wrong_calendars
from tests.whole_life.leads import Leads, is_accepted
from tests.whole_life.mortal_transport import DEATHS
from tests.whole_life.world import SLUGS, find_booking

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.whole_life.leads import Made
    from tests.whole_life.world import World

HALF_AN_HOUR = timedelta(minutes=30)
HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
STARTS = [START + A_DAY * day + HALF_AN_HOUR * number for day in range(2) for number in range(5)]
starts = st.sampled_from(STARTS)
slugs = st.sampled_from(SLUGS)
segments = st.sampled_from(["individual", "team"])


class WholeLife(RuleBasedStateMachine):
    """Run by hypothesis, which shortens what goes wrong."""

    world: World
    bookings: Bundle[Made] = Bundle("bookings")
    holds: Bundle[str] = Bundle("holds")

    def __init__(self) -> None:
        super().__init__()
        self.leads = Leads(self.world)

    @initialize(target=bookings, first=starts, second=starts)
    def begin(self, first: datetime, second: datetime) -> Any:
        """Some have booked already."""
        self.world.begin()
        tried = [self.leads.book(start=start) for start in (first, second)]
        return multiple(*(made for made in tried if made is not None))

    # What leads do

    @rule(target=holds, start=starts, slug=slugs, segment=segments)
    def hold(self, start: datetime, slug: str, segment: str) -> Any:
        """Hold a time; it can be held exactly if it is published."""
        is_offered = self.world.is_offered(start, slug=slug, segment=segment)
        wanted = {"event_type": slug, "start": start.isoformat(), "segment": segment}
        answer = self.world.post("holds", wanted)
        assert (answer.status_code == 201) == is_offered
        return answer.get_json()["hold"]["token"] if is_offered else multiple()

    @rule(target=bookings, start=starts, slug=slugs, segment=segments)
    def book(self, start: datetime, slug: str, segment: str) -> Any:
        """Book a time; it can be had exactly if it is published."""
        is_offered = self.world.is_offered(start, slug=slug, segment=segment)
        made = self.leads.book(start=start, event_type=slug, segment=segment)
        assert (made is not None) == is_offered
        return multiple() if made is None else made

    @rule(target=bookings, hold=holds, start=starts, slug=slugs)
    def book_what_is_held(self, hold: str, start: datetime, slug: str) -> Any:
        """Book with a hold, which may be for another time, used, or over."""
        made = self.leads.book(start=start, event_type=slug, hold=hold)
        return multiple() if made is None else made

    @rule(target=bookings, booking=bookings, start=starts)
    def book_again(self, booking: Made, start: datetime) -> Any:
        """Book another time with the same address."""
        made = self.leads.book(start=start, email=booking.request["email"])
        return multiple() if made is None else made

    @rule(booking=bookings)
    def send_again(self, booking: Made) -> None:
        """The same request has the same answer, whatever has happened since."""
        if clock.now() < booking.made_at + A_DAY:
            again = self.world.post("bookings", booking.request, key=booking.key)
            assert (again.status_code, again.get_data()) == (201, booking.answer)

    @rule(booking=bookings, start=starts)
    def move(self, booking: Made, start: datetime) -> None:
        """Move to another time, or be told why not and keep the old one."""
        body = {"start": start.isoformat()}
        if is_accepted(self.world.post(f"bookings/{booking.token}/reschedule", body)):
            booking.start = start

    @rule(booking=bookings)
    def cancel(self, booking: Made) -> None:
        """Cancel, or be told why not."""
        if is_accepted(self.world.post(f"bookings/{booking.token}/cancel", {})):
            booking.start = None

    @rule(booking=bookings)
    def disown(self, booking: Made) -> None:
        """„Das war ich nicht“ ends all that is still to come for the address."""
        token = self.world.disown_token(booking.public_id)
        answer = self.world.client.post(f"/b/{token}/not-me", headers=OWN_PAGE)
        assert answer.status_code == 303
        self.leads.forget(booking.request["email"])

    # What hosts do

    @rule(number=st.integers(0, 1), start=starts)
    def be_away(self, number: int, start: datetime) -> None:
        """A host takes an hour off; what is booked stays."""

        def work(session: Session) -> None:
            host = session.scalars(select(Staff).order_by(Staff.id).offset(number)).first()
            assert host is not None
            make_time_off(session, staff=host, start=start, end=start + HOUR)

        self.world.change(work)

    @rule(booking=bookings, outcome=st.sampled_from([*Outcome, None]))
    def mark(self, booking: Made, outcome: Outcome | None) -> None:
        """A host says what became of a demo."""

        def work(session: Session) -> None:
            row = find_booking(booking.public_id, session=session)
            try:
                mark_outcome(row, outcome=outcome, actor=SYSTEM, now=clock.now(), session=session)
            except AlreadyCancelledError:
                assert booking.start is None
            except NotStartedError:
                assert booking.start is not None
                assert booking.start > clock.now()

        self.world.change(work)

    # What happens by itself

    @rule(minutes=st.sampled_from([1, 5, 20, 60, 7 * 60, 24 * 60]))
    def wait(self, minutes: int) -> None:
        """Time passes; some worker lives, so what is due does not lie for long."""
        self.world.traveller.shift(timedelta(minutes=minutes))
        self.world.deliver()

    @rule(mode=st.sampled_from(mail_weather.MODES), death=st.sampled_from([None, *DEATHS]))
    def work(self, mode: str, death: str | None) -> None:
        """A worker takes up what is due, and may die over it; the mail server has its manners."""
        self.world.server.mode = mode
        self.world.deliver(death=death)
        self.world.server.mode = "well_behaved"

    @rule()
    def sweep(self) -> None:
        """The housekeeping comes by."""

        def work(session: Session) -> None:
            sweep_lapsed_holds(now=clock.now(), session=session)
            purge_keys(now=clock.now(), session=session)

        self.world.change(work)

    # What must be so

    @invariant()
    def database_breaks_no_rule(self) -> None:
        """Nothing is in the database that must never be."""
        with self.world.app.app_context(), snapshot() as session:
            assert list(find_violations(now=clock.now(), lease=LEASE, session=session)) == []

    @invariant()
    def bookings_are_where_they_were_acknowledged(self) -> None:
        """None is lost, moved, made beside, or still there though cancelled."""
        query = (
            select(Booking.public_id, Booking.state, Meeting.starts_at)
            .join(Meeting)
            .where(Booking.state != BookingState.HELD)
        )
        with self.world.app.app_context(), snapshot() as session:
            found = {
                public_id: None if state is BookingState.CANCELLED else start
                for public_id, state, start in session.execute(query)
            }
        assert found == {made.public_id: made.start for made in self.leads.made}

    def teardown(self) -> None:
        """Deliver the rest, and look into everybody's calendar."""
        server = self.world.server
        self.world.deliver_everything()
        self.database_breaks_no_rule()
        with self.world.app.app_context(), snapshot() as session:
            rows = session.scalars(select(Message)).all()
            faults = list(mail_weather.find_faults(server, rows))
            faults += find_wrong_calendars(session, mails=server.accepted)
        assert not faults, "; ".join(faults)
