"""What can go wrong in the domain: a stable code and facts, no HTTP status and no text.

``web/problem_table.py`` gives each code its status, its JSON and its page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class BookingError(Exception):
    """Any refusal that is part of the product's rules."""

    code: ClassVar[str]


class NotFoundError(BookingError):
    """Nothing is there, or nothing that the asker may know of."""

    code = "not_found"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One faulty field: its name as the asker wrote it, and the code of what is wrong."""

    field: str
    code: str
    limit: int | None = None
    """How many characters or entries the field may hold, where there are too many."""


class InvalidFieldsError(BookingError):
    """Every faulty field of one request, all at once."""

    code = "invalid_fields"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(", ".join(f"{error.field}: {error.code}" for error in errors))
        self.errors = tuple(errors)


class RateLimitedError(BookingError):
    """Too many requests; ``retry_at`` (UTC) is when the next one is welcome."""

    code = "rate_limited"

    def __init__(self, *, retry_at: datetime) -> None:
        super().__init__()
        self.retry_at = retry_at


class StaleError(BookingError):
    """Nothing was changed: it is no longer as it was shown; ``entries`` of its history tell why."""

    def __init__(self, entries: Sequence[Any]) -> None:
        super().__init__()
        self.entries = tuple(entries)


class StaleSettingsError(StaleError):
    """Somebody has changed these settings meanwhile."""

    code = "stale_settings"


class UnavailableError(BookingError):
    """The database is away or too busy; nothing was changed."""

    code = "unavailable"
