"""What an address of the numbers asks for: which days, which demos, told apart by what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from booking.numbers.period import Days
from booking.numbers.selection import By, Selection
from booking.segment import Segment
from booking.web.days import read_day
from booking.web.short_ids import find_id
from booking.web.staff.scope import sees_everybody

if TYPE_CHECKING:
    from collections.abc import Mapping

    from booking.web.staff.signed_in import SignedIn

USUAL = timedelta(days=27)
"""The days before today that are shown unless others are asked for: four weeks in all."""

MOST = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersRequest:
    """One view of the numbers."""

    days: Days
    selection: Selection
    by: By


def read_request(asked: Mapping[str, str], *, today: date, signed_in: SignedIn) -> NumbersRequest:
    """Return what ``asked`` says; what cannot be understood is as if it had not been said.

    Hosts are shown their own numbers, whatever they ask for.
    """
    last = read_day(asked.get("to")) or today
    first = read_day(asked.get("from")) or last - USUAL
    selection = Selection(
        host_id=find_id(asked.get("host", "")),
        segment=_segment(asked.get("segment", "")),
        source=asked.get("source") if asked.get("source", "*") != "*" else None,
        weekday=_weekday(asked.get("weekday", "")),
    )
    if not sees_everybody(signed_in):
        selection = Selection(
            host_id=signed_in.staff_id,
            segment=selection.segment,
            source=selection.source,
            weekday=selection.weekday,
        )
    return NumbersRequest(
        days=Days(max(min(first, last), last - MOST), last),
        selection=selection,
        by=_by(asked.get("by", "")),
    )


def _segment(text: str) -> Segment | None:
    return Segment(text) if text in set(Segment) else None


def _weekday(text: str) -> int | None:
    return int(text) if text in {*"0123456"} else None


def _by(text: str) -> By:
    return By(text) if text in set(By) else By.HOST
