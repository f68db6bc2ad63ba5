"""For whom each route is: declared beside it, and the only thing that opens it.

A route that declares nothing is closed to everybody. Which rows of a table somebody may see is not
known here: a host's own calendar is a matter of the view that shows it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from flask import current_app

from booking.staff.models import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Blueprint, Flask

EXTENSION = "audiences"

View = TypeVar("View", bound="Callable[..., object]")


class Audience(StrEnum):
    """Who may ask; each kind of staff includes those after it."""

    ANYONE = "anyone"
    LINK_HOLDER = "link holder"
    """Whoever has the address, since a token in it says what may be seen."""
    HOST = "host"
    MANAGER = "manager"
    ADMIN = "admin"


STAFF: dict[Audience, frozenset[Role]] = {
    Audience.HOST: frozenset({Role.HOST, Role.MANAGER, Role.ADMIN}),
    Audience.MANAGER: frozenset({Role.MANAGER, Role.ADMIN}),
    Audience.ADMIN: frozenset({Role.ADMIN}),
}
"""Whom a route is for that asks for a signed-in staff member."""


def is_for(audience: Audience) -> Callable[[View], View]:
    """Declare for whom one view is; stands below the route."""

    def declare(view: View) -> View:
        view.audience = audience  # type: ignore[attr-defined]  # read by audience_of
        return view

    return declare


def register(app: Flask, blueprint: Blueprint, *, audience: Audience) -> None:
    """Add ``blueprint``, all of whose routes are for the same people."""
    app.register_blueprint(blueprint)
    app.extensions.setdefault(EXTENSION, {})[blueprint.name] = audience


def audience_of(endpoint: str) -> Audience | None:
    """Return for whom the route is; None where it has not been declared."""
    view = current_app.view_functions[endpoint]
    declared: Audience | None = getattr(view, "audience", None)
    blueprint = endpoint
    # A blueprint within another is for the same people, unless it was registered by itself.
    while declared is None and (blueprint := blueprint.rpartition(".")[0]):
        declared = current_app.extensions[EXTENSION].get(blueprint)
    return declared
