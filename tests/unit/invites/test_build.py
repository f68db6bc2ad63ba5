from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import vobject  # type: ignore[import-untyped]  # it has no stubs

from booking.invites.build import (
    Attendee,
    build_cancel,
    build_request,
    build_uninvite,
    build_withdrawal,
)
from tests.unit.invites.content_lines import read_content_lines
from tests.unit.invites.invitations import ANNA, BEN, DEMO, JOERG, LINK

EXPECTED = Path(__file__).parents[2] / "invites"

MOVED = replace(
    DEMO,
    sequence=1,
    stamp=datetime(2026, 11, 20, 8, 30, tzinfo=UTC),
    start=datetime(2026, 11, 25, 13, 0, tzinfo=UTC),
    end=datetime(2026, 11, 25, 13, 30, tzinfo=UTC),
    description="Mittwoch, 25. November 2026, 14:00–14:30 Uhr (MEZ)",
)
HANDED_OVER = replace(MOVED, hosts=(BEN,), lead=None, description="Ben Özdemir übernimmt.")
CANCELLED = replace(
    MOVED,
    sequence=2,
    stamp=datetime(2026, 11, 23, 17, 0, tzinfo=UTC),
    description="Diese Produktdemo ist abgesagt.",
)
BY_PHONE = replace(
    DEMO,
    summary="Product demo",
    description="Tuesday, 24 November 2026, 10:00–10:30 (CET)",
    location="+49 30 1234567",
    url=None,
    hosts=(ANNA, BEN),
    lead=None,
    alarm_minutes=None,
)

INVITES = {
    "request.ics": build_request(DEMO),
    "moved.ics": build_request(MOVED),
    "cancel.ics": build_cancel(CANCELLED),
    "uninvite.ics": build_uninvite(HANDED_OVER, host=ANNA),
    "withdrawal.ics": build_withdrawal(MOVED, lead=Attendee(email="j.weiss@firma.de", name="")),
    "by_phone.ics": build_request(BY_PHONE),
}


@pytest.mark.parametrize("name", INVITES)
def test_invite_is_the_expected_file(name: str) -> None:
    assert INVITES[name] == (EXPECTED / name).read_bytes()


def test_expected_files_are_all_compared() -> None:
    found = {path.name for path in EXPECTED.glob("*.ics")}

    assert found - {"feed.ics"} == set(INVITES)


@pytest.mark.parametrize("name", INVITES)
def test_invite_is_strictly_rfc_5545(name: str) -> None:
    lines = read_content_lines(INVITES[name])

    names = [line.name for line in lines]
    assert names[:4] == ["BEGIN", "VERSION", "PRODID", "METHOD"]
    assert all(names.count(once) == 1 for once in ("UID", "DTSTAMP", "ORGANIZER", "SEQUENCE"))
    assert "VTIMEZONE" not in [line.value for line in lines]


def test_request_read_by_another_library() -> None:
    calendar = vobject.readOne(INVITES["request.ics"].decode())

    event = calendar.vevent
    assert calendar.method.value == "REQUEST"
    assert event.uid.value == DEMO.uid
    assert event.sequence.value == "0"
    assert (event.dtstart.value, event.dtend.value) == (DEMO.start, DEMO.end)
    assert event.dtstamp.value == DEMO.stamp
    assert event.summary.value == DEMO.summary
    assert event.description.value == DEMO.description
    assert event.location.value == LINK
    assert event.organizer.value == "mailto:demo@example.com"
    assert event.organizer.params == {"CN": ["Beispiel KI GmbH"]}
    assert [(person.value, person.params) for person in event.attendee_list] == [
        (
            "mailto:anna@example.com",
            {"CN": ["Anna Müller"], "ROLE": ["CHAIR"], "PARTSTAT": ["ACCEPTED"]},
        ),
        (
            "mailto:joerg.weiss@firma.example",
            {
                "CN": ["Jörg Weiß"],
                "ROLE": ["REQ-PARTICIPANT"],
                "PARTSTAT": ["NEEDS-ACTION"],
                "RSVP": ["TRUE"],
            },
        ),
    ]
    assert event.valarm.trigger.value == timedelta(minutes=-15)


