"""Whatever a client sends, it is told what is wrong with it, and nothing is stored.

The rows carry the numbers of the corpus in the security notes. Each group goes through one
application; what is accepted is cancelled again, so that every row finds the slot free.
"""

# ruff: noqa: RUF001 - characters that look like others are what is tested here

import json
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.api_calls import BOOKING, book, faults, stored
from tests.factories import make_event_type, make_staff
from tests.fixtures.application import UnitOfWork

pytestmark = pytest.mark.usefixtures("host")

Row = tuple[str, dict[str, Any], int, set[tuple[str, str]]]
NOTHING = {"booking": 0, "idempotency_key": 0, "lead": 0, "meeting": 0, "message": 0}
MISSING: Any = ...

JSON = "application/json"
RIGHT = json.dumps(BOOKING)

TRANSPORT: list[tuple[str, bytes, str | None, int, str]] = [
    ("C01 empty", b"", JSON, 400, "not_json"),
    ("C02 null", b"null", JSON, 400, "not_object"),
    ("C03 array", b"[]", JSON, 400, "not_object"),
    ("C04 text", b'"a"', JSON, 400, "not_object"),
    ("C04 number", b"5", JSON, 400, "not_object"),
    ("C05 cut off", b'{"name":', JSON, 400, "not_json"),
    ("C07 text/plain", RIGHT.encode(), "text/plain", 415, ""),
    ("C08 no type", RIGHT.encode(), None, 415, ""),
    ("C08 form", b"name=J", "application/x-www-form-urlencoded", 415, ""),
    ("C09 UTF-16", RIGHT.encode("utf-16"), JSON, 400, "not_utf8"),
    ("C09 UTF-16 LE, no mark", RIGHT.encode("utf-16-le"), JSON, 400, "not_json"),
    ("C10 byte order mark", b"\xef\xbb\xbf" + RIGHT.encode(), JSON, 400, "not_json"),
    ("C11 byte FF", b'{"name": "\xff"}', JSON, 400, "not_utf8"),
    ("C12 key twice", b'{"name": "A", "name": "B"}', JSON, 400, "duplicate_key"),
    ("C12 key twice, deeper", b'{"source": {"a": "1", "a": "2"}}', JSON, 400, "duplicate_key"),
    ("C13 NaN alone", b"NaN", JSON, 400, "not_object"),
    ("C15 5000 digits", b'{"team_size": ' + b"9" * 5000 + b"}", JSON, 400, "not_json"),
    ("C16 deep", b"[" * 60_000, JSON, 400, "not_json"),
    (
        "C17 deep in a field",
        b'{"name": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        JSON,
        400,
        "not_json",
    ),
    ("C18 too long", b'{"name": "' + b"a" * 65_536 + b'"}', JSON, 413, ""),
    ("C31 1 MB", b'{"name": "' + b"a" * 1_000_000 + b'"}', JSON, 413, ""),
    ("C35 half a character as key", rb'{"\ud800": 1}', JSON, 400, "not_utf8"),
]


def test_bodies_that_are_no_object(client: FlaskClient, transaction: UnitOfWork) -> None:
    answers = {
        row: client.post("/api/v1/bookings", data=body, content_type=content_type)
        for row, body, content_type, _, _ in TRANSPORT
    }

    assert {row: (a.status_code, a.get_json().get("reason", "")) for row, a in answers.items()} == {
        row: (status, reason) for row, _, _, status, reason in TRANSPORT
    }
    assert {a.mimetype for a in answers.values()} == {"application/problem+json"}
    with transaction() as session:
        assert stored(session) == NOTHING


WHOLE: list[Row] = [
    (
        "C06 nothing at all",
        dict.fromkeys(BOOKING, MISSING),
        422,
        {(field, "required") for field in BOOKING},
    ),
    ("C23 unknown field", {"status": "confirmed"}, 422, {("status", "unknown")}),
    (
        "C24 keys of the language",
        {"__proto__": 1, "constructor": 1, "_sa_instance_state": {}, "host_id": 2},
        422,
        {(key, "unknown") for key in ("__proto__", "constructor", "_sa_instance_state", "host_id")},
    ),
    ("C72 end", {"end": "2026-11-24T14:00:00+01:00"}, 422, {("end", "unknown")}),
    (
        "every fault at once",
        {"name": "", "email": "a@b", "segment": "Team", "start": "", "notes": 5, "role": "admin"},
        422,
        {
            ("name", "required"),
            ("email", "email"),
            ("segment", "choice"),
            ("start", "required"),
            ("notes", "type"),
            ("role", "unknown"),
        },
    ),
]

