"""Days that companies often close."""

from datetime import date

from booking.organisation.suggested_days import Occasion, SuggestedDay, suggest_closing_days
from booking.public_holidays import holidays_between


def suggested(first: date, last: date, *, region: str) -> list[SuggestedDay]:
    holidays = holidays_between(region, first=first, last=last, locale="de")
    return list(suggest_closing_days(holidays=holidays, first=first, last=last))


def test_working_days_between_free_ones_and_the_two_eves_are_suggested() -> None:
    # Ascension and Corpus Christi are Thursdays; in 2026 neither eve lies on a weekend.
    assert suggested(date(2026, 1, 1), date(2026, 12, 31), region="DE-BY") == [
        SuggestedDay(date(2026, 1, 2), Occasion.BRIDGE),
        SuggestedDay(date(2026, 1, 5), Occasion.BRIDGE),
        SuggestedDay(date(2026, 5, 15), Occasion.BRIDGE),
        SuggestedDay(date(2026, 6, 5), Occasion.BRIDGE),
        SuggestedDay(date(2026, 12, 24), Occasion.CHRISTMAS_EVE),
        SuggestedDay(date(2026, 12, 31), Occasion.NEW_YEARS_EVE),
    ]


def test_eve_on_a_weekend_is_free_anyway() -> None:
    assert suggested(date(2028, 12, 1), date(2028, 12, 31), region="DE-BE") == []


def test_without_a_region_only_the_eves_are_left() -> None:
    assert [day.on for day in suggested(date(2026, 11, 23), date(2027, 11, 23), region="")] == [
        date(2026, 12, 24),
        date(2026, 12, 31),
    ]
