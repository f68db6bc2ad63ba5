"""A calendar to subscribe to, as bytes."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import vobject  # type: ignore[import-untyped]  # it has no stubs

from booking.invites.feed import FeedMeeting, build_feed
from tests.unit.invites.content_lines import read_content_lines
from tests.unit.invites.invitations import DEMO, LINK

EXPECTED = Path(__file__).parents[2] / "invites" / "feed.ics"

COMING = FeedMeeting(
    uid=DEMO.uid,
    sequence=1,
    stamp=DEMO.stamp,
    start=DEMO.start,
    end=DEMO.end,
    organizer=DEMO.organizer,
    summary="[Team] Produktdemo – Jörg Weiß, Weiß & Söhne KG",
    description="Wer: Jörg Weiß\nE-Mail: joerg.weiss@firma.example",
    location=LINK,
    url=LINK,
    is_cancelled=False,
)
CANCELLED = replace(
    COMING,
    uid="9a0f1d2e-6b7a-4c8d-9e0f-112233445566@demo.example.com",
    sequence=2,
    start=datetime(2026, 11, 25, 9, 0, tzinfo=UTC),
    end=datetime(2026, 11, 25, 9, 30, tzinfo=UTC),
    summary="Belegt",
    description="",
    location="",
    url=None,
    is_cancelled=True,
)
FEED = build_feed([COMING, CANCELLED], name="Demos von Anna Müller; alle, immer")


def test_feed_is_the_expected_file() -> None:
    assert EXPECTED.read_bytes() == FEED


def test_feed_is_strictly_rfc_5545_and_invites_nobody() -> None:
    names = [line.name for line in read_content_lines(FEED)]

    assert names[:4] == ["BEGIN", "VERSION", "PRODID", "METHOD"]
    assert [names.count(name) for name in ("UID", "DTSTAMP", "ORGANIZER", "STATUS")] == [2] * 4
    assert "ATTENDEE" not in names


def test_feed_read_by_another_library() -> None:
    calendar = vobject.readOne(FEED.decode())

    assert calendar.method.value == "PUBLISH"
    assert [
        (event.uid.value, event.sequence.value, event.status.value, event.dtstart.value)
        for event in calendar.vevent_list
    ] == [
        (COMING.uid, "1", "CONFIRMED", COMING.start),
        (CANCELLED.uid, "2", "CANCELLED", CANCELLED.start),
    ]


def test_feed_of_nothing_is_a_calendar() -> None:
    assert build_feed([], name="").count(b"BEGIN:") == 1
