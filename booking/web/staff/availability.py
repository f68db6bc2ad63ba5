"""What the pages about availability share: one blueprint, and the tabs that lead between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint

from booking.templating import N_
from booking.web.staff.console_page import render_console_page

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("staff_availability", __name__)

TABS = (
    ("staff_availability.show_hours", N_("Working hours"), True),
    ("staff_availability.show_time_off", N_("Absences"), True),
    ("staff_availability.show_closing_days", N_("Closing days"), False),
    ("staff_availability.show_why", N_("Why not this time?"), False),
)
"""Endpoint, name, and whether the page is about one host, who is kept from tab to tab."""


def render_availability_page(template: str, *, tab: str, **context: Any) -> Response:
    """Return the page made of ``template``, with the tabs above it; ``tab`` is its own endpoint."""
    return render_console_page(template, tabs=TABS, current_tab=tab, **context)
