"""The migrations: one line of them, equal to the models, down and up again, guards included."""

import warnings
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from click import ClickException
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, delete, inspect, select, text
from sqlalchemy.exc import IntegrityError, SAWarning
from sqlalchemy.orm import Session

from booking.bookings.lifecycle import BookingState, Outcome
from booking.db import db
from booking.event_types.models import EventType
from booking.history import record
from booking.inbox.follow import write_entries
from booking.inbox.models import InboxEntry
from booking.leads.models import Lead
from booking.organisation.models import Organisation
from booking.segment import Segment
from tests.bookings_at_work import confirm
from tests.factories import (
    NOW,
    START,
    make_booking,
    make_event_type,
    make_meeting,
    make_organisation,
    make_staff,
)
from tests.fixtures.database import application_on
from tests.outbox import make_message
from tests.structure.sources import PROJECT
from tests.wishes_at_work import express

OLD_EVENT_TYPE = {
    "id": 1,
    "slug": "demo",
    "published": True,
    "title": "{}",
    "description": "{}",
    "duration_minutes": 30,
    "slot_interval_minutes": 30,
    "buffer_before_minutes": 0,
    "buffer_after_minutes": 0,
    "minimum_notice_minutes": 120,
    "minimum_change_notice_minutes": 60,
    "horizon_days": 60,
    "max_per_day": 0,
    "max_per_week": 0,
    "hold_minutes": 5,
    "capacity": 1,
    "hosts_needed": "any",
    "segments": "[]",
    "location_kind": "video",
    "location_url": "",
    "reminders_minutes_before": "[]",
    "created_at": "2026-11-23T08:00:00.000000Z",
}
"""As revision 0004 knows it."""

OLD_ORGANISATION = (
    "id, name, time_zone, locale, accent, contact_email, imprint_url, privacy_url,"
    " accessibility_url, imprint_text, created_at, updated_at"
)
OLD_VALUES = "1, '', '', '', '', '', '', '', '', '', '2026-11-23', '2026-11-23'"
"""As revision 0006 knows it."""

GUARDS = """
    SELECT conname FROM pg_constraint WHERE contype = 'x'
    UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1
"""
TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
GUARD_NAMES = {
    "postgresql": ["ex_meeting_host_no_overlap", "history_append_only"],
    "sqlite": [
        "history_append_only_delete",
        "history_append_only_update",
        "meeting_host_no_overlap_insert",
        "meeting_host_no_overlap_update",
    ],
}


def test_migrations_are_consecutive_with_one_head() -> None:
    config = AlembicConfig(PROJECT / "migrations" / "alembic.ini")
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    scripts = ScriptDirectory.from_config(config)

    revisions = [script.revision for script in scripts.walk_revisions()]

    numbers = [f"{number:04}" for number in range(len(revisions), 0, -1)]
    assert revisions == numbers
    assert scripts.get_heads() == numbers[:1]


def test_migrations_make_what_the_models_say(
    database_url: str, blank_database_url: str, tmp_path: Path
) -> None:
    with application_on(blank_database_url, instance_dir=tmp_path):
        db.create_all()
        by_models = description(db.engine)

    with application_on(database_url, instance_dir=tmp_path):
        by_migrations = description(db.engine)

    assert by_migrations == by_models


def test_guards_stand_in_a_migrated_database(database_url: str, tmp_path: Path) -> None:
    with application_on(database_url, instance_dir=tmp_path):
        found = guards(db.engine)
        kind = db.engine.dialect.name

    assert found == GUARD_NAMES[kind]


def test_migrations_go_down_and_up_again(database_url: str, tmp_path: Path) -> None:
    with application_on(database_url, instance_dir=tmp_path):
        before = description(db.engine), guards(db.engine)

        downgrade(revision="base")
        left = inspect(db.engine).get_table_names()
        upgrade()

        after = description(db.engine), guards(db.engine)

    assert left == ["alembic_version"]
    assert after == before


def test_leads_of_before_get_their_mailbox(database_url: str, tmp_path: Path) -> None:
    leads = text("INSERT INTO lead (id, address, created_at) VALUES (:id, :address, :now)")
    with application_on(database_url, instance_dir=tmp_path):
        downgrade(revision="0002")
        with db.engine.begin() as connection:
            for number, address in enumerate(["a@x.example", "b+c+d@x.example"], start=1):
                now = "2026-11-23T08:00:00.000000Z"
                connection.execute(leads, {"id": number, "address": address, "now": now})

        upgrade()

        with db.engine.connect() as connection:
            found = connection.scalars(text("SELECT mailbox FROM lead ORDER BY id")).all()
    assert found == ["a@x.example", "b@x.example"]


