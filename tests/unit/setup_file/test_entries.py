"""Single tables: what their values may be, and what is worked out of them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from booking.segment import Segment
from booking.setup_file.event_type_entry import RESERVED_SLUGS
from booking.setup_file.staff_entry import StaffEntry
from booking.time_zone import instant_of
from tests.factories import make_question
from tests.unit.setup_file.documents import (
    EVENT_TYPE,
    ORGANISATION,
    STAFF,
    faults_in,
    knowing,
    read,
)

ANNA = knowing("anna@beispiel.example")


def staff(folder: Path, extra: str, *, time_zone: str = "Europe/Berlin") -> StaffEntry:
    """Return a staff member with ``extra`` lines."""
    text = STAFF.replace("Europe/Berlin", time_zone) + extra
    return read(folder, text, stored=ANNA).staff[0]


@pytest.mark.parametrize(
    ("windows", "united"),
    [
        ([("09:00", "12:00"), ("13:00", "17:00")], [(540, 720), (780, 1020)]),
        ([("12:00", "17:00"), ("09:00", "12:00")], [(540, 1020)]),
        ([("09:00", "13:00"), ("12:00", "17:00")], [(540, 1020)]),
        ([("09:00", "24:00")], [(540, 1440)]),
        ([("00:00", "24:00")], [(0, 1440)]),
        ([("22:00", "02:00")], [(1320, 1560)]),
        ([("22:00", "00:00")], [(1320, 1440)]),
        ([("20:00", "24:00"), ("22:00", "02:00")], [(1200, 1560)]),
        ([("00:01", "00:00")], [(1, 1440)]),
    ],
)
def test_windows_of_a_day_are_united(
    tmp_path: Path, windows: list[tuple[str, str]], united: list[tuple[int, int]]
) -> None:
    rows = ", ".join(
        f'{{ days = ["tue"], from = "{start}", to = "{end}" }}' for start, end in windows
    )

    entry = staff(tmp_path, f"working_hours = [{rows}]")

    assert entry.weekly_windows() == [(1, start, end) for start, end in united]


def test_windows_of_two_days_stay_two(tmp_path: Path) -> None:
    entry = staff(
        tmp_path,
        """working_hours = [
            { days = ["sun"], from = "22:00", to = "02:00" },
            { days = ["mon", "mon"], from = "00:00", to = "09:00" },
        ]""",
    )

    assert entry.weekly_windows() == [(0, 0, 540), (6, 1320, 1560)]


def test_dates_and_windows_are_limited(tmp_path: Path) -> None:
    window = '{ from = "09:00", to = "10:00" }'
    weekly = '{ days = ["mon", "tue"], from = "09:00", to = "10:00" }'
    dates = [date(2026, 1, 1) + timedelta(days) for days in range(401)]
    overrides = [f"{{ date = {on}, hours = [] }}" for on in dates]
    at_most = f"""
        working_hours = [{", ".join([weekly] * 10)}]
        date_overrides = [{", ".join(overrides[:399])},
                          {{ date = 2030-01-01, hours = [{", ".join([window] * 10)}] }}]"""

    assert len(staff(tmp_path, at_most).date_overrides) == 400
    beyond = f"""
        working_hours = [{", ".join([weekly] * 11)}]
        date_overrides = [{{ date = 2030-01-01, hours = [{", ".join([window] * 11)}] }}]"""
    assert faults_in(tmp_path, STAFF + beyond, stored=ANNA) == [
        'staff[0].working_hours: must hold at most 10 windows a day, not 11 of "mon"',
        "staff[0].date_overrides[0].hours: must hold at most 10 entries",
    ]
    too_many = f"date_overrides = [{', '.join(overrides)}]"
    assert faults_in(tmp_path, STAFF + too_many, stored=ANNA) == [
        "staff[0].date_overrides: must hold at most 400 entries"
    ]


def test_overrides_are_united_or_closed(tmp_path: Path) -> None:
    entry = staff(
        tmp_path,
        """date_overrides = [
            { date = 2026-12-24, hours = [] },
            { date = 2026-12-28, hours = [{ from = "11:00", to = "12:00" },
                                          { from = "10:00", to = "11:00" }] },
        ]""",
    )

    assert entry.overriding_windows() == [
        (date(2026, 12, 24), []),
        (date(2026, 12, 28), [[600, 720]]),
    ]


def test_absences_are_local_to_the_staff_member(tmp_path: Path) -> None:
    absence = "time_off = [{ from = 2026-12-29T00:00:00, to = 2026-12-30T12:30:00, note = 'X' }]"

    entry = staff(tmp_path, absence, time_zone="America/New_York")

    assert entry.absences() == [
        (
            datetime(2026, 12, 29, 5, 0, tzinfo=UTC),
            datetime(2026, 12, 30, 17, 30, tzinfo=UTC),
            "X",
        )
    ]


@pytest.mark.parametrize(
    ("local", "zone", "instant"),
    [
        # Skipped: read with the offset before the gap, UTC+1.
        ("2027-03-28T02:30", "Europe/Berlin", "2027-03-28T01:30Z"),
        # Twice: the first one, still in summer time.
        ("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30Z"),
        # The change falls on midnight.
        ("2026-04-24T00:30", "Africa/Cairo", "2026-04-23T22:30Z"),
        # Half an hour.
        ("2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:45Z"),
    ],
)
def test_wall_time_at_a_change_of_clocks(local: str, zone: str, instant: str) -> None:
    found = instant_of(datetime.fromisoformat(local), zone=zone)

    assert found == datetime.fromisoformat(instant)


def test_years_are_those_that_the_console_takes(tmp_path: Path) -> None:
    between = "must lie between the years 2000 and 2999"
    at_the_ends = """
        date_overrides = [{ date = 2000-01-01, hours = [] }, { date = 2999-12-31, hours = [] }]
        time_off = [{ from = 2000-01-01T00:00:00, to = 2999-12-31T23:59:00 }]
        busy = [{ from = 2000-01-01T00:00:00Z, to = 2999-12-31T23:59:59Z }]"""
    beyond = """
        date_overrides = [{ date = 1999-12-31, hours = [] }, { date = 3000-01-01, hours = [] }]
        time_off = [{ from = 0202-12-28T00:00:00, to = 9999-12-31T23:59:59 }]
        busy = [{ from = 2000-01-01T00:00:00+01:00, to = 2999-12-31T23:59:59-01:00 }]"""
    closed = "closing_days = [{ date = 0001-01-01 }]"

    assert len(staff(tmp_path, at_the_ends).date_overrides) == 2
    assert faults_in(tmp_path, ORGANISATION, closed, STAFF, beyond) == [
        f"organisation.closing_days[0].date = 0001-01-01: {between}",
        f"staff[0].date_overrides[0].date = 1999-12-31: {between}",
        f"staff[0].date_overrides[1].date = 3000-01-01: {between}",
        f"staff[0].time_off[0].from = 0202-12-28T00:00:00: {between}",
        f"staff[0].time_off[0].to = 9999-12-31T23:59:59: {between}",
        f"staff[0].busy[0].from = 2000-01-01T00:00:00+01:00: {between}",
        f"staff[0].busy[0].to = 2999-12-31T23:59:59-01:00: {between}",
    ]


def test_busy_times_are_instants(tmp_path: Path) -> None:
    busy = "busy = [{ from = 2026-12-10T10:00:00+01:00, to = 2026-12-10T10:00:00Z }]"

    entry = staff(tmp_path, busy)

    assert entry.busy_times() == [
        (datetime(2026, 12, 10, 9, 0, tzinfo=UTC), datetime(2026, 12, 10, 10, 0, tzinfo=UTC))
    ]


@pytest.mark.parametrize(
    ("origin", "understood"),
    [
        ("https://www.example.com", "https://www.example.com"),
        ("HTTPS://WWW.Example.com", "https://www.example.com"),
        ("https://example.com:8443", "https://example.com:8443"),
        ("https://example.com:443", "https://example.com"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]", "http://[::1]"),
    ],
)
def test_origins_are_written_as_browsers_do(tmp_path: Path, origin: str, understood: str) -> None:
    setup = read(tmp_path, ORGANISATION + f'embed_origins = ["{origin}"]')

    assert setup.organisation is not None
    assert setup.organisation.embed_origins == [understood]


@pytest.mark.parametrize(
    "origin",
    [
        *("", "*", "null", "https://", "https://*.example.com", "https://*", "example.com"),
        *("https://example.com/", "https://example.com/demo", "https://example.com?x"),
        *("https://example.com:*", "https://example.com:0", "https://example.com:65536"),
        *("http://example.com", "http://localhost.example.com", "https://a@example.com"),
        *("https://müller.example", "https://a.example https://b.example", "https://a..example"),
        *("https://a.example; script-src *", "https://a.example\\n", "data:https://a.example"),
    ],
)
def test_what_is_no_origin_is_refused(tmp_path: Path, origin: str) -> None:
    faults = faults_in(tmp_path, ORGANISATION + f'embed_origins = ["{origin}"]')

    assert [fault.partition(" =")[0] for fault in faults] == ["organisation.embed_origins[0]"]


def test_agenda_has_at_most_five_items(tmp_path: Path) -> None:
    items = ", ".join(['{ de = "Live" }'] * 6)
    event_type = EVENT_TYPE.replace("hosts", f"agenda = [{items}]\nhosts")

    faults = [fault.rpartition(": ")[2] for fault in faults_in(tmp_path, event_type, stored=ANNA)]

    assert faults == ["must hold at most 5 entries"]


@pytest.mark.parametrize(
    ("rules", "faults"),
    [
        ("slot_interval_minutes = 5\nhorizon_days = 138\nhold_minutes = 60", []),
        ("slot_interval_minutes = 4", ["slot_interval_minutes = 4: must be at least 5"]),
        ("hold_minutes = 61", ["hold_minutes = 61: must be at most 60"]),
        (
            "slot_interval_minutes = 5\nhorizon_days = 139",
            ["horizon_days = 139: must be at most 138 with this slot_interval_minutes"],
        ),
        ("horizon_days = 730", []),
    ],
)
def test_rules_offer_no_more_starts_than_a_page_can_look_at(
    tmp_path: Path, rules: str, faults: list[str]
) -> None:
    event_type = EVENT_TYPE.replace("hosts", f"{rules}\nhosts")

    assert faults_in(tmp_path, event_type, stored=ANNA) == [
        f"event_types[0].{fault}" for fault in faults
    ]


def test_addresses_are_compared_without_case(tmp_path: Path) -> None:
    text = STAFF.replace("anna@beispiel.example", "Anna@Müller.Example")

    setup = read(tmp_path, text, stored=ANNA)

    assert setup.staff[0].email == "anna@xn--mller-kva.example"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('name = ""', "must not be empty"),
        ('name = "Anna\\u202e"', "holds characters that cannot be seen"),
        ('name = "Anna\\nBcc: e@x.example"', "holds control characters"),
        ('name = "Anna www.x.example"', "must not hold a link"),
        (f'name = "{"A" * 101}"', "must have at most 100 characters"),
    ],
)
def test_name_that_no_mail_should_carry_is_a_fault(tmp_path: Path, line: str, problem: str) -> None:
    text = STAFF.replace('name = "Anna Müller"', line)

    faults = faults_in(tmp_path, text, stored=ANNA)

    assert [fault.rpartition(": ")[2] for fault in faults] == [problem]


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://meet.example/anna/{meeting}", None),
        ("https://meet.example/?room={meeting}", None),
        ("http://intranet/anna", None),
        ("", None),
        ("https://{meeting}.example/", "must not hold {meeting} in its host name"),
        ("https://meet.example/{room}", "knows only {meeting} as something to be filled in"),
        ("meet.example", "must be an address that begins with https:// (or http://)"),
        ("https://anna:pw@meet.example/", "must be an address that begins with https:// (or http://)"),
        ("https://meet.example/a b", "must be an address that begins with https:// (or http://)"),
        ("https://[::1", "must be an address that begins with https:// (or http://)"),
        ("https://meet.example:99999/", "must be an address that begins with https:// (or http://)"),
    ],
)  # fmt: skip
def test_meeting_url(tmp_path: Path, url: str, problem: str | None) -> None:
    faults = faults_in(tmp_path, f'{STAFF}meeting_url = "{url}"', stored=ANNA)

    assert faults == ([f'staff[0].meeting_url = "{url}": {problem}'] if problem else [])


def test_imprint_takes_no_placeholder(tmp_path: Path) -> None:
    text = ORGANISATION.replace("example/impressum", "example/{meeting}")

    assert faults_in(tmp_path, text) == [
        'organisation.imprint_url = "https://beispiel.example/{meeting}": must not hold { or }'
    ]


@pytest.mark.parametrize(
    ("slug", "is_right"),
    [
        *((slug, False) for slug in sorted(RESERVED_SLUGS)),
        *((slug, False) for slug in ("", "Demo", "dé", "a b", "-a", "a-", "a/b", "a" * 61)),
        *((slug, True) for slug in ("demo", "demo-2", "a--b", "2", "a" * 60)),
    ],
)
def test_slug(tmp_path: Path, slug: str, *, is_right: bool) -> None:
    faults = faults_in(tmp_path, EVENT_TYPE.replace('"demo"', f'"{slug}"'), stored=ANNA)

    assert (faults == []) == is_right


@pytest.mark.parametrize(
    ("location", "problem"),
    [
        ('kind = "video"', None),
        ('kind = "video", url = "https://meet.example/{meeting}"', None),
        ('kind = "phone"', None),
        ('kind = "address", url = "Musterweg 1, 10115 Berlin"', None),
        ('kind = "address"', 'url = "": must say the address to come to'),
        ('kind = "video", url = "Zoom"', ('url = "Zoom": must be an address that begins with'
         " https:// (or http://)")),
        ('kind = "fax"', "kind = \"fax\": must be 'video', 'phone' or 'address'"),
    ],
)  # fmt: skip
def test_location(tmp_path: Path, location: str, problem: str | None) -> None:
    text = f"{EVENT_TYPE}location = {{ {location} }}"

    faults = faults_in(tmp_path, text, stored=ANNA)

    assert faults == ([f"event_types[0].location.{problem}"] if problem else [])


def test_reminder_named_twice_is_a_fault(tmp_path: Path) -> None:
    text = f"{EVENT_TYPE}reminders_minutes_before = [60, 60]"

    assert faults_in(tmp_path, text, stored=ANNA) == [
        "event_types[0].reminders_minutes_before: names the same number twice"
    ]


def test_pool_of_a_host_without_segments_is_the_event_types(tmp_path: Path) -> None:
    event_type = read(tmp_path, f'{EVENT_TYPE}segments = ["team"]', stored=ANNA).event_types[0]

    assert event_type.pool() == {("anna@beispiel.example", Segment.TEAM): 1}
    assert event_type.offered_segments() == ["team"]


def test_notice_of_a_known_version_keeps_its_text(tmp_path: Path) -> None:
    notice = '[organisation.notice]\nversion = "1"\nde = "Wir nutzen Ihre Angaben."'
    same = knowing(notices={"1": {"de": "Wir nutzen Ihre Angaben."}})
    other = knowing(notices={"1": {"de": "Anders."}})

    assert faults_in(tmp_path, ORGANISATION, notice, stored=same) == []
    assert faults_in(tmp_path, ORGANISATION, notice, stored=other) == [
        (
            'organisation.notice: version "1" was loaded earlier with another text;'
            " give the new text a new version"
        )
    ]


def test_question_is_stored_with_the_segments_that_it_is_asked(tmp_path: Path) -> None:
    questions = """
    [[event_types.questions]]
    key = "crm_2"
    label = { de = " CRM? ", en = "CRM?" }
    kind = "choice"
    required = true
    segments = ["team", "team"]
    options = [{ value = "a", label = { de = "A" } }, { value = "b", label = { de = "B" } }]
    [[event_types.questions]]
    key = "seats"
    label = { de = "Plätze?" }
    kind = "number"
    segments = ["team", "individual"]
    [[event_types.questions]]
    key = "wish"
    label = { de = "Wunsch?" }
    kind = "text"
    """

    event_type = read(tmp_path, EVENT_TYPE, questions, stored=ANNA).event_types[0]

    both = ["individual", "team"]
    assert event_type.stored_questions() == [
        {
            "key": "crm_2",
            "label": {"de": "CRM?", "en": "CRM?"},
            "kind": "choice",
            "required": True,
            "segments": ["team"],
            "options": [
                {"value": "a", "label": {"de": "A"}},
                {"value": "b", "label": {"de": "B"}},
            ],
        },
        make_question("seats", label={"de": "Plätze?"}, kind="number", segments=both),
        make_question("wish", label={"de": "Wunsch?"}, segments=both),
    ]


def test_question_for_all_is_asked_what_the_event_type_offers(tmp_path: Path) -> None:
    question = 'questions = [{ key = "wish", label = { de = "Wunsch?" }, kind = "text" }]'
    text = f'{EVENT_TYPE}segments = ["team"]\n{question}'

    event_type = read(tmp_path, text, stored=ANNA).event_types[0]

    assert [question["segments"] for question in event_type.stored_questions()] == [["team"]]


@pytest.mark.parametrize(
    ("key", "is_right"),
    [
        *((key, False) for key in ("", "CRM", "größe", "a b", "a-b", "a.b", "a" * 41)),
        *((key, True) for key in ("crm", "crm_2", "_", "2", "a" * 40)),
    ],
)
def test_key_of_a_question(tmp_path: Path, key: str, *, is_right: bool) -> None:
    question = f'{{ key = "{key}", label = {{ de = "?" }}, kind = "text" }}'

    faults = faults_in(tmp_path, f"{EVENT_TYPE}questions = [{question}]", stored=ANNA)

    assert (faults == []) == is_right


OPTION = '{ value = "a", label = { de = "A" } }'


@pytest.mark.parametrize(
    ("kind", "options", "problem"),
    [
        ("choice", [OPTION, OPTION.replace('"a"', '"b"')], None),
        ("choice", [OPTION], 'must hold at least two options: kind is "choice"'),
        ("choice", [], 'must hold at least two options: kind is "choice"'),
        ("text", [OPTION], 'must be empty: only kind "choice" has options'),
        ("number", [OPTION], 'must be empty: only kind "choice" has options'),
    ],
)
def test_options_go_with_choices_alone(
    tmp_path: Path, kind: str, options: list[str], problem: str | None
) -> None:
    listed = ", ".join(options)
    question = f'{{ key = "q", label = {{ de = "?" }}, kind = "{kind}", options = [{listed}] }}'

    faults = faults_in(tmp_path, f"{EVENT_TYPE}questions = [{question}]", stored=ANNA)

    assert faults == ([f"event_types[0].questions[0].options: {problem}"] if problem else [])


def test_eleven_questions_are_a_fault(tmp_path: Path) -> None:
    questions = ", ".join(
        f'{{ key = "q{number}", label = {{ de = "?" }}, kind = "text" }}' for number in range(11)
    )

    assert faults_in(tmp_path, f"{EVENT_TYPE}questions = [{questions}]", stored=ANNA) == [
        "event_types[0].questions: must hold at most 10 entries"
    ]
