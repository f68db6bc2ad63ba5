"""The addresses behind a booking's token, as its lead follows them from a page or a mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from booking.bookings.tokens import Purpose, find_token

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking
    from booking.installation import Installation


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingLinks:
    """Absolute addresses that one manage token opens."""

    token: str
    manage: str

    @property
    def move(self) -> str:
        """Page on which the lead moves the booking."""
        return f"{self.manage}/move"

    @property
    def cancel(self) -> str:
        """Page on which the lead cancels the booking."""
        return f"{self.manage}/cancel"

    @property
    def invite(self) -> str:
        """The invite as a file."""
        return f"{self.manage}/invite.ics"


def links_of(token: str, *, installation: Installation) -> BookingLinks:
    """Return the addresses that the manage token ``token`` opens."""
    return BookingLinks(token=token, manage=installation.link(f"/b/{token}"))


def find_links(
    booking: Booking, *, session: Session, installation: Installation
) -> BookingLinks | None:
    """Return the addresses for a mail to the lead; None where no token can be shown any more."""
    token = find_token(booking, purpose=Purpose.MANAGE, session=session, installation=installation)
    return links_of(token, installation=installation) if token else None


def find_disown_link(
    booking: Booking, *, session: Session, installation: Installation
) -> str | None:
    """Return the address at which the owner of the mail address says that it was misused."""
    token = find_token(booking, purpose=Purpose.DISOWN, session=session, installation=installation)
    return installation.link(f"/b/{token}/not-me") if token else None