NAMES: list[Row] = [
    ("C26 null", {"name": None}, 422, {("name", "required")}),
    ("C27 number", {"name": 5}, 422, {("name", "type")}),
    ("C27 true", {"name": True}, 422, {("name", "type")}),
    ("C28 list", {"name": []}, 422, {("name", "type")}),
    ("C28 object", {"name": {}}, 422, {("name", "type")}),
    ("C29 empty", {"name": ""}, 422, {("name", "required")}),
    ("C29 blanks", {"name": "   "}, 422, {("name", "required")}),
    ("C29 no-break space", {"name": "\u00a0"}, 422, {("name", "required")}),
    ("C29 zero width space", {"name": "\u200b"}, 422, {("name", "hidden_characters")}),
    ("C29 Hangul filler", {"name": "\u3164"}, 422, {("name", "hidden_characters")}),
    ("C29 dashes", {"name": "---"}, 422, {("name", "unreadable")}),
    ("C30 101 characters", {"name": "a" * 101}, 422, {("name", "too_long")}),
    ("C30 100 characters", {"name": "a" * 100}, 201, set()),
    ("C30 100 emoji", {"name": "😀" * 100}, 201, set()),
    ("C32 header", {"name": "Anna\r\nBcc: e@x.de"}, 422, {("name", "control_characters")}),
    ("C33 folded header", {"name": "Anna\n Bcc: e@x.de"}, 422, {("name", "control_characters")}),
    ("C34 NUL", {"name": "A\0"}, 422, {("name", "control_characters")}),
    ("C35 half a character", {"name": "\ud800"}, 422, {("name", "control_characters")}),
    ("C36 right to left", {"name": "\u202egnp.exe"}, 422, {("name", "hidden_characters")}),
    ("C36 isolate", {"name": "A\u2066B"}, 422, {("name", "hidden_characters")}),
    ("C37 script", {"name": "<script>alert(1)</script>"}, 201, set()),
    ("C38 Jinja", {"name": "{{7*7}}"}, 201, set()),
    ("C38 shell", {"name": "${7*7}"}, 201, set()),
    ("C38 percent", {"name": "%(x)s"}, 201, set()),
    ("C38 format", {"name": "{0}"}, 201, set()),
    ("C39 formula", {"name": '=HYPERLINK("x")'}, 201, set()),
    ("C40 O'Brien", {"name": "O'Brien"}, 201, set()),
    ("C40 Müller-Lüdenscheidt", {"name": "Müller-Lüdenscheidt"}, 201, set()),
    ("C40 Nguyễn", {"name": "Nguyễn"}, 201, set()),
    ("C40 李", {"name": "李"}, 201, set()),
    ("C40 عبد الله", {"name": "عبد الله"}, 201, set()),
    ("C40 d'Arc; von", {"name": "d'Arc; von"}, 201, set()),
    ("C40 J", {"name": "J"}, 201, set()),
    ("C41 link", {"name": "Anna http://evil.tld"}, 422, {("name", "link")}),
    ("C41 full-width link", {"name": "ｈｔｔｐ：／／evil"}, 422, {("name", "link")}),
    ("C42 NFD", {"name": "Mu\u0308ller"}, 201, set()),
    ("C43 Zalgo", {"name": "Z" + "\u0300" * 20}, 422, {("name", "stacked_characters")}),
    ("joined emoji", {"name": "👩\u200d💻 Ada"}, 201, set()),
    ("Persian joiner", {"name": "می\u200cخواهم"}, 201, set()),
]

EMAILS: list[Row] = [
    ("C44 missing", {"email": MISSING}, 422, {("email", "required")}),
    ("C44 empty", {"email": ""}, 422, {("email", "required")}),
    ("C44 null", {"email": None}, 422, {("email", "required")}),
    ("C44 number", {"email": 5}, 422, {("email", "type")}),
    *(
        (f"{number} {email}", {"email": email}, 422, {("email", "email")})
        for number, emails in {
            "C45": ["a@b", "a@localhost", "a@127.0.0.1", "a@[127.0.0.1]"],
            "C46": ['"a b"@x.de', "a..b@x.de", ".a@x.de", "a@-x.de", "a@@x.de", "@x.de", "a@"],
            "C48": ["a@x.de,b@x.de", "Foo <a@x.de>", "mailto:a@x.de", "a@x.de b@x.de"],
            "C52": ["a@x.test", "a@x.invalid", "a@x.c"],
        }.items()
        for email in emails
    ),
    ("C47 header", {"email": "a@x.de\r\nBcc:b@x.de"}, 422, {("email", "control_characters")}),
    ("C47 line end", {"email": "a@x.de\n"}, 422, {("email", "control_characters")}),
    ("C47 outer blanks", {"email": " a@x.de "}, 201, set()),
    *(
        (f"C49 {email}", {"email": email}, 422, {("email", "unsupported_local_part")})
        for email in ("jürgen@müller.de", "😀@x.de", "\u0430@x.de", "ａ@x.de")
    ),
    ("C50 a@müller.de", {"email": "a@müller.de"}, 201, set()),
    ("C50 ideographic stop", {"email": "a@x。de"}, 201, set()),
    ("C51 long local part", {"email": "a" * 65 + "@x.de"}, 422, {("email", "too_long")}),
    ("C51 long domain", {"email": "a@" + "b." * 127 + "de"}, 422, {("email", "email")}),
    *(
        (f"C53 {e}", {"email": e}, 201, set())
        for e in ("=c@x.de", "-a@x.de", "a%b@x.de", "a!b@x.de")
    ),
    ("C55 disposable", {"email": "a@mailinator.com"}, 201, set()),
    ("C56 a host's", {"email": "anna@beispiel.example"}, 422, {("email", "own_address")}),
]

