"""The quick part of `make torture`: a whole installation, killed again and again under load."""

from pathlib import Path

import pytest

from tests.torture.run import POINTS, torture
from tests.unguarded import (
    let_reservations_take_their_time,
    overlapping_reservations,
    take_the_guards_away,
)

SECONDS = 25
OVERLAPS = 2
"""So many that the clients cannot cancel all of them in their last moment."""

SEED = 20261125


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
    """The control: the test above would notice."""
    take_the_guards_away(database_url)
    let_reservations_take_their_time(database_url)

    report = torture(
        database_url,
        folder=tmp_path,
        seconds=SECONDS / 2,
        seed=SEED,
        is_enough=lambda _: overlapping_reservations(database_url) >= OVERLAPS,
    )

    assert any(fault.startswith("overlap: meeting_host ") for fault in report.faults)
