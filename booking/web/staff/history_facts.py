"""What an entry of the history knows beside who did what: told by the kind of the fact.

Facts that nobody needs to read, such as how the host was chosen, are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from babel.lists import format_list

from booking.bookings.lifecycle import Outcome
from booking.local_time import format_date_short, format_slot_short
from booking.segment import SEGMENT_NAMES
from booking.templating import N_, translate
from booking.web.staff.console_page import ROLE_NAMES
from booking.web.staff.event_type_words import name_key
from booking.web.staff.mail_labels import KIND_NAMES
from booking.web.staff.rule_names import name_rule
from booking.web.staff.setting_names import FIELD_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from booking.history import HistoryEntry

OUTCOMES = {
    None: N_("Unmarked"),
    Outcome.ATTENDED: N_("Attended"),
    Outcome.NO_SHOW: N_("Did not come"),
}
NOTHING = "–"


def staff_ids_in(entry: HistoryEntry) -> Iterator[int]:
    """Yield whom the facts of ``entry`` name: the hosts, before and after."""
    if entry.action == "confirmed":
        yield from entry.facts.get("hosts", ())
    if entry.action in {"moved", "handed_over"}:
        yield from (*entry.facts["from"]["hosts"], *entry.facts["to"]["hosts"])


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTeller:
    """Tells facts to one reader."""

    names: Mapping[int, str]
    """Of the staff, by id."""
    locale: str
    time_zone: str

    def tell(self, entry: HistoryEntry) -> Iterator[str]:
        """Yield what is to be read, in order."""
        if entry.subject == "event_type":
            yield from self._event_type(entry.facts)
        else:
            yield from self._tell(entry)

    def _tell(self, entry: HistoryEntry) -> Iterator[str]:
        facts = entry.facts
        match entry.action:
            case "confirmed":
                yield from self._booked(facts)
            case "moved" | "handed_over":
                yield from self._move(facts["from"], facts["to"])
            case "outcome":
                yield self._change(*(self._say(OUTCOMES[facts[at]]) for at in ("from", "to")))
            case "access_changed":
                yield self._change(*(self._access(facts[at]) for at in ("before", "after")))
            case "segment_corrected":
                yield self._change(*(self._say(SEGMENT_NAMES[facts[at]]) for at in ("from", "to")))
            case "hours_changed":
                yield from self._hours(facts["before"], facts["after"])
            case "invited":
                yield self._say(ROLE_NAMES[facts["role"]])
            case _:
                yield from self._others(facts)

    def _others(self, facts: dict[str, Any]) -> Iterator[str]:
        """Yield what is told in the same way whatever was done."""
        if "start" in facts:
            yield self._slot(facts["start"])
        if "until" in facts:
            yield self._say(N_("until %(slot)s"), slot=self._slot(facts["until"]))
        if "day" in facts:
            yield format_date_short(date.fromisoformat(facts["day"]), locale=self.locale)
        for start in facts.get("starts", ()):
            yield self._slot(start)
        if "kind" in facts:
            yield self._say(KIND_NAMES.get(facts["kind"], facts["kind"]))
        if "unknown_mails" in facts:
            yield self._say(N_("mails to decide about: %(mails)s"), mails=facts["unknown_mails"])
        yield from self._fields(facts.get("changed", ()), facts=facts)

    def _booked(self, facts: dict[str, Any]) -> Iterator[str]:
        if "start" in facts:
            yield self._slot(facts["start"])
        if "hosts" in facts:
            yield self._say(N_("with %(hosts)s"), hosts=self._hosts(facts["hosts"]))
        if facts.get("notice") == "told":
            yield self._say(N_("told by phone what is stored"))

    def _event_type(self, facts: dict[str, Any]) -> Iterator[str]:
        """Yield what was changed of an event type, by the names that its forms have."""
        before, after = facts.get("before", {}), facts.get("after", {})
        for key in facts.get("changed", ()):
            name = name_key(key, locale=self.locale)
            if key in after:
                values = (self._count(at[key]) for at in (before, after))
                yield f"{name}: {self._change(*values)}"
            else:
                yield name

    def _count(self, value: int) -> str:
        """Return a number, or whether something is so."""
        if isinstance(value, bool):
            return self._say(N_("yes") if value else N_("no"))
        return str(value)

    def _move(self, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
        if before["start"] == after["start"]:
            yield self._slot(after["start"])
        else:
            yield self._change(self._slot(before["start"]), self._slot(after["start"]))
        if before["hosts"] != after["hosts"]:
            yield self._change(self._hosts(before["hosts"]), self._hosts(after["hosts"]))

    def _fields(self, names: Iterable[str], *, facts: dict[str, Any]) -> Iterator[str]:
        """Yield what was changed, with the values before and after where they are known."""
        before, after = facts.get("before", {}), facts.get("after", {})
        for name in names:
            if name in after:
                change = self._change(*(self._written(at[name]) for at in (before, after)))
                yield f"{self._field(name)}: {change}"
            else:
                yield self._field(name)

    @staticmethod
    def _written(value: str | list[str] | None) -> str:
        """Return a text, or texts of one line each."""
        return (", ".join(value) if isinstance(value, list) else value) or NOTHING

    def _field(self, name: str) -> str:
        return self._say(FIELD_NAMES.get(name, name))

    def _hours(self, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
        """Yield each weekday, date or rule that was changed, as it was and as it is."""
        for name in before:
            told = (self._hours_of(name, rules[name]) for rules in (before, after))
            yield f"{name_rule(name, locale=self.locale)}: {self._change(*told)}"

    def _hours_of(self, name: str, told: str | None) -> str:
        if name == "holiday_region":
            words = {None: N_("as for the organisation"), "": N_("none")}
            return self._say(words[told]) if told in words else str(told)
        return self._say(N_("closed")) if told == "" else told or NOTHING

    def _access(self, access: dict[str, Any]) -> str:
        if not access["active"]:
            return self._say(N_("no access"))
        return self._say(ROLE_NAMES[access["role"]])

    def _hosts(self, ids: list[int]) -> str:
        names = [self.names.get(staff_id, str(staff_id)) for staff_id in ids]
        return format_list(names, locale=self.locale)

    def _slot(self, instant: str) -> str:
        start = datetime.fromisoformat(instant)
        return format_slot_short(start, time_zone=self.time_zone, locale=self.locale)

    def _say(self, message: str, **values: object) -> str:
        return translate(message, locale=self.locale, **values)

    @staticmethod
    def _change(before: str, after: str) -> str:
        return f"{before} → {after}"
