"""Where one can go in the console: what stands in the menu, and what lies one step behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.templating import N_
from booking.web.audience import STAFF, audience_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from booking.web.staff.signed_in import SignedIn

Place = tuple[str, str, str]
"""Endpoint, name, icon."""

MENU: tuple[Place, ...] = (
    ("staff_start.show_start", N_("Today"), "clock"),
    ("staff_calendar.show_calendar", N_("Calendar"), "calendar"),
    ("staff_availability.show_hours", N_("Availability"), "availability"),
    ("staff_leads.show_leads", N_("Leads"), "inbox"),
    ("staff_wishes.show_wishes", N_("Requested times"), "request"),
    ("staff_numbers.show_numbers", N_("Numbers"), "chart"),
    ("staff_event_types.show_list", N_("Event types"), "video"),
    ("staff_team.show_team", N_("Team"), "person"),
    ("staff_settings.show_settings", N_("Settings"), "settings"),
    ("staff_mails.show_mails", N_("Mails"), "mail"),
    ("staff_audit.show_audit", N_("Audit log"), "log"),
)

BEHIND: tuple[Place, ...] = (
    ("staff_booking_new.show_new", N_("Book for a lead"), "calendar"),
    ("staff_calendar.show_unmarked", N_("Demos without an outcome"), "check"),
    ("staff_availability.show_time_off", N_("Absences"), "availability"),
    ("staff_availability.show_closing_days", N_("Closing days"), "availability"),
    ("staff_availability.show_why", N_("Why not this time?"), "alert"),
    ("staff_account.show_account", N_("My account"), "person"),
)


def open_to(signed_in: SignedIn, places: Iterable[Place]) -> Iterator[Place]:
    """Yield those of ``places`` that are for somebody of this role."""
    for place in places:
        audience = audience_of(place[0])
        if audience is not None and signed_in.role in STAFF[audience]:
            yield place
