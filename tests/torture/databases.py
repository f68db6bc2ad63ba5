"""An empty database at head outside the test run: a file, or a PostgreSQL server of its own."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fixtures.database import migrate, throwaway_database
from tests.fixtures.postgresql import find_binaries, run_server

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def torture_database(kind: str, *, folder: Path) -> Iterator[str]:
    """Yield the address of a fresh database of ``kind``; it is gone afterwards."""
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'halbstunde.db'}"
        migrate(url, instance_dir=folder)
        yield url
        return
    binaries = find_binaries()
    if binaries is None:
        raise FileNotFoundError("PostgreSQL: make install-dev")
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        for server in run_server(binaries, home=home):
            for url in throwaway_database(server, template="template0"):
                migrate(url, instance_dir=folder)
                yield url
    finally:
        shutil.rmtree(home, ignore_errors=True)
