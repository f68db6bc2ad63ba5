"""Addresses of a page with a calendar, which carry what has been chosen on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booking.web.page import asked_language, page_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from booking.web.public.choice import Choice


def addresses_of(endpoint: str, /, *, choice: Choice, **values: str) -> Callable[..., str]:
    """Return a function that returns the page's address with changes to ``choice``."""

    def address(**changes: Any) -> str:
        return page_url(endpoint, **values, **choice.query(**changes))

    return address


def hidden_fields(choice: Choice, *, visible: frozenset[str]) -> dict[str, str]:
    """Return what a form must carry of ``choice`` besides the fields that can be seen."""
    carried = choice.query() | asked_language()
    return {name: value for name, value in carried.items() if name not in visible}
