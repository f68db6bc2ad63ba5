"""A setup file in the database: what is stored, what is kept, and that nothing is done twice."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from booking.accounts.models import Password, StaffSession
from booking.accounts.sessions import open_session
from booking.db import db, run_in_transaction
from booking.event_types.models import EventType, LocationKind, PoolMember, SegmentRule
from booking.history import HistoryEntry
from booking.organisation.models import Organisation, PrivacyNotice
from booking.segment import Segment
from booking.setup_file.faults import SetupFileError
from booking.setup_file.load import load_setup
from booking.staff.models import BusyTime, DateOverride, Role, Staff, TimeOff, WeeklyHours
from tests.factories import NOW, make_staff
from tests.fixtures.application import UnitOfWork
from tests.statements import statements_on

LATER = NOW + timedelta(days=3)

ORGANISATION = """
[organisation]
name = "Beispiel KI GmbH"
time_zone = "Europe/Berlin"
locale = "de"
contact_email = "kontakt@beispiel.example"
imprint_url = "https://beispiel.example/impressum"
privacy_url = "https://beispiel.example/datenschutz"
imprint_text = "Beispiel KI GmbH · Musterweg 1 · 10115 Berlin"
notice = { version = "1", de = "Wir nutzen Ihre Angaben." }
"""
ANNA = """
[[staff]]
email = "Anna@beispiel.example"
name = "Anna Müller"
role = "manager"
time_zone = "Europe/Berlin"
meeting_url = "https://meet.example/{meeting}"
working_hours = [
  { days = ["fri", "mon"], from = "13:00", to = "17:00" },
  { days = ["mon"], from = "09:00", to = "12:00" },
]
date_overrides = [
  { date = 2026-12-24, hours = [] },
  { date = 2026-12-28, hours = [{ from = "22:00", to = "02:00" }] },
]
time_off = [{ from = 2026-12-29T00:00:00, to = 2027-01-02T00:00:00, note = "Urlaub" }]
busy = [{ from = 2026-12-10T10:00:00+01:00, to = 2026-12-10T11:00:00+01:00 }]
"""
BEN = """
[[staff]]
email = "ben@beispiel.example"
name = "Ben Weiß"
time_zone = "Europe/Lisbon"
"""
DEMO = """
[[event_types]]
slug = "demo"
title = { de = "Produktdemo", en = "Product demo" }
description = { de = "Live." }
agenda = [{ de = "Ihre Fragen", en = "Your questions" }, { de = "Der Preis" }]
location = { kind = "address", url = "Musterweg 1" }
reminders_minutes_before = []
hosts = [
  { email = "anna@beispiel.example", weight = 2 },
  { email = "ben@beispiel.example", segments = ["team"] },
]
"""
WHOLE = (ORGANISATION, ANNA, BEN, DEMO)

Load = Callable[..., list[str]]


@pytest.fixture
def load(transaction: UnitOfWork, tmp_path: Path) -> Load:
    """Load a file of the parts given, as the command does; return the changes as it prints them."""

    def load_parts(*parts: str, now: datetime = NOW) -> list[str]:
        path = tmp_path / "setup.toml"
        path.write_text("\n".join(parts), encoding="utf-8")
        with transaction() as session:
            return [str(change) for change in load_setup(path, now=now, session=session)]

    return load_parts


def everything(session: Session) -> dict[str, list[Any]]:
    """Return every row of every table."""
    return {
        table.name: sorted(session.execute(select(table)).all(), key=repr)
        for table in db.metadata.sorted_tables
    }


def values(row: object, *names: str) -> tuple[Any, ...]:
    """Return some columns of a row."""
    return tuple(getattr(row, name) for name in names)


def rows(session: Session, table: type[Any], *names: str) -> list[tuple[Any, ...]]:
    """Return some columns of all rows, in the order in which they were stored."""
    return [values(row, *names) for row in session.scalars(select(table).order_by(table.id))]


def test_load_stores_the_organisation(load: Load, transaction: UnitOfWork) -> None:
    load(*WHOLE)

    with transaction() as session:
        organisation = session.get_one(Organisation, 1)
        notice = session.get_one(PrivacyNotice, "1")
        assert values(organisation, "name", "time_zone", "locale", "accent", "logo") == (
            "Beispiel KI GmbH",
            "Europe/Berlin",
            "de",
            "#0b5fff",
            None,
        )
        assert values(organisation, "notice_version", "created_at", "updated_at") == ("1", NOW, NOW)
        assert values(notice, "texts", "valid_from") == ({"de": "Wir nutzen Ihre Angaben."}, NOW)


def test_load_stores_staff_and_hours(load: Load, transaction: UnitOfWork) -> None:
    load(*WHOLE)

    with transaction() as session:
        assert rows(session, Staff, "email", "name", "role", "time_zone", "meeting_url") == [
            (
                "anna@beispiel.example",
                "Anna Müller",
                Role.MANAGER,
                "Europe/Berlin",
                "https://meet.example/{meeting}",
            ),
            ("ben@beispiel.example", "Ben Weiß", Role.HOST, "Europe/Lisbon", None),
        ]
        assert rows(session, WeeklyHours, "weekday", "from_minute", "to_minute") == [
            (0, 540, 720),
            (0, 780, 1020),
            (4, 780, 1020),
        ]
        assert rows(session, DateOverride, "local_date", "windows") == [
            (date(2026, 12, 24), []),
            (date(2026, 12, 28), [[1320, 1560]]),
        ]
        assert rows(session, TimeOff, "starts_at", "ends_at", "note") == [
            (
                datetime(2026, 12, 28, 23, 0, tzinfo=UTC),
                datetime(2027, 1, 1, 23, 0, tzinfo=UTC),
                "Urlaub",
            )
        ]
        assert rows(session, BusyTime, "starts_at", "ends_at", "source") == [
            (
                datetime(2026, 12, 10, 9, 0, tzinfo=UTC),
                datetime(2026, 12, 10, 10, 0, tzinfo=UTC),
                "setup",
            )
        ]


def test_load_stores_event_types_and_pools(load: Load, transaction: UnitOfWork) -> None:
    load(*WHOLE)

    with transaction() as session:
        demo = session.scalars(select(EventType)).one()
        assert values(demo, "slug", "title", "segments", "reminders_minutes_before") == (
            "demo",
            {"de": "Produktdemo", "en": "Product demo"},
            ["individual", "team"],
            [],
        )
        assert demo.agenda == [{"de": "Ihre Fragen", "en": "Your questions"}, {"de": "Der Preis"}]
        assert values(demo, "location_kind", "location_url") == (
            LocationKind.ADDRESS,
            "Musterweg 1",
        )
        assert pool(session) == {
            ("anna@beispiel.example", Segment.INDIVIDUAL): (2, NOW),
            ("anna@beispiel.example", Segment.TEAM): (2, NOW),
            ("ben@beispiel.example", Segment.TEAM): (1, NOW),
        }


def pool(session: Session) -> dict[tuple[str, Segment], tuple[int, datetime]]:
    """Return weight and day of joining by host and segment."""
    members = session.execute(
        select(Staff.email, PoolMember).join(PoolMember, PoolMember.host_id == Staff.id)
    )
    return {(email, member.segment): (member.weight, member.joined_at) for email, member in members}


def test_who_may_embed_is_stored_and_taken_away_again(load: Load, transaction: UnitOfWork) -> None:
    load(*WHOLE)
    listed = ORGANISATION + 'embed_origins = ["https://www.beispiel.example"]\n'

    changes = [load(listed), load(listed), load(ORGANISATION)]

    assert changes == [["organisation: embed_origins"], [], ["organisation: embed_origins"]]
    with transaction() as session:
        assert session.scalars(select(Organisation)).one().embed_origins == []


def test_load_tells_what_is_new(load: Load) -> None:
    assert load(*WHOLE) == [
        "organisation: added",
        "staff anna@beispiel.example: added",
        "staff ben@beispiel.example: added",
        "event type demo: added",
    ]


def test_loading_twice_changes_nothing(load: Load, transaction: UnitOfWork) -> None:
    load(*WHOLE)
    with transaction() as session:
        before = everything(session)

    changes = load(*WHOLE, now=LATER)

    with transaction() as session:
        assert everything(session) == before
    assert changes == []


def test_example_can_be_loaded_twice(transaction: UnitOfWork) -> None:
    example = Path(__file__).parents[2] / "examples" / "demo.toml"
    with transaction() as session:
        load_setup(example, now=NOW, session=session)
    with transaction() as session:
        before = everything(session)

    with transaction() as session:
        assert load_setup(example, now=LATER, session=session) == []

    with transaction() as session:
        assert everything(session) == before


def test_faulty_file_changes_nothing(load: Load, transaction: UnitOfWork) -> None:
    load(*WHOLE)
    with transaction() as session:
        before = everything(session)

    with pytest.raises(SetupFileError):
        load(*WHOLE[:2], BEN.replace("Ben", "Bert"), DEMO.replace("ben@", "bert@"))

    with transaction() as session:
        assert everything(session) == before


def test_home_language_that_stored_event_types_lack_is_refused(
    load: Load, transaction: UnitOfWork
) -> None:
    load(*WHOLE)
    with transaction() as session:
        before = everything(session)

    with pytest.raises(SetupFileError, match=r'locale = "en": event types .* lack it: demo$'):
        load(
            ORGANISATION.replace('locale = "de"', 'locale = "en"').replace('1", de = ', '2", en = ')
        )

    with transaction() as session:
        assert everything(session) == before


def test_lists_of_one_who_is_named_are_replaced(load: Load, transaction: UnitOfWork) -> None:
    load(*WHOLE)
    hours = 'working_hours = [{ days = ["sun"], from = "10:00", to = "11:00" }]'

    changes = load(ANNA.partition("working_hours")[0] + hours)

    with transaction() as session:
        assert rows(session, WeeklyHours, "weekday", "from_minute", "to_minute") == [(6, 600, 660)]
        assert rows(session, DateOverride, "id") == []
        assert rows(session, TimeOff, "id") == []
        assert rows(session, BusyTime, "id") == []
    assert changes == ["staff anna@beispiel.example: working_hours, date_overrides, time_off, busy"]


def test_who_is_not_named_is_left_alone(load: Load, transaction: UnitOfWork) -> None:
    load(*WHOLE)
    with transaction() as session:
        before = everything(session)

    load(BEN.replace("Weiß", "Schwarz"))

    with transaction() as session:
        after = everything(session)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"history", "staff"}


def test_who_was_invited_with_capitals_is_the_one_whom_the_file_names(
    load: Load, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        make_staff(session, email="Ben@beispiel.example")

    load(*WHOLE)

    with transaction() as session:
        addresses = session.scalars(select(Staff.email).order_by(Staff.email)).all()
    assert addresses == ["Ben@beispiel.example", "anna@beispiel.example"]


@pytest.mark.parametrize(("before", "after"), [("true", "false"), ("false", "true")])
def test_who_leaves_or_returns_by_the_file_is_shut_out(
    load: Load, transaction: UnitOfWork, before: str, after: str
) -> None:
    load(*WHOLE[:-2], BEN + f"active = {before}\n")
    with transaction() as session:
        ben = session.scalars(select(Staff).where(Staff.name == "Ben Weiß")).one()
        session.add(Password(staff_id=ben.id, hash="x", changed_at=NOW))
        open_session(ben, browser="", now=NOW, session=session)

    load(BEN + f"active = {after}\n")

    with transaction() as session:
        left = [session.scalars(select(table)).all() for table in (Password, StaffSession)]
    assert left == [[], []]


def test_busy_times_of_other_sources_are_left_alone(load: Load, transaction: UnitOfWork) -> None:
    load(*WHOLE)
    with transaction() as session:
        anna = session.scalars(select(Staff).order_by(Staff.id)).first()
        assert anna is not None
        session.add(BusyTime(staff_id=anna.id, starts_at=NOW, ends_at=LATER, source="calendar:1"))

    load(ANNA.partition("busy")[0])

    with transaction() as session:
        assert rows(session, BusyTime, "source") == [("calendar:1",)]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('to = "17:00"', 'to = "18:00"', "working_hours"),
        ("2026-12-24", "2026-12-23", "date_overrides"),
        ("Urlaub", "Elternzeit", "time_off"),
        ("11:00:00+01:00", "11:00:01+01:00", "busy"),
        ("Europe/Berlin", "Europe/Paris", "time_zone"),
        ('role = "manager"', "active = false", "role, active"),
    ],
)
def test_change_raises_the_calendar_version_of_that_one(
    load: Load, transaction: UnitOfWork, old: str, new: str, key: str
) -> None:
    load(*WHOLE)

    changes = load(ORGANISATION, ANNA.replace(old, new), BEN, DEMO, now=LATER)

    with transaction() as session:
        assert rows(session, Staff, "calendar_version") == [(1,), (0,)]
    assert changes == [f"staff anna@beispiel.example: {key}"]


def test_time_zone_moves_absences_with_it(load: Load, transaction: UnitOfWork) -> None:
    load(*WHOLE)

    changes = load(ANNA.replace("Europe/Berlin", "Europe/Lisbon"))

    with transaction() as session:
        assert rows(session, TimeOff, "starts_at") == [(datetime(2026, 12, 29, tzinfo=UTC),)]
    assert changes == ["staff anna@beispiel.example: time_zone, time_off"]


def test_calendars_are_locked_in_ascending_order(load: Load, transaction: UnitOfWork) -> None:
    load(*WHOLE)
    with transaction() as session:
        anna, ben = session.scalars(select(Staff.id).order_by(Staff.id))

    with statements_on(Engine) as statements:
        load(BEN.replace("Ben", "Bert"), ANNA.replace("Anna M", "Anne M"))

    written = []
    for text, parameters in statements:
        if text.startswith("UPDATE staff"):
            names = text.partition(" WHERE ")[0]
            kind = "lock" if "calendar_version" in names else "change"
            given = parameters if isinstance(parameters, Sequence) else list(parameters.values())
            written.append(f"{kind} {given[-1]}")
    assert written[:2] == [f"lock {anna}", f"lock {ben}"]
    assert [line for line in written[2:] if line.startswith("lock")] == []


def test_who_stays_in_a_pool_keeps_the_day_of_joining(load: Load, transaction: UnitOfWork) -> None:
    load(*WHOLE)
    hosts = """
    hosts = [
      { email = "anna@beispiel.example", segments = ["team"], weight = 5 },
      { email = "ben@beispiel.example" },
    ]
    """

    changes = load(DEMO.partition("hosts")[0] + hosts, now=LATER)

    with transaction() as session:
        assert pool(session) == {
            ("anna@beispiel.example", Segment.TEAM): (5, NOW),
            ("ben@beispiel.example", Segment.TEAM): (1, NOW),
            ("ben@beispiel.example", Segment.INDIVIDUAL): (1, LATER),
        }
    assert changes == ["event type demo: hosts"]


CRM = """
[[event_types.questions]]
key = "crm"
label = { de = "Welches CRM?" }
kind = "choice"
segments = ["team"]
options = [{ value = "a", label = { de = "A" } }, { value = "b", label = { de = "B" } }]
"""


def test_questions_are_stored_and_a_change_is_told_by_its_key(
    load: Load, transaction: UnitOfWork
) -> None:
    assert load(*WHOLE, CRM)[-1] == "event type demo: added"
    assert load(*WHOLE, CRM, now=LATER) == []

    changes = load(*WHOLE, CRM.replace("Welches CRM?", "Ihr CRM?"), now=LATER)

    assert changes == ["event type demo: questions"]
    with transaction() as session:
        assert session.scalars(select(EventType.questions)).one() == [
            {
                "key": "crm",
                "label": {"de": "Ihr CRM?"},
                "kind": "choice",
                "required": False,
                "segments": ["team"],
                "options": [
                    {"value": "a", "label": {"de": "A"}},
                    {"value": "b", "label": {"de": "B"}},
                ],
            }
        ]


def test_questions_that_are_left_out_are_asked_no_more(load: Load, transaction: UnitOfWork) -> None:
    load(*WHOLE, CRM)

    assert load(*WHOLE, now=LATER) == ["event type demo: questions"]
    with transaction() as session:
        assert session.scalars(select(EventType.questions)).one() == []


def test_new_notice_is_added_and_the_old_one_kept(load: Load, transaction: UnitOfWork) -> None:
    load(*WHOLE)

    changes = load(ORGANISATION.replace('"1", de = "Wir', '"2", de = "Nur wir'), now=LATER)

    with transaction() as session:
        organisation = session.get_one(Organisation, 1)
        notices = session.execute(
            select(PrivacyNotice.version, PrivacyNotice.texts, PrivacyNotice.valid_from)
        ).all()
        assert values(organisation, "notice_version", "created_at", "updated_at") == (
            "2",
            NOW,
            LATER,
        )
        assert sorted(map(tuple, notices)) == [
            ("1", {"de": "Wir nutzen Ihre Angaben."}, NOW),
            ("2", {"de": "Nur wir nutzen Ihre Angaben."}, LATER),
        ]
    assert changes == ["organisation: notice"]


def test_known_notice_with_another_text_is_refused(load: Load) -> None:
    load(*WHOLE)

    with pytest.raises(SetupFileError) as raised:
        load(ORGANISATION.replace("Wir nutzen", "Wir verkaufen"))

    assert [fault.partition(": ")[2] for fault in raised.value.faults] == [
        (
            'organisation.notice: version "1" was loaded earlier with another text;'
            " give the new text a new version"
        )
    ]


def test_history_tells_what_changed_by_name_only(load: Load, transaction: UnitOfWork) -> None:
    load(*WHOLE)

    load(
        ORGANISATION.replace("kontakt@", "hallo@"),
        ANNA.replace("Müller", "Meier"),
        DEMO.replace("Live.", "Live!").replace("Musterweg 1", "Musterweg 2"),
        now=LATER,
    )

    with transaction() as session:
        entries = session.scalars(
            select(HistoryEntry).where(HistoryEntry.at == LATER).order_by(HistoryEntry.id)
        )
        assert [values(entry, "actor", "action", "subject", "facts") for entry in entries] == [
            ("system", "setup_loaded", "organisation", {"changed": ["contact_email"]}),
            ("system", "setup_loaded", "staff", {"changed": ["name"]}),
            ("system", "setup_loaded", "event_type", {"changed": ["description", "location"]}),
        ]


def test_two_loads_at_once_store_one_setup(
    app: Flask, transaction: UnitOfWork, tmp_path: Path
) -> None:
    path = tmp_path / "setup.toml"
    path.write_text("\n".join(WHOLE), encoding="utf-8")
    together = threading.Barrier(2)
    found: list[list[str]] = []

    def load_together() -> None:
        with app.app_context():
            together.wait()
            changes = run_in_transaction(lambda session: load_setup(path, now=NOW, session=session))
            found.append([str(change) for change in changes])

    threads = [threading.Thread(target=load_together) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with transaction() as session:
        assert len(rows(session, Staff, "id")) == 2
    assert sorted(map(len, found)) == [0, 4]


def test_rules_of_a_segment_are_stored_changed_and_taken_away(
    load: Load, transaction: UnitOfWork
) -> None:
    friday = 'hours = [{ days = ["fri", "tue"], from = "22:00", to = "02:00" }]'
    team = f'{{ segment = "team", minimum_notice_minutes = 60, {friday}, '
    team += "reminders_minutes_before = [] }"
    load(*WHOLE)

    def with_rules(rules: str) -> str:
        return DEMO.replace("hosts = [", f"segment_rules = [{rules}]\nhosts = [")

    assert load(with_rules(team)) == ["event type demo: segment_rules"]
    assert load(with_rules(team)) == []
    with transaction() as session:
        (rule,) = session.scalars(select(SegmentRule))
        assert values(rule, "segment", "hours", "minimum_notice_minutes", "max_per_day") == (
            Segment.TEAM,
            [[1, 1320, 1560], [4, 1320, 1560]],
            60,
            None,
        )
        assert rule.reminders_minutes_before == []
    assert load(with_rules('{ segment = "individual", max_per_day = 2 }')) == [
        "event type demo: segment_rules"
    ]
    assert load(DEMO) == ["event type demo: segment_rules"]
    with transaction() as session:
        assert session.scalars(select(SegmentRule)).all() == []
