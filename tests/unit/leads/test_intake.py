"""A lead's details, cleaned field by field, and every fault at once."""

# ruff: noqa: RUF001 - characters that look like others are what is tested here

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.errors import FieldError, InvalidFieldsError
from booking.fields.read import read
from booking.fields.rules import mailbox_of, normalise_address
from booking.leads.intake import LeadDetails
from booking.segment import Segment

HOME = "Europe/Berlin"
RIGHT = {"segment": "team", "name": "Erika Mustermann", "email": "erika@kunde.example"}


def details(*, home: str = HOME, **changes: Any) -> LeadDetails:
    return read(LeadDetails, RIGHT | changes, context=home)


def refusal(*, home: str = HOME, **changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidFieldsError) as refused:
        details(home=home, **changes)
    return [(error.field, error.code) for error in refused.value.errors]


def test_details_that_were_not_given_are_none() -> None:
    assert details().model_dump() == {
        "segment": Segment.TEAM,
        "name": "Erika Mustermann",
        "email": "erika@kunde.example",
        "time_zone": None,
        "locale": None,
        "company": None,
        "team_size": None,
        "phone": None,
        "notes": None,
        "answers": {},
        "source": {},
        "notice_version": None,
        "marketing_opt_in": False,
    }


def test_details_left_blank_are_none() -> None:
    blank = details(company=" ", phone="  ", notes="\r\n")

    assert (blank.company, blank.phone, blank.notes) == (None, None, None)


def test_faults_are_told_in_the_order_of_the_fields_and_unknown_ones_last() -> None:
    assert refusal(role="admin", email="x", name="") == [
        ("name", "required"),
        ("email", "email"),
        ("role", "unknown"),
    ]


def test_faults_of_one_entry_are_told_once() -> None:
    assert refusal(source={"a" * 201: "a" * 201}) == [("source." + "a" * 201, "too_long")]


def test_fault_does_not_carry_what_was_typed() -> None:
    with pytest.raises(InvalidFieldsError) as refused:
        details(name="Geheim\n")

    assert str(refused.value) == "name: control_characters"
    assert refused.value.__context__ is None
    assert refused.value.errors == (FieldError("name", "control_characters"),)


def test_limit_is_told_of_texts_and_not_of_tables() -> None:
    with pytest.raises(InvalidFieldsError) as refused:
        details(name="a" * 101, source={str(n): "" for n in range(11)})

    assert refused.value.errors == (
        FieldError("name", "too_long", 100),
        FieldError("source", "too_long"),
    )


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Anna  ", "Anna"),
        ("Mu\u0308ller", "Müller"),
        ("O'Brien", "O'Brien"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("عبد الله", "عبد الله"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("4711", "4711"),
        ("Dr. med. Anna-Lena Groß", "Dr. med. Anna-Lena Groß"),
        ("A. B. Smith", "A. B. Smith"),
        ("J.R.R. Tolkien/Anna", "J.R.R. Tolkien/Anna"),
        ("Prof.Dr./Univ. Lee", "Prof.Dr./Univ. Lee"),
        ("Team Booking.com", "Team Booking.com"),
    ],
)
def test_name_is_kept_as_it_is_spoken(typed: str, stored: str) -> None:
    assert details(name=typed).name == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("a\u200db", "hidden_characters"),
        ("\u200dAnna", "hidden_characters"),
        ("Anna\u200d", "hidden_characters"),
        ("Anna\u2060", "hidden_characters"),
        ("Anna\u2800", "hidden_characters"),
        ("Anna\x85", "control_characters"),
        ("Anna\u2028", "control_characters"),
        ("WWW.evil.example", "link"),
        ("evil.com/login click here", "link"),
        ("Jetzt EVIL.Example/", "link"),
        ("sub.evil.co.uk:8080/x", "link"),
        ("böse.рф/x", "link"),
        ("evil.xn--p1ai/x", "link"),
        ("evil\u3002com\uff0fx", "link"),
        ("?!", "unreadable"),
        ("a\u0300\u0301\u0302\u0303\u0304\u0305\u0306", "stacked_characters"),
    ],
)
def test_name_that_deceives_is_refused(typed: str, code: str) -> None:
    assert refusal(name=typed) == [("name", code)]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" A.B@Example.DE ", "A.B@example.de"),
        ("a@müller.de", "a@xn--mller-kva.de"),
        ("a@x。de", "a@x.de"),
        ("a" * 64 + "@x.de", "a" * 64 + "@x.de"),
    ],
)
def test_email_is_stored_as_servers_take_it(typed: str, stored: str) -> None:
    assert details(email=typed).email == stored


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A.B@Example.DE", "a.b@example.de"),
        ("a@müller.de", "a@xn--mller-kva.de"),
        ("a@MÜLLER.de", "A@xn--mller-kva.de "),
    ],
)
def test_normalised_addresses_of_one_person_are_equal(one: str, other: str) -> None:
    assert normalise_address(one) == normalise_address(other)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("+49 (0)170 1234567", "+491701234567"),
        ("0170-1234567", "+491701234567"),
        ("０１７０ １２３４５６７", "+491701234567"),
        ("030/1234567", "+49301234567"),
        ("+41 44 668 18 00", "+41446681800"),
        ("+1 415 555 0100", "+14155550100"),
    ],
)
def test_phone_is_stored_so_that_it_can_be_dialled(typed: str, stored: str) -> None:
    assert details(phone=typed).phone == stored


