"""Finds the lead behind an address, and keeps two bookings of one lead from racing each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from booking.fields.rules import mailbox_of, normalise_address
from booking.leads.mailbox_lock import lock_mailbox
from booking.leads.models import Lead

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def find_or_add_lead(email: str, *, now: datetime, session: Session) -> Lead:
    """Return the lead of ``email``, locked with its mailbox until the transaction ends."""
    address = normalise_address(email)
    locked = select(Lead).where(Lead.address == address).with_for_update(key_share=True)
    mailbox, domain = mailbox_of(email), address.rpartition("@")[2]
    lock_mailbox(mailbox, session=session)
    lead = session.scalar(locked)
    if lead is not None:
        # Missing where a process of the release before has added the lead during an upgrade.
        lead.mailbox, lead.domain = mailbox, domain
        return lead
    try:
        with session.begin_nested():
            lead = Lead(address=address, mailbox=mailbox, domain=domain, created_at=now)
            session.add(lead)
    except IntegrityError:
        # The other one was faster; the insert has waited for its commit.
        return session.scalars(locked).one()
    return lead
