"""How the console speaks of a booking: why this host, what was done, what became of each mail."""

from __future__ import annotations

from typing import Any

from booking.availability.explain import ReasonCode
from booking.templating import N_
from booking.web.rfc3339 import write_start
from booking.web.staff.history_facts import OUTCOMES
from booking.web.staff.mail_labels import KIND_NAMES, STATE_NAMES_OF_ALL

REASONS = {
    ReasonCode.OUTSIDE_HOURS: N_("outside the working hours"),
    ReasonCode.OVERRIDE: N_("other hours on that day"),
    ReasonCode.CLOSED_DAY: N_("closed on that day"),
    ReasonCode.PUBLIC_HOLIDAY: N_("public holiday"),
    ReasonCode.SEGMENT_HOURS: N_("outside the hours of this kind of lead"),
    ReasonCode.TIME_OFF: N_("away"),
    ReasonCode.BUSY: N_("busy"),
    ReasonCode.BUFFER: N_("no room for the pause before or after"),
    ReasonCode.NOTICE: N_("shorter notice than usual"),
    ReasonCode.HORIZON: N_("further ahead than usual"),
    ReasonCode.LIMIT: N_("as many demos as are allowed"),
    ReasonCode.HELD: N_("just being booked by somebody"),
    ReasonCode.BOOKED: N_("booked already"),
    ReasonCode.OFF_GRID: N_("between two starting times"),
    ReasonCode.SEGMENT: N_("not for this kind of lead"),
}

DONE = {
    "booked": N_("The demo is booked, and the confirmation is on its way."),
    "outcome": N_("The outcome is noted."),
    "moved": N_("The demo has been moved. Everybody is told by email."),
    "handed-over": N_("The demo has been handed over. Everybody is told by email."),
    "cancelled": N_("The demo is cancelled. Everybody is told by email."),
    "address": N_("The address is corrected. The invitation is on its way to it."),
    "links": N_("The former links open nothing any more; new ones are on their way."),
    "segment": N_("It is noted for whom the demo is."),
    "resent": N_("The mail is sent once more."),
    "settled": N_("The mail is left as it is."),
}

BOOKING_WORDS: dict[str, Any] = {
    "kind_names": KIND_NAMES,
    "message_state_names": STATE_NAMES_OF_ALL,
    "outcomes": OUTCOMES,
    "reason_names": REASONS,
    "done_words": DONE,
    "write_start": write_start,
}
"""What every page about a booking is told."""
