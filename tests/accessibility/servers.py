"""The running product: a server, one that counts requests, and one whose database is damaged."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask_migrate import upgrade

from booking import clock
from booking.db import run_in_transaction
from booking.setup_file.load import load_setup
from tests.accessibility.prepared import prepare
from tests.accessibility.visitor import Site
from tests.environment import make_environment
from tests.installation import installation
from tests.processes import PROJECT
from tests.server_processes import running_servers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXAMPLE = PROJECT / "examples" / "demo.toml"
DAMAGE = """
    UPDATE organisation SET time_zone = 'Nowhere/Nowhere';
    ALTER TABLE booking_token RENAME TO lost_booking_token;
"""
"""No time can be told any more, and no link be opened."""


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """Serve the example company out of ``folder``, an empty one."""
    sound, damaged = (_environment(folder, name=name) for name in ("sound", "damaged"))
    with installation(sound) as app:
        upgrade()
        now = clock.now().replace(microsecond=0)
        run_in_transaction(lambda session: load_setup(EXAMPLE, now=now, session=session))
        paths = run_in_transaction(
            lambda session: prepare(
                now=now, session=session, installation=app.extensions["installation"]
            )
        )
    _damage(folder)
    with (
        running_servers(1, environment=sound) as (address,),
        running_servers(1, environment=sound | {"RATE_LIMITS": "on"}) as (strict,),
        running_servers(1, environment=damaged) as (broken,),
    ):
        yield Site(address=address, **paths, strict=strict, broken=broken)


def _environment(folder: Path, *, name: str) -> dict[str, str]:
    # Without a BASE_URL, links lead to where the server listens.
    return make_environment(
        database_url=f"sqlite:///{folder / name}.db", instance_dir=folder / name, BASE_URL=""
    )


def _damage(folder: Path) -> None:
    shutil.copyfile(folder / "sound.db", folder / "damaged.db")
    with sqlite3.connect(folder / "damaged.db") as connection:
        connection.executescript(DAMAGE)
    connection.close()
