"""How fast slots are found, against the naive finder in the same run.

`run` is collected by `make bench`; `python -m tests.bench.bench_availability` prints its table.
Warm: the changes of the zone's offset are known to the process. Cold: they are looked up anew each
time, as in the first question after a start (the zone file itself has been read).
"""

import gc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from booking.availability import offsets
from booking.availability.engine import find_slots, nearest_slots
from booking.availability.explain import explain
from booking.availability.facts import HostFacts
from booking.availability.interval import Interval
from booking.availability.policy import HostsNeeded, Policy
from booking.availability.working_hours import LocalWindow, WorkingHours
from tests.reference.naive_slots import naive_slots

NOW = datetime(2027, 2, 1, 8, tzinfo=UTC)  # 60 days on, Berlin is in summer time
BUSY_A_HOST = 100
ROUNDS = 200
CALCOM_MS = {(1, 30): 9.5, (1, 60): 15.7, (20, 30): 83.0, (20, 60): 161.0}
"""Cal.com's pure slot functions by hosts and days: node 20, no database, another machine."""

POLICY = Policy(
    duration=timedelta(minutes=30),
    slot_interval=timedelta(minutes=30),
    buffer_before=timedelta(0),
    buffer_after=timedelta(0),
    minimum_notice=timedelta(hours=2),
    horizon_days=365,
    max_per_day=0,
    max_per_week=0,
    hosts_needed=HostsNeeded.ANY,
)


def pool(host_count: int, *, days: int) -> list[HostFacts]:
    """Return hosts who work Mon-Fri 9-17 in Berlin, each with 100 busy times in those days."""
    dice = Random(2027)  # noqa: S311 -- the same made-up calendars in every run
    week = dict.fromkeys(range(5), (LocalWindow(540, 1020),))
    hosts = []
    for host_id in range(host_count):
        busy = []
        for _ in range(BUSY_A_HOST):
            start = NOW + timedelta(minutes=15 * dice.randrange(days * 96))
            busy.append(Interval(start, start + timedelta(minutes=dice.choice((15, 30, 60)))))
        hours = WorkingHours("Europe/Berlin", week, {})
        hosts.append(HostFacts(host_id=host_id, hours=hours, busy=tuple(busy)))
    return hosts


def milliseconds(work: Callable[[], object], *, rounds: int = ROUNDS) -> list[float]:
    """Return how long each of `rounds` runs took, ascending, the garbage collector at rest."""
    times = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            begun = perf_counter()
            work()
            times.append((perf_counter() - begun) * 1000)
    finally:
        gc.enable()
    return sorted(times)


def row(name: str, times: list[float], **more: object) -> dict[str, Any]:
    ours = median(times)
    return {"name": name, "ours_ms": ours, "p99_ms": quantiles(times, n=100)[98], **more}


def find_row(host_count: int, days: int, *, cold: bool = False) -> dict[str, Any]:
    """Time one question, and where it is comparable the naive finder and Cal.com beside it."""
    hosts = pool(host_count, days=days)
    end = NOW + timedelta(days=days)

    def ours() -> list[datetime]:
        if cold:
            offsets._offsets_of_years.cache_clear()
        return [s.start for s in find_slots(POLICY, hosts, start=NOW, end=end, now=NOW)]

    slots = len(ours())
    temperature = "cold" if cold else "warm"
    result = row(f"find {host_count} hosts x {days} days, {temperature}", milliseconds(ours))
    result["slots"] = slots
    external = CALCOM_MS.get((host_count, days))
    if external is not None:
        naive = milliseconds(
            lambda: naive_slots(POLICY, hosts, start=NOW, end=end, now=NOW), rounds=3
        )
        result["naive_ratio"] = median(naive) / result["ours_ms"]
        result["external_ms"] = external
        result["external_ratio"] = external / result["ours_ms"]
    return result


def run() -> list[dict[str, Any]]:
    """Return one dict a measurement: medians and p99 in milliseconds, ratios as factors."""
    hosts = pool(20, days=60)
    taken = hosts[0].busy[0].start
    rows = [find_row(count, days) for count in (1, 5, 20) for days in (30, 60, 120)]
    rows += [find_row(1, 30, cold=True), find_row(20, 60, cold=True)]
    rows.append(
        row(
            "explain one start, 20 hosts",
            milliseconds(lambda: explain(POLICY, hosts, start=taken, now=NOW)),
        )
    )
    rows.append(
        row(
            "three nearest slots, 20 hosts",
            milliseconds(lambda: nearest_slots(POLICY, hosts, start=taken, now=NOW)),
        )
    )
    return rows


if __name__ == "__main__":
    for measured in run():
        print("  ".join(f"{key}={value}" for key, value in measured.items()))
