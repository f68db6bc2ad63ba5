from datetime import UTC, date, datetime, timedelta

import pytest

from booking.time_zone import time_zone
from booking.wishes.fitting import HOURS, choose_starts, fits
from booking.wishes.wished_times import PartOfDay, WishedTime

BERLIN, NEW_YORK = time_zone("Europe/Berlin"), time_zone("America/New_York")
DAY = date(2026, 12, 1)
NINE_IN_BERLIN = datetime(2026, 12, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("part", "hours"),
    [
        (PartOfDay.ANY, range(24)),
        (PartOfDay.MORNING, range(6, 11)),
        (PartOfDay.MIDDAY, range(11, 14)),
        (PartOfDay.AFTERNOON, range(14, 18)),
        (PartOfDay.EVENING, range(18, 24)),
    ],
)
def test_part_of_a_day_has_its_hours(part: PartOfDay, hours: range) -> None:
    wished = WishedTime(on=DAY, part=part)
    midnight = datetime(2026, 12, 1, tzinfo=BERLIN)

    fitting = [h for h in range(24) if fits(midnight.replace(hour=h), wished=wished, zone=BERLIN)]

    assert fitting == list(hours)
    assert set(HOURS) == set(PartOfDay)


def test_days_and_hours_are_those_of_the_lead() -> None:
    wished = WishedTime(on=DAY, part=PartOfDay.MORNING)

    assert fits(NINE_IN_BERLIN, wished=wished, zone=BERLIN)
    assert not fits(NINE_IN_BERLIN, wished=wished, zone=NEW_YORK)
    assert fits(NINE_IN_BERLIN + timedelta(hours=6), wished=wished, zone=NEW_YORK)


def test_starts_that_fit_come_first_then_the_nearest_and_all_in_their_order() -> None:
    wished_times = [
        WishedTime(on=DAY, part=PartOfDay.MORNING),
        WishedTime(on=date(2026, 12, 3), part=PartOfDay.ANY),
    ]
    starts = [NINE_IN_BERLIN + timedelta(hours=6 * n) for n in range(-8, 16)]

    chosen = choose_starts(starts, wished_times=wished_times, zone=BERLIN, most=5)

    assert [start.astimezone(BERLIN).strftime("%d. %H") for start in chosen] == [
        "01. 09",
        "03. 03",
        "03. 09",
        "03. 15",
        "03. 21",
    ]
    assert choose_starts(starts[:1], wished_times=wished_times, zone=BERLIN, most=5) == starts[:1]
    assert choose_starts([], wished_times=wished_times, zone=BERLIN, most=5) == []
