"""Fills in the booking form for whoever follows the link of an offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.event_types.questions import field_of
from booking.web.public.choice import SOURCES
from booking.web.public.forms import Stamp
from booking.web.typed_details import TYPED
from booking.wishes.offer_link import OfferUsedError, find_offered_wish, is_used

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.installation import Installation
    from booking.web.public.draft import Draft


def fill_in_offer(
    draft: Draft, *, slug: str, now: datetime, session: Session, installation: Installation
) -> Draft:
    """Return ``draft`` with what the lead has told with its wish; as it is without an offer.

    An offer that has led to a booking fills in nothing any more, and says so.
    """
    if draft.choice.offer is None:
        return draft
    wish = find_offered_wish(
        draft.choice.offer, slug=slug, now=now, session=session, installation=installation
    )
    if wish is None:
        return draft
    if is_used(wish, session=session):
        return draft.choosing(offer=None, start=None).refused(OfferUsedError())
    told = {name: str(value) for name in TYPED if (value := getattr(wish, name)) is not None}
    answers = {field_of(key): str(answer) for key, answer in wish.answers.items()}
    source = {name: str(wish.source[name]) for name in SOURCES if name in wish.source}
    return draft.prefilled(told | answers, source=source, stamp=Stamp.new(now=now, wish_id=wish.id))
