"""Whose calendars and leads a signed-in staff member sees: hosts their own, others everybody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.errors import NotFoundError
from booking.staff.models import Role

if TYPE_CHECKING:
    from booking.web.staff.signed_in import SignedIn


def sees_everybody(signed_in: SignedIn) -> bool:
    """Tell whether the calendars and leads of all hosts are open to them."""
    return signed_in.role is not Role.HOST


def own_id_of_host(signed_in: SignedIn) -> int | None:
    """Return the id of a host, to whose own everything is restricted; None for the others."""
    return None if sees_everybody(signed_in) else signed_in.staff_id


def require_visible(host_id: int, *, signed_in: SignedIn) -> None:
    """Insist that this host's calendar is open to them.

    Raises:
        NotFoundError: it is not; that there is such a host is not told.
    """
    if not may_see(host_id, signed_in=signed_in):
        raise NotFoundError


def may_see(host_id: int, *, signed_in: SignedIn) -> bool:
    """Tell whether this host's calendar is open to them."""
    return sees_everybody(signed_in) or host_id == signed_in.staff_id
