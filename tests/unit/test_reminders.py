from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.reminders import Reminder, plan_reminders
from booking.time_zone import TIME_ZONES

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
DAY_AND_HOUR = [1440, 60]


def in_zone(text: str, time_zone: str) -> datetime:
    """The instant of a wall time, e.g. ``2026-11-24 10:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(time_zone)).astimezone(UTC)


def wall_times(reminders: list[Reminder], time_zone: str) -> list[tuple[int, str]]:
    """What was planned, as the lead's clock shows it."""
    return [
        (
            reminder.minutes_before,
            f"{reminder.due_at.astimezone(ZoneInfo(time_zone)):%Y-%m-%d %H:%M}",
        )
        for reminder in reminders
    ]


@pytest.mark.parametrize(
    ("start", "time_zone", "planned"),
    [
        pytest.param(
            "2026-11-24 10:00",
            "Europe/Berlin",
            [(1440, "2026-11-23 10:00"), (60, "2026-11-24 09:00")],
            id="by day",
        ),
        pytest.param(
            "2026-11-24 08:00",
            "Europe/Berlin",
            [(1440, "2026-11-23 08:00"), (60, "2026-11-24 07:00")],
            id="seven is no longer quiet",
        ),
        pytest.param(
            "2026-11-24 07:59",
            "Europe/Berlin",
            [(1440, "2026-11-23 07:59"), (60, "2026-11-23 20:00")],
            id="a minute earlier is",
        ),
        pytest.param(
            "2026-11-24 21:00",
            "Europe/Berlin",
            [(1440, "2026-11-23 20:00"), (60, "2026-11-24 20:00")],
            id="twenty is not yet quiet",
        ),
        pytest.param(
            "2026-11-24 21:01",
            "Europe/Berlin",
            [(1440, "2026-11-23 20:00"), (60, "2026-11-24 20:00")],
            id="a minute later is",
        ),
        pytest.param(
            "2026-11-24 00:30",
            "Europe/Berlin",
            [(1440, "2026-11-22 20:00"), (60, "2026-11-23 20:00")],
            id="midnight between",
        ),
        # 2026-03-29, 02:00 becomes 03:00: a day before 09:30 is 08:30 on Saturday's clock.
        pytest.param(
            "2026-03-29 09:30",
            "Europe/Berlin",
            [(1440, "2026-03-28 08:30"), (60, "2026-03-29 08:30")],
            id="day before the spring night",
        ),
        pytest.param(
            "2026-03-29 07:30",
            "Europe/Berlin",
            [(1440, "2026-03-27 20:00"), (60, "2026-03-28 20:00")],
            id="evening before the spring night",
        ),
        # 2026-10-25, 03:00 becomes 02:00: a day before 07:30 is 08:30 on Saturday's clock.
        pytest.param(
            "2026-10-25 07:30",
            "Europe/Berlin",
            [(1440, "2026-10-24 08:30"), (60, "2026-10-24 20:00")],
            id="evening before the autumn night",
        ),
        pytest.param(
            "2026-10-25 19:30",
            "Europe/Berlin",
            [(1440, "2026-10-24 20:00"), (60, "2026-10-25 18:30")],
            id="day before the autumn night",
        ),
        # Chile leaves summer time at midnight: 2026-04-04 has its 23rd hour twice.
        pytest.param(
            "2026-04-05 07:15",
            "America/Santiago",
            [(1440, "2026-04-04 08:15"), (60, "2026-04-04 20:00")],
            id="change at midnight",
        ),
        pytest.param(
            "2026-11-24 07:15",
            "Asia/Kathmandu",
            [(1440, "2026-11-23 07:15"), (60, "2026-11-23 20:00")],
            id="quarter-hour zone",
        ),
    ],
)
def test_reminders_of_a_meeting_booked_long_ago(
    start: str, time_zone: str, planned: list[tuple[int, str]]
) -> None:
    reminders = plan_reminders(
        start=in_zone(start, time_zone),
        minutes_before=DAY_AND_HOUR,
        time_zone=time_zone,
        now=LONG_AGO,
    )

    assert wall_times(reminders, time_zone) == planned


