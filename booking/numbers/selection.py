"""Which demos the figures are about, and by what they are told apart."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from booking.numbers.demo import Demo
    from booking.segment import Segment


class By(StrEnum):
    """By what figures are told apart; the values stand in addresses."""

    HOST = "host"
    SEGMENT = "segment"
    SOURCE = "source"
    WEEKDAY = "weekday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Whose demos, for whom, from where and on which day; None takes all."""

    host_id: int | None = None
    segment: Segment | None = None
    source: str | None = None
    weekday: int | None = None
    """0 is Monday, by the start."""

    def choose(self, demos: Iterable[Demo], *, zone: ZoneInfo) -> list[Demo]:
        """Return those of ``demos`` that are meant; weekdays are those of ``zone``."""
        return [
            demo
            for demo in demos
            if (self.host_id is None or self.host_id in demo.host_ids)
            and self.segment in {None, demo.segment}
            and self.source in {None, demo.source}
            and self.weekday in {None, demo.start.astimezone(zone).weekday()}
        ]


def split(demos: Sequence[Demo], *, by: By, zone: ZoneInfo) -> Mapping[int | str, Sequence[Demo]]:
    """Return ``demos`` by host id, segment, source or weekday, in ascending order of these.

    A demo of two hosts is in the rows of both.
    """
    groups: defaultdict[int | str, list[Demo]] = defaultdict(list)
    for demo in demos:
        for key in _keys(demo, by=by, zone=zone):
            groups[key].append(demo)
    return {key: groups[key] for key in sorted(groups)}


def _keys(demo: Demo, *, by: By, zone: ZoneInfo) -> Sequence[int | str]:
    match by:
        case By.HOST:
            return demo.host_ids
        case By.SEGMENT:
            return [demo.segment.value]
        case By.SOURCE:
            return [demo.source]
        case By.WEEKDAY:
            return [demo.start.astimezone(zone).weekday()]
