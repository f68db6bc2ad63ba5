"""Puts the numbers of one view together: figures now and before, week by week, and told apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from booking.numbers.facts import load_demos
from booking.numbers.fairness import measure_fairness
from booking.numbers.figures import count_figures
from booking.numbers.response import measure_response
from booking.numbers.selection import split
from booking.numbers.steps import count_steps
from booking.numbers.utilisation import measure_utilisation, split_utilisation, total_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from booking.numbers.fairness import Fairness
    from booking.numbers.figures import Figures
    from booking.numbers.models import Step
    from booking.numbers.period import Days
    from booking.numbers.response import Response
    from booking.numbers.selection import By, Selection
    from booking.numbers.share import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that one view shows."""

    days: Days
    figures: Figures
    before: Figures
    weeks: Sequence[tuple[Days, Figures]]
    parts: Mapping[int | str, Figures]
    utilisation: Share
    utilisation_of_parts: Mapping[int | str, Share]
    """Empty where time is not told apart as the parts are."""
    steps: Mapping[Step, int]
    response: Response
    fairness: Sequence[Fairness]
    sources: Sequence[str]
    """All there are in the period, whatever was selected."""


def make_report(
    days: Days,
    *,
    selection: Selection,
    by: By,
    zone: ZoneInfo,
    now: datetime,
    session: Session,
) -> Report:
    """Return the report of ``days`` in ``zone``, as things are known at ``now`` (UTC)."""
    period, before = days.interval(zone), days.before()
    everything = load_demos(period, session=session)
    demos = selection.choose(everything, zone=zone)
    former = selection.choose(load_demos(before.interval(zone), session=session), zone=zone)
    used = measure_utilisation(demos, days=days, selection=selection, session=session)
    return Report(
        days=days,
        figures=count_figures(demos, period=period, now=now),
        before=count_figures(former, period=before.interval(zone), now=now),
        weeks=[
            (week, count_figures(demos, period=week.interval(zone), now=now))
            for week in days.weeks()
        ],
        parts={
            key: count_figures(part, period=period, now=now)
            for key, part in split(demos, by=by, zone=zone).items()
        },
        utilisation=total_of(used.values()),
        utilisation_of_parts=split_utilisation(used, by=by),
        steps=count_steps(days, selection=selection, session=session),
        response=measure_response(period, selection=selection, session=session),
        fairness=measure_fairness(everything, period=period, session=session),
        sources=sorted({demo.source for demo in everything}),
    )
