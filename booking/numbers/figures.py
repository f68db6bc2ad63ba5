"""The figures of one period, each by the definition that is printed beside it.

A figure is about the demos whose end, first start or booking lies in the period, as its definition
says. Rates of attendance leave unmarked demos out and name their share instead: a rate that counts
them either way would be a guess.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from booking.bookings.lifecycle import Outcome
from booking.numbers.share import Share

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from booking.availability.interval import Interval
    from booking.numbers.demo import Demo

LATE = timedelta(hours=24)
"""A demo cancelled less than this before its start was cancelled late."""

RECOVERED_WITHIN = timedelta(days=30)

MOST_UNMARKED = 0.1
"""With a larger share of unmarked demos, rates of attendance are not to be relied on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What `/staff/numbers` shows of one period and one selection of demos."""

    booked: int
    due: int
    attended: int
    no_shows: int
    unmarked: Share
    show_rate: Share
    no_show_rate: Share
    cancelled: Share
    cancelled_by_lead: Share
    cancelled_by_us: Share
    cancelled_late: Share
    moved: Share
    show_rate_moved: Share
    show_rate_unmoved: Share
    lead_time_median: timedelta | None
    lead_time_p90: timedelta | None
    show_rate_by_reminders: dict[int, Share]
    """By the number of reminders delivered, ascending."""
    recovered: Share

    @property
    def is_attendance_thin(self) -> bool:
        """Tell whether rates of attendance are not to be relied on."""
        unmarked = self.unmarked.value
        return self.show_rate.is_thin or (unmarked is not None and unmarked > MOST_UNMARKED)


def count_figures(demos: Sequence[Demo], *, period: Interval, now: datetime) -> Figures:
    """Return the figures of ``demos`` for ``period`` as they are known at ``now`` (UTC).

    ``demos`` may hold more than belongs to the period; later ones of the same leads must be among
    them, or nobody would count as recovered.
    """
    booked = [demo for demo in demos if _lies_in(demo.booked_at, period)]
    planned = [demo for demo in demos if _lies_in(demo.first_start, period)]
    due = [
        demo
        for demo in demos
        if _lies_in(demo.end, period) and demo.end <= now and not demo.was_cancelled
    ]
    cancelled = [demo for demo in planned if demo.was_cancelled]
    outcomes = Counter(demo.outcome for demo in due)
    waits = sorted(demo.start - demo.booked_at for demo in due)
    return Figures(
        booked=len(booked),
        due=len(due),
        attended=outcomes[Outcome.ATTENDED],
        no_shows=outcomes[Outcome.NO_SHOW],
        unmarked=Share(outcomes[None], len(due)),
        show_rate=_share_of(Outcome.ATTENDED, due),
        no_show_rate=_share_of(Outcome.NO_SHOW, due),
        cancelled=Share(len(cancelled), len(planned)),
        cancelled_by_lead=_share(planned, (d for d in cancelled if d.was_cancelled_by_lead)),
        cancelled_by_us=_share(planned, (d for d in cancelled if not d.was_cancelled_by_lead)),
        cancelled_late=_share(planned, (d for d in cancelled if _was_late(d))),
        moved=_share(booked, (demo for demo in booked if demo.was_moved)),
        show_rate_moved=_share_of(Outcome.ATTENDED, [d for d in due if d.was_moved]),
        show_rate_unmoved=_share_of(Outcome.ATTENDED, [d for d in due if not d.was_moved]),
        lead_time_median=percentile(waits, 50),
        lead_time_p90=percentile(waits, 90),
        show_rate_by_reminders={
            reminders: _share_of(Outcome.ATTENDED, [d for d in due if d.reminders == reminders])
            for reminders in sorted({demo.reminders for demo in due})
        },
        recovered=_recovered(
            demos, lost=[d for d in due if d.outcome is Outcome.NO_SHOW] + cancelled
        ),
    )


def _lies_in(instant: datetime, period: Interval) -> bool:
    return period.start <= instant < period.end


def _share(whole: Sequence[Demo], part: Iterable[Demo]) -> Share:
    return Share(sum(1 for _ in part), len(whole))


def _share_of(outcome: Outcome, demos: Iterable[Demo]) -> Share:
    """Return the share of ``outcome`` among the demos that are marked."""
    outcomes = Counter(demo.outcome for demo in demos)
    return Share(outcomes[outcome], outcomes[Outcome.ATTENDED] + outcomes[Outcome.NO_SHOW])


def _was_late(demo: Demo) -> bool:
    return demo.cancelled_at is not None and demo.start - demo.cancelled_at < LATE


def percentile(sorted_spans: Sequence[timedelta], percent: int) -> timedelta | None:
    """Return the smallest span that ``percent`` of all do not exceed (nearest rank)."""
    if not sorted_spans:
        return None
    rank = -(-percent * len(sorted_spans) // 100)
    return sorted_spans[rank - 1]


def _recovered(demos: Sequence[Demo], *, lost: Sequence[Demo]) -> Share:
    """Return how many of the leads who were lost attended a later demo within 30 days."""
    attended = defaultdict(list)
    for demo in demos:
        if demo.outcome is Outcome.ATTENDED and not demo.was_cancelled:
            attended[demo.lead_id].append(demo.start)
    first_lost: dict[int, datetime] = {}
    for demo in lost:
        first_lost[demo.lead_id] = min(demo.start, first_lost.get(demo.lead_id, demo.start))
    came_back = sum(
        any(since < start <= since + RECOVERED_WITHIN for start in attended[lead_id])
        for lead_id, since in first_lost.items()
    )
    return Share(came_back, len(first_lost))
