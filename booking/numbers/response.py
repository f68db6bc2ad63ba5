"""How soon leads who found no suitable time were offered one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.numbers.facts import SOURCE
from booking.numbers.figures import percentile
from booking.numbers.share import Share
from booking.wishes.models import Wish

if TYPE_CHECKING:
    from datetime import timedelta

    from sqlalchemy.orm import Session

    from booking.availability.interval import Interval
    from booking.numbers.selection import Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What became of the requests for other times that came in one period."""

    answered: Share
    gap_median: timedelta | None
    """From the request to the first offer."""
    gap_p90: timedelta | None


def measure_response(period: Interval, *, selection: Selection, session: Session) -> Response:
    """Return the response to the requests of ``period`` (UTC) of the selected segment and source.

    Requests know neither host nor weekday.
    """
    rows = session.execute(
        select(Wish.created_at, Wish.answered_at, Wish.segment, Wish.source).where(
            Wish.created_at >= period.start, Wish.created_at < period.end
        )
    )
    asked = [
        (row.created_at, row.answered_at)
        for row in rows
        if selection.segment in {None, row.segment}
        and selection.source in {None, row.source.get(SOURCE, "")}
    ]
    gaps = sorted(answered_at - created_at for created_at, answered_at in asked if answered_at)
    return Response(
        answered=Share(len(gaps), len(asked)),
        gap_median=percentile(gaps, 50),
        gap_p90=percentile(gaps, 90),
    )
