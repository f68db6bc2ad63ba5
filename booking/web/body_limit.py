"""How large a body one route may take, where it needs more than all the others.

The wider limit counts once it is known who asks: a stranger cannot make us read more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from flask import current_app, request

if TYPE_CHECKING:
    from collections.abc import Callable

View = TypeVar("View", bound="Callable[..., object]")


def takes_up_to(most_bytes: int) -> Callable[[View], View]:
    """Declare the most bytes that one view takes; stands below the route."""

    def declare(view: View) -> View:
        view.most_bytes = most_bytes  # type: ignore[attr-defined]  # read by widen_limit
        return view

    return declare


def widen_limit(endpoint: str) -> None:
    """Let this request bring as much as the route of ``endpoint`` takes, before it is read."""
    most_bytes = getattr(current_app.view_functions[endpoint], "most_bytes", None)
    if most_bytes is not None:
        request.max_content_length = most_bytes
