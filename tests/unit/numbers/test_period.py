"""Days, the days before them, and their weeks."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from booking.numbers.period import Days

BERLIN = ZoneInfo("Europe/Berlin")


def test_days_are_as_long_as_clocks_make_them() -> None:
    with_change = Days(date(2026, 10, 25), date(2026, 10, 25)).interval(BERLIN)

    assert with_change.start == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert with_change.end == datetime(2026, 10, 25, 23, tzinfo=UTC)


def test_as_many_days_lie_before() -> None:
    assert Days(date(2026, 11, 1), date(2026, 11, 28)).before() == Days(
        date(2026, 10, 4), date(2026, 10, 31)
    )
    assert Days(date(2026, 3, 1), date(2026, 3, 1)).before() == Days(
        date(2026, 2, 28), date(2026, 2, 28)
    )


def test_weeks_end_on_sunday_and_with_the_days() -> None:
    weeks = list(Days(date(2026, 11, 25), date(2026, 12, 8)).weeks())

    assert weeks == [
        Days(date(2026, 11, 25), date(2026, 11, 29)),
        Days(date(2026, 11, 30), date(2026, 12, 6)),
        Days(date(2026, 12, 7), date(2026, 12, 8)),
    ]
