"""The mails that carry a one-time link to a staff member."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from booking.accounts.links import LASTS, address_of_link, is_usable
from booking.accounts.models import LinkPurpose, SignInLink
from booking.bookings.mail_frame import house_facts, reader_of_staff, write_mail
from booking.organisation.find import get_organisation
from booking.outbox.composer import Composer
from booking.staff.models import Staff

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.installation import Installation
    from booking.outbox.mime import OutgoingMail
    from booking.outbox.models import Message


def composers(installation: Installation) -> dict[str, Composer]:
    """Return how the mails with a link are composed, by kind."""
    composer = Composer(is_current=_is_usable, compose=partial(_compose, installation=installation))
    return {purpose.value: composer for purpose in LinkPurpose}


def _is_usable(message: Message, session: Session) -> bool:
    link = session.get_one(SignInLink, message.facts["link"])
    staff = session.get_one(Staff, message.staff_id)
    # Whether its hour is over is the row's own matter: it expires with the link.
    return staff.active and is_usable(link, now=link.created_at)


def _compose(message: Message, session: Session, *, installation: Installation) -> OutgoingMail:
    link = session.get_one(SignInLink, message.facts["link"])
    staff = session.get_one(Staff, message.staff_id)
    organisation = get_organisation(session=session)
    reader = reader_of_staff(staff, organisation=organisation)
    facts = house_facts(organisation=organisation, reader=reader) | {
        "staff": staff,
        "address": address_of_link(link, installation=installation),
        "expires_at": link.expires_at,
        "minutes": int(LASTS.total_seconds()) // 60,
    }
    return write_mail(message, facts=facts, installation=installation)
