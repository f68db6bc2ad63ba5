"""What must hold of a lead before it gets anything, be it a booking or a wish.

Whoever asks has locked the lead and its mailbox, so that what is counted here holds until the end.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.bookings.disown import is_disowned
from booking.bookings.refusals import AddressSuppressedError, NoticeChangedError
from booking.errors import FieldError, InvalidFieldsError, RateLimitedError
from booking.fields.rules import normalise_address
from booking.leads.models import Lead
from booking.organisation.find import get_organisation
from booking.organisation.models import PrivacyNotice
from booking.staff.find import has_address
from booking.staff.models import Staff

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.event_types.models import EventType
    from booking.installation import Installation
    from booking.leads.intake import LeadDetails

DAY = timedelta(days=1)


def open_mailbox(lead: Lead, *, now: datetime, session: Session) -> Sequence[Lead]:
    """Return every lead whose mails end up where those of ``lead`` do, ``lead`` among them.

    Raises:
        AddressSuppressedError: the mailbox's owner wants none of this.
    """
    mailbox = session.scalars(select(Lead).where(Lead.mailbox == lead.mailbox)).all()
    if any(is_disowned(alias, now=now) for alias in mailbox):
        raise AddressSuppressedError
    return mailbox


def find_faults(
    details: LeadDetails, *, event_type: EventType, session: Session
) -> list[FieldError]:
    """Return what is wrong with ``details``, the address apart, that fields alone do not tell."""
    return [
        *_segment_faults(details, event_type=event_type),
        *_notice_faults(details, session=session),
    ]


def find_address_faults(
    lead: Lead, *, session: Session, installation: Installation
) -> list[FieldError]:
    """Refuse the service's own address and the staff's: their mails would come back to us."""
    ours = normalise_address(installation.sender)
    of_staff = select(Staff.id).where(has_address(lead.address))
    if lead.address == ours or session.scalar(of_staff) is not None:
        return [FieldError("email", "own_address")]
    return []


def refuse_own_address(lead: Lead, *, session: Session, installation: Installation) -> None:
    """Insist that the address is none of our own.

    Asked of leads last, when they would have what they asked for: so a stranger learns who is
    staff only from what every other address is really given, and mailed.

    Raises:
        InvalidFieldsError: it is one.
    """
    if faults := find_address_faults(lead, session=session, installation=installation):
        raise InvalidFieldsError(faults)


def refuse_old_notice(details: LeadDetails, *, session: Session) -> None:
    """Insist that the notice that was shown is the present one.

    Raises:
        NoticeChangedError: it is not.
    """
    present = get_organisation(session=session).notice_version
    if details.notice_version not in {None, present}:
        raise NoticeChangedError


def refuse_too_many_a_day(lately: Sequence[datetime], *, most: int) -> None:
    """Insist that something was done less than ``most`` times in 24 hours.

    Args:
        lately: when it was done in the last 24 hours, the latest first; UTC.
        most: how often it may be done.

    Raises:
        RateLimitedError: it was done as often.
    """
    if len(lately) >= most:
        raise RateLimitedError(retry_at=lately[most - 1] + DAY)


def _segment_faults(details: LeadDetails, *, event_type: EventType) -> list[FieldError]:
    if details.segment not in event_type.segments:
        return [FieldError("segment", "not_offered")]
    return []


def _notice_faults(details: LeadDetails, *, session: Session) -> list[FieldError]:
    version = details.notice_version
    if version is not None and session.get(PrivacyNotice, version) is None:
        return [FieldError("notice_version", "unknown")]
    return []