@pytest.mark.parametrize(
    ("time_zone", "typed", "stored"),
    [
        ("Europe/Berlin", "030 3432622", "+49303432622"),
        ("Europe/Busingen", "0170 1234567", "+491701234567"),
        ("Europe/Vienna", "0664 1234567", "+436641234567"),
        ("Europe/Vienna", "01 5880707", "+4315880707"),
        ("Europe/Zurich", "044 668 18 00", "+41446681800"),
        ("Europe/Zurich", "079 123 45 67", "+41791234567"),
        ("America/New_York", "(212) 555-1234", "+12125551234"),
        ("US/Pacific", "1-415-555-0100", "+14155550100"),
        ("Europe/London", "020 7946 0958", "+442079460958"),
        ("Europe/London", "07911 123456", "+447911123456"),
        ("Asia/Kolkata", "98765 43210", "+919876543210"),
        ("Asia/Calcutta", "011 23456789", "+911123456789"),
    ],
)
def test_phone_without_country_is_one_where_the_lead_lives(
    time_zone: str, typed: str, stored: str
) -> None:
    assert details(time_zone=time_zone, phone=typed).phone == stored


@pytest.mark.parametrize("typed", ["+49 30 3432622", "0049 30 3432622", "00 49 (0)30 3432622"])
@pytest.mark.parametrize("time_zone", ["America/New_York", "Asia/Kolkata", "Etc/UTC", None])
def test_phone_with_country_is_taken_as_it_is(typed: str, time_zone: str | None) -> None:
    phone = details(home="Etc/UTC", time_zone=time_zone, phone=typed).phone

    assert phone == "+49303432622"


@pytest.mark.parametrize("time_zone", ["Etc/UTC", "CET", "Antarctica/Troll", None])
def test_phone_is_one_at_home_where_the_zone_of_the_lead_tells_no_country(
    time_zone: str | None,
) -> None:
    assert details(home="Europe/Vienna", time_zone=time_zone, phone="0664 1234567").phone == (
        "+436641234567"
    )


def test_country_of_a_phone_is_asked_for_where_nothing_tells_it() -> None:
    nowhere = refusal(home="UTC", time_zone="Etc/UTC", phone="030 3432622")
    elsewhere = refusal(time_zone="America/New_York", phone="030 3432622")

    assert nowhere == [("phone", "country_code")]
    assert elsewhere == [("phone", "phone")]


def test_notes_keep_their_lines_and_lose_what_is_not_seen() -> None:
    typed = "Zeile 1\r\n\tZeile 2\rZeile 3\u2028Zeile 4\u202e\ufeff\n"

    assert details(notes=typed).notes == "Zeile 1\n\tZeile 2\nZeile 3\nZeile 4"


@pytest.mark.parametrize("company", ["Booking.com", "Muster GmbH & Co. KG", "A/B Tests"])
def test_company_may_be_called_like_its_site(company: str) -> None:
    assert details(company=company).company == company
    assert refusal(company=f"{company} evil.com/x") == [("company", "link")]


@pytest.mark.parametrize(("links", "is_taken"), [(10, True), (11, False)])
def test_notes_take_ten_links(links: int, is_taken: bool) -> None:
    typed = "https://www.kunde.example " * (links // 2) + "www.kunde.example " * (links % 2)

    if is_taken:
        assert details(notes=typed).notes == typed.strip()
    else:
        assert refusal(notes=typed) == [("notes", "too_many_links")]


def test_team_size_goes_with_teams_only() -> None:
    assert details(team_size=100_000).team_size == 100_000
    assert refusal(segment="individual", team_size=5) == [("team_size", "conflict")]


@given(st.text(st.characters(codec=None), max_size=150))
def test_any_name_is_refused_or_stored_harmless(typed: str) -> None:
    name = name_or_none(typed)

    if name is not None:
        assert 1 <= len(name) <= 100
        assert not {"\n", "\r", "\0", "\u202e"} & set(name)
        assert name.encode().decode() == name
        assert name_or_none(name) == name


def name_or_none(typed: str) -> str | None:
    """Return the name as stored; None where it, and nothing else, is refused."""
    try:
        return details(name=typed).name
    except InvalidFieldsError as error:
        if {fault.field for fault in error.errors} != {"name"}:
            raise
        return None


@pytest.mark.parametrize(
    ("email", "mailbox"),
    [
        ("Erika@Kunde.example", "erika@kunde.example"),
        ("erika+demo+x@kunde.example", "erika@kunde.example"),
        ("e.rika@kunde.example", "e.rika@kunde.example"),
        ("E.Rika.M+demo@gmail.com", "erikam@gmail.com"),
        ("erika.m@GoogleMail.com", "erikam@gmail.com"),
        ("e.m@gmail.com.example", "e.m@gmail.com.example"),
    ],
)
def test_names_of_one_mailbox_are_told(email: str, mailbox: str) -> None:
    assert mailbox_of(email) == mailbox
