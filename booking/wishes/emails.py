"""The mail about a wish: the organisation reads in its own language who asks for which times."""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any

from booking.bookings.answers import tell_answers
from booking.bookings.mail_frame import MailReader, address_of, frame_facts, write_mail
from booking.event_types.find import questions_of
from booking.event_types.models import EventType
from booking.local_time import format_zone
from booking.organisation.find import get_organisation
from booking.outbox.composer import Composer
from booking.templating import translate
from booking.wishes.express import KIND
from booking.wishes.models import Wish, WishState
from booking.wishes.offer import OFFER
from booking.wishes.offer_email import offer_composer
from booking.wishes.part_names import PART_NAMES
from booking.wishes.wished_times import WishedTime

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.installation import Installation
    from booking.organisation.models import Organisation
    from booking.outbox.mime import OutgoingMail
    from booking.outbox.models import Message

NOON = time(12, tzinfo=UTC)


def composers(installation: Installation) -> dict[str, Composer]:
    """Return how each mail about a wish is composed, by kind."""
    return {
        KIND: Composer(is_current=_is_open, compose=partial(_compose, installation=installation)),
        OFFER: offer_composer(installation),
    }


def _is_open(message: Message, session: Session) -> bool:
    return session.get_one(Wish, message.wish_id).state is WishState.OPEN


def _compose(message: Message, session: Session, *, installation: Installation) -> OutgoingMail:
    wish = session.get_one(Wish, message.wish_id)
    organisation = get_organisation(session=session)
    reader = MailReader(
        to=address_of(name=organisation.name, email=organisation.contact_email),
        answers_to=address_of(name=wish.name, email=wish.email),
        locale=organisation.locale,
        time_zone=organisation.time_zone,
    )
    event_type = session.get_one(EventType, wish.event_type_id)
    frame = frame_facts(
        lead=wish,
        event_type=event_type,
        organisation=organisation,
        reader=reader,
    )
    answers = tell_answers(
        wish.answers,
        questions=questions_of(event_type),
        locale=reader.locale,
        fallback=organisation.locale,
    )
    facts = frame | _wished(wish, organisation=organisation) | {"answers": answers}
    facts["console_url"] = installation.link(f"/staff/wishes/{wish.id}")
    return write_mail(message, facts=facts, installation=installation)


def _wished(wish: Wish, *, organisation: Organisation) -> dict[str, Any]:
    """Return the wished times, and the zone they are meant in if it is not the reader's."""
    locale = organisation.locale
    wished = [WishedTime.read(stored) for stored in wish.wished_times]
    there, here = (
        [
            format_zone(datetime.combine(one.on, NOON), time_zone=name, locale=locale)
            for one in wished
        ]
        for name in (wish.time_zone, organisation.time_zone)
    )
    return {
        "wished_times": [
            (one.on, translate(PART_NAMES[one.part], locale=locale)) for one in wished
        ],
        "zone_there": None if there == here else there[0],
    }
