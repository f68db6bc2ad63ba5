"""Processes that start together may all bring the database to head."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from flask_migrate import upgrade

from booking.app import create_app
from config import Config
from tests.environment import make_environment
from tests.forked import forks
from tests.processes import PATIENCE_SECONDS, PROJECT

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier
    from pathlib import Path

MIGRATIONS = PROJECT / "migrations"
PROCESSES = 4


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


def upgrade_at_once(migrations: Path, *, database_url: str, instance_dir: Path) -> list[int | None]:
    """Let several processes run the migrations at the same moment; return their exit codes."""
    environment = make_environment(database_url=database_url, instance_dir=instance_dir)
    together = forks.Barrier(PROCESSES)
    processes = [
        forks.Process(target=upgrade_in_turn, args=(migrations, environment, together))
        for _ in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE_SECONDS)
        process.kill()
    return [process.exitcode for process in processes]


def upgrade_in_turn(migrations: Path, environment: dict[str, str], together: Barrier) -> None:
    """Be one of them; everything is loaded before, so that all migrate at the same moment."""
    os.dup2(os.open(os.devnull, os.O_RDWR), 2)
    with create_app(Config.from_env(environment)).app_context():
        together.wait(PATIENCE_SECONDS)
        upgrade(directory=str(migrations))
