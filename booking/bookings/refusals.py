"""The ways in which a booking can be refused, each with its code and its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.errors import BookingError, StaleError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from booking.availability.engine import Slot
    from booking.availability.explain import Reason


class SlotUnavailableError(BookingError):
    """The asked time cannot be had; carries the nearest times that can."""

    def __init__(
        self, *, reasons: Sequence[Reason] = (), alternatives: Sequence[Slot] = ()
    ) -> None:
        super().__init__()
        self.reasons = tuple(reasons)
        self.alternatives = tuple(alternatives)


class SlotTakenError(SlotUnavailableError):
    """Somebody else was faster."""

    code = "slot_taken"


class SlotNotOfferedError(SlotUnavailableError):
    """The time was never offered, or no longer is: past, off the grid, outside the hours."""

    code = "slot_not_offered"


class TooLateError(BookingError):
    """The change notice has begun, or the meeting itself."""

    code = "too_late"


class AlreadyCancelledError(BookingError):
    """A cancelled booking cannot be moved."""

    code = "already_cancelled"


class ChangedMeanwhileError(StaleError):
    """The booking is no longer as it was shown."""

    code = "changed_meanwhile"


class AddressSettledError(BookingError):
    """The ten minutes in which the lead may correct the mail address are over."""

    code = "address_settled"


class AddressSuppressedError(Exception):
    """The owner of the address has said that strangers book with it. Nobody is told."""


class AlreadyBookedError(BookingError):
    """This address has booked this very time before.

    ``booking_id`` is for mailing the link again; nothing of that booking is told to the asker.
    """

    code = "already_booked"

    def __init__(self, *, booking_id: int) -> None:
        super().__init__()
        self.booking_id = booking_id


class LeadBookedError(BookingError):
    """Staff have typed an address that has booked this time; whose it is they may not learn."""

    code = "lead_booked"


class TooManyChangesError(BookingError):
    """The booking was moved as often as a lead may move it."""

    code = "too_many_changes"


class TooManyOpenError(BookingError):
    """The address has as many open bookings as it may have."""

    code = "too_many_open"


class NoticeChangedError(BookingError):
    """The privacy notice has a newer version than the one that was shown."""

    code = "notice_changed"


class InProgressError(BookingError):
    """The first request with this idempotency key has not finished yet."""

    code = "in_progress"


class NotStartedError(BookingError):
    """A demo that is still to come has no outcome yet."""

    code = "not_started"
