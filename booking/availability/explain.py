"""Why a meeting cannot start at some instant: all reasons, host by host.

Asks the same rules as the engine, one at a time and about one start, so that a host without a
reason is exactly a host whom the engine would offer.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from booking.availability.facts import HostFacts
from booking.availability.host_starts import mask_around, offsets_around, windows_around
from booking.availability.interval import Interval, whole_minutes_around
from booking.availability.limits import full_days, horizon_day
from booking.availability.minutes import (
    Span,
    ceil_minute,
    covers,
    day_number,
    floor_minute,
    in_minutes,
    overlap,
    unite,
)
from booking.availability.offsets import ZoneOffsets
from booking.availability.policy import Policy
from booking.availability.working_hours import window_spans


class ReasonCode(StrEnum):
    """What stands against a start; the order is the order of the answer."""

    OUTSIDE_HOURS = "outside_hours"
    OVERRIDE = "override"
    CLOSED_DAY = "closed_day"
    PUBLIC_HOLIDAY = "public_holiday"
    SEGMENT_HOURS = "segment_hours"
    TIME_OFF = "time_off"
    BUSY = "busy"
    BUFFER = "buffer"
    NOTICE = "notice"
    HORIZON = "horizon"
    LIMIT = "limit"
    HELD = "held"
    BOOKED = "booked"
    OFF_GRID = "off_grid"
    SEGMENT = "segment"


_RANK = {code: rank for rank, code in enumerate(ReasonCode)}
_MEETINGS = {ReasonCode.HELD, ReasonCode.BOOKED}


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that keeps one host from starting a meeting then."""

    code: ReasonCode
    host_id: int
    taken: bool = False
    """Whether other meetings are all there is to it, and not the host's own rules."""
    name: str = ""
    """What the closing day or the public holiday is called."""


def explain(
    policy: Policy,
    hosts: Sequence[HostFacts],
    *,
    start: datetime,
    now: datetime,
    segment_host_ids: Collection[int] | None = None,
) -> list[Reason]:
    """Return every reason against `start` (aware), hosts in the given order, each code once a host.

    `override`, `closed_day`, `public_holiday`: the weekly hours would have allowed it, but they do
    not hold on that date. `segment_hours`: outside the hours of the segment. `buffer`:
    something touches a buffer and not the meeting. `off_grid`: in working hours, but between two
    starts of the grid. `segment`: the host is not among `segment_host_ids` (None = all are).
    A start is offered for `any` when at least one host has no reason, for `all` when none has.
    """
    reasons: list[Reason] = []
    for host in hosts:
        found: dict[ReasonCode, Reason] = {}
        for reason in _reasons(policy, host, start=start, now=now):
            known = found.setdefault(reason.code, reason)
            found[reason.code] = replace(known, taken=known.taken and reason.taken)
        if segment_host_ids is not None and host.host_id not in segment_host_ids:
            found[ReasonCode.SEGMENT] = Reason(ReasonCode.SEGMENT, host.host_id)
        reasons += [found[code] for code in sorted(found, key=_RANK.__getitem__)]
    return reasons


def _reasons(
    policy: Policy, host: HostFacts, *, start: datetime, now: datetime
) -> Iterator[Reason]:
    """Yield what stands against the start; a code may come more than once."""
    duration = in_minutes(policy.duration)
    meeting = floor_minute(start), ceil_minute(start) + duration
    offsets = offsets_around(host.hours, within=meeting, duration=duration)
    windows = windows_around(host.hours, offsets=offsets, within=meeting, duration=duration)
    yield from _reasons_of_hours(host, unite(windows), offsets=offsets, meeting=meeting)
    mask = mask_around(policy, offsets=offsets, within=meeting)
    if mask is not None and not covers(mask, meeting):
        yield Reason(ReasonCode.SEGMENT_HOURS, host.host_id)
    if _is_off_grid(policy, windows, start=start):
        yield Reason(ReasonCode.OFF_GRID, host.host_id)
    yield from _reasons_of_blocks(policy, host, meeting=meeting)
    if start < now + policy.minimum_notice:
        yield Reason(ReasonCode.NOTICE, host.host_id)
    day = offsets.local_day(meeting[0])
    if day > horizon_day(policy, host, now=now):
        yield Reason(ReasonCode.HORIZON, host.host_id)
    if any(first <= day <= last for first, last in full_days(policy, host, offsets=offsets)):
        yield Reason(ReasonCode.LIMIT, host.host_id)


def _reasons_of_hours(
    host: HostFacts, working_time: list[Span], *, offsets: ZoneOffsets, meeting: Span
) -> Iterator[Reason]:
    """Yield why the meeting lies outside `working_time`, if it does."""
    if covers(working_time, meeting):
        return
    weekly = replace(host.hours, overrides={}, closing_days={}, holidays={})
    usual = windows_around(weekly, offsets=offsets, within=meeting, duration=0)
    if not covers(unite(usual), meeting):
        yield Reason(ReasonCode.OUTSIDE_HOURS, host.host_id)
        return
    for day in sorted({*host.hours.overrides, *host.hours.closing_days, *host.hours.holidays}):
        number = day_number(day)
        spans = window_spans(weekly, offsets=offsets, first_day=number, last_day=number)
        shared = [(max(start, meeting[0]), min(end, meeting[1])) for start, end in spans]
        if any(start < end and not covers(working_time, (start, end)) for start, end in shared):
            yield from _reasons_of_day(host, day)


def _reasons_of_day(host: HostFacts, day: date) -> Iterator[Reason]:
    """Yield why the weekly hours do not hold on `day`."""
    hours = host.hours
    if day in hours.overrides:
        yield Reason(ReasonCode.OVERRIDE, host.host_id)
        return
    if day in hours.closing_days:
        yield Reason(ReasonCode.CLOSED_DAY, host.host_id, name=hours.closing_days[day])
    if day in hours.holidays:
        yield Reason(ReasonCode.PUBLIC_HOLIDAY, host.host_id, name=hours.holidays[day])


def _is_off_grid(policy: Policy, windows: list[Span], *, start: datetime) -> bool:
    """Tell whether `start` misses the grid of the earliest window that it lies in, if any."""
    minute = floor_minute(start)
    anchor = next((first for first, end in windows if first <= minute < end), None)
    if anchor is None:
        return False
    return minute != ceil_minute(start) or (minute - anchor) % in_minutes(policy.slot_interval) > 0


def _reasons_of_blocks(policy: Policy, host: HostFacts, *, meeting: Span) -> Iterator[Reason]:
    before, after = in_minutes(policy.buffer_before), in_minutes(policy.buffer_after)
    padded = meeting[0] - before, meeting[1] + after
    for code, blocked in _blocks(host):
        span = whole_minutes_around(blocked)
        taken = code in _MEETINGS
        if overlap(span, meeting):
            yield Reason(code, host.host_id, taken)
        elif overlap(span, padded):
            yield Reason(ReasonCode.BUFFER, host.host_id, taken)


def _blocks(host: HostFacts) -> Iterator[tuple[ReasonCode, Interval]]:
    """Yield all that blocks the host, each with the reason it is."""
    for absence in host.time_off:
        yield ReasonCode.TIME_OFF, absence
    for busy in host.busy:
        yield ReasonCode.BUSY, busy
    for reservation in host.reservations:
        yield ReasonCode.HELD if reservation.held else ReasonCode.BOOKED, reservation.blocked
