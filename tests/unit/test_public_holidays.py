from datetime import date

import pytest

from booking.public_holidays import holidays_between, holidays_of_year, is_region

GERMANY_2026 = {
    "DE-BW": 12,
    "DE-BY": 12,
    "DE-BE": 10,
    "DE-BB": 12,
    "DE-HB": 10,
    "DE-HH": 10,
    "DE-HE": 10,
    "DE-MV": 11,
    "DE-NI": 10,
    "DE-NW": 11,
    "DE-RP": 11,
    "DE-SL": 12,
    "DE-SN": 11,
    "DE-ST": 11,
    "DE-SH": 10,
    "DE-TH": 11,
}


@pytest.mark.parametrize("code", [*GERMANY_2026, "DE", "AT", "AT-9", "CH", "CH-ZH", "PT", "US-CA"])
def test_region_of_iso_3166_is_known(code: str) -> None:
    assert is_region(code)


@pytest.mark.parametrize(
    "code",
    ["", "de", "DE-", "DE-be", "DE-XX", "DE-Augsburg", "Bayern", "BY-", "XX", "UK", "DEU", "DE_BE"],
)
def test_region_that_is_none_is_not_known(code: str) -> None:
    assert not is_region(code)


def test_holidays_of_a_year_are_those_of_the_region_in_order() -> None:
    berlin = holidays_of_year("DE-BE", year=2026, locale="de")

    assert list(berlin.items()) == [
        (date(2026, 1, 1), "Neujahr"),
        (date(2026, 3, 8), "Internationaler Frauentag"),
        (date(2026, 4, 3), "Karfreitag"),
        (date(2026, 4, 6), "Ostermontag"),
        (date(2026, 5, 1), "Erster Mai"),
        (date(2026, 5, 14), "Christi Himmelfahrt"),
        (date(2026, 5, 25), "Pfingstmontag"),
        (date(2026, 10, 3), "Tag der Deutschen Einheit"),
        (date(2026, 12, 25), "Erster Weihnachtstag"),
        (date(2026, 12, 26), "Zweiter Weihnachtstag"),
    ]


def test_holidays_of_the_laender_are_as_many_as_their_laws_name() -> None:
    found = {code: len(holidays_of_year(code, year=2026, locale="de")) for code in GERMANY_2026}

    assert found == GERMANY_2026


@pytest.mark.parametrize(
    ("region", "locale", "name"),
    [
        ("DE-BY", "de", "Heilige Drei Könige"),
        ("DE-BY", "en", "Epiphany"),
        ("DE-BY", "qq", "Epiphany"),
        ("AT", "de", "Heilige Drei Könige"),
    ],
)
def test_holiday_is_named_in_the_language_else_in_english(
    region: str, locale: str, name: str
) -> None:
    assert holidays_of_year(region, year=2027, locale=locale)[date(2027, 1, 6)] == name


def test_holidays_between_two_dates_hold_both_and_cross_the_year() -> None:
    found = holidays_between("DE-BY", first=date(2026, 12, 26), last=date(2027, 1, 6), locale="de")

    assert found == {
        date(2026, 12, 26): "Zweiter Weihnachtstag",
        date(2027, 1, 1): "Neujahr",
        date(2027, 1, 6): "Heilige Drei Könige",
    }


def test_no_region_has_no_holidays() -> None:
    assert holidays_between("", first=date(2026, 1, 1), last=date(2027, 1, 1), locale="de") == {}
