"""What the tests of the API share: a request that is right in everything, and what is stored."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from booking.bookings.models import Booking, IdempotencyKey, Meeting
from booking.leads.models import Lead
from booking.outbox.models import Message

START = "2026-11-24T10:00:00+01:00"
"""Tuesday, 10:00 in Berlin, as ``tests.factories.START``."""

BOOKING = {
    "event_type": "demo",
    "start": START,
    "segment": "team",
    "name": "Erika Mustermann",
    "email": "erika@kunde.example",
}


def booking_body(start: str, **changes: Any) -> dict[str, Any]:
    """Return the body of a booking for ``start`` that is right but for ``changes``."""
    return BOOKING | {"start": start} | changes


def book(
    client: FlaskClient, *, headers: dict[str, str] | None = None, **changes: Any
) -> TestResponse:
    """Post a booking that is right but for ``changes``; None leaves a field out."""
    fields = {name: value for name, value in (BOOKING | changes).items() if value is not ...}
    return client.post("/api/v1/bookings", json=fields, headers=headers)


def faults(response: TestResponse) -> set[tuple[str, str]]:
    """Return the faulty fields of a 422, each with its code."""
    problem = response.get_json()
    return {(error["field"], error["code"]) for error in problem.get("errors", [])}


def stored(session: Session) -> dict[str, int]:
    """Return how many rows there are of everything that a booking leaves behind."""
    return {
        model.__tablename__: session.scalars(select(func.count()).select_from(model)).one()
        for model in (Booking, IdempotencyKey, Lead, Meeting, Message)
    }
