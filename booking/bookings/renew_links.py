"""Takes the links to a booking back, which may have gone astray, and mails the lead new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.bookings.authority import require_to_come
from booking.bookings.mail_link import mail_new_links
from booking.bookings.tokens import renew_tokens
from booking.history import record

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking
    from booking.installation import Installation


def renew_links(
    booking: Booking,
    *,
    actor: str,
    now: datetime,
    session: Session,
    installation: Installation,
) -> None:
    """Let only new links open ``booking``, which was loaded for a change.

    Raises:
        AlreadyCancelledError, TooLateError: nobody needs a link to it any more.
    """
    require_to_come(booking, now=now)
    renew_tokens(booking, now=now, session=session, installation=installation)
    record("links_renewed", subject=booking, actor=actor, facts={}, now=now, session=session)
    mail_new_links(booking, now=now, session=session)
