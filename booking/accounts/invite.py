"""Lets staff members in: a new one by invitation, one who has forgotten the password by reset."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from booking.accounts.links import count_links, issue_link
from booking.accounts.models import LinkPurpose
from booking.errors import FieldError, InvalidFieldsError
from booking.history import SYSTEM, record
from booking.organisation.find import get_organisation
from booking.outbox.models import Priority, Recipient
from booking.outbox.queue import enqueue
from booking.staff.find import find_staff, has_address
from booking.staff.models import Staff

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.accounts.details import StaffDetails
    from booking.installation import Installation

MOST_RESETS = 3
"""So many links for a new password are mailed to one account an hour, whoever asks for them."""

HOUR = timedelta(hours=1)


def add_staff(details: StaffDetails, *, actor: str, now: datetime, session: Session) -> Staff:
    """Add a staff member without working hours, in the organisation's time zone.

    Raises:
        InvalidFieldsError: the address is somebody's already, who is left as they are.
        NotFoundError: no organisation has been set up yet.
    """
    if find_staff(details.email, session=session) is not None:
        raise InvalidFieldsError([FieldError("email", "taken")])
    staff = Staff(
        email=details.email,
        name=details.name,
        role=details.role,
        time_zone=get_organisation(session=session).time_zone,
        active=True,
        calendar_version=0,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(staff)
    except IntegrityError as error:
        # Another admin was faster; the insert has waited for their commit.
        raise InvalidFieldsError([FieldError("email", "taken")]) from error
    facts = {"role": details.role.value}
    record("invited", subject=staff, actor=actor, facts=facts, now=now, session=session)
    return staff


def mail_link(
    staff: Staff,
    *,
    purpose: LinkPurpose,
    now: datetime,
    session: Session,
    installation: Installation,
) -> None:
    """Mail ``staff`` a new link."""
    link = issue_link(staff, purpose=purpose, now=now, session=session, installation=installation)
    enqueue(
        purpose.value,
        occasion=f"{purpose.value}-{link.id}",
        subject=staff,
        recipient=Recipient.STAFF,
        facts={"link": link.id},
        due_at=now,
        expires_at=link.expires_at,
        priority=Priority.SOON,
        mail_domain=installation.mail_domain,
        now=now,
        session=session,
    )


def request_reset(
    email: str, *, now: datetime, session: Session, installation: Installation
) -> None:
    """Mail a link to the active staff member whose address it is; nothing remains for others.

    Nor does anything once they have been mailed MOST_RESETS within an hour: whoever asks may be a
    stranger, and is told the same in any case, after the same work. What is not to be is done for
    somebody all the same, and undone.
    """
    found = _find_account_or_another(email, session=session)
    if found is None:
        return
    staff, is_theirs = found
    # Two who ask at once are counted one after the other, and nobody is let in who just left.
    session.refresh(staff, with_for_update=True)
    mailed = count_links(staff.id, purpose=LinkPurpose.RESET, since=now - HOUR, session=session)
    with session.begin_nested() as request:
        record("reset_requested", subject=staff, actor=SYSTEM, facts={}, now=now, session=session)
        mail_link(
            staff, purpose=LinkPurpose.RESET, now=now, session=session, installation=installation
        )
        session.flush()
        if not (is_theirs and staff.active and mailed < MOST_RESETS):
            request.rollback()


def _find_account_or_another(email: str, *, session: Session) -> tuple[Staff, bool] | None:
    """Return whose address it is, else anybody, and which of the two; None: there is no staff."""
    is_theirs = has_address(email)
    found = session.execute(
        select(Staff, is_theirs).order_by(is_theirs.desc(), Staff.id).limit(1)
    ).one_or_none()
    return (found[0], found[1]) if found else None
