"""Processes that start together may all bring the database to head."""

import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from tests.environment import make_environment

PROJECT = Path(__file__).resolve().parents[2]
MIGRATIONS = PROJECT / "migrations"
PROCESSES = 4

# Loads everything first, so that all of them migrate at the same moment.
PROGRAM = """
import sys
from flask_migrate import upgrade
from wsgi import app
with app.app_context():
    print("ready", flush=True)
    sys.stdin.readline()
    upgrade(directory=sys.argv[1])
"""


def test_upgrades_at_once_wait_for_each_other(blank_database_url: str, tmp_path: Path) -> None:
    answers = upgrade_at_once(MIGRATIONS, database_url=blank_database_url, instance_dir=tmp_path)

    assert answers == [0] * PROCESSES


def test_upgrades_at_once_without_the_lock_collide(blank_database_url: str, tmp_path: Path) -> None:
    """The control: the same, with the lock taken out of a copy of the migrations."""
    copy = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    replace("take_turns(connection)\n", "pass\n", file=copy / "env.py")
    replace('sqlite_begin="IMMEDIATE"', 'sqlite_begin="DEFERRED"', file=copy / "env.py")

    answers = upgrade_at_once(copy, database_url=blank_database_url, instance_dir=tmp_path)

    assert 0 in answers
    assert any(answers)


def replace(words: str, others: str, *, file: Path) -> None:
    """Put ``others`` in the place of ``words``, which must stand in the file."""
    source = file.read_text()
    assert words in source
    file.write_text(source.replace(words, others))


def upgrade_at_once(migrations: Path, *, database_url: str, instance_dir: Path) -> list[int]:
    """Let several processes run the migrations at the same moment; return their exit codes."""
    environment = make_environment(database_url=database_url, instance_dir=instance_dir)
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", PROGRAM, migrations],
                    cwd=PROJECT,
                    env=environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    text=True,
                )
            )
            for _ in range(PROCESSES)
        ]
        ready = [process.stdout.readline() for process in processes if process.stdout]
        for process in processes:
            print("go", file=process.stdin, flush=True)
        assert ready == ["ready\n"] * PROCESSES
        return [process.wait() for process in processes]