def test_evening_before_a_dst_night_is_the_right_instant() -> None:
    spring = plan_reminders(
        start=datetime(2026, 3, 29, 5, 30, tzinfo=UTC),
        minutes_before=[60],
        time_zone="Europe/Berlin",
        now=LONG_AGO,
    )
    autumn = plan_reminders(
        start=datetime(2026, 10, 25, 6, 30, tzinfo=UTC),
        minutes_before=[60],
        time_zone="Europe/Berlin",
        now=LONG_AGO,
    )

    assert spring == [Reminder(minutes_before=60, due_at=datetime(2026, 3, 28, 19, 0, tzinfo=UTC))]
    assert autumn == [Reminder(minutes_before=60, due_at=datetime(2026, 10, 24, 18, 0, tzinfo=UTC))]


@pytest.mark.parametrize(
    ("now", "planned"),
    [
        ("2026-11-23 08:00", [(1440, "2026-11-23 10:00"), (60, "2026-11-24 09:00")]),
        ("2026-11-23 08:01", [(60, "2026-11-24 09:00")]),
        ("2026-11-24 07:00", [(60, "2026-11-24 09:00")]),
        ("2026-11-24 07:01", []),
        ("2026-11-24 10:00", []),
        ("2026-11-25 10:00", []),
    ],
)
def test_reminder_less_than_two_hours_after_the_change_is_dropped(
    now: str, planned: list[tuple[int, str]]
) -> None:
    reminders = plan_reminders(
        start=in_zone("2026-11-24 10:00", "Europe/Berlin"),
        minutes_before=DAY_AND_HOUR,
        time_zone="Europe/Berlin",
        now=in_zone(now, "Europe/Berlin"),
    )

    assert wall_times(reminders, "Europe/Berlin") == planned


def test_reminder_moved_into_the_two_hours_is_dropped() -> None:
    reminders = plan_reminders(
        start=in_zone("2026-11-24 07:30", "Europe/Berlin"),
        minutes_before=[60],
        time_zone="Europe/Berlin",
        now=in_zone("2026-11-23 19:00", "Europe/Berlin"),
    )

    assert reminders == []


def test_nearer_of_two_that_fall_together_stays() -> None:
    reminders = plan_reminders(
        start=in_zone("2026-11-24 07:30", "Europe/Berlin"),
        minutes_before=[60, 600, 45, 690],
        time_zone="Europe/Berlin",
        now=LONG_AGO,
    )

    assert wall_times(reminders, "Europe/Berlin") == [(45, "2026-11-23 20:00")]


@pytest.mark.parametrize("minutes", [0, -60])
def test_reminder_at_or_after_the_start_is_none(minutes: int) -> None:
    reminders = plan_reminders(
        start=in_zone("2026-11-24 21:00", "Europe/Berlin"),
        minutes_before=[minutes],
        time_zone="Europe/Berlin",
        now=LONG_AGO,
    )

    assert reminders == []


def test_unknown_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown time zone"):
        plan_reminders(
            start=LONG_AGO, minutes_before=DAY_AND_HOUR, time_zone="Europe/Bonn", now=LONG_AGO
        )


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2037, 1, 1)),  # noqa: DTZ001 - UTC follows
    minutes_before=st.lists(st.integers(-60, 60 * 24 * 8), max_size=6),
    time_zone=st.sampled_from(sorted(TIME_ZONES)),
    notice=st.timedeltas(timedelta(days=-1), timedelta(days=10)),
)
def test_reminder_anywhere_keeps_every_rule(
    start: datetime, minutes_before: list[int], time_zone: str, notice: timedelta
) -> None:
    start = start.replace(tzinfo=UTC)
    now = start - notice

    reminders = plan_reminders(
        start=start, minutes_before=minutes_before, time_zone=time_zone, now=now
    )

    due = [reminder.due_at for reminder in reminders]
    assert due == sorted(set(due))
    assert all(now + timedelta(hours=2) <= due_at < start for due_at in due)
    on_the_wall = [due_at.astimezone(ZoneInfo(time_zone)).time() for due_at in due]
    assert all(time(7) <= wall_time <= time(20) for wall_time in on_the_wall)
    moved = [
        start - reminder.due_at - timedelta(minutes=reminder.minutes_before)
        for reminder in reminders
    ]
    # The longest quiet night has twelve hours: eleven, and one more when summer time ends.
    assert all(timedelta(0) <= span < timedelta(hours=12) for span in moved)
    assert {reminder.minutes_before for reminder in reminders} <= set(minutes_before)