SEGMENTS: list[Row] = [
    ("C58 missing", {"segment": MISSING}, 422, {("segment", "required")}),
    *(
        (f"C59 {segment}", {"segment": segment}, 422, {("segment", "choice")})
        for segment in ("Team", "TEAM", "teams", "individual ", 1, ["team"], "")
    ),
    ("C59 null", {"segment": None}, 422, {("segment", "required")}),
    *((f"C60 {n}", {"team_size": n}, 422, {("team_size", "out_of_range")}) for n in (-1, 0, 10**9)),
    *(
        (f"C60 {n}", {"team_size": n}, 422, {("team_size", "whole_number")})
        for n in (1.5, "10", True)
    ),
    *(
        (f"C13 {n}", {"team_size": float(n)}, 422, {("team_size", "whole_number")})
        for n in ("nan", "inf")
    ),
    ("C14 2^63", {"team_size": 2**63}, 422, {("team_size", "out_of_range")}),
    (
        "C61 alone with a team",
        {"segment": "individual", "team_size": 50, "email": ""},
        422,
        {("team_size", "conflict"), ("email", "required")},
    ),
    ("largest team", {"team_size": 100_000}, 201, set()),
]

STARTS: list[Row] = [
    ("C62 missing", {"start": MISSING}, 422, {("start", "required")}),
    ("C62 empty", {"start": ""}, 422, {("start", "required")}),
    ("C62 null", {"start": None}, 422, {("start", "required")}),
    ("C62 number", {"start": 123}, 422, {("start", "type")}),
    *(
        (f"{number} {start}", {"start": start}, 422, {("start", code)})
        for number, code, starts in (
            ("C63", "date_time", ["2026-02-30T10:00:00Z", "2026-11-24T24:00:00Z"]),
            ("C63", "date_time", ["2026-11-24T10:00:60Z", "2026-11-24T10:00Z"]),
            ("C64", "offset_required", ["2026-11-24T10:00", "2026-11-24T10:00:00"]),
            ("C65", "date_time", ["2026-W48-2", "20261124T100000Z", "2026-11-24"]),
            ("C65", "date_time", ["2026-11-24 10:00:00Z", "2026-11-24T10:00:00,5Z"]),
            ("C66", "out_of_range", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]),
            ("C67", "date_time", ["2026-11-24T10:00:00+23:59:59.999999"]),
            ("C68", "date_time", ["٢٠٢٦-١١-٢٤T١٠:٠٠:٠٠Z", "2026-11-24T10:00:00Z\n"]),
            ("lost plus", "date_time", ["2026-11-24T10:00:00 01:00"]),
        )
        for start in starts
    ),
    ("whole fraction", {"start": "2026-11-24T10:00:00.000000000+01:00"}, 201, set()),
    ("lower case", {"start": "2026-11-24t09:00:00z"}, 201, set()),
]

PLACES: list[Row] = [
    *(
        (f"C80 {zone[:20]}", {"time_zone": zone}, 422, {("time_zone", "time_zone")})
        for zone in (
            *("Europe", "", "../../etc/passwd", "A" * 300, "europe/berlin", "UTC+1"),
            *("Factory", "localtime", "posixrules", "Europe/Berlin\0"),
        )
    ),
    ("C80 number", {"time_zone": 1}, 422, {("time_zone", "type")}),
    *(
        (f"C82 {zone}", {"time_zone": zone}, 201, set())
        for zone in ("Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati", "Etc/GMT+12")
    ),
    *((f"C83 {tag}", {"locale": tag}, 201, set()) for tag in ("de", "de-AT", "en")),
    *(
        (f"C83 {tag!r}", {"locale": tag}, 422, {("locale", "locale")})
        for tag in ("xx", "../", "de\n", "", "DE", "de_DE")
    ),
]

