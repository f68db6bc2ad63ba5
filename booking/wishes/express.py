"""Takes a wish in: lead, wish, history and the mail to the organisation in one transaction."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.bookings.answers import read_answers
from booking.bookings.lead_admission import (
    DAY,
    find_faults,
    open_mailbox,
    refuse_old_notice,
    refuse_own_address,
    refuse_too_many_a_day,
)
from booking.errors import InvalidFieldsError
from booking.event_types.find import questions_of
from booking.history import LEAD, record
from booking.leads.find import find_or_add_lead
from booking.organisation.find import get_organisation
from booking.outbox.models import Priority, Recipient
from booking.outbox.queue import enqueue
from booking.wishes.models import Wish, WishState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.event_types.models import EventType
    from booking.installation import Installation
    from booking.leads.intake import LeadDetails
    from booking.leads.models import Lead
    from booking.wishes.wished_times import WishedTime

KIND = "wish"
MOST_WISHES_A_DAY = 3
"""How many wishes a mailbox may send in 24 hours: each one mails the organisation."""

MAIL_OF_USE_FOR = timedelta(days=30)


def express_wish(
    event_type: EventType,
    *,
    wished_times: Sequence[WishedTime],
    details: LeadDetails,
    now: datetime,
    session: Session,
    installation: Installation,
) -> Wish:
    """Store that the lead of ``details`` asks for ``wished_times``, and let the organisation know.

    The lead gets no mail: whose address it is nobody knows yet.

    Raises:
        InvalidFieldsError: a field or an answer does not fit the event type, or the address is one
            of ours.
        AddressSuppressedError: the address's owner wants none of this.
        NoticeChangedError: the notice that was shown is not the present one.
        RateLimitedError: its mailbox has sent three wishes in 24 hours.
    """
    lead = find_or_add_lead(details.email, now=now, session=session)
    answers = read_answers(
        details.answers, questions=questions_of(event_type), segment=details.segment
    )
    faults = find_faults(details, event_type=event_type, session=session)
    if faults or answers.errors:
        raise InvalidFieldsError([*faults, *answers.errors])
    # After the faults, so that nobody learns from them whose address is suppressed.
    mailbox = open_mailbox(lead, now=now, session=session)
    refuse_old_notice(details, session=session)
    lately = _wished_lately(mailbox, now=now, session=session)
    refuse_too_many_a_day(lately, most=MOST_WISHES_A_DAY)
    refuse_own_address(lead, session=session, installation=installation)

    wish = _wish_of(details, session=session)
    wish.event_type_id = event_type.id
    wish.lead_id = lead.id
    wish.answers = dict(answers.given)
    wish.wished_times = [wished.write() for wished in wished_times]
    wish.created_at = now
    session.add(wish)
    session.flush()
    record(
        "wished",
        subject=wish,
        actor=LEAD,
        facts={"segment": wish.segment, "fields": ["wished_times"]},
        now=now,
        session=session,
    )
    enqueue(
        KIND,
        occasion=KIND,
        subject=wish,
        recipient=Recipient.ORGANISATION,
        facts={},
        due_at=now,
        expires_at=now + MAIL_OF_USE_FOR,
        priority=Priority.SOON,
        mail_domain=installation.mail_domain,
        now=now,
        session=session,
    )
    return wish


def _wish_of(details: LeadDetails, *, session: Session) -> Wish:
    organisation = get_organisation(session=session)
    return Wish(
        state=WishState.OPEN,
        segment=details.segment,
        name=details.name,
        email=details.email,
        company=details.company,
        team_size=details.team_size,
        phone=details.phone,
        notes=details.notes,
        source=details.source,
        time_zone=details.time_zone or organisation.time_zone,
        locale=details.locale or organisation.locale,
        notice_version=details.notice_version or organisation.notice_version,
    )


def _wished_lately(
    mailbox: Sequence[Lead], *, now: datetime, session: Session
) -> Sequence[datetime]:
    """Return when ``mailbox`` has sent wishes in the last 24 hours, the latest first."""
    return session.scalars(
        select(Wish.created_at)
        .where(Wish.lead_id.in_([lead.id for lead in mailbox]), Wish.created_at > now - DAY)
        .order_by(Wish.created_at.desc())
    ).all()
