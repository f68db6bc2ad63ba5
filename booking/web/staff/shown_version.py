"""The version that a form was made from, which it brings back: see ``history.version_of``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from booking.errors import StaleError
from booking.web.short_ids import read_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from booking.errors import BookingError

NEVER = -1


def shown_version() -> int:
    """Return the version that the form was made from; without one, everything is news."""
    return request.form.get("version", default=NEVER, type=read_id)


def version_to_send(
    newest: int, *, typed: Mapping[str, str] | None, refusal: BookingError | None
) -> int:
    """Return the version that a form goes on from: the newest, unless an older one was typed on.

    Whoever has been told that it is an old one may save over it.
    """
    return newest if typed is None or isinstance(refusal, StaleError) else shown_version()
