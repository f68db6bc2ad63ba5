"""The booking verbs as a test calls them: everything has a value, what matters is passed."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.bookings.confirm import Confirmation, confirm_booking
from booking.bookings.hold import Hold, hold_slot
from booking.bookings.models import Booking
from booking.event_types.models import EventType
from booking.installation import Installation
from booking.leads.intake import LeadDetails
from booking.outbox.models import Message, MessageState
from booking.outbox.settle import mark_sent
from booking.segment import Segment
from tests.factories import NOW, START

INSTALLATION = Installation(
    base_url="https://termine.example.com",
    sender="demo@termine.example.com",
    secret_keys=("a secret key for tests, long enough",),
)


def details(**changes: Any) -> LeadDetails:
    """Return what a lead has typed."""
    typed = {"name": "Erika Mustermann", "email": "erika@kunde.de", "segment": "individual"}
    return LeadDetails.model_validate(typed | changes, context="Europe/Berlin")


def confirm(event_type: EventType, *, session: Session, **changes: Any) -> Confirmation:
    """Book START at NOW; names of LeadDetails fields change what was typed."""
    asked = {
        "start": changes.pop("start", START),
        "now": changes.pop("now", NOW),
        "hold_token": changes.pop("hold_token", None),
        "hold_may_move": changes.pop("hold_may_move", False),
    }
    return confirm_booking(
        event_type,
        details=details(**changes),
        session=session,
        installation=INSTALLATION,
        **asked,
    )


def hold(event_type: EventType, *, session: Session, **changes: Any) -> Hold:
    """Hold START at NOW for an individual."""
    asked = {"start": START, "segment": Segment.INDIVIDUAL, "now": NOW} | changes
    return hold_slot(event_type, session=session, installation=INSTALLATION, **asked)


def let_mails_leave(session: Session, *, now: datetime = NOW) -> None:
    """Mark every mail that is due as sent."""
    due = select(Message).where(Message.state == MessageState.QUEUED, Message.due_at <= now)
    for message in session.scalars(due):
        mark_sent(message, now=now)
    session.flush()


def let_anybody(_booking: Booking) -> None:
    """Ask nobody who they are: what pages allow is none of a verb's business."""
