"""The commands as an operator gives them: real processes, their answers and their exit codes."""

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from booking.outbox.models import Message, MessageState
from tests.environment import make_environment
from tests.factories import (
    make_booking,
    make_event_type,
    make_meeting,
    make_organisation,
    make_staff,
)
from tests.fixtures.application import UnitOfWork
from tests.forked import run_forked
from tests.outbox import make_message
from tests.processes import PROJECT, around, free_port
from tests.unit.setup_file.documents import ORGANISATION, write
from tests.wishes_at_work import express

EXAMPLE = PROJECT / "examples" / "demo.toml"
REFUSED = "SMTPRecipientsRefused 550"


def run(*arguments: str | Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return run_forked(*arguments, environment=around(environment))


def test_example_is_loaded_twice(environment: dict[str, str]) -> None:
    first = run("load-setup", EXAMPLE, environment=environment)
    second = run("load-setup", EXAMPLE, environment=environment)

    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.splitlines()[0] == "organisation: added"
    assert first.stdout.splitlines()[-1] == f"Loaded {EXAMPLE}."
    assert (second.returncode, second.stdout, second.stderr) == (
        0,
        f"{EXAMPLE} changes nothing.\n",
        "",
    )


def test_setup_file_tells_of_booked_demos_on_days_that_it_closes(
    environment: dict[str, str], transaction: UnitOfWork, tmp_path: Path
) -> None:
    with transaction() as session:
        make_organisation(session)
        host = make_staff(session)
        event_type = make_event_type(session, hosts=[host])
        for day in (5, 6, 7):
            start = datetime(2099, 10, day, 9, 0, tzinfo=UTC)
            meeting = make_meeting(session, event_type=event_type, hosts=[host], start=start)
            make_booking(session, meeting=meeting)
    path = write(tmp_path, ORGANISATION, "closing_days = [{ date = 2099-10-05 }]")
    run("load-setup", path, environment=environment)
    path = write(
        tmp_path, ORGANISATION, "closing_days = [{ date = 2099-10-05 }, { date = 2099-10-06 }]"
    )

    answer = run("load-setup", path, environment=environment)

    assert (answer.returncode, answer.stdout.splitlines()) == (
        0,
        [
            "organisation: closing_days",
            "Booked demos on days that are closed now: 1. They stay booked.",
            f"Loaded {path}.",
        ],
    )


def test_faulty_setup_file_is_refused_whole(sqlite_url: str, tmp_path: Path) -> None:
    environment = make_environment(database_url=sqlite_url, instance_dir=tmp_path)
    path = tmp_path / "setup.toml"
    path.write_text('colour = 1\n[[staff]]\nemail = "anna@"\n')

    answer = run("load-setup", path, environment=environment)

    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.splitlines() == [
        f"{path}: staff[0].name: is missing",
        f'{path}: staff[0].email = "anna@": must be one mail address',
        f"{path}: staff[0].time_zone: is missing",
        f"{path}: colour = 1: is not a known key",
        f"{path}: organisation: is missing",
        "Nothing was changed.",
    ]


def test_setup_file_before_the_first_upgrade_is_refused(
    blank_database_url: str, tmp_path: Path
) -> None:
    environment = make_environment(database_url=blank_database_url, instance_dir=tmp_path)

    answer = run("load-setup", EXAMPLE, environment=environment)

    assert (answer.returncode, answer.stdout, answer.stderr) == (
        1,
        "",
        (
            "Error: The database refused; has 'flask --app wsgi db upgrade' been run?"
            " Nothing was changed.\n"
        ),
    )


def test_check_of_a_database_in_order(environment: dict[str, str]) -> None:
    run("load-setup", EXAMPLE, environment=environment)

    answer = run("check-invariants", environment=environment)

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "No violation.\n", "")


def test_check_names_what_must_not_be(environment: dict[str, str], transaction: UnitOfWork) -> None:
    with transaction() as session:
        message_id = make_message(session, state=MessageState.SENT).id

    answer = run("check-invariants", environment=environment)

    assert (answer.returncode, answer.stdout.splitlines()) == (
        1,
        [
            f"mail_contradictory: message {message_id}: its columns contradict each other",
            "Violations: 1.",
        ],
    )