def test_leads_of_before_at_google_get_the_mailbox_that_is_theirs(
    database_url: str, tmp_path: Path
) -> None:
    addresses = {
        "e.rika@gmail.com": "erika@gmail.com",
        "e.ri.ka+x@googlemail.com": "erika@gmail.com",
        "e.rika@kunde.example": "e.rika@kunde.example",
    }
    with application_on(database_url, instance_dir=tmp_path):
        downgrade(revision="0018")
        with db.session() as session:
            for address in addresses:
                mailbox = address.replace("+x", "")
                session.add(Lead(address=address, mailbox=mailbox, created_at=NOW))
            session.commit()

        upgrade()

        with Session(db.engine) as session:
            found = session.execute(select(Lead.address, Lead.mailbox)).all()
    assert dict(map(tuple, found)) == addresses


def test_event_types_of_before_ask_and_promise_nothing(database_url: str, tmp_path: Path) -> None:
    """A process of the release before may still add some, which know no questions or agenda."""
    columns = ", ".join(OLD_EVENT_TYPE)
    values = ", ".join(f":{column}" for column in OLD_EVENT_TYPE)
    insert = text(f"INSERT INTO event_type ({columns}) VALUES ({values})")  # noqa: S608 - our names
    with application_on(database_url, instance_dir=tmp_path):
        downgrade(revision="0004")
        with db.engine.begin() as connection:
            connection.execute(insert, OLD_EVENT_TYPE)

        upgrade()

        with db.engine.begin() as connection:
            connection.execute(insert, OLD_EVENT_TYPE | {"id": 2, "slug": "later"})
        with Session(db.engine) as session:
            found = session.execute(select(EventType.questions, EventType.agenda)).all()
    assert found == [([], []), ([], [])]


def test_organisation_of_before_lets_nobody_embed(database_url: str, tmp_path: Path) -> None:
    with application_on(database_url, instance_dir=tmp_path):
        with db.session() as session:
            make_organisation(session, embed_origins=["https://www.beispiel.example"])
            session.commit()
        downgrade(revision="0006")

        upgrade()

        with Session(db.engine) as session:
            found = session.scalars(select(Organisation.embed_origins)).all()
    assert found == [[]]


def test_mails_of_before_stay_as_they_were(database_url: str, tmp_path: Path) -> None:
    read = text("SELECT * FROM message")
    with application_on(database_url, instance_dir=tmp_path):
        with db.session() as session:
            make_message(session)
            session.commit()
        downgrade(revision="0005")
        with db.engine.connect() as connection:
            before = dict(connection.execute(read).mappings().one())

        upgrade()

        with db.engine.connect() as connection:
            after = dict(connection.execute(read).mappings().one())
    assert after == before | {"wish_id": None, "copy": 1, "settled": False}


def test_organisation_of_before_keeps_no_holidays(database_url: str, tmp_path: Path) -> None:
    """A process of the release before may still add the organisation, which knows no region."""
    insert = text(f"INSERT INTO organisation ({OLD_ORGANISATION}) VALUES ({OLD_VALUES})")  # noqa: S608 - our names
    read = text("SELECT holiday_region FROM organisation")
    with application_on(database_url, instance_dir=tmp_path):
        downgrade(revision="0006")
        with db.engine.begin() as connection:
            connection.execute(insert)

        upgrade()

        with db.engine.begin() as connection:
            kept = connection.scalars(read).all()
            connection.execute(text("DELETE FROM organisation"))
            connection.execute(insert)
            added = connection.scalars(read).all()
    assert (kept, added) == ([""], [""])


def test_upgrade_refuses_addresses_that_differ_by_capitals_alone_and_names_them(
    database_url: str, tmp_path: Path
) -> None:
    with application_on(database_url, instance_dir=tmp_path):
        downgrade(revision="0015")
        with db.session() as session:
            ids = [make_staff(session, email=email).id for email in ("Anna@x.de", "anna@x.de")]
            session.commit()

        with pytest.raises(ClickException) as refusal:
            upgrade()

        db.session.remove()
    assert f"Anna@x.de (id {ids[0]}) and anna@x.de (id {ids[1]})" in refusal.value.message


def test_no_two_staff_members_differ_by_capitals_alone(session: Session) -> None:
    make_staff(session, email="Anna@x.de")

    with pytest.raises(IntegrityError):
        make_staff(session, email="anna@x.de")


