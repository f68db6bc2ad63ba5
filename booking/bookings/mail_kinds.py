"""The kinds of mail about a booking, and all that a kind decides; a new one is a line here.

What each says stands in its templates, ``emails/<kind>-<recipient>/``.
"""

from __future__ import annotations

from enum import Enum, StrEnum, auto
from typing import TYPE_CHECKING, Self

from booking.bookings.still_true import (
    is_about_latest_change,
    is_always_true,
    is_confirmed,
    is_not_their_booking,
    is_not_their_host,
    is_of_this_sequence,
)
from booking.outbox.models import Priority

if TYPE_CHECKING:
    from booking.bookings.still_true import Rule


class Invite(Enum):
    """What a mail does to its reader's calendar."""

    REQUEST = auto()
    CANCEL = auto()
    """The meeting will not take place."""
    UNINVITE = auto()
    """It will, without this host."""
    WITHDRAWAL = auto()
    """It will; its reader was never the lead."""


class MailKind(StrEnum):
    """A kind of mail, by the name its rows carry."""

    CONFIRMATION = "confirmation", Invite.REQUEST
    MOVED = "moved", Invite.REQUEST
    HANDED_OVER = "handed_over", Invite.REQUEST
    READDRESSED = "readdressed", Invite.REQUEST
    REMINDER = "reminder", None, is_of_this_sequence, Priority.LATER
    LINK = "link", None, is_confirmed
    MOVE_ASKED = "move_asked", None
    CANCELLED = "cancelled", Invite.CANCEL, is_always_true
    UNINVITED = "uninvited", Invite.UNINVITE, is_not_their_host
    WITHDRAWN = "withdrawn", Invite.WITHDRAWAL, is_not_their_booking
    UNDELIVERABLE = "undeliverable", None, is_about_latest_change

    invite: Invite | None
    is_current: Rule
    """False once a change has overtaken it."""
    priority: Priority

    def __new__(
        cls,
        name: str,
        invite: Invite | None = None,
        is_current: Rule = is_of_this_sequence,
        priority: Priority = Priority.SOON,
    ) -> Self:
        """Return the kind whose rows are called ``name``."""
        kind = str.__new__(cls, name)
        kind._value_ = name
        kind.invite = invite
        kind.is_current = is_current
        kind.priority = priority
        return kind

    @property
    def invites(self) -> bool:
        """Tell whether its reader is to come."""
        return self.invite is Invite.REQUEST

    @property
    def takes_back(self) -> bool:
        """Tell whether its reader need not come any more."""
        return self.invite is not None and not self.invites

    @property
    def is_to_stranger(self) -> bool:
        """Tell whether it goes to a mailbox that was mistyped, and not to the lead."""
        return self.invite is Invite.WITHDRAWAL