def test_undelivered_mails_are_listed_with_the_reason(
    environment: dict[str, str], transaction: UnitOfWork
) -> None:
    with transaction() as session:
        failed = make_message(session, state=MessageState.FAILED, last_error=REFUSED).id
        make_organisation(session)
        wish = express(make_event_type(session, hosts=[]), session=session)
        session.flush()
        about_wish = session.scalars(select(Message).where(Message.wish_id == wish.id)).one()
        about_wish.state, about_wish.last_error = MessageState.FAILED, REFUSED

    answer = run("list-undelivered", environment=environment)

    due = "due 2026-11-23T08:00:00+00:00"
    wished = f"message {about_wish.id}: wish to the organisation about wish {wish.id}"
    assert (answer.returncode, answer.stdout.splitlines()) == (
        0,
        [
            f"message {failed}: note to the lead about staff None, {due}: failed, {REFUSED}",
            f"{wished}, {due}: failed, {REFUSED}",
            "Mails that may never have arrived: 2.",
        ],
    )


def test_check_of_what_is_no_database_of_ours_cannot_tell(
    blank_database_url: str, tmp_path: Path
) -> None:
    environment = make_environment(database_url=blank_database_url, instance_dir=tmp_path)

    answer = run("check-invariants", environment=environment)

    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith("Cannot tell: the database failed (")


@pytest.mark.parametrize(
    ("taken_at", "fault"),
    [
        ("yesterday", "'yesterday' is no date and time of ISO 8601"),
        ("2026-11-24T03:00:00", "needs its offset from UTC"),
        ("9000-01-01T00:00:00Z", "is still to come"),
    ],
)
def test_moment_of_a_backup_must_be_one(
    sqlite_url: str, tmp_path: Path, taken_at: str, fault: str
) -> None:
    environment = make_environment(database_url=sqlite_url, instance_dir=tmp_path)

    answer = run("after-restore", "--taken-at", taken_at, environment=environment)

    assert (answer.returncode, answer.stdout) == (2, "")
    assert fault in answer.stderr


def test_database_that_lives_on_is_no_backup(environment: dict[str, str]) -> None:
    run("load-setup", EXAMPLE, environment=environment)

    answer = run("after-restore", "--taken-at", "2026-01-01T00:00:00Z", environment=environment)

    assert (answer.returncode, answer.stdout) == (1, "")
    assert "so it is no backup taken at 2026-01-01T00:00:00+00:00. Nothing was" in answer.stderr


@pytest.mark.parametrize("command", [["serve"], ["db", "upgrade"]])
def test_faulty_settings_are_told_in_lines(command: list[str]) -> None:
    environment = {"PORT": "web", "BASE_URL": "example.com"}

    answer = run(*command, environment=environment)

    assert (answer.returncode, answer.stdout) == (2, "")
    assert sorted(answer.stderr.splitlines()) == [
        "BASE_URL must be an http(s) address without query or user, not 'example.com'",
        "PORT must be a number, not 'web'",
        "SECRET_KEY is missing: set a random text of at least 32 characters",
    ]


def test_upgrade_tells_what_it_did(blank_database_url: str, tmp_path: Path) -> None:
    environment = make_environment(database_url=blank_database_url, instance_dir=tmp_path)

    first = run("db", "upgrade", environment=environment)
    second = run("db", "upgrade", environment=environment)

    applied = re.findall(r"^Applied (.+)\.$", first.stdout, flags=re.MULTILINE)
    assert applied != []
    assert first.stdout.splitlines()[-1] == f"The database is at revision {applied[-1]}."
    assert second.stdout == f"The database is at revision {applied[-1]}.\n"


def test_upgrade_without_a_database_tells_so_in_a_line(tmp_path: Path) -> None:
    environment = make_environment(
        database_url=f"postgresql://nobody@127.0.0.1:{free_port()}/none", instance_dir=tmp_path
    )

    answer = run("db", "upgrade", environment=environment)

    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith("Error: The database is away or cannot be written: connection")
