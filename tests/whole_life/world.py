"""The installation that is lived in: its clients, its workers, its clock and its mail server."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from booking import clock
from booking.bookings.models import Booking
from booking.bookings.tokens import Purpose, find_token
from booking.db import db, run_in_transaction
from booking.outbox.deliver import deliver_due
from booking.outbox.models import Message, MessageState
from booking.outbox.settle import MOST_UNKNOWNS
from tests.factories import NOW, make_event_type, make_organisation, make_staff
from tests.outbox import make_delivery
from tests.unguarded import let_history_be_changed
from tests.whole_life.mortal_transport import DeathError, MortalTransport

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session
    from time_machine import Traveller
    from werkzeug.test import TestResponse

    from booking.outbox.transport import Transport
    from tests.hostile_smtp import HostileSmtp

    T = TypeVar("T")

SLUGS = ("demo", "longer")
OPEN = (MessageState.QUEUED, MessageState.SENDING, MessageState.UNKNOWN)
MOST_ROUNDS = 400


@dataclass
class World:
    """What all act upon; emptied before every life."""

    app: Flask
    client: FlaskClient
    server: HostileSmtp
    traveller: Traveller
    change_transport: Callable[[Transport], Transport] = field(default=lambda transport: transport)
    """Makes a worker forget what it must not, for a control."""

    def begin(self) -> None:
        """Empty everything; add two hosts, one of whom may be booked in two ways."""
        self._workers = count(1)
        self.traveller.move_to(NOW)
        self.server.mode = "well_behaved"
        for mails in (self.server.received, self.server.not_refused, self.server.accepted):
            mails.clear()
        self.change(_fill)

    def change(self, work: Callable[[Session], T]) -> T:
        """Do ``work`` in a transaction of its own."""
        with self.app.app_context():
            return run_in_transaction(work)

    def post(self, path: str, body: object, *, key: str | None = None) -> TestResponse:
        """Ask the API."""
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.post(f"/api/v1/{path}", json=body, headers=headers)

    def is_offered(self, start: datetime, *, slug: str, segment: str) -> bool:
        """Tell whether the slot is published at this moment."""
        query = {
            "segment": segment,
            "from": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "to": f"{start + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}",
        }
        answer = self.client.get(f"/api/v1/event-types/{slug}/slots", query_string=query)
        slots: list[Any] = answer.get_json()["slots"]
        return slots != []

    def disown_token(self, public_id: str) -> str | None:
        """Return what stands in the mails alone."""
        installation = self.app.extensions["installation"]

        def work(session: Session) -> str | None:
            booking = find_booking(public_id, session=session)
            return find_token(
                booking, purpose=Purpose.DISOWN, session=session, installation=installation
            )

        return self.change(work)

    def deliver(self, *, death: str | None = None) -> None:
        """Let a new worker deliver what is due, and die on the way if it must."""
        transport = MortalTransport(self.app.extensions["transport"], death)
        with self.app.app_context():
            delivery = make_delivery(
                self.change_transport(transport),
                composers=self.app.extensions["composers"],
                now=clock.now,
                worker=f"worker-{next(self._workers)}",
            )
            try:
                deliver_due(delivery)
            except DeathError:
                db.session.rollback()

    def deliver_everything(self) -> None:
        """Let the time pass, from one mail that is due to the next, until none is open."""
        next_at = select(func.min(func.coalesce(Message.lease_until, Message.next_attempt_at)))
        waiting = next_at.where(Message.state.in_(OPEN), Message.unknowns < MOST_UNKNOWNS)
        for _ in range(MOST_ROUNDS):
            # What may have arrived is not sent again once it is of no more use.
            is_over = and_(Message.state == MessageState.UNKNOWN, Message.expires_at <= clock.now())
            due_at = self.change(lambda session: session.scalar(waiting.where(~is_over)))  # noqa: B023 - called at once
            if due_at is None:
                return
            self.traveller.move_to(max(clock.now(), due_at + timedelta(seconds=1)))
            self.deliver()
        raise AssertionError("mails are still open")


def find_booking(public_id: str, *, session: Session) -> Booking:
    """Return the booking that the API calls so."""
    return session.scalars(select(Booking).where(Booking.public_id == public_id)).one()


def _fill(session: Session) -> None:
    let_history_be_changed(session)
    for table in reversed(db.metadata.sorted_tables):
        session.execute(table.delete())
    make_organisation(session)
    hosts = [make_staff(session), make_staff(session, time_zone="Asia/Kathmandu")]
    demo, longer = SLUGS
    make_event_type(session, hosts=hosts, slug=demo, buffer_after_minutes=15)
    make_event_type(session, hosts=hosts[:1], slug=longer, duration_minutes=45)
