"""The mail by which a staff member finds out whether mails leave."""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from booking.bookings.mail_frame import house_facts, reader_of_staff, write_mail
from booking.history import record
from booking.organisation.find import get_organisation
from booking.outbox.composer import Composer
from booking.outbox.models import Priority, Recipient
from booking.outbox.queue import enqueue
from booking.staff.models import Staff

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.installation import Installation
    from booking.outbox.mime import OutgoingMail
    from booking.outbox.models import Message

KIND = "test"
OF_USE_FOR = timedelta(hours=1)


def send_test_mail(
    staff: Staff, *, actor: str, now: datetime, session: Session, installation: Installation
) -> Message:
    """Write a mail to ``staff``, to be sent at ``now`` (UTC); return its row, which has its id."""
    record("test_mail", subject=staff, actor=actor, facts={}, now=now, session=session)
    message = enqueue(
        KIND,
        occasion=f"{KIND}-{secrets.token_hex(8)}",
        subject=staff,
        recipient=Recipient.STAFF,
        facts={},
        due_at=now,
        expires_at=now + OF_USE_FOR,
        priority=Priority.SOON,
        mail_domain=installation.mail_domain,
        now=now,
        session=session,
    )
    session.flush()
    return message


def composers(installation: Installation) -> dict[str, Composer]:
    """Return how the mail is composed, by kind."""
    compose = partial(_compose, installation=installation)
    return {KIND: Composer(is_current=_is_wanted, compose=compose)}


def _is_wanted(message: Message, session: Session) -> bool:
    return session.get_one(Staff, message.staff_id).active


def _compose(message: Message, session: Session, *, installation: Installation) -> OutgoingMail:
    staff = session.get_one(Staff, message.staff_id)
    organisation = get_organisation(session=session)
    reader = reader_of_staff(staff, organisation=organisation)
    facts = house_facts(organisation=organisation, reader=reader) | {
        "staff": staff,
        "asked_at": message.created_at,
    }
    return write_mail(message, facts=facts, installation=installation)
