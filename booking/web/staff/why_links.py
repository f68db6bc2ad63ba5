"""Where each thing is changed that keeps a time from being offered, for those who may change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.availability.explain import ReasonCode
from booking.templating import N_
from booking.web.audience import STAFF, Audience
from booking.web.page import page_url

if TYPE_CHECKING:
    from booking.event_types.models import EventType
    from booking.staff.models import Staff
    from booking.web.staff.signed_in import SignedIn

HOURS, TIME_OFF = "staff_availability.show_hours", "staff_availability.show_time_off"
CLOSING_DAYS, CALENDAR = "staff_availability.show_closing_days", "staff_calendar.show_calendar"
EVENT_TYPE_RULES = "staff_event_types.show_rules"
EVENT_TYPE_HOSTS = "staff_event_types.show_hosts"

OF_HOST = {
    ReasonCode.OUTSIDE_HOURS: (HOURS, "week", N_("Working hours")),
    ReasonCode.OVERRIDE: (HOURS, "dates", N_("The date's own hours")),
    ReasonCode.CLOSED_DAY: (HOURS, "dates", N_("Hours of one's own for that date")),
    ReasonCode.PUBLIC_HOLIDAY: (HOURS, "dates", N_("Hours of one's own for that date")),
    ReasonCode.TIME_OFF: (TIME_OFF, "coming", N_("Absences")),
}
OF_EVENT_TYPE = {
    ReasonCode.SEGMENT_HOURS: EVENT_TYPE_RULES,
    ReasonCode.BUFFER: EVENT_TYPE_RULES,
    ReasonCode.NOTICE: EVENT_TYPE_RULES,
    ReasonCode.HORIZON: EVENT_TYPE_RULES,
    ReasonCode.LIMIT: EVENT_TYPE_RULES,
    ReasonCode.OFF_GRID: EVENT_TYPE_RULES,
    ReasonCode.SEGMENT: EVENT_TYPE_HOSTS,
}
NAMES = {
    EVENT_TYPE_RULES: N_("Rules of the event type"),
    EVENT_TYPE_HOSTS: N_("Hosts of the event type"),
}
OF_CALENDAR = frozenset({ReasonCode.BUSY, ReasonCode.HELD, ReasonCode.BOOKED, ReasonCode.BUFFER})
OF_COMPANY = frozenset({ReasonCode.CLOSED_DAY, ReasonCode.PUBLIC_HOLIDAY})


def links_for(
    code: ReasonCode, *, host: Staff, on: str, event_type: EventType, signed_in: SignedIn
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
    if code in OF_EVENT_TYPE:
        address = address_of_rules(event_type, page=OF_EVENT_TYPE[code], signed_in=signed_in)
        links += [(address, NAMES[OF_EVENT_TYPE[code]])] if address else []
    return links


def address_of_rules(
    event_type: EventType, *, page: str = EVENT_TYPE_RULES, signed_in: SignedIn
) -> str | None:
    """Return where the rules of ``event_type`` stand; None for those who may not look at them."""
    may_see = signed_in.role in STAFF[Audience.MANAGER]
    return page_url(page, event_type_id=event_type.id) if may_see else None
