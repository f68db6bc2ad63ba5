"""The mail that offers times to the lead of a wish, in its own language and time zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from booking.bookings.mail_frame import MailReader, address_of, frame_facts, write_mail
from booking.event_types.models import EventType
from booking.organisation.find import get_organisation
from booking.outbox.composer import Composer
from booking.staff.models import Staff
from booking.templating import locales
from booking.wishes.models import Wish, WishState
from booking.wishes.offer import is_mailable
from booking.wishes.offer_link import offer_links

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.installation import Installation
    from booking.outbox.mime import OutgoingMail
    from booking.outbox.models import Message


def offer_composer(installation: Installation) -> Composer:
    """Return how an offer is composed."""
    return Composer(is_current=_is_wanted, compose=partial(_compose, installation=installation))


def _is_wanted(message: Message, session: Session) -> bool:
    wish = session.get_one(Wish, message.wish_id)
    # An address that was disowned after this mail was written is so for weeks from then on.
    mailable = is_mailable(wish, now=message.due_at, session=session)
    return wish.state is not WishState.CLOSED and mailable


def _compose(message: Message, session: Session, *, installation: Installation) -> OutgoingMail:
    wish = session.get_one(Wish, message.wish_id)
    event_type = session.get_one(EventType, wish.event_type_id)
    organisation = get_organisation(session=session)
    staff = session.get_one(Staff, message.facts["by"])
    reader = MailReader(
        to=address_of(name=wish.name, email=wish.email),
        answers_to=address_of(name=staff.name, email=staff.email),
        # A catalogue may have been taken away since the lead chose its language.
        locale=wish.locale if wish.locale in locales() else organisation.locale,
        time_zone=wish.time_zone,
    )
    starts = [datetime.fromisoformat(start) for start in message.facts["starts"]]
    links = offer_links(wish, starts=starts, session=session, installation=installation)
    duration = timedelta(minutes=event_type.duration_minutes)
    facts = frame_facts(
        lead=wish, event_type=event_type, organisation=organisation, reader=reader
    ) | {
        "staff_name": staff.name,
        "offered": [
            (start, start + duration, link) for start, link in zip(starts, links, strict=True)
        ],
    }
    return write_mail(message, facts=facts, installation=installation)