OPTIONAL: list[Row] = [
    *(
        (f"C84 {number}", {"phone": number}, 201, set())
        for number in ("+49 (0)170 1234567", "0170-1234567", "０１７０１２３４５６７", "", None)
    ),
    *(
        (f"C84 {number[:20]!r}", {"phone": number}, 422, {("phone", "phone")})
        for number in ("abc", "1" * 60, "tel:+491701234567", "=1+1", "112", "+")
    ),
    ("C85 201 characters", {"company": "a" * 201}, 422, {("company", "too_long")}),
    ("C85 line break", {"company": "a;b,c\nX"}, 422, {("company", "control_characters")}),
    ("C85 link", {"company": "www.firma.de"}, 422, {("company", "link")}),
    ("C86 2001 characters", {"notes": "a" * 2001}, 422, {("notes", "too_long")}),
    ("C86 NUL", {"notes": "a\0"}, 422, {("notes", "control_characters")}),
    ("C86 500 lines", {"notes": "a\r\n" * 500}, 201, set()),
    ("C86 U+2028", {"notes": "a\u2028b"}, 201, set()),
    ("C87 calendar text", {"notes": "BEGIN:VALARM\r\nEND:VALARM"}, 201, set()),
    ("C88 40 links", {"notes": "http://a.de " * 40}, 422, {("notes", "too_many_links")}),
    ("C91 unknown notice", {"notice_version": "x"}, 422, {("notice_version", "unknown")}),
    *(
        (f"C92 {value}", {"marketing_opt_in": value}, 422, {("marketing_opt_in", "type")})
        for value in ("on", 1, "true", None)
    ),
    ("answers", {"answers": {"budget": 5}}, 422, {("answers.budget", "unknown")}),
    ("answers as list", {"answers": []}, 422, {("answers", "type")}),
    ("11 sources", {"source": {str(n): "" for n in range(11)}}, 422, {("source", "too_long")}),
    ("C108 long source", {"source": {"utm": "a" * 201}}, 422, {("source.utm", "too_long")}),
    ("source of a number", {"source": {"utm": 1}}, 422, {("source.utm", "type")}),
    ("C108 script", {"source": {"utm": "<script>"}}, 201, set()),
    ("C110 emoji company", {"company": "🚀🚀"}, 201, set()),
    ("C110 company from right to left", {"company": "شركة"}, 201, set()),
    ("blank company", {"company": " "}, 201, set()),
    ("hold of another alphabet", {"hold": "ä"}, 422, {("hold", "format")}),
    ("hold that never was", {"hold": "A" * 43}, 201, set()),
    ("event type with NUL", {"event_type": "demo\0"}, 422, {("event_type", "control_characters")}),
]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(WHOLE, id="whole"),
        pytest.param(NAMES, id="name"),
        pytest.param(EMAILS, id="email"),
        pytest.param(SEGMENTS, id="segment"),
        pytest.param(STARTS, id="start"),
        pytest.param(PLACES, id="time-zone-and-locale"),
        pytest.param(OPTIONAL, id="optional-fields"),
    ],
)
def test_fields(rows: list[Row], client: FlaskClient, transaction: UnitOfWork) -> None:
    refused = [row for row in rows if row[2] != 201]
    taken = [row for row in rows if row[2] == 201]

    answers = {row: outcome(book(client, **changes)) for row, changes, _, _ in refused}
    with transaction() as session:
        left_behind = stored(session)
    answers |= {row: book_and_cancel(client, changes) for row, changes, _, _ in taken}

    assert answers == {row: (status, errors) for row, _, status, errors in rows}
    assert left_behind == NOTHING


def book_and_cancel(
    client: FlaskClient, changes: dict[str, Any]
) -> tuple[int, set[tuple[str, str]]]:
    # An address of its own: one may be booked with four times a day.
    response = book(client, **{"email": f"{uuid4().hex}@kunde.example"} | changes)
    if response.status_code == 201:
        client.post(f"/api/v1/bookings/{response.get_json()['booking']['token']}/cancel")
    return outcome(response)


def outcome(response: TestResponse) -> tuple[int, set[tuple[str, str]]]:
    return response.status_code, faults(response)


