"""Makes a booking of a reserved time: who it is for, the links, the history and every mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booking.bookings.lifecycle import BookingState
from booking.bookings.notify import notify_confirmed
from booking.bookings.placement import reserved_hosts
from booking.bookings.tokens import Purpose, issue_token
from booking.history import record
from booking.organisation.find import get_organisation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.bookings.answers import Answers
    from booking.bookings.models import Booking
    from booking.event_types.models import EventType
    from booking.installation import Installation
    from booking.leads.intake import LeadDetails
    from booking.leads.models import Lead


def conclude(
    booking: Booking,
    *,
    event_type: EventType,
    details: LeadDetails,
    answers: Answers,
    lead: Lead,
    actor: str,
    facts: Mapping[str, Any] | None = None,
    now: datetime,
    session: Session,
    installation: Installation,
) -> str:
    """Let ``booking``, whose time is reserved, be confirmed for ``lead``; return its manage token.

    ``facts`` are told by the history besides the usual ones.
    """
    _write_details(
        booking, details=details, answers=answers, lead_id=lead.id, now=now, session=session
    )
    manage_token, _ = (
        issue_token(booking, purpose=purpose, now=now, session=session, installation=installation)
        for purpose in (Purpose.MANAGE, Purpose.DISOWN)
    )
    record(
        "confirmed",
        subject=booking,
        actor=actor,
        facts={
            "start": booking.meeting.starts_at.isoformat(),
            "segment": details.segment,
            "hosts": reserved_hosts(booking.meeting, session=session),
            "assignment": booking.assignment,
            **(facts or {}),
        },
        now=now,
        session=session,
    )
    notify_confirmed(booking, event_type=event_type, actor=actor, now=now, session=session)
    return manage_token


def _write_details(
    booking: Booking,
    *,
    details: LeadDetails,
    answers: Answers,
    lead_id: int,
    now: datetime,
    session: Session,
) -> None:
    organisation = get_organisation(session=session)
    booking.state = BookingState.CONFIRMED
    booking.confirmed_at = now
    booking.hold_expires_at = None
    booking.lead_id = lead_id
    booking.name = details.name
    booking.email = details.email
    booking.company = details.company
    booking.team_size = details.team_size
    booking.phone = details.phone
    booking.notes = details.notes
    booking.answers = dict(answers.given)
    booking.source = details.source
    booking.time_zone = details.time_zone or organisation.time_zone
    booking.locale = details.locale or organisation.locale
    booking.notice_version = details.notice_version or organisation.notice_version
    booking.marketing_opt_in = details.marketing_opt_in
    session.flush()
