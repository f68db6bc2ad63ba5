"""Where each thing is changed that keeps a time from being offered, for those who may change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app

from booking.availability.explain import ReasonCode
from booking.templating import N_
from booking.web.audience import STAFF, audience_of
from booking.web.page import page_url

if TYPE_CHECKING:
    from booking.staff.models import Staff
    from booking.web.staff.signed_in import SignedIn

HOURS, TIME_OFF = "staff_availability.show_hours", "staff_availability.show_time_off"
CLOSING_DAYS, CALENDAR = "staff_availability.show_closing_days", "staff_calendar.show_calendar"
SETTINGS = "staff_settings.show_settings"
EVENT_TYPES = "/staff/event-types"
"""Where the rules of event types are changed, once there is such a page."""

OF_HOST = {
    ReasonCode.OUTSIDE_HOURS: (HOURS, "week", N_("Working hours")),
    ReasonCode.OVERRIDE: (HOURS, "dates", N_("The date's own hours")),
    ReasonCode.CLOSED_DAY: (HOURS, "dates", N_("Hours of one's own for that date")),
    ReasonCode.PUBLIC_HOLIDAY: (HOURS, "dates", N_("Hours of one's own for that date")),
    ReasonCode.TIME_OFF: (TIME_OFF, "coming", N_("Absences")),
}
OF_EVENT_TYPE = frozenset(
    {
        ReasonCode.BUFFER,
        ReasonCode.NOTICE,
        ReasonCode.HORIZON,
        ReasonCode.LIMIT,
        ReasonCode.OFF_GRID,
        ReasonCode.SEGMENT,
    }
)
OF_CALENDAR = frozenset({ReasonCode.BUSY, ReasonCode.HELD, ReasonCode.BOOKED, ReasonCode.BUFFER})
OF_COMPANY = frozenset({ReasonCode.CLOSED_DAY, ReasonCode.PUBLIC_HOLIDAY})


def links_for(
    code: ReasonCode, *, host: Staff, on: str, signed_in: SignedIn
) -> list[tuple[str, str]]:
    """Return the pages, as address and name, on which ``code`` is mended; ``on`` is the date."""
    links = []
    if code in OF_HOST:
        endpoint, part, name = OF_HOST[code]
        links.append((page_url(endpoint, host=host.id, _anchor=part), name))
    if code in OF_COMPANY:
        links.append((page_url(CLOSING_DAYS), N_("Closing days")))
    if code in OF_CALENDAR:
        links.append((page_url(CALENDAR, view="day", on=on, host=host.id), N_("Calendar")))
    if code in OF_EVENT_TYPE and (address := address_of_rules(signed_in=signed_in)):
        links.append((address, N_("Rules of the event type")))
    return links


def address_of_rules(*, signed_in: SignedIn) -> str | None:
    """Return where the rules of event types are changed; None for those who may not."""
    rules = current_app.url_map.iter_rules()
    pages = (
        one.endpoint for one in rules if one.rule == EVENT_TYPES and "GET" in (one.methods or ())
    )
    endpoint = next(pages, SETTINGS)
    audience = audience_of(endpoint)
    may_see = audience is not None and signed_in.role in STAFF[audience]
    return page_url(endpoint) if may_see else None