def test_idempotency_keys(client: FlaskClient) -> None:
    keys = {"C78 empty": "", "C78 256": "a" * 256, "C78 umlaut": "ä", "C78 tab": "a\tb"}

    answers = {row: book(client, headers={"Idempotency-Key": key}) for row, key in keys.items()}

    assert {row: outcome(answer) for row, answer in answers.items()} == {
        "C78 empty": (422, {("idempotency_key", "required")}),
        "C78 256": (422, {("idempotency_key", "too_long")}),
        "C78 umlaut": (422, {("idempotency_key", "control_characters")}),
        "C78 tab": (422, {("idempotency_key", "control_characters")}),
    }


def test_methods_and_addresses(client: FlaskClient) -> None:
    token = "A" * 43
    override = {"X-HTTP-Method-Override": "DELETE"}

    answers = {
        "C25 GET": client.get("/api/v1/bookings", query_string=BOOKING),
        "C96 override": client.get("/api/v1/bookings/x", headers=override),
        "C97 number": client.get("/api/v1/bookings/9223372036854775808"),
        "C97 longer": client.get(f"/api/v1/bookings/{10**26}"),
        "C101 42 characters": client.get(f"/api/v1/bookings/{token[:-1]}"),
        "C101 dots": client.get("/api/v1/bookings/%2e%2e"),
        "C101 NUL": client.get("/api/v1/bookings/%00"),
        "NUL as slug": client.get("/api/v1/event-types/%00/slots?segment=team"),
        "half a character as slug": client.get("/api/v1/event-types/%ed%a0%80/slots?segment=team"),
        "unknown route": client.get("/api/v1/nothing"),
        "C106 long query": client.get("/api/v1/event-types?" + "a" * 100_000),
        "C106 large header": client.get("/api/v1/event-types", headers={"X-Filler": "a" * 33_000}),
    }

    assert {row: (a.status_code, a.get_json()["code"]) for row, a in answers.items()} == {
        "C25 GET": (405, "method_not_allowed"),
        "C96 override": (404, "not_found"),
        "C97 number": (404, "not_found"),
        "C97 longer": (404, "not_found"),
        "C101 42 characters": (404, "not_found"),
        "C101 dots": (404, "not_found"),
        "C101 NUL": (404, "not_found"),
        "NUL as slug": (404, "not_found"),
        "half a character as slug": (404, "not_found"),
        "unknown route": (404, "not_found"),
        "C106 long query": (414, "query_too_long"),
        "C106 large header": (431, "headers_too_large"),
    }
    assert set(answers["C25 GET"].allow) == {"OPTIONS", "POST"}


def test_changes_of_a_booking(client: FlaskClient) -> None:
    token = book(client).get_json()["booking"]["token"]
    cancel, move = (f"/api/v1/bookings/{token}/{verb}" for verb in ("cancel", "reschedule"))

    answers = {
        "move without a body": client.post(move),
        "move to nowhere": client.post(move, json={}),
        "move with more": client.post(move, json={"start": "x", "segment": "team"}),
        "C102 long reason": client.post(cancel, json={"reason": "a" * 5000}),
        "reason of a number": client.post(cancel, json={"reason": 5}),
        "cancel with text": client.post(cancel, data="x", content_type="text/plain"),
        "C102 HTML": client.post(cancel, json={"reason": "<b>krank</b>"}),
    }

    assert {row: outcome(answer) for row, answer in answers.items()} == {
        "move without a body": (415, set()),
        "move to nowhere": (422, {("start", "required")}),
        "move with more": (422, {("start", "date_time"), ("segment", "unknown")}),
        "C102 long reason": (422, {("reason", "too_long")}),
        "reason of a number": (422, {("reason", "type")}),
        "cancel with text": (415, set()),
        "C102 HTML": (200, set()),
    }


def test_slot_of_somebody_else(client: FlaskClient, transaction: UnitOfWork) -> None:
    """C71: what another event type's host offers is not offered here."""
    with transaction() as session:
        early = make_staff(session, hours=[(1, "06:00", "07:00")])
        make_event_type(session, hosts=[early], slug="early")

    response = book(client, start="2026-11-24T06:00:00+01:00")

    assert (response.status_code, response.get_json()["code"]) == (409, "slot_not_offered")


def test_messages_are_told_in_the_language_asked_for(client: FlaskClient) -> None:
    english = book(client, name="", headers={"Accept-Language": "en-GB,en;q=0.9"}).get_json()

    assert english["errors"] == [
        {"field": "name", "code": "required", "message": "Please fill in this field."}
    ]
    assert english["title"] == "Please check what you have entered."


def test_many_unknown_fields_do_not_swell_the_answer(client: FlaskClient) -> None:
    response = book(client, **{f"field{number}": 1 for number in range(3000)})

    assert (response.status_code, len(response.get_json()["errors"])) == (422, 100)
