from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from booking.invites.build import Attendee, Invitation, build_cancel, build_request
from tests.unit.invites.content_lines import ContentLine, read_content_lines, read_text
from tests.unit.invites.invitations import DEMO

HOSTILE = [
    'A";X=1:mailto:evil@x.example',
    "A\\;ROLE=CHAIR:mailto:evil@x.example",
    "A\x07",
    "A\x00\x1b[31m\x7f\x9b",
    "A\r\nATTENDEE:mailto:evil@x.example",
    "A\rATTENDEE:mailto:evil@x.example",
    "A\nATTENDEE:mailto:evil@x.example",
    "A\u2028ATTENDEE:mailto:evil@x.example\u2029\x85\x0b\x0c",
    "BEGIN:VALARM\r\nACTION:EMAIL\r\nEND:VALARM",
    "END:VEVENT\r\nEND:VCALENDAR\r\nBEGIN:VCALENDAR",
    "a;b,c\n",
    "\\n\\N\\\\;\\,",
    "^n^'^^",
    "\ud800 lone surrogate",
    "\ufeffbyte order mark",
    "%0D%0AATTENDEE:mailto:evil@x.example",
    "ü" * 200 + "😀" * 100,
    "\t \xa0",
]
HOSTILE_UTF_8 = [text for text in HOSTILE if "\ud800" not in text]

anything = st.one_of(
    st.text(st.characters()),
    st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=9))).map("".join),
)
# What TEXT can carry, written the one way it comes back: line feeds only, none at the end; a byte
# order mark may be lost.
carried = st.text(
    st.one_of(st.just("\n"), st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]))
).map(lambda text: text.replace("\ufeff", "").rstrip("\n"))


def skeleton(content: bytes) -> list[tuple[str, list[str]]]:
    """Name and parameter names of every line: what hostile text must not be able to change."""
    return [(line.name, sorted(line.parameters)) for line in read_content_lines(content)]


def one(content: bytes, name: str) -> ContentLine:
    """The first line of that name."""
    return next(line for line in read_content_lines(content) if line.name == name)


def invitation_full_of(text: str) -> bytes:
    """A request with ``text`` wherever somebody could have typed it."""
    return build_request(
        replace(
            DEMO,
            summary=text,
            description=text,
            location=f"Raum {text}",
            organizer=Attendee(email=DEMO.organizer.email, name=f"O{text}"),
            hosts=tuple(Attendee(email=host.email, name=f"H{text}") for host in DEMO.hosts),
            lead=Attendee(email="joerg.weiss@firma.example", name=f"L{text}"),
        )
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_changes_no_line(text: str) -> None:
    content = invitation_full_of(text)

    assert skeleton(content) == skeleton(build_request(DEMO))


@given(text=anything)
def test_any_text_changes_no_line(text: str) -> None:
    content = invitation_full_of(text)

    assert skeleton(content) == skeleton(build_request(DEMO))


@given(text=anything)
def test_any_text_adds_nobody_for_a_tolerant_reader(text: str) -> None:
    calendar = Calendar.from_ical(invitation_full_of(text))

    (event,) = calendar.events
    assert event.errors == []
    assert [(str(person), person.ROLE) for person in event.attendees] == [
        ("mailto:anna@example.com", "CHAIR"),
        ("mailto:joerg.weiss@firma.example", "REQ-PARTICIPANT"),
    ]
    assert str(event["ORGANIZER"]) == "mailto:demo@example.com"
    assert len(calendar.walk("VALARM")) == 1


@pytest.mark.parametrize("text", HOSTILE_UTF_8)
def test_hostile_address_stays_one_address(text: str) -> None:
    lead = Attendee(email=text, name="Jörg Weiß")

    content = build_request(replace(DEMO, lead=lead))

    assert skeleton(content) == skeleton(build_request(DEMO))


@pytest.mark.parametrize("text", HOSTILE_UTF_8)
def test_hostile_link_stays_one_link(text: str) -> None:
    content = build_request(replace(DEMO, url=f"https://meet.example/{text}"))

    assert skeleton(content) == skeleton(build_request(DEMO))


@pytest.mark.parametrize(
    "broken",
    [
        replace(DEMO, url="https://meet.example/\ud800"),
        replace(DEMO, lead=Attendee(email="\ud800@firma.example", name="Jörg Weiß")),
    ],
)
def test_link_or_address_that_is_no_utf_8_is_refused(broken: Invitation) -> None:
    with pytest.raises(ValueError, match="surrogates not allowed"):
        build_request(broken)


@given(text=carried)
@example(text="C:\\Neu\\notizen; a, b\n\n„Grüße“ 👩‍👩‍👧")
def test_description_comes_back_unchanged(text: str) -> None:
    content = build_request(replace(DEMO, description=text))

    assert read_text(one(content, "DESCRIPTION").value) == text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("a\r\nb\rc\u2028d\u2029e\x85f", "a\nb\nc\nd\ne\nf"),
        ("a\x00b\x07c\x1b\x7f\x9bd\ud800", "abcd"),
        ("a\tb", "a\tb"),
    ],
)
def test_description_with_what_cannot_be_carried(typed: str, read: str) -> None:
    content = build_request(replace(DEMO, description=typed))

    assert read_text(one(content, "DESCRIPTION").value) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("O'Brien", "O'Brien"),
        ("d'Arc; von", "d'Arc; von"),
        ("Müller-Lüdenscheidt, Nguyễn 李 عبد الله", "Müller-Lüdenscheidt, Nguyễn 李 عبد الله"),
        ('Hans "Hansi" Meier', "Hans 'Hansi' Meier"),
        ("a\\b^c", "a/b^c"),
        ("  Jörg \r\n\x07 Weiß\u2028", "Jörg Weiß"),
    ],
)
def test_name_as_calendars_read_it(typed: str, read: str) -> None:
    host = Attendee(email="anna@example.com", name=typed)

    content = build_cancel(replace(DEMO, hosts=(host,)))

    assert one(content, "ATTENDEE").parameters == {"CN": read, "ROLE": "CHAIR"}


def test_link_with_foreign_characters_is_a_uri() -> None:
    content = build_request(replace(DEMO, url="https://meet.example/bü ro?a=1,2&b=%20#\r\nX"))

    assert one(content, "URL").value == "https://meet.example/b%C3%BC%20ro?a=1,2&b=%20#%0D%0AX"
