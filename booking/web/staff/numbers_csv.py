"""The figures as CSV: one row a part and one for all, one column a figure and its base."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from booking.numbers.share import Share
from booking.web.staff.csv_cells import write_csv

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from booking.numbers.figures import Figures
    from booking.numbers.report import Report
    from booking.numbers.selection import By
    from booking.web.staff.numbers_words import Word

ALL = "all"


def write_figures(
    report: Report, *, by: By, host_names: Mapping[int, str], words: Sequence[Word]
) -> Iterator[str]:
    """Yield the table: shares as part and base, spans in hours; keys of columns are English."""
    head = ["first", "last", by.value, *(name for word in words for name in _names(word, report))]
    days = [report.days.first.isoformat(), report.days.last.isoformat()]
    parts = [(ALL, report.figures), *report.parts.items()]
    rows = (
        [*days, _name(key, host_names), *(cell for word in words for cell in _cells(word, figures))]
        for key, figures in parts
    )
    return write_csv(head, rows)


def _name(key: int | str, host_names: Mapping[int, str]) -> str:
    return host_names.get(key, str(key)) if isinstance(key, int) else key


def _names(word: Word, report: Report) -> list[str]:
    value = word.of(report.figures)
    if isinstance(value, Share):
        return [f"{word.key}_part", f"{word.key}_of"]
    return [f"{word.key}_hours"] if word.key.startswith("lead_time") else [word.key]


def _cells(word: Word, figures: Figures) -> list[object]:
    value = word.of(figures)
    if isinstance(value, Share):
        return [value.part, value.whole]
    if isinstance(value, timedelta):
        return [f"{value.total_seconds() / 3600:.2f}"]
    return [value]
