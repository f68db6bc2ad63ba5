"""The link of an offer: a short signed token that stands for what the lead has told with its wish.

Nothing of the lead stands in it. Whoever has it sees the form filled in, as the lead was mailed it,
until a demo is booked with it or the wish is closed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from itsdangerous import BadSignature, URLSafeSerializer

from booking.errors import BookingError
from booking.event_types.models import EventType
from booking.history import LEAD, has_happened, record
from booking.wishes.models import Wish, WishState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking
    from booking.installation import Installation

LASTS = timedelta(days=90)
"""How long after the wish its links fill in the form; after that they lead to an empty one."""


BOOKED = "wish_booked"


class OfferUsedError(BookingError):
    """A demo has been booked with this link; the lead has got the link to it by mail."""

    code = "offer_used"


def offer_links(
    wish: Wish, *, starts: list[datetime], session: Session, installation: Installation
) -> list[str]:
    """Return the address of the booking page for each start, filled in."""
    event_type = session.get_one(EventType, wish.event_type_id)
    told = {
        "segment": wish.segment.value,
        "tz": wish.time_zone,
        "locale": wish.locale,
        "offer": offer_token(wish, installation=installation),
    }
    return [
        installation.link(
            f"/{event_type.slug}?"
            + urlencode({"start": start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), **told})
            + "#details"
        )
        for start in starts
    ]


def offer_token(wish: Wish, *, installation: Installation) -> str:
    """Return the token that stands for ``wish``."""
    signed = _serializer(installation).dumps(wish.id)
    return signed if isinstance(signed, str) else signed.decode()


def find_offered_wish(
    token: str, *, slug: str, now: datetime, session: Session, installation: Installation
) -> Wish | None:
    """Return the wish for the event type called ``slug`` that ``token`` stands for.

    None where it stands for none, where the wish is closed, and when its time is over.
    """
    try:
        wish_id = _serializer(installation).loads(token)
    except (BadSignature, ValueError):
        return None
    wish = session.get(Wish, wish_id)
    if wish is None or wish.state is WishState.CLOSED or wish.created_at + LASTS <= now:
        return None
    event_type = session.get_one(EventType, wish.event_type_id)
    return wish if event_type.slug == slug else None


def use_offer(wish_id: int, *, booking: Booking, now: datetime, session: Session) -> None:
    """Keep in the history of the wish that its offer has led to ``booking``."""
    wish = session.get_one(Wish, wish_id)
    facts = {"booking": booking.id}
    record(BOOKED, subject=wish, actor=LEAD, facts=facts, now=now, session=session)


def is_used(wish: Wish, *, session: Session) -> bool:
    """Tell whether an offer to the lead of ``wish`` has led to a booking."""
    return has_happened(BOOKED, to=wish, since=wish.created_at, session=session)


def _serializer(installation: Installation) -> URLSafeSerializer:
    oldest_first = list(reversed(installation.secret_keys))
    return URLSafeSerializer(oldest_first, salt="wish-offer")
