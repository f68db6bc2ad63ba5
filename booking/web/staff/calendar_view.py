"""What of which calendars somebody looks at: read from the address, which says all of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from flask import request

from booking.errors import NotFoundError
from booking.time_zone import YEARS, local_day, time_zone
from booking.web.days import read_day
from booking.web.short_ids import find_id
from booking.web.staff.scope import require_visible, sees_everybody

if TYPE_CHECKING:
    from datetime import datetime

    from booking.web.staff.signed_in import SignedIn

EVERYBODY = "all"
"""More than any id has, and no more than the database can compare."""
EARLIEST, LATEST = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)
"""Far enough, and far from the ends of the calendar."""


class Span(StrEnum):
    """How much is shown at once, and how."""

    DAY = "day"
    WEEK = "week"
    LIST = "list"


DAYS = {Span.DAY: 1, Span.WEEK: 7, Span.LIST: 28}


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarView:
    """A stretch of days of one host's calendar, or of everybody's."""

    span: Span
    on: date
    """A day that is shown; of a week any of its days."""
    host_id: int | None
    """Whose; None = everybody's."""

    @property
    def first(self) -> date:
        """The first day that is shown: a Monday, where it is a week."""
        back = self.on.weekday() if self.span is Span.WEEK else 0
        return self.on - timedelta(days=back)

    @property
    def days(self) -> list[date]:
        """Every day that is shown."""
        return [self.first + timedelta(days=number) for number in range(DAYS[self.span])]

    def bounds(self, *, zone: str) -> tuple[datetime, datetime]:
        """Return from when until when that is in ``zone``, in UTC."""
        return local_day(self.days[0], zone=zone)[0], local_day(self.days[-1], zone=zone)[1]

    def beside(self, *, direction: int) -> CalendarView:
        """Return the same before (-1) or after (1) what is shown."""
        return replace(self, on=_kept_in(self.on + direction * timedelta(days=DAYS[self.span])))

    def address(self, **changes: object) -> dict[str, str]:
        """Return the parameters that lead here, or to where ``changes`` lead."""
        view = replace(self, **changes)  # type: ignore[arg-type]  # names and types are the fields'
        host = EVERYBODY if view.host_id is None else str(view.host_id)
        return {"view": Span(view.span).value, "on": view.on.isoformat(), "host": host}


def asked_view(*, signed_in: SignedIn, now: datetime) -> CalendarView:
    """Return what the address asks for; what it leaves out is one's own present week.

    Raises:
        NotFoundError: that calendar is not open to them.
    """
    asked = request.args
    span = asked.get("view", "")
    today = now.astimezone(time_zone(signed_in.time_zone)).date()
    return CalendarView(
        span=Span(span) if span in set(Span) else Span.WEEK,
        on=_kept_in(read_day(asked.get("on")) or today),
        host_id=asked_host(signed_in=signed_in),
    )


def asked_host(*, signed_in: SignedIn) -> int | None:
    """Return whose calendar an address or a form names: one's own by default; None = everybody's.

    Raises:
        NotFoundError: that calendar is not open to them.
    """
    asked = request.values.get("host", "")
    if not asked:
        return signed_in.staff_id
    if asked == EVERYBODY and sees_everybody(signed_in):
        return None
    host_id = find_id(asked)
    if host_id is None:
        raise NotFoundError
    require_visible(host_id, signed_in=signed_in)
    return host_id


def _kept_in(on: date) -> date:
    return min(max(on, EARLIEST), LATEST)
