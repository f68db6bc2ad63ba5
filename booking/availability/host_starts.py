"""At which minutes one host can start a meeting.

The grid of the host's working windows, less what is closed to starts: around everything that
blocks the host, on full days and beyond the horizon. One pass over sorted spans, so that the work
grows with hosts, days and busy times and with nothing else.
"""

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

from booking.availability.facts import HostFacts
from booking.availability.limits import DAYS_A_WEEK, full_days, horizon_day
from booking.availability.minutes import (
    MINUTES_A_DAY,
    Span,
    ceil_minute,
    floor_minute,
    in_minutes,
    unite,
)
from booking.availability.offsets import ZoneOffsets, offsets_between
from booking.availability.policy import Policy
from booking.availability.working_hours import WorkingHours, mask_spans, window_spans

_DAYS_BEFORE = 4  # a window of two days, a local date behind the UTC one, a skipped date
_DAYS_AFTER = 2
_NO_MORE = sys.maxsize, sys.maxsize


def open_starts(policy: Policy, host: HostFacts, *, within: Span, now: datetime) -> Iterator[range]:
    """Return the minutes in `within` at which `host` can start a meeting, ascending.

    The notice is the caller's business: it is the same for all hosts and bounds `within`.
    """
    duration = in_minutes(policy.duration)
    offsets = offsets_around(host.hours, within=within, duration=duration)
    windows = windows_around(host.hours, offsets=offsets, within=within, duration=duration)
    closed = unite(
        chain(
            _closed_by_blocks(policy, host),
            _closed_by_mask(policy, offsets=offsets, within=within),
            _closed_days(policy, host, offsets=offsets, within=within, now=now),
        )
    )
    step = in_minutes(policy.slot_interval)
    return _outside(closed, _grids(windows, duration=duration, step=step, within=within))


def offsets_around(hours: WorkingHours, *, within: Span, duration: int) -> ZoneOffsets:
    """Return the offsets that starts in `within`, their windows and their weeks depend on."""
    return offsets_between(
        hours.time_zone,
        within[0] - (DAYS_A_WEEK + 1) * MINUTES_A_DAY,
        within[1] + duration + (DAYS_A_WEEK + 1) * MINUTES_A_DAY,
    )


def windows_around(
    hours: WorkingHours, *, offsets: ZoneOffsets, within: Span, duration: int
) -> list[Span]:
    """Return every window that a meeting of `duration` starting in `within` can touch."""
    first_day, last_day = _days_around(within, duration=duration)
    return window_spans(hours, offsets=offsets, first_day=first_day, last_day=last_day)


def mask_around(policy: Policy, *, offsets: ZoneOffsets, within: Span) -> list[Span] | None:
    """Return when a meeting starting in `within` may take place by the mask; None: there is none.

    Spans that are apart; the meeting lies inside one of them.
    """
    if policy.mask is None:
        return None
    first_day, last_day = _days_around(within, duration=in_minutes(policy.duration))
    return mask_spans(policy.mask, offsets=offsets, first_day=first_day, last_day=last_day)


def _days_around(within: Span, *, duration: int) -> tuple[int, int]:
    return (
        within[0] // MINUTES_A_DAY - _DAYS_BEFORE,
        (within[1] + duration) // MINUTES_A_DAY + _DAYS_AFTER,
    )


def _grids(windows: list[Span], *, duration: int, step: int, within: Span) -> Iterator[range]:
    """Yield, ascending, the starts in `within` that working hours alone allow.

    Each window has its grid from its own start; where windows overlap, the earlier one's holds.
    The meeting must lie in working time, which may go on in the next window.
    """
    working_time = iter(unite(windows))
    working_end = owned_from = windows[0][0] if windows else 0
    for start, end in windows:
        while working_end < end:
            working_end = next(working_time)[1]
        first = max(start, owned_from, within[0])
        owned_from = max(owned_from, end)
        stop = min(end, working_end - duration + 1, within[1])
        first += (start - first) % step
        if first < stop:
            yield range(first, stop, step)


def _closed_by_blocks(policy: Policy, host: HostFacts) -> list[Span]:
    """Return the starts at which meeting and buffers would overlap something that blocks."""
    reach = in_minutes(policy.duration + policy.buffer_after) - 1
    before = in_minutes(policy.buffer_before)
    reserved = [reservation.blocked for reservation in host.reservations]
    return [
        (floor_minute(blocked.start) - reach, ceil_minute(blocked.end) + before)
        for blocked in chain(host.time_off, host.busy, reserved)
    ]


def _closed_by_mask(policy: Policy, *, offsets: ZoneOffsets, within: Span) -> Iterator[Span]:
    """Yield the starts from which a meeting would not lie inside the mask."""
    mask = mask_around(policy, offsets=offsets, within=within)
    if mask is None:
        return
    reach = in_minutes(policy.duration) - 1
    closed_from = within[0]
    for start, end in mask:
        if closed_from < start:
            yield closed_from, start
        closed_from = end - reach
    yield closed_from, max(closed_from, within[1]) + 1


def _closed_days(
    policy: Policy, host: HostFacts, *, offsets: ZoneOffsets, within: Span, now: datetime
) -> Iterator[Span]:
    """Yield the starts on local days that are full or beyond the horizon."""
    beyond = horizon_day(policy, host, now=now) + 1, offsets.local_day(within[1]) + 1
    for first, last in chain([beyond], full_days(policy, host, offsets=offsets)):
        yield from offsets.spans_of_days(first, last)


def _outside(closed: list[Span], grids_ascending: Iterable[range]) -> Iterator[range]:
    """Yield what the spans `closed`, which `unite` has made, leave of the grids."""
    spans = iter(closed)
    start, end = next(spans, _NO_MORE)
    for grid in grids_ascending:
        first, stop, step = grid.start, grid.stop, grid.step
        while start < stop:
            if first < end:
                if first < start:
                    yield range(first, start, step)
                first = end + (first - end) % step
            if stop < end:
                break  # it goes on into the next window
            start, end = next(spans, _NO_MORE)
        if first < stop:
            yield range(first, stop, step)
