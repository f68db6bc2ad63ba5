"""What no visitor can bring about, added to an installation before anybody looks at it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from booking.bookings.tokens import Purpose, issue_token
from booking.event_types.find import get_event_type
from tests.factories import make_booking, make_event_type, make_meeting, make_staff

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.installation import Installation

SOON = timedelta(days=7)


def prepare(*, now: datetime, session: Session, installation: Installation) -> dict[str, str]:
    """Add a demo that nobody gives, called ``leer``, and some bookings of the one called ``demo``.

    Returns:
        Paths, by the names that ``Site`` has for them.
    """
    make_event_type(session, hosts=[], slug="leer")

    def path(start: datetime, *, purpose: Purpose) -> str:
        # A host of its own, who is free at any time and takes none of the others'.
        host = make_staff(session, hours=(), name="Greta Gast")
        meeting = make_meeting(
            session, event_type=get_event_type("demo", session=session), hosts=[host], start=start
        )
        booking = make_booking(session, meeting=meeting, confirmed_at=now - SOON)
        token = issue_token(
            booking, purpose=purpose, now=now, session=session, installation=installation
        )
        return f"/b/{token}"

    return {
        "over": path(now - SOON, purpose=Purpose.MANAGE),
        "settled": path(now + SOON, purpose=Purpose.MANAGE),
        "strange": f"{path(now + SOON, purpose=Purpose.DISOWN)}/not-me",
    }
