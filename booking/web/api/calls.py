"""Puts the calls of the API together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.web.api import bookings, event_types, holds, openapi
from booking.web.audience import Audience, register

if TYPE_CHECKING:
    from flask import Flask


def init_api(app: Flask) -> None:
    """Add every call of the API to ``app``."""
    for module in (event_types, holds, bookings, openapi):
        register(app, module.blueprint, audience=Audience.ANYONE)
