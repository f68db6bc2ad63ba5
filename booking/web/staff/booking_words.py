"""How the console speaks of a booking: who did what, why this host, what became of each mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from babel.lists import format_list
from sqlalchemy import select

from booking.availability.explain import ReasonCode
from booking.bookings.lifecycle import Outcome
from booking.bookings.mail_frame import SEGMENT_TAGS
from booking.history import LEAD, OWNER
from booking.outbox.models import MessageState
from booking.staff.models import Staff
from booking.templating import N_, translate
from booking.web.language import request_locale
from booking.web.rfc3339 import write_start

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking
    from booking.history import HistoryEntry

MAIL_NAMES = {
    "confirmation": N_("Confirmation"),
    "moved": N_("New time"),
    "handed_over": N_("Somebody else gives it"),
    "readdressed": N_("New email address"),
    "cancelled": N_("Cancellation"),
    "reminder": N_("Reminder"),
    "uninvited": N_("Handed over"),
    "withdrawn": N_("Invitation withdrawn"),
    "link": N_("Link to the booking"),
    "undeliverable": N_("Mail to the lead refused"),
}

MAIL_STATES = {
    MessageState.QUEUED: N_("waiting"),
    MessageState.SENDING: N_("being sent"),
    MessageState.SENT: N_("sent"),
    MessageState.UNKNOWN: N_("may have arrived"),
    MessageState.FAILED: N_("failed"),
    MessageState.OBSOLETE: N_("no longer needed"),
    MessageState.EXPIRED: N_("came too late"),
}

OUTCOMES = {
    Outcome.ATTENDED: N_("attended"),
    Outcome.NO_SHOW: N_("did not come"),
}

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
    "instant": datetime.fromisoformat,
    "segment_words": SEGMENT_TAGS,
    "mail_names": MAIL_NAMES,
    "mail_states": MAIL_STATES,
    "outcomes": OUTCOMES,
    "reason_names": REASONS,
    "done_words": DONE,
    "write_start": write_start,
}
"""What every page about a booking is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Names those of whom the history of one booking tells."""

    lead: str
    staff: dict[int, str]

    @classmethod
    def about(cls, booking: Booking, history: Sequence[HistoryEntry], *, session: Session) -> Self:
        """Return who tells the history of ``booking``."""
        ids = hosts_told_of(history, booking) | set(_staff_among(history))
        found = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids)))
        return cls(lead=booking.name or "", staff={row.id: row.name for row in found})

    def actor(self, entry: HistoryEntry) -> str:
        """Return who did it."""
        locale = request_locale()
        if entry.actor == LEAD:
            return translate(N_("%(name)s (lead)"), locale=locale, name=self.lead)
        if entry.actor == OWNER:
            return translate(N_("The owner of the email address"), locale=locale)
        staff_id = entry.actor.partition(":")[2]
        return self.name(int(staff_id)) if staff_id else translate(N_("The system"), locale=locale)

    def name(self, staff_id: int) -> str:
        """Return the name of a staff member."""
        return self.staff[staff_id]

    def names(self, staff_ids: Iterable[int]) -> str:
        """Return the names of several."""
        return format_list([self.name(one) for one in staff_ids], locale=request_locale())


def hosts_told_of(history: Sequence[HistoryEntry], booking: Booking) -> set[int]:
    """Return who gives ``booking``, and who ever was to."""
    facts = [entry.facts for entry in history]
    stages = [*facts, *(fact[side] for fact in facts for side in ("from", "to") if side in fact)]
    told = {one for stage in stages if isinstance(stage, dict) for one in stage.get("hosts", ())}
    return told | {host.host_id for host in booking.meeting.hosts}


def _staff_among(history: Sequence[HistoryEntry]) -> Iterable[int]:
    for entry in history:
        kind, _, staff_id = entry.actor.partition(":")
        if kind == "staff" and staff_id:
            yield int(staff_id)