@pytest.mark.parametrize(("before", "entries"), [("0014", 14), ("0015", 15)])
def test_leads_of_before_stand_in_the_inbox_by_the_rules_of_today(
    database_url: str, tmp_path: Path, before: str, entries: int
) -> None:
    read = text("SELECT seen_by, lead_id, came_at, segment, state, source, words FROM inbox_entry")
    with application_on(database_url, instance_dir=tmp_path):
        with db.session() as session:
            make_past(session)
            write_entries(session.scalars(select(Lead.id)).all(), session=session)
            session.commit()
        downgrade(revision=before)
        if before == "0015":
            with db.engine.begin() as connection:
                connection.execute(text("UPDATE inbox_entry SET words = '' WHERE seen_by > 0"))

        upgrade()

        with db.session() as session:
            filled = set(session.execute(read).all())
            domains = set(session.scalars(select(Lead.domain)))
            session.execute(delete(InboxEntry))
            write_entries(session.scalars(select(Lead.id)).all(), session=session)
            by_rules = set(session.execute(read).all())
            session.rollback()
    assert len(filled) == entries
    assert filled == by_rules
    assert before == "0015" or domains == {"kunde.example", "kunde.de"}


def make_past(session: Session) -> None:
    """Add leads in every state, one of whom has only wished for a time."""
    make_organisation(session)
    hosts = [make_staff(session), make_staff(session)]
    event_type = make_event_type(session, hosts=hosts)
    changes: list[dict[str, Any]] = [
        {"source": {"utm_source": "suche"}, "company": "Weiß & Söhne KG"},
        {"state": BookingState.CANCELLED},
        {"outcome": Outcome.ATTENDED, "segment": Segment.TEAM},
        {"first_starts_at": START - timedelta(days=1), "confirmed_at": NOW + timedelta(hours=1)},
    ]
    for number, changed in enumerate(changes):
        start = START + timedelta(hours=number)
        meeting = make_meeting(session, event_type=event_type, hosts=hosts[:1], start=start)
        make_booking(session, meeting=meeting, **changed)
    both = make_meeting(
        session, event_type=event_type, hosts=hosts, start=START + timedelta(days=1)
    )
    make_booking(session, meeting=both)
    express(event_type, session=session)
    # One lead of two hosts, one of whom has handed a demo over, and the other has taken a wish.
    handed_over = confirm(event_type, session=session, start=START + timedelta(days=2)).booking
    other = confirm(event_type, session=session, start=START + timedelta(days=3)).booking
    record(
        "handed_over",
        subject=handed_over,
        actor="system",
        facts={"from": {"hosts": [make_staff(session).id]}, "to": {}},
        now=NOW,
        session=session,
    )
    wish = express(event_type, session=session, email=other.email, company="Wunsch KG")
    wish.assigned_to = make_staff(session).id


def guards(engine: Engine) -> list[str]:
    """Return the names of the exclusion constraints and triggers in the database's catalogue."""
    catalogue = GUARDS if engine.dialect.name == "postgresql" else TRIGGERS
    with engine.connect() as connection:
        return list(connection.scalars(text(catalogue)))


def description(engine: Engine) -> dict[str, Any]:
    """Return the database's schema as it describes itself, but for what ``op.execute`` made."""
    inspector = inspect(engine)
    # SQLite does not tell of an index on an expression; what it does is tested.
    warnings.filterwarnings("ignore", "Skipped unsupported reflection", category=SAWarning)
    return {
        table: {
            "columns": [as_text(column) for column in inspector.get_columns(table)],
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": by_name(inspector.get_foreign_keys(table)),
            "unique": by_name(inspector.get_unique_constraints(table)),
            "checks": by_name(inspector.get_check_constraints(table)),
            "indexes": [
                index
                for index in by_name(inspector.get_indexes(table))
                if index["name"] not in GUARD_NAMES["postgresql"]
            ],
        }
        for table in sorted(inspector.get_table_names())
        if table != "alembic_version"
    }


def by_name(things: list[Any]) -> list[Any]:
    """Return reflected things in the order of their names."""
    return sorted((as_text(thing) for thing in things), key=lambda thing: str(thing["name"]))


def as_text(thing: Any) -> Any:
    """Return ``thing`` with every SQL expression in it as text, so that it compares."""
    if isinstance(thing, dict):
        return {key: as_text(value) for key, value in thing.items()}
    return str(thing)
