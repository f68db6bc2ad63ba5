"""The figures of a week, counted by hand from ten demos."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from booking.availability.interval import Interval
from booking.bookings.lifecycle import Outcome
from booking.numbers.demo import Demo
from booking.numbers.figures import count_figures
from booking.numbers.share import Share
from booking.segment import Segment

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
WEEK = Interval(MONDAY, MONDAY + timedelta(days=7))
AFTERWARDS = MONDAY + timedelta(days=30)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def demo(lead: int, day: int, *, booked: int, **changes: Any) -> Demo:
    """Return a demo at 10:00 of the ``day`` of the week that was booked at 10:00 of another."""
    start = MONDAY + day * DAY + 10 * HOUR
    return Demo(
        **{
            "lead_id": lead,
            "host_ids": (1,),
            "segment": Segment.TEAM,
            "source": "",
            "booked_at": MONDAY + booked * DAY + 10 * HOUR,
            "first_start": start,
            "start": start,
            "end": start + HOUR / 2,
            "cancelled_at": None,
            "was_cancelled_by_lead": False,
            "was_moved": False,
            "outcome": None,
            "reminders": 2,
        }
        | changes
    )


def cancelled(lead: int, day: int, *, before: timedelta, by_lead: bool) -> Demo:
    start = MONDAY + day * DAY + 10 * HOUR
    return demo(lead, day, booked=-5, cancelled_at=start - before, was_cancelled_by_lead=by_lead)


DEMOS = [
    # Due in the week: five, of which three attended, one did not and one is not marked.
    demo(1, 0, booked=-1, outcome=Outcome.ATTENDED),
    demo(2, 1, booked=-1, outcome=Outcome.ATTENDED, was_moved=True, reminders=1),
    demo(3, 2, booked=1, outcome=Outcome.ATTENDED),
    demo(4, 3, booked=0, outcome=Outcome.NO_SHOW, was_moved=True, reminders=0),
    demo(5, 4, booked=-6),
    # Cancelled before the start: by the lead in time, by the lead late, by us in time.
    cancelled(6, 1, before=2 * DAY, by_lead=True),
    cancelled(7, 2, before=3 * HOUR, by_lead=True),
    cancelled(8, 3, before=DAY, by_lead=False),
    # Booked in the week for a later one, and the later demo of the one who did not come.
    demo(9, 9, booked=2),
    demo(4, 20, booked=4, outcome=Outcome.ATTENDED),
    # Moved out of the week: planned for it, due in the next.
    demo(10, 8, booked=-3, first_start=MONDAY + 2 * DAY, was_moved=True, outcome=Outcome.ATTENDED),
]


def test_figures_of_a_week() -> None:
    figures = count_figures(DEMOS, period=WEEK, now=AFTERWARDS)

    # Booked from Monday on: leads 3, 4, 9 and 4 again.
    assert figures.booked == 4
    assert (figures.due, figures.attended, figures.no_shows) == (5, 3, 1)
    assert figures.unmarked == Share(1, 5)
    assert figures.show_rate == Share(3, 4)
    assert figures.no_show_rate == Share(1, 4)
    # Planned for the week at first: the five, the three cancelled and the one moved away.
    assert figures.cancelled == Share(3, 9)
    assert (figures.cancelled_by_lead, figures.cancelled_by_us) == (Share(2, 9), Share(1, 9))
    assert figures.cancelled_late == Share(1, 9)
    assert figures.moved == Share(1, 4)
    assert figures.show_rate_moved == Share(1, 2)
    assert figures.show_rate_unmoved == Share(2, 2)
    # Waits of those due: 1, 2, 1, 3 and 10 days.
    assert figures.lead_time_median == 2 * DAY
    assert figures.lead_time_p90 == 10 * DAY
    assert figures.show_rate_by_reminders == {0: Share(0, 1), 1: Share(1, 1), 2: Share(2, 2)}
    # Of leads 4, 6, 7 and 8, the fourth came on the 20th day.
    assert figures.recovered == Share(1, 4)


def test_demo_still_to_come_is_not_due() -> None:
    figures = count_figures(DEMOS, period=WEEK, now=MONDAY + DAY + 10 * HOUR)

    assert (figures.due, figures.attended) == (1, 1)


def test_demo_is_due_with_its_end() -> None:
    last = [demo(1, 6, booked=0, end=WEEK.end)]

    within = count_figures(last, period=WEEK, now=AFTERWARDS)
    after = count_figures(last, period=Interval(WEEK.end, WEEK.end + DAY), now=AFTERWARDS)

    assert (within.due, after.due) == (0, 1)


def test_demo_cancelled_after_its_start_has_taken_place() -> None:
    late = demo(1, 0, booked=0, cancelled_at=MONDAY + 10 * HOUR, outcome=Outcome.NO_SHOW)

    figures = count_figures([late], period=WEEK, now=AFTERWARDS)

    assert (figures.due, figures.no_shows, figures.cancelled) == (1, 1, Share(0, 1))


def test_nothing_has_no_rates() -> None:
    figures = count_figures([], period=WEEK, now=AFTERWARDS)

    assert (figures.booked, figures.due) == (0, 0)
    assert figures.show_rate.value is None
    assert (figures.lead_time_median, figures.lead_time_p90) == (None, None)
    assert figures.is_attendance_thin


@pytest.mark.parametrize(
    ("attended", "unmarked", "thin"), [(20, 0, False), (19, 0, True), (18, 2, True), (40, 5, True)]
)
def test_attendance_is_thin_with_few_demos_or_many_unmarked(
    attended: int, unmarked: int, thin: bool
) -> None:
    demos = [demo(n, 0, booked=0, outcome=Outcome.ATTENDED) for n in range(attended)]
    demos += [demo(100 + n, 0, booked=0) for n in range(unmarked)]

    figures = count_figures(demos, period=WEEK, now=AFTERWARDS)

    assert figures.is_attendance_thin is thin


def test_who_came_back_after_thirty_days_is_not_recovered() -> None:
    lost = demo(1, 0, booked=0, outcome=Outcome.NO_SHOW)
    back = [demo(1, day, booked=1, outcome=Outcome.ATTENDED) for day in (31,)]

    figures = count_figures([lost, *back], period=WEEK, now=AFTERWARDS)

    assert figures.recovered == Share(0, 1)


def test_points_are_of_a_hundred() -> None:
    assert Share(3, 4).points_over(Share(1, 2)) == 25
    assert Share(3, 4).points_over(Share(0, 0)) is None
