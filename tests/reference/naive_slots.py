"""The rules of availability once more: slow, minute by minute, and free of anything of `booking`.

Written from the rules and not from the engine, to judge the engine by. It reads the attributes of
whatever policy and facts it is given; zones come from `zoneinfo`. All minutes are minutes since
1970-01-01T00:00Z.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from math import ceil, floor
from typing import Any
from zoneinfo import ZoneInfo


def naive_slots(
    policy: Any, hosts: Sequence[Any], *, start: datetime, end: datetime, now: datetime
) -> list[datetime]:
    """Return the offered starts (UTC) with start <= it < end, ascending."""
    answers = [NaiveHost(policy, host, start=start, end=end, now=now) for host in hosts]
    offered = []
    for minute in range(ceil(start.timestamp() / 60), ceil(end.timestamp() / 60)):
        free = [answer.can_start(minute) for answer in answers]
        if free and (all(free) if policy.hosts_needed == "all" else any(free)):
            offered.append(instant(minute))
    return offered


class NaiveHost:
    """Everything about one host, spelled out minute by minute."""

    def __init__(
        self, policy: Any, host: Any, *, start: datetime, end: datetime, now: datetime
    ) -> None:
        self.policy = policy
        self.zone = ZoneInfo(host.hours.time_zone)
        self.duration = round(policy.duration.total_seconds() / 60)
        self.step = round(policy.slot_interval.total_seconds() / 60)
        self.now = now
        self.hours = host.hours
        first = start.date() - timedelta(days=4)
        last = (end + policy.duration).date() + timedelta(days=2)
        self.days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        self.windows = [
            window
            for day in self.days
            for window in utc_windows(chosen_windows(host.hours, day), day, self.zone)
        ]
        self.masked_minutes = (
            None
            if policy.mask is None
            else {
                m
                for day in self.days
                for window in utc_windows(
                    [window for weekday, window in policy.mask if weekday == day.weekday()],
                    day,
                    self.zone,
                )
                for m in range(*window)
            }
        )
        self.working_minutes = {m for first, stop in self.windows for m in range(first, stop)}
        self.blocked_minutes: set[int] = set()
        for interval in [
            *host.time_off,
            *host.busy,
            *(reservation.blocked for reservation in host.reservations),
        ]:
            first = floor(interval.start.timestamp() / 60)
            stop = ceil(interval.end.timestamp() / 60)
            self.blocked_minutes.update(range(first, stop))
        self.meetings_on = [
            reservation.start.astimezone(self.zone).date()
            for reservation in host.reservations
            if reservation.counts
        ]

    def can_start(self, minute: int) -> bool:
        return (
            self.is_on_grid(minute)
            and self.is_working(minute)
            and self.is_inside_the_mask(minute)
            and not self.is_blocked(minute)
            and self.is_within_notice_and_horizon(minute)
            and not self.is_full(minute)
        )

    def is_on_grid(self, minute: int) -> bool:
        containing = [first for first, stop in self.windows if first <= minute < stop]
        return containing != [] and (minute - min(containing)) % self.step == 0

    def is_working(self, minute: int) -> bool:
        meeting = range(minute, minute + self.duration)
        return all(m in self.working_minutes for m in meeting)

    def is_inside_the_mask(self, minute: int) -> bool:
        if self.masked_minutes is None:
            return True
        return all(m in self.masked_minutes for m in range(minute, minute + self.duration))

    def why_not_working(self, minute: int) -> set[str]:
        """Say why a meeting at this minute lies outside the windows: nothing where it does not."""
        meeting = set(range(minute, minute + self.duration))
        lost = meeting - self.working_minutes
        if not lost:
            return set()
        if any(all(m not in minutes for minutes in self.usual_minutes.values()) for m in meeting):
            return {"outside_hours"}
        lost_days = [day for day, minutes in self.usual_minutes.items() if lost & minutes]
        return {why for day in lost_days for why in self.why(day)}

    @cached_property
    def usual_minutes(self) -> dict[date, set[int]]:
        """The working minutes of each date as if it had been an ordinary one."""
        usual = {}
        for day in self.days:
            weekly = self.hours.weekly.get(day.weekday(), ())
            windows = utc_windows(weekly, day, self.zone)
            usual[day] = {m for window in windows for m in range(*window)}
        return usual

    def why(self, day: date) -> set[str]:
        if day in self.hours.overrides:
            return {"override"}
        closed = {"closed_day"} if day in self.hours.closing_days else set()
        return closed | ({"public_holiday"} if day in self.hours.holidays else set())

    def is_blocked(self, minute: int) -> bool:
        before = round(self.policy.buffer_before.total_seconds() / 60)
        after = round(self.policy.buffer_after.total_seconds() / 60)
        padded = range(minute - before, minute + self.duration + after)
        return any(m in self.blocked_minutes for m in padded)

    def is_within_notice_and_horizon(self, minute: int) -> bool:
        today = self.now.astimezone(self.zone).date()
        last = today + timedelta(days=self.policy.horizon_days)
        return (
            instant(minute) >= self.now + self.policy.minimum_notice
            and self.local_date(minute) <= last
        )

    def is_full(self, minute: int) -> bool:
        day = self.local_date(minute)
        a_day = sum(other == day for other in self.meetings_on)
        a_week = sum(other.isocalendar()[:2] == day.isocalendar()[:2] for other in self.meetings_on)
        day_is_full = 0 < self.policy.max_per_day <= a_day
        week_is_full = 0 < self.policy.max_per_week <= a_week
        return bool(day_is_full or week_is_full)

    def local_date(self, minute: int) -> date:
        return instant(minute).astimezone(self.zone).date()


def chosen_windows(hours: Any, day: date) -> Sequence[Any]:
    """Return the local windows that hold on this date: chosen for it, else none, else weekly."""
    if day in hours.overrides:
        return hours.overrides[day]
    if day in hours.closing_days or day in hours.holidays:
        return ()
    return hours.weekly.get(day.weekday(), ())


def utc_windows(windows: Sequence[Any], day: date, zone: ZoneInfo) -> list[tuple[int, int]]:
    """Return (first minute, minute after the last) of the windows that start on this date."""
    return [
        (wall_to_utc(day, from_minute, zone), wall_to_utc(day, to_minute, zone))
        for from_minute, to_minute in joined(windows)
    ]


def joined(windows: Sequence[Any]) -> list[list[int]]:
    """Return the windows of one date as the longest runs of minutes that are in any of them."""
    minutes = sorted({m for w in windows for m in range(w.from_minute, w.to_minute)})
    runs: list[list[int]] = []
    for minute in minutes:
        if runs and runs[-1][1] == minute:
            runs[-1][1] = minute + 1
        else:
            runs.append([minute, minute + 1])
    return runs


def wall_to_utc(day: date, minute: int, zone: ZoneInfo) -> int:
    """Read a wall time as `zoneinfo` does: before the gap where there is one, else the first."""
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 -- a wall time has no zone yet
    return round(wall.replace(tzinfo=zone, fold=0).timestamp() / 60)


def instant(minute: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