def test_cancel_read_by_another_library() -> None:
    calendar = vobject.readOne(INVITES["cancel.ics"].decode())

    event = calendar.vevent
    assert calendar.method.value == "CANCEL"
    assert event.uid.value == DEMO.uid
    assert event.sequence.value == "2"
    assert event.status.value == "CANCELLED"
    assert [person.value for person in event.attendee_list] == [
        "mailto:anna@example.com",
        "mailto:joerg.weiss@firma.example",
    ]
    assert not hasattr(event, "valarm")


def test_uninvite_read_by_another_library() -> None:
    calendar = vobject.readOne(INVITES["uninvite.ics"].decode())

    event = calendar.vevent
    assert calendar.method.value == "CANCEL"
    assert event.uid.value == DEMO.uid
    assert not hasattr(event, "status")
    assert [person.value for person in event.attendee_list] == ["mailto:anna@example.com"]


def test_build_again_gives_the_same_bytes() -> None:
    assert build_request(DEMO) == INVITES["request.ics"]


def test_request_in_another_zone_is_written_in_utc() -> None:
    nepal = timezone(timedelta(hours=5, minutes=45))

    local = replace(DEMO, start=DEMO.start.astimezone(nepal), end=DEMO.end.astimezone(nepal))

    assert build_request(local) == build_request(DEMO)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"stamp": datetime(2026, 11, 19)}, "naive"),  # noqa: DTZ001 - the fault under test
        ({"start": datetime(2026, 11, 24, 9)}, "naive"),  # noqa: DTZ001 - the fault under test
        ({"end": DEMO.start}, "ends after its start"),
        ({"hosts": (), "lead": None}, "invites somebody"),
    ],
)
def test_invitation_no_calendar_could_show_is_refused(
    changes: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        replace(DEMO, **changes)


@pytest.mark.parametrize(
    ("email", "address"),
    [
        ("o'brien+demo@example.com", "mailto:o'brien+demo@example.com"),
        ("50%/a?b&c=d@example.com", "mailto:50%25%2Fa%3Fb%26c%3Dd@example.com"),
        ("jürgen@xn--mller-kva.example", "mailto:j%C3%BCrgen@xn--mller-kva.example"),
    ],
)
def test_attendee_address_is_a_mailto_uri(email: str, address: str) -> None:
    lead = Attendee(email=email, name=JOERG.name)

    lines = read_content_lines(build_request(replace(DEMO, lead=lead)))

    assert [line.value for line in lines if line.name == "ATTENDEE"] == [
        "mailto:anna@example.com",
        address,
    ]


def test_attendee_without_a_name_has_no_common_name() -> None:
    lead = Attendee(email=JOERG.email, name=" \x07 ")

    lines = read_content_lines(build_cancel(replace(DEMO, lead=lead)))

    assert [line for line in lines if line.name == "ATTENDEE"] == [
        ("ATTENDEE", {"CN": "Anna Müller", "ROLE": "CHAIR"}, "mailto:anna@example.com"),
        ("ATTENDEE", {"ROLE": "REQ-PARTICIPANT"}, "mailto:joerg.weiss@firma.example"),
    ]


def test_request_without_a_place_has_no_location() -> None:
    lines = read_content_lines(build_request(replace(BY_PHONE, location="")))

    assert [line for line in lines if line.name == "LOCATION"] == []


def test_alarm_of_no_minutes_rings_at_the_start() -> None:
    calendar = vobject.readOne(build_request(replace(DEMO, alarm_minutes=0)).decode())

    assert calendar.vevent.valarm.trigger.value == timedelta(0)
