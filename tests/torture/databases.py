"""An empty database at head outside the test run: a file, or a PostgreSQL server of its own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.fixtures.database import migrate
from tests.postgresql_server import postgresql_servers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def torture_database(kind: str, *, folder: Path) -> Iterator[str]:
    """Yield the address of a fresh database of ``kind``; it is gone afterwards."""
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'halbstunde.db'}"
        migrate(url, instance_dir=folder)
        yield url
        return
    with postgresql_servers(1) as [server]:
        server.initialise()
        server.start()
        url = server.url.render_as_string()
        migrate(url, instance_dir=folder)
        yield url
