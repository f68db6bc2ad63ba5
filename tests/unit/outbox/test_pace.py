from datetime import UTC, datetime, timedelta

from booking.outbox.pace import Pace

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_pace_without_limit_always_has_room() -> None:
    pace = Pace(per_minute=0)
    for _ in range(100):
        pace.take(now=NOW)

    assert pace.room(most=20, now=NOW) == 20


def test_pace_leaves_what_was_not_taken_in_the_last_minute() -> None:
    pace = Pace(per_minute=3)
    pace.take(now=NOW)
    pace.take(now=NOW + timedelta(seconds=30))

    rooms = [
        pace.room(most=20, now=NOW + timedelta(seconds=seconds)) for seconds in (30, 59, 60, 90)
    ]

    assert rooms == [1, 1, 2, 3]


def test_pace_gives_no_more_than_asked_for() -> None:
    assert Pace(per_minute=100).room(most=20, now=NOW) == 20


def test_pace_does_not_wait_for_a_clock_that_was_set_back() -> None:
    pace = Pace(per_minute=1)
    pace.take(now=NOW)

    assert pace.room(most=20, now=NOW - timedelta(hours=2)) == 1
