"""The present state as a setup file: loading it changes nothing; elsewhere it makes the same."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.app import create_app
from booking.availability.facts import HostFacts
from booking.availability.interval import Interval
from booking.availability.minutes import unite
from booking.availability.policy import Policy
from booking.availability.working_hours import LocalWindow
from booking.db import db, run_in_transaction
from booking.event_types.models import LocationKind, PoolMember, SegmentRule
from booking.history import HistoryEntry
from booking.segment import Segment
from booking.setup_file.dump import Dump, dump_setup
from booking.setup_file.load import load_setup
from booking.staff.models import BusyTime, DateOverride, TimeOff, WeeklyHours
from booking.time_zone import instant_of
from config import Config
from tests.environment import make_environment
from tests.factories import (
    NOW,
    make_closing_day,
    make_event_type,
    make_organisation,
    make_pool_member,
    make_question,
    make_segment_rule,
    make_staff,
    make_time_off,
)
from tests.fixtures.application import UnitOfWork
from tests.reference.random_setups import random_setup

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))


@pytest.fixture
def other(app: Flask, tmp_path: Path, blank_database_url: str) -> Iterator[Flask]:  # noqa: ARG001
    """Another installation, whose database is empty."""
    environment = make_environment(database_url=blank_database_url, instance_dir=tmp_path / "other")
    other = create_app(Config.from_env(environment))
    with other.app_context():
        db.create_all()
    yield other
    with other.app_context():
        db.engine.dispose()


def load(path: Path, *, app: Flask) -> list[str]:
    with app.app_context():
        changes = run_in_transaction(lambda session: load_setup(path, now=NOW, session=session))
    return [str(change) for change in changes]


def dump(app: Flask) -> Dump:
    with app.app_context():
        return run_in_transaction(lambda session: dump_setup(session=session))


def write(folder: Path, dumped: Dump) -> Path:
    path = folder / "dumped.toml"
    path.write_text(dumped.text, encoding="utf-8")
    if dumped.logo is not None and dumped.logo_name is not None:
        (folder / dumped.logo_name).write_bytes(dumped.logo)
    return path


def entries(app: Flask) -> int:
    with app.app_context():
        count = select(func.count(HistoryEntry.id))
        return run_in_transaction(lambda session: session.scalars(count).one())


def assert_is_the_same_anywhere(app: Flask, other: Flask, *, folder: Path) -> None:
    dumped, before = dump(app), entries(app)
    path = write(folder, dumped)

    assert load(path, app=app) == []
    assert entries(app) == before
    load(path, app=other)
    assert dump(other) == dumped


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_dump_of_an_example_is_the_same_anywhere(
    app: Flask, other: Flask, tmp_path: Path, example: Path
) -> None:
    load(example, app=app)

    assert_is_the_same_anywhere(app, other, folder=tmp_path)


def test_dump_of_everything_there_can_be_is_the_same_anywhere(
    app: Flask, other: Flask, transaction: UnitOfWork, tmp_path: Path
) -> None:
    with transaction() as session:
        arrange_everything(session)

    assert_is_the_same_anywhere(app, other, folder=tmp_path)
    demo = tomllib.loads(dump(app).text)["event_types"][0]
    assert demo["segment_rules"] == [
        {
            "segment": "team",
            "hours": [{"days": ["tue"], "from": "22:00", "to": "02:00"}],
            "max_per_day": 0,
            "reminders_minutes_before": [],
        }
    ]
    assert [(host["segments"], host["weight"]) for host in demo["hosts"]] == [
        (["individual"], 2),
        (["team"], 1),
        (["individual", "team"], 3),
    ]


def arrange_everything(session: Session) -> None:
    make_organisation(session, holiday_region="DE-BE", embed_origins=["https://www.firma.example"])
    make_closing_day(session, NOW.date(), note='"Ausflug"\\')
    anna = make_staff(session, holiday_region="", meeting_url=None)
    ben = make_staff(session, active=False, holiday_region="DE-BY")
    make_time_off(session, staff=anna, start=NOW, end=NOW + timedelta(seconds=90))
    session.add(
        BusyTime(staff_id=ben.id, starts_at=NOW, ends_at=NOW + timedelta(hours=1), source="caldav")
    )
    demo = make_event_type(
        session,
        hosts=[],
        published=False,
        description={},
        agenda=[{"en": "Prices", "de": "Preise"}],
        location_kind=LocationKind.ADDRESS,
        location_url='Musterweg „1“ "Hof"',
        questions=[
            make_question("crm", segments=["team"], required=True),
            make_question(
                "size",
                kind="choice",
                options=[
                    {"value": "s", "label": {"en": "Small", "de": "Klein"}},
                    {"value": "l", "label": {"de": "Groß"}},
                ],
            ),
        ],
        prefer_known_host=True,
        reminders_minutes_before=[],
    )
    for host, segment, weight in (
        (anna, Segment.INDIVIDUAL, 2),
        (anna, Segment.TEAM, 1),
        (ben, Segment.INDIVIDUAL, 3),
        (ben, Segment.TEAM, 3),
    ):
        make_pool_member(session, event_type=demo, host=host, segment=segment, weight=weight)
    make_segment_rule(
        session,
        event_type=demo,
        segment=Segment.TEAM,
        hours=[[1, 1320, 1560]],
        max_per_day=0,
        reminders_minutes_before=[],
    )


@pytest.mark.parametrize("seed", range(6))
def test_dump_of_a_random_setup_is_the_same_anywhere(
    app: Flask, other: Flask, transaction: UnitOfWork, tmp_path: Path, seed: int
) -> None:
    setup = random_setup(Random(f"dump {seed}"))  # noqa: S311 -- test data, not a secret
    with transaction() as session:
        make_organisation(session)
        hosts = [store_host(facts, session=session) for facts in setup.hosts]
        store_event_type(setup.policy, host_ids=hosts, session=session)

    assert_is_the_same_anywhere(app, other, folder=tmp_path)


def store_host(facts: HostFacts, *, session: Session) -> int:
    hours = facts.hours
    staff_id = make_staff(session, hours=[], time_zone=hours.time_zone).id
    for weekday, windows in hours.weekly.items():
        for start, end in spans_of(windows):
            session.add(
                WeeklyHours(staff_id=staff_id, weekday=weekday, from_minute=start, to_minute=end)
            )
    for day, windows in hours.overrides.items():
        session.add(DateOverride(staff_id=staff_id, local_date=day, windows=spans_of(windows)))
    for one in facts.busy:
        session.add(
            BusyTime(staff_id=staff_id, starts_at=one.start, ends_at=one.end, source="setup")
        )
    for one in facts.time_off:
        start, end = (said_by_a_wall(bound, zone=hours.time_zone) for bound in ends_of(one))
        if start < end:
            session.add(TimeOff(staff_id=staff_id, starts_at=start, ends_at=end, note=""))
    return staff_id


def ends_of(interval: Interval) -> tuple[datetime, datetime]:
    return interval.start, interval.end


def said_by_a_wall(instant: datetime, *, zone: str) -> datetime:
    """Return an instant that a wall time can say: none is the second of two alike."""
    return instant_of(instant.replace(tzinfo=None), zone=zone)


def spans_of(windows: tuple[LocalWindow, ...]) -> list[list[int]]:
    united = unite((window.from_minute, min(window.to_minute, 2878)) for window in windows)
    return [list(span) for span in united]


def store_event_type(policy: Policy, *, host_ids: list[int], session: Session) -> None:
    event_type = make_event_type(
        session,
        hosts=[],
        duration_minutes=policy.duration // timedelta(minutes=1),
        slot_interval_minutes=policy.slot_interval // timedelta(minutes=1),
        horizon_days=policy.horizon_days,
        max_per_day=policy.max_per_day,
        hosts_needed=policy.hosts_needed,
    )
    session.add_all(
        PoolMember(
            event_type_id=event_type.id,
            host_id=host_id,
            segment=segment,
            weight=host_id,
            joined_at=NOW,
        )
        for host_id in host_ids
        for segment in Segment
    )
    if policy.mask:
        days = {weekday for weekday, _ in policy.mask}
        event_type.segment_rules.append(
            SegmentRule(
                segment=Segment.INDIVIDUAL,
                hours=[
                    [day, *span]
                    for day in sorted(days)
                    for span in spans_of(tuple(w for on, w in policy.mask if on == day))
                ],
            )
        )


def test_absence_that_no_wall_time_can_say_gets_longer(app: Flask, transaction: UnitOfWork) -> None:
    # 25 October 2026 in Berlin: 00:30 and 01:30 UTC both read 02:30.
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    with transaction() as session:
        make_organisation(session)
        staff = make_staff(session)
        make_time_off(session, staff=staff, start=second, end=second + timedelta(minutes=15))
        make_time_off(session, staff=staff, start=first, end=first + timedelta(minutes=15))

    (anna,) = tomllib.loads(dump(app).text)["staff"]

    assert [(one["from"].isoformat(), one["to"].isoformat()) for one in anna["time_off"]] == [
        ("2026-10-25T02:30:00", "2026-10-25T02:45:00"),
        ("2026-10-25T02:30:00", "2026-10-25T03:45:00"),
    ]


def test_busy_time_is_written_in_utc_and_can_be_loaded_again(
    app: Flask, transaction: UnitOfWork, tmp_path: Path
) -> None:
    start = datetime(2000, 1, 1, tzinfo=UTC)
    with transaction() as session:
        make_organisation(session)
        staff = make_staff(session, time_zone="Pacific/Kiritimati")
        session.add(
            BusyTime(
                staff_id=staff.id, starts_at=start, ends_at=start + timedelta(1), source="setup"
            )
        )

    dumped = dump(app)

    assert "{ from = 2000-01-01T00:00:00+00:00, to = 2000-01-02T00:00:00+00:00 }" in dumped.text
    assert load(write(tmp_path, dumped), app=app) == []


def test_command_writes_the_logo_beside_the_file_and_overwrites_nothing(
    app: Flask, transaction: UnitOfWork, tmp_path: Path
) -> None:
    run = app.test_cli_runner().invoke
    path, logo = tmp_path / "firma.toml", tmp_path / "logo.png"

    nothing = run(args=["dump-setup"])
    with transaction() as session:
        make_organisation(session, logo=b"picture", logo_media_type="image/png")
    printed = run(args=["dump-setup"])
    written = run(args=["dump-setup", "--output", str(path)])
    again = run(args=["dump-setup", "--output", str(path)])
    replaced = run(args=["dump-setup", "--output", str(path), "--overwrite"])
    nowhere = run(args=["dump-setup", "--output", str(tmp_path / "none" / "firma.toml")])

    assert (nothing.exit_code, nothing.stderr) == (2, "Nothing has been set up yet.\n")
    assert printed.stdout == path.read_text(encoding="utf-8")
    assert printed.stderr == "logo.png is not part of this: --output writes it, too.\n"
    assert written.stdout == f"Wrote {path}.\nWrote {logo}.\n"
    assert logo.read_bytes() == b"picture"
    assert (again.exit_code, again.stderr) == (
        2,
        (
            f"{path} is there already: --overwrite replaces it.\n"
            f"{logo} is there already: --overwrite replaces it.\n"
        ),
    )
    assert (replaced.exit_code, replaced.stdout) == (0, written.stdout)
    assert nowhere.exit_code == 2
    assert "cannot be written" in nowhere.stderr
