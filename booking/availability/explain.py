"""Why a meeting cannot start at some instant: all reasons, host by host.

Asks the same rules as the engine, one at a time and about one start, so that a host without a
reason is exactly a host whom the engine would offer.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from booking.availability.facts import HostFacts
from booking.availability.host_starts import offsets_around, windows_around
from booking.availability.interval import Interval, whole_minutes_around
from booking.availability.limits import full_days, horizon_day
from booking.availability.minutes import (
    Span,
    ceil_minute,
    covers,
    floor_minute,
    in_minutes,
    overlap,
    unite,
)
from booking.availability.policy import Policy


class ReasonCode(StrEnum):
    """What stands against a start; the order is the order of the answer."""

    OUTSIDE_HOURS = "outside_hours"
    OVERRIDE = "override"
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


def explain(
    policy: Policy,
    hosts: Sequence[HostFacts],
    *,
    start: datetime,
    now: datetime,
    segment_host_ids: Collection[int] | None = None,
) -> list[Reason]:
    """Return every reason against `start` (aware), hosts in the given order, each code once a host.

    `override`: the weekly hours would have allowed it, a date override does not. `buffer`:
    something touches a buffer and not the meeting. `off_grid`: in working hours, but between two
    starts of the grid. `segment`: the host is not among `segment_host_ids` (None = all are).
    A start is offered for `any` when at least one host has no reason, for `all` when none has.
    """
    reasons: list[Reason] = []
    for host in hosts:
        found: dict[ReasonCode, bool] = {}
        for code, taken in _reason_codes(policy, host, start=start, now=now):
            found[code] = found.get(code, True) and taken
        if segment_host_ids is not None and host.host_id not in segment_host_ids:
            found[ReasonCode.SEGMENT] = False
        codes = sorted(found, key=_RANK.__getitem__)
        reasons += [Reason(code, host.host_id, found[code]) for code in codes]
    return reasons


def _reason_codes(
    policy: Policy, host: HostFacts, *, start: datetime, now: datetime
) -> Iterator[tuple[ReasonCode, bool]]:
    """Yield what stands against the start, and whether it is another meeting."""
    duration = in_minutes(policy.duration)
    meeting = floor_minute(start), ceil_minute(start) + duration
    offsets = offsets_around(host.hours, within=meeting, duration=duration)
    windows = windows_around(host.hours, offsets=offsets, within=meeting, duration=duration)
    if not covers(unite(windows), meeting):
        weekly = replace(host.hours, overrides={})
        usual = windows_around(weekly, offsets=offsets, within=meeting, duration=duration)
        within_usual = covers(unite(usual), meeting)
        yield (ReasonCode.OVERRIDE if within_usual else ReasonCode.OUTSIDE_HOURS), False
    if _is_off_grid(policy, windows, start=start):
        yield ReasonCode.OFF_GRID, False
    yield from _reasons_of_blocks(policy, host, meeting=meeting)
    if start < now + policy.minimum_notice:
        yield ReasonCode.NOTICE, False
    day = offsets.local_day(meeting[0])
    if day > horizon_day(policy, host, now=now):
        yield ReasonCode.HORIZON, False
    if any(first <= day <= last for first, last in full_days(policy, host, offsets=offsets)):
        yield ReasonCode.LIMIT, False


def _is_off_grid(policy: Policy, windows: list[Span], *, start: datetime) -> bool:
    """Tell whether `start` misses the grid of the earliest window that it lies in, if any."""
    minute = floor_minute(start)
    anchor = next((first for first, end in windows if first <= minute < end), None)
    if anchor is None:
        return False
    return minute != ceil_minute(start) or (minute - anchor) % in_minutes(policy.slot_interval) > 0


def _reasons_of_blocks(
    policy: Policy, host: HostFacts, *, meeting: Span
) -> Iterator[tuple[ReasonCode, bool]]:
    before, after = in_minutes(policy.buffer_before), in_minutes(policy.buffer_after)
    padded = meeting[0] - before, meeting[1] + after
    for code, blocked in _blocks(host):
        span = whole_minutes_around(blocked)
        taken = code in _MEETINGS
        if overlap(span, meeting):
            yield code, taken
        elif overlap(span, padded):
            yield ReasonCode.BUFFER, taken


def _blocks(host: HostFacts) -> Iterator[tuple[ReasonCode, Interval]]:
    """Yield all that blocks the host, each with the reason it is."""
    for absence in host.time_off:
        yield ReasonCode.TIME_OFF, absence
    for busy in host.busy:
        yield ReasonCode.BUSY, busy
    for reservation in host.reservations:
        yield ReasonCode.HELD if reservation.held else ReasonCode.BOOKED, reservation.blocked
