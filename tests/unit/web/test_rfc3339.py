"""Instants as RFC 3339 writes them, and the many texts that only look like one."""

# ruff: noqa: RUF001 - characters that look like others are what is tested here

from datetime import UTC, datetime

import pytest

from booking.web.rfc3339 import DateTimeError, parse_instant, parse_query_instant


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-24T10:00:00+01:00", datetime(2026, 11, 24, 9, tzinfo=UTC)),
        ("2026-11-24T09:00:00Z", datetime(2026, 11, 24, 9, tzinfo=UTC)),
        ("2026-11-24t09:00:00z", datetime(2026, 11, 24, 9, tzinfo=UTC)),
        ("2026-11-24T09:00:00-00:00", datetime(2026, 11, 24, 9, tzinfo=UTC)),
        ("2026-11-24T14:45:00+05:45", datetime(2026, 11, 24, 9, tzinfo=UTC)),
        ("2026-11-24T09:00:00.5Z", datetime(2026, 11, 24, 9, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-24T09:00:00.1234567Z", datetime(2026, 11, 24, 9, 0, 0, 123_456, tzinfo=UTC)),
        ("2028-02-29T00:00:00Z", datetime(2028, 2, 29, tzinfo=UTC)),
        # The wall time does not exist in Berlin; the instant does.
        ("2027-03-28T02:30:00+01:00", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        # One wall time, two instants.
        ("2027-10-31T02:30:00+02:00", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        ("2027-10-31T02:30:00+01:00", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
        ("1000-01-01T00:00:00+23:59", datetime(999, 12, 31, 0, 1, tzinfo=UTC)),
        ("9998-12-31T23:59:59-23:59", datetime(9999, 1, 1, 23, 58, 59, tzinfo=UTC)),
    ],
)
def test_instant_is_read(text: str, instant: datetime) -> None:
    parsed = parse_instant(text)

    assert (parsed, parsed.tzinfo) == (instant, UTC)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "date_time"),
        ("2026-02-30T10:00:00Z", "date_time"),
        ("2027-02-29T10:00:00Z", "date_time"),
        ("2026-13-01T10:00:00Z", "date_time"),
        ("2026-11-24T24:00:00Z", "date_time"),
        ("2026-11-24T10:60:00Z", "date_time"),
        ("2026-11-24T10:00:60Z", "date_time"),
        ("2026-11-24T10:00Z", "date_time"),
        ("2026-11-24 10:00:00Z", "date_time"),
        ("2026-11-24T10:00:00,5Z", "date_time"),
        ("2026-11-24T10:00:00.Z", "date_time"),
        ("2026-11-24T10:00:00+0100", "date_time"),
        ("2026-11-24T10:00:00+24:00", "date_time"),
        ("2026-11-24T10:00:00+01:60", "date_time"),
        ("2026-11-24T10:00:00+23:59:59.999999", "date_time"),
        ("2026-11-24T10:00:00 01:00", "date_time"),
        ("2026-W48-2T10:00:00Z", "date_time"),
        ("20261124T100000Z", "date_time"),
        ("2026-11-24", "date_time"),
        ("٢٠٢٦-١١-٢٤T١٠:٠٠:٠٠Z", "date_time"),
        (" 2026-11-24T10:00:00Z", "date_time"),
        ("2026-11-24T10:00:00Z\n", "date_time"),
        ("2026-11-24T10:00:00", "offset_required"),
        ("2026-11-24T10:00", "offset_required"),
        ("0000-01-01T00:00:00Z", "out_of_range"),
        ("0001-01-01T00:00:00+14:00", "out_of_range"),
        ("9999-12-31T23:59:59-14:00", "out_of_range"),
    ],
)
def test_anything_else_is_refused(text: str, code: str) -> None:
    with pytest.raises(DateTimeError) as refusal:
        parse_instant(text)

    assert refusal.value.code == code


def test_query_string_may_have_lost_its_plus() -> None:
    assert parse_query_instant("2026-11-24T10:00:00 01:00") == datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_query_string_has_no_space_for_the_t() -> None:
    with pytest.raises(DateTimeError):
        parse_query_instant("2026-11-24 10:00:00 01:00")


def test_text_longer_than_any_instant_is_not_looked_at() -> None:
    """A pattern that tried it at every place would take half a minute."""
    with pytest.raises(DateTimeError, match="date_time"):
        parse_query_instant(" " * 60_000)
