"""What has been chosen, as it stands in an address."""

from datetime import UTC, date, datetime

import pytest

from booking.segment import Segment
from booking.web.public.choice import Choice
from booking.web.rfc3339 import read_start, write_start

QUERY = {
    "segment": "team",
    "tz": "Asia/Kathmandu",
    "month": "2026-12",
    "day": "2026-12-01",
    "start": "2026-12-01T09:00:00Z",
    "hold": "abc",
    "name": "Anna",
    "utm_source": "mail",
}


def test_choice_reads_what_it_writes() -> None:
    choice = Choice.read(QUERY)

    assert choice == Choice(
        segment=Segment.TEAM,
        time_zone="Asia/Kathmandu",
        month=date(2026, 12, 1),
        day=date(2026, 12, 1),
        start=datetime(2026, 12, 1, 9, 0, tzinfo=UTC),
        hold="abc",
        prefill={"name": "Anna"},
        source={"utm_source": "mail"},
    )
    assert choice.query() == QUERY
    assert choice.query(day=None, hold=None) == {
        name: value for name, value in QUERY.items() if name not in {"day", "hold"}
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("segment", "TEAM"),
        ("tz", "europe/berlin"),
        ("tz", "../../etc/passwd"),
        ("month", "2026-13"),
        ("month", "0001-01"),
        ("day", "2026-02-30"),
        ("day", "9999-12-31"),
        ("start", "2026-12-01T09:00"),
        ("start", "٢٠٢٦"),
        ("name", "\x00\u202e\r\n"),
        ("utm_medium", " "),
        ("status", "confirmed"),
    ],
)
def test_what_makes_no_sense_is_left_out(name: str, value: str) -> None:
    assert Choice.read({name: value}) == Choice()


def test_long_texts_are_cut_and_control_characters_left_out() -> None:
    choice = Choice.read(
        {"utm_term": "x" * 10_000, "utm_content": "a\r\nb", "utm_source": "\u0958" * 150}
    )

    # The last letter is always written as two characters.
    assert choice.source == {
        "utm_source": "\u0915\u093c" * 100,
        "utm_term": "x" * 200,
        "utm_content": "ab",
    }


@pytest.mark.parametrize(
    "text", ["2026-12-01T09:00:00Z", "2026-12-01T10:00:00 01:00", "2026-12-01T10:00:00+01:00"]
)
def test_start_is_an_instant(text: str) -> None:
    start = read_start(text)

    assert start is not None
    assert write_start(start) == "2026-12-01T09:00:00Z"
