"""Reads and fills the form of the working hours: fields for each window, by weekday and by date.

What a window is, ``availability/wall_clock.py`` rules for setup files and for this form alike;
here people may also write "9" or "9:00".
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from booking.availability.minutes import unite
from booking.availability.wall_clock import (
    is_empty,
    read_clock,
    starts_on_its_date,
    window_between,
    written_windows,
)
from booking.errors import FieldError, InvalidFieldsError
from booking.public_holidays import is_region
from booking.staff.host_rules import MOST_DATES, HostRules
from booking.time_zone import is_time_zone
from booking.web.staff.calendar_view import EARLIEST, LATEST
from booking.web.staff.hours_days import day_of, sort_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from booking.staff.host_rules import Spans
    from booking.web.staff.hours_days import HoursDays

WEEKDAYS = range(7)
AS_ORGANISATION, NONE = "organisation", "none"
"""Choices of public holidays beside the regions."""

CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d\d))?", re.ASCII)


def fill_in(rules: HostRules, *, today: date) -> dict[str, str]:
    """Return what stands in the form for ``rules``."""
    filled = {"time_zone": rules.time_zone, "holiday_region": _choice(rules.holiday_region)}
    for day, spans in rules.weekly.items():
        filled |= _window_fields(f"d{day}", spans)
    for place, on in enumerate(dates_shown(rules, today=today)):
        filled[f"o{place}-date"] = on.isoformat()
        filled |= _window_fields(f"o{place}", rules.overrides[on])
    return filled


def dates_shown(rules: HostRules, *, today: date) -> list[date]:
    """Return the dates of ``rules`` that the form shows: those to come, as far as there is room."""
    return sorted(on for on in rules.overrides if on >= today)[:MOST_DATES]


def read_hours(form: Mapping[str, str], *, today: date) -> HostRules:
    """Return what was typed; of the dates, those from ``today`` on.

    Raises:
        InvalidFieldsError: every field that is at fault.
    """
    days = sort_out(form)
    faults = [*days.faults]
    zone, region = form.get("time_zone", "").strip(), form.get("holiday_region", "")
    if not is_time_zone(zone):
        faults.append(FieldError("time_zone", "time_zone"))
    if region not in {AS_ORGANISATION, NONE} and not is_region(region):
        faults.append(FieldError("holiday_region", "choice"))
    weekly = {day: _read_windows(form, f"d{day}", days=days, faults=faults) for day in WEEKDAYS}
    overrides = _read_overrides(form, days=days, today=today, faults=faults)
    if faults:
        raise InvalidFieldsError(faults)
    return HostRules(
        time_zone=zone,
        holiday_region={AS_ORGANISATION: None, NONE: ""}.get(region, region),
        weekly={day: spans for day, spans in weekly.items() if spans},
        overrides=overrides,
    )


def copy_day(form: Mapping[str, str], *, days: Iterable[str]) -> dict[str, str]:
    """Return the form with the windows of its day ``copy`` on ``days`` as well, as they stand."""
    source = form.get("copy", "")
    targets = {f"d{day}" for day in days} - {source}
    kept = {name: text for name, text in form.items() if day_of(name) not in targets}
    copied = {
        target + name.removeprefix(source): text
        for name, text in form.items()
        if day_of(name) == source
        for target in targets
    }
    return kept | copied


def _read_overrides(
    form: Mapping[str, str], *, days: HoursDays, today: date, faults: list[FieldError]
) -> dict[date, Spans]:
    overrides: dict[date, Spans] = {}
    for day in days.dates:
        if form.get(f"{day}-remove"):
            continue
        on, code = _read_date(form.get(f"{day}-date", ""), today=today)
        spans = _read_windows(form, day, days=days, faults=faults)
        if on is None:
            faults.append(FieldError(f"{day}-date", code))
        elif on in overrides:
            faults.append(FieldError(f"{day}-date", "repeated"))
        else:
            overrides[on] = spans
    return overrides


def _read_date(text: str, *, today: date) -> tuple[date | None, str]:
    """Return the date, or the code of what is wrong with it."""
    if not text:
        return None, "required"
    try:
        on = date.fromisoformat(text)
    except ValueError:
        return None, "date"
    if not EARLIEST <= on <= LATEST:
        return None, "out_of_range"
    return (on, "") if on >= today else (None, "past")


def _read_windows(
    form: Mapping[str, str], day: str, *, days: HoursDays, faults: list[FieldError]
) -> Spans:
    spans = []
    for row in days.rows(day):
        names = [f"{day}-from-{row}", f"{day}-to-{row}"]
        if not any(form.get(name, "").strip() for name in names):
            continue
        start, end = (_read_clock(form.get(name, ""), name, faults=faults) for name in names)
        if start is None or end is None:
            continue
        if not starts_on_its_date(start):
            faults.append(FieldError(names[0], "day_over"))
        elif is_empty(start, end):
            faults.append(FieldError(names[1], "same_time"))
        else:
            spans.append(window_between(start, end))
    return tuple(unite(spans))


def _read_clock(text: str, name: str, *, faults: list[FieldError]) -> int | None:
    """Return the minutes after midnight; None after noting what is wrong."""
    if not text.strip():
        faults.append(FieldError(name, "required"))
        return None
    typed = CLOCK.fullmatch(text.strip())
    try:
        return read_clock(f"{typed[1]:0>2}:{typed[2] or '00'}" if typed else text)
    except ValueError:
        faults.append(FieldError(name, "time_of_day"))
        return None


def _window_fields(day: str, spans: Spans) -> Iterator[tuple[str, str]]:
    for row, (start, end) in enumerate(written_windows(spans)):
        yield f"{day}-from-{row}", start
        yield f"{day}-to-{row}", end


def _choice(region: str | None) -> str:
    return AS_ORGANISATION if region is None else region or NONE
