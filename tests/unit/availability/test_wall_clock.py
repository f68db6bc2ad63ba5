"""Windows as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.availability.minutes import unite
from booking.availability.wall_clock import (
    is_empty,
    read_clock,
    starts_on_its_date,
    window_between,
    write_clock,
    written_windows,
)

MINUTES = st.integers(min_value=0, max_value=1440)


@pytest.mark.parametrize("text", ["9:00", "24:01", "12:60", "", "09:00 ", "²4:00", "-1:00"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no time of day"):
        read_clock(text)


def test_clock_is_written_as_it_is_read() -> None:
    assert [write_clock(read_clock(text)) for text in ("00:00", "09:05", "24:00")] == [
        "00:00",
        "09:05",
        "24:00",
    ]


def test_window_past_midnight_ends_on_the_next_day() -> None:
    assert window_between(read_clock("22:00"), read_clock("02:00")) == (1320, 1560)
    assert window_between(read_clock("00:00"), read_clock("24:00")) == (0, 1440)


@given(st.lists(st.tuples(MINUTES, MINUTES), max_size=5))
def test_windows_survive_being_written_and_read_again(typed: list[tuple[int, int]]) -> None:
    windows = unite(
        window_between(start, end)
        for start, end in typed
        if starts_on_its_date(start) and not is_empty(start, end)
    )

    read = [(read_clock(start), read_clock(end)) for start, end in written_windows(windows)]

    assert all(starts_on_its_date(start) and not is_empty(start, end) for start, end in read)
    assert unite(window_between(start, end) for start, end in read) == windows
