"""The quick part of `make torture`: a whole installation, killed again and again under load."""

from collections import Counter
from pathlib import Path

import pytest

from tests.torture.run import POINTS, torture
from tests.unguarded import (
    let_reservations_take_their_time,
    overlapping_reservations,
    take_the_guards_away,
)

SECONDS = 6
SEED = 20261125
FEW_SLOTS = 3
"""Everybody gets into everybody's way."""


@pytest.mark.fault("F1", "F2", "F3", "F4", "F5", "F31")
def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(
    database_url: str, tmp_path: Path
) -> None:
    report = torture(
        database_url,
        folder=tmp_path,
        seconds=SECONDS,
        seed=SEED,
        is_enough=lambda kills: all(kills[point] for point in POINTS),
    )

    assert report.faults == []
    assert [point for point in POINTS if not report.kills[point]] == []
    assert report.counts["conflicts"] > 0
    assert report.counts["answers that never came"] > 0


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_without_guards_the_same_load_books_hosts_twice(database_url: str, tmp_path: Path) -> None:
    """The control: hosts are booked twice, until their leads cancel, or the test ends."""
    take_the_guards_away(database_url)
    let_reservations_take_their_time(database_url)
    overlaps = []

    def is_enough(_kills: Counter[str]) -> bool:
        overlaps.append(overlapping_reservations(database_url))
        return overlaps[-1] > 0

    torture(
        database_url,
        folder=tmp_path,
        seconds=SECONDS / 2,
        seed=SEED,
        slots=FEW_SLOTS,
        is_enough=is_enough,
    )

    assert overlaps[-1] > 0
