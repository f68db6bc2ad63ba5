"""What must fit together: references, doubles, languages, absences in their zone."""

from pathlib import Path

import pytest

from tests.unit.setup_file.documents import EVENT_TYPE, ORGANISATION, STAFF, faults_in, knowing


def test_staff_named_twice_is_a_fault_whatever_the_case(tmp_path: Path) -> None:
    other = STAFF.replace("anna@beispiel", "Anna@BEISPIEL")

    faults = faults_in(tmp_path, ORGANISATION, STAFF, other)

    assert faults == ['staff[1].email = "Anna@BEISPIEL.example": stands in this file twice']


def test_slug_named_twice_is_a_fault(tmp_path: Path) -> None:
    faults = faults_in(tmp_path, ORGANISATION, STAFF, EVENT_TYPE, EVENT_TYPE)

    assert faults == ['event_types[1].slug = "demo": stands in this file twice']


def test_segment_that_nobody_serves_is_a_fault(tmp_path: Path) -> None:
    pool = """
    [[event_types]]
    slug = "demo"
    title = { de = "Demo" }
    hosts = [{ email = "a@b.example", segments = ["team"] }]
    """

    assert faults_in(tmp_path, pool, stored=knowing("a@b.example")) == [
        'event_types[0].hosts: has nobody for segment "individual", which is offered'
    ]


def test_pool_without_hosts_is_a_fault(tmp_path: Path) -> None:
    pool = '[[event_types]]\nslug = "demo"\ntitle = { de = "Demo" }\nhosts = []\n'

    faults = faults_in(tmp_path, ORGANISATION, pool)

    assert faults == ["event_types[0].hosts: must hold at least 1 entry"]


def test_language_that_is_not_there_is_named_by_its_key(tmp_path: Path) -> None:
    title = EVENT_TYPE.replace("title = {", 'title = { xx = "x",')

    assert [
        fault.partition(":")[0] for fault in faults_in(tmp_path, ORGANISATION, STAFF, title)
    ] == ["event_types[0].title.xx"]


def test_host_may_be_known_from_an_earlier_file(tmp_path: Path) -> None:
    assert faults_in(tmp_path, EVENT_TYPE, stored=knowing("anna@beispiel.example")) == []
    assert faults_in(tmp_path, EVENT_TYPE, stored=knowing()) == [
        (
            'event_types[0].hosts[0].email = "anna@beispiel.example":'
            " is no staff member of this file or of the database"
        )
    ]


def test_host_whose_own_entry_is_faulty_is_known(tmp_path: Path) -> None:
    faulty = STAFF.replace("Europe/Berlin", "Berlin")

    faults = faults_in(tmp_path, ORGANISATION, faulty, EVENT_TYPE)

    assert faults == [
        'staff[0].time_zone = "Berlin": must be an IANA time zone such as "Europe/Berlin"'
    ]


@pytest.mark.parametrize(
    ("hosts", "faults"),
    [
        ('{ email = "a@b.example", segments = ["team"] }', []),
        ('{ email = "a@b.example" }', [('email = "a@b.example": stands in this pool twice'
         ' for segment "individual"')]),
    ],
)  # fmt: skip
def test_host_stands_in_a_pool_once(tmp_path: Path, hosts: str, faults: list[str]) -> None:
    pool = f"""
    [[event_types]]
    slug = "demo"
    title = {{ de = "Demo" }}
    hosts = [{{ email = "a@b.example", segments = ["individual"], weight = 2 }}, {hosts}]
    """

    found = faults_in(tmp_path, pool, stored=knowing("a@b.example"))

    assert found == [f"event_types[0].hosts[1].{fault}" for fault in faults]


def test_text_without_the_organisations_language_is_a_fault(tmp_path: Path) -> None:
    notice = '[organisation.notice]\nversion = "1"\nen = "We use your data."'
    english = EVENT_TYPE.replace("de =", "en =") + 'agenda = [{ en = "Live" }]'

    assert faults_in(tmp_path, ORGANISATION, notice, STAFF, english) == [
        "organisation.notice.de: is missing: the organisation's language",
        "event_types[0].title.de: is missing: the organisation's language",
        "event_types[0].agenda[0].de: is missing: the organisation's language",
    ]
    assert faults_in(
        tmp_path, english, stored=knowing("anna@beispiel.example", locale="en")
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "is_right"),
    [
        ("2026-12-29T00:00:00", "2027-01-02T00:00:00", True),
        ("2026-12-29T00:00:00", "2026-12-29T00:00:00", False),
        ("2026-12-29T00:00:01", "2026-12-29T00:00:00", False),
        # The night of the change to summer time: 02:00 to 03:00 does not exist.
        ("2027-03-28T02:00:00", "2027-03-28T03:00:00", False),
        ("2027-03-28T02:00:00", "2027-03-28T04:00:00", True),
    ],
)
def test_absence_must_last(tmp_path: Path, start: str, end: str, *, is_right: bool) -> None:
    absent = f"{STAFF}time_off = [{{ from = {start}, to = {end} }}]"

    faults = faults_in(tmp_path, ORGANISATION, absent)

    assert faults == [
        (
            f"staff[0].time_off[0].to = {end}: must be later than from"
            " (what a change of the clocks skips has no length)"
        )
    ] * (not is_right)


def test_questions_fit_their_event_type(tmp_path: Path) -> None:
    questions = """
    segments = ["team"]
    [[event_types.questions]]
    key = "crm"
    label = { en = "CRM?" }
    kind = "choice"
    segments = ["individual", "team"]
    options = [{ value = "a", label = { de = "A" } }, { value = "a", label = { en = "A" } }]
    [[event_types.questions]]
    key = "crm"
    label = { de = "CRM?" }
    kind = "text"
    """
    at = "event_types[0].questions"

    assert faults_in(tmp_path, EVENT_TYPE, questions, stored=knowing("anna@beispiel.example")) == [
        f'{at}[1].key = "crm": stands in this file twice',
        f'{at}[0].options[1].value = "a": stands in this file twice',
        f'{at}[0].segments[0] = "individual": is no segment of this event type',
        f"{at}[0].label.de: is missing: the organisation's language",
        f"{at}[0].options[1].label.de: is missing: the organisation's language",
    ]


def test_key_may_be_that_of_another_event_type(tmp_path: Path) -> None:
    demo = EVENT_TYPE + 'questions = [{ key = "q", label = { de = "?" }, kind = "text" }]\n'
    other = demo.replace('"demo"', '"other"')

    assert faults_in(tmp_path, demo, other, stored=knowing("anna@beispiel.example")) == []


def test_rules_of_segments_fit_their_event_type(tmp_path: Path) -> None:
    rules = """
    segments = ["team"]
    segment_rules = [
      { segment = "team", max_per_day = -1 },
      { segment = "individual", hours = [] },
      { segment = "team", reminders_minutes_before = [60, 60], horizon_days = 3 },
    ]
    """
    at = "event_types[0].segment_rules"

    assert faults_in(tmp_path, EVENT_TYPE, rules, stored=knowing("anna@beispiel.example")) == [
        f"{at}[0].max_per_day = -1: must be at least 0",
        f"{at}[1].hours: must hold at least 1 entry",
        f"{at}[2].reminders_minutes_before: names the same number twice",
        f"{at}[2].horizon_days = 3: is not a known key",
        f'{at}[2].segment = "team": stands in this file twice',
        f'{at}[1].segment = "individual": is no segment of this event type',
    ]
