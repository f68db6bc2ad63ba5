"""Numbers as people read them."""

from datetime import timedelta

from booking.local_numbers import format_number, format_points, format_share, format_span


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_numbers_are_told_as_the_language_does() -> None:
    assert (format_number(12345, locale="de"), format_number(12345, locale="en")) == (
        "12.345",
        "12,345",
    )
    assert plain(format_share(0.625, locale="de")) == "62,5 %"
    assert format_share(1, locale="en") == "100%"
    assert format_points(-3.25, locale="de") == "\N{MINUS SIGN}3,2"
    assert format_points(0.3, locale="en") == "+0.3"


def test_spans_are_told_in_hours_or_days() -> None:
    assert format_span(timedelta(hours=23, minutes=20), locale="de") == "23 Stunden"
    assert format_span(timedelta(days=3, hours=12), locale="de") == "3,5 Tage"
    assert format_span(timedelta(hours=1), locale="en") == "1 hour"
