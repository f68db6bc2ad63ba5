"""What the form for a wish does when it is sent: ask for the times exactly once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from booking.bookings.idempotency import claim_key, keep_answer
from booking.event_types.find import get_event_type
from booking.wishes.express import express_wish

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.installation import Installation
    from booking.leads.intake import LeadDetails
    from booking.wishes.wished_times import WishedTime

ROUTE = "wish-form"
WISHED = 201


@dataclass(frozen=True, slots=True, kw_only=True)
class WishSubmission:
    """One sending of the whole form."""

    slug: str
    wished_times: Sequence[WishedTime]
    details: LeadDetails
    key: str

    @property
    def body(self) -> bytes:
        """What makes two sendings the same."""
        wished_times = [wished.write() for wished in self.wished_times]
        details = self.details.model_dump(mode="json")
        return json.dumps([self.slug, wished_times, details]).encode()


def wish_once(
    submission: WishSubmission, *, now: datetime, session: Session, installation: Installation
) -> bool:
    """Send the wish, unless this form has sent one already.

    Return whether the wish that this form has sent, now or earlier, is the one it says.

    Raises:
        BookingError: as ``express_wish``.
    """
    event_type = get_event_type(submission.slug, session=session)
    kept = claim_key(
        submission.key,
        route=ROUTE,
        body=submission.body,
        now=now,
        session=session,
        installation=installation,
    )
    if kept:
        return kept.same_request
    wish = express_wish(
        event_type,
        wished_times=submission.wished_times,
        details=submission.details,
        now=now,
        session=session,
        installation=installation,
    )
    keep_answer(
        submission.key,
        route=ROUTE,
        status=WISHED,
        body=str(wish.id),
        session=session,
        installation=installation,
    )
    return True
