"""What the calendars on the web are told, read back as they would read it."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from booking.invites.web_calendars import web_calendar_links

START = datetime(2026, 12, 1, 10, tzinfo=ZoneInfo("Europe/Berlin"))


def links(**changes: str) -> dict[str, str]:
    texts = {"summary": "Demo & mehr – Müller+Söhne", "location": "https://meet.example/a?b=1"}
    return web_calendar_links(start=START, end=START + timedelta(minutes=30), **texts | changes)


def test_google_is_told_both_ends_in_one() -> None:
    address = urlsplit(links()["Google"])

    assert (address.hostname, parse_qs(address.query)) == (
        "calendar.google.com",
        {
            "action": ["TEMPLATE"],
            "text": ["Demo & mehr – Müller+Söhne"],
            "dates": ["20261201T090000Z/20261201T093000Z"],
            "location": ["https://meet.example/a?b=1"],
        },
    )


@pytest.mark.parametrize(
    ("name", "host"),
    [("Outlook.com", "outlook.live.com"), ("Microsoft 365", "outlook.office.com")],
)
def test_both_outlooks_are_told_the_same(name: str, host: str) -> None:
    address = urlsplit(links()[name])

    assert (address.hostname, parse_qs(address.query)) == (
        host,
        {
            "path": ["/calendar/action/compose"],
            "rru": ["addevent"],
            "subject": ["Demo & mehr – Müller+Söhne"],
            "startdt": ["2026-12-01T09:00:00Z"],
            "enddt": ["2026-12-01T09:30:00Z"],
            "location": ["https://meet.example/a?b=1"],
        },
    )


@pytest.mark.parametrize("text", ["a\r\nb", "\ud800", "\x00", "&dates=x", '"><script>'])
def test_hostile_texts_stay_texts(text: str) -> None:
    for address in links(summary=f"Demo {text}", location=text).values():
        assert address.isascii()
        assert not set('\r\n"<> ') & set(address)
        assert parse_qs(urlsplit(address).query).get("dates", ["/"])[0].count("/") == 1
