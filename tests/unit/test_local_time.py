from datetime import UTC, date, datetime, timedelta

import pytest

from booking.local_time import (
    format_date_long,
    format_date_short,
    format_day,
    format_month,
    format_period,
    format_short_day,
    format_slot,
    format_slot_short,
    format_time,
    format_zone,
    zone_abbreviation,
)

HALF_AN_HOUR = timedelta(minutes=30)
WINTER = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SUMMER = datetime(2026, 7, 24, 8, 0, tzinfo=UTC)


def plain(text: str) -> str:
    """Return ``text`` with blanks that break, as it is easier to write down."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def slot(start: datetime, *, time_zone: str, locale: str) -> str:
    return plain(format_slot(start, start + HALF_AN_HOUR, time_zone=time_zone, locale=locale))


@pytest.mark.parametrize(
    ("locale", "expected"), [("de", "Di., 1.12.2026"), ("en", "Tue, 1 Dec 2026")]
)
def test_date_fits_into_a_narrow_place(locale: str, expected: str) -> None:
    assert plain(format_date_short(date(2026, 12, 1), locale=locale)) == expected


@pytest.mark.parametrize(
    ("start", "time_zone", "locale", "expected"),
    [
        (WINTER, "Europe/Berlin", "de", "Dienstag, 24. November 2026, 10:00–10:30 Uhr (MEZ)"),
        (SUMMER, "Europe/Berlin", "de", "Freitag, 24. Juli 2026, 10:00–10:30 Uhr (MESZ)"),
        (WINTER, "Europe/Berlin", "en", "Tuesday, 24 November 2026, 10:00–10:30 (CET)"),
        (SUMMER, "Europe/Berlin", "en", "Friday, 24 July 2026, 10:00–10:30 (CEST)"),
        (WINTER, "America/New_York", "en", "Tuesday, 24 November 2026, 04:00–04:30 (EST)"),
        (SUMMER, "America/New_York", "en", "Friday, 24 July 2026, 04:00–04:30 (EDT)"),
        (
            WINTER,
            "America/New_York",
            "de",
            "Dienstag, 24. November 2026, 04:00–04:30 Uhr (UTC\N{MINUS SIGN}5)",
        ),
        (WINTER, "Asia/Kathmandu", "de", "Dienstag, 24. November 2026, 14:45–15:15 Uhr (UTC+5:45)"),
        (WINTER, "Asia/Kathmandu", "en", "Tuesday, 24 November 2026, 14:45–15:15 (UTC+5:45)"),
        (SUMMER, "Europe/London", "en", "Friday, 24 July 2026, 09:00–09:30 (BST)"),
        (WINTER, "UTC", "de", "Dienstag, 24. November 2026, 09:00–09:30 Uhr (UTC)"),
    ],
)
def test_slot_is_told_in_the_readers_words(
    start: datetime, time_zone: str, locale: str, expected: str
) -> None:
    assert slot(start, time_zone=time_zone, locale=locale) == expected


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        # Clocks go forward at 01:00 UTC: the half hour before it, and the one after.
        (datetime(2026, 3, 29, 0, 0, tzinfo=UTC), "Sonntag, 29. März 2026, 01:00–01:30 Uhr (MEZ)"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "Sonntag, 29. März 2026, 03:00–03:30 Uhr (MESZ)"),
        # Clocks go back at 01:00 UTC: 02:00 comes twice.
        (
            datetime(2026, 10, 25, 0, 0, tzinfo=UTC),
            "Sonntag, 25. Oktober 2026, 02:00–02:30 Uhr (MESZ)",
        ),
        (
            datetime(2026, 10, 25, 1, 0, tzinfo=UTC),
            "Sonntag, 25. Oktober 2026, 02:00–02:30 Uhr (MEZ)",
        ),
        # The change lies inside the meeting.
        (
            datetime(2026, 3, 29, 0, 45, tzinfo=UTC),
            "Sonntag, 29. März 2026, 01:45 MEZ – 03:15 MESZ",
        ),
        (
            datetime(2026, 10, 25, 0, 45, tzinfo=UTC),
            "Sonntag, 25. Oktober 2026, 02:45 MESZ – 02:15 MEZ",
        ),
    ],
)
def test_slot_on_the_nights_of_the_change(start: datetime, expected: str) -> None:
    assert slot(start, time_zone="Europe/Berlin", locale="de") == expected


def test_slot_across_midnight_has_the_day_of_its_start() -> None:
    late = datetime(2026, 11, 24, 22, 45, tzinfo=UTC)

    assert slot(late, time_zone="Europe/Berlin", locale="de") == (
        "Dienstag, 24. November 2026, 23:45–00:15 Uhr (MEZ)"
    )


def test_slot_has_the_readers_date_beyond_the_date_line() -> None:
    evening = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)

    assert slot(evening, time_zone="Pacific/Auckland", locale="de") == (
        "Mittwoch, 25. November 2026, 09:00–09:30 Uhr (UTC+13)"
    )


def test_period_does_not_break_before_its_zone() -> None:
    period = format_period(WINTER, WINTER + HALF_AN_HOUR, time_zone="Europe/Berlin", locale="de")

    assert period == "10:00–10:30\N{NO-BREAK SPACE}Uhr\N{NO-BREAK SPACE}(MEZ)"


@pytest.mark.parametrize(
    ("time_zone", "at", "de", "en"),
    [
        (
            "Europe/Berlin",
            WINTER,
            "Mitteleuropäische Normalzeit (UTC+1)",
            "Central European Standard Time (UTC+1)",
        ),
        (
            "Europe/Berlin",
            SUMMER,
            "Mitteleuropäische Sommerzeit (UTC+2)",
            "Central European Summer Time (UTC+2)",
        ),
        # IANA has renamed Calcutta; CLDR files the zone under the old name.
        (
            "Asia/Kolkata",
            WINTER,
            "Indische Normalzeit (UTC+5:30)",
            "India Standard Time (UTC+5:30)",
        ),
        # The zone database calls Dublin's winter the exception.
        ("Europe/Dublin", SUMMER, "Irische Sommerzeit (UTC+1)", "Irish Standard Time (UTC+1)"),
        ("Europe/Dublin", WINTER, "Mittlere Greenwich-Zeit (UTC)", "Greenwich Mean Time (UTC)"),
        # No language has a name for this zone.
        ("Africa/Casablanca", SUMMER, "Casablanca (UTC+1)", "Casablanca (UTC+1)"),
        (
            "Australia/Lord_Howe",
            SUMMER,
            "Lord-Howe-Normalzeit (UTC+10:30)",
            "Lord Howe Standard Time (UTC+10:30)",
        ),
        (
            "Australia/Lord_Howe",
            WINTER,
            "Lord-Howe-Sommerzeit (UTC+11)",
            "Lord Howe Daylight Time (UTC+11)",
        ),
        ("UTC", WINTER, "UTC", "UTC"),
    ],
)
def test_zone_is_named_with_its_offset(time_zone: str, at: datetime, de: str, en: str) -> None:
    named = [format_zone(at, time_zone=time_zone, locale=locale) for locale in ("de", "en")]

    assert named == [de, en]


@pytest.mark.parametrize(
    ("time_zone", "at", "de", "en"),
    [
        ("Europe/Berlin", WINTER, "MEZ", "CET"),
        ("Europe/Berlin", SUMMER, "MESZ", "CEST"),
        ("Europe/Athens", WINTER, "OEZ", "EET"),
        ("Europe/Athens", SUMMER, "OESZ", "EEST"),
        ("Europe/Lisbon", WINTER, "WEZ", "WET"),
        ("Europe/Dublin", WINTER, "UTC", "GMT"),
        ("America/Sao_Paulo", WINTER, "UTC\N{MINUS SIGN}3", "UTC\N{MINUS SIGN}3"),
    ],
)
def test_abbreviation_is_that_of_the_language(
    time_zone: str, at: datetime, de: str, en: str
) -> None:
    short = [zone_abbreviation(at, time_zone=time_zone, locale=locale) for locale in ("de", "en")]

    assert short == [de, en]


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        (
            "de",
            [
                "Dienstag, 24. November 2026",
                "Di., 24.11.2026",
                "10:00",
                "Di., 24.11.2026, 10:00 Uhr",
            ],
        ),
        (
            "en",
            [
                "Tuesday, 24 November 2026",
                "Tue, 24 Nov 2026",
                "10:00",
                "Tue, 24 Nov 2026, 10:00",
            ],
        ),
    ],
)
def test_parts_of_an_instant(locale: str, expected: list[str]) -> None:
    parts = (format_day, format_short_day, format_time, format_slot_short)

    told = [plain(part(WINTER, time_zone="Europe/Berlin", locale=locale)) for part in parts]

    assert told == expected


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("de", ["Montag, 1. März 2027", "März 2027"]),
        ("en", ["Monday, 1 March 2027", "March 2027"]),
    ],
)
def test_local_date_needs_no_zone(locale: str, expected: list[str]) -> None:
    day = date(2027, 3, 1)

    told = [plain(format_date_long(day, locale=locale)), format_month(day, locale=locale)]
    assert told == expected


def test_line_of_a_date_ends_after_the_day_of_the_week_alone() -> None:
    told = format_day(WINTER, time_zone="Europe/Berlin", locale="de")

    assert [line.split("\N{NO-BREAK SPACE}") for line in told.split(" ")] == [
        ["Dienstag,"],
        ["24.", "November", "2026"],
    ]


def test_naive_datetime_is_refused() -> None:
    with pytest.raises(ValueError, match="no instant"):
        format_day(WINTER.replace(tzinfo=None), time_zone="Europe/Berlin", locale="de")


def test_unknown_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown time zone"):
        format_day(WINTER, time_zone="Europe/Atlantis", locale="de")
