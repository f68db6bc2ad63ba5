"""Tortures an installation for a while: `python -m tests.torture.run --seconds 1200`.

Web servers and workers are killed at every point and at random moments while clients book, move and
cancel and the mail server misbehaves. Afterwards no acknowledged booking may be missing or stand
elsewhere, no host may be booked twice, and nobody may have got a mail too often.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from booking.outbox.models import MessageState
from tests import mail_weather
from tests.environment import make_environment
from tests.hostile_smtp import hostile_smtp
from tests.installation import SLOTS, bookings, drain, fill, installation, messages, violations
from tests.processes import free_port
from tests.torture.clients import clients_at_work
from tests.torture.databases import torture_database
from tests.torture.history import History
from tests.torture.kill_points import WEB_POINTS, WORKER_POINTS
from tests.torture.processes import Processes
from tests.whole_service import mail_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.hostile_smtp import HostileSmtp

WEB_SERVERS = 2
WORKERS = 2
CLIENTS = 6
POINTS = WEB_POINTS + WORKER_POINTS
LEAST_HITS = 20
LEAST_STRIKES = 300
MOST_ROUNDS = 50
STRIKE_SECONDS = 3.0
WEATHER_SECONDS = 0.3


@dataclass
class Report:
    """What happened, and what must not have."""

    seed: int
    counts: Counter[str]
    kills: Counter[str]
    strikes: int
    starts: int
    mails: Counter[MessageState] = field(default_factory=Counter)
    duplicates: int = 0
    faults: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Tell it."""
        yield f"seed: {self.seed}"
        yield from (f"{what}: {count}" for what, count in sorted(self.counts.items()))
        yield f"processes started: {self.starts}"
        yield from (f"killed {point}: {self.kills[point]}" for point in POINTS)
        yield f"struck at a random moment: {self.strikes}"
        yield from (f"mails {state.value}: {self.mails[state]}" for state in MessageState)
        yield f"accepted once more, as the same mail: {self.duplicates}"
        yield f"violations: {len(self.faults)}"
        yield from self.faults

    def is_enough(self) -> bool:
        """Tell whether so much has happened that silence means something."""
        happened = ("conflicts", "answers that never came")
        return (
            all(self.kills[point] >= LEAST_HITS for point in POINTS)
            and self.strikes >= LEAST_STRIKES
            and all(self.counts[what] for what in happened)
            and self.duplicates > 0
        )


def torture(
    database_url: str,
    *,
    folder: Path,
    seconds: float,
    seed: int,
    slots: int = SLOTS,
    is_enough: Callable[[Counter[str]], bool] = lambda _: True,
) -> Report:
    """Torture the empty database at head at ``database_url`` for ``seconds``.

    All clients ask for the same ``slots`` starts. Goes on, a slow machine needs that, until
    ``is_enough`` says so of the kills by point, but not longer than fifty times as long.
    """
    random = Random(seed)  # noqa: S311 - nothing is kept secret here
    history = History()
    with hostile_smtp("well_behaved") as server:
        environment = make_environment(
            database_url=database_url,
            instance_dir=folder / "instance",
            DELIVERY_LEASE_SECONDS="2",
            **mail_settings(server.port),
        )
        with installation(environment):
            starts = fill(slots=slots)
        ports = [free_port() for _ in range(WEB_SERVERS)]
        processes = Processes(environment, ports, WORKERS, random)
        servers = [f"http://127.0.0.1:{port}" for port in ports]
        with (
            processes,
            clients_at_work(servers, count=CLIENTS, starts=starts, history=history, seed=seed),
        ):
            strikes = 0
            for _ in range(MOST_ROUNDS):
                strikes += _torment(processes, server=server, random=random, seconds=seconds)
                if is_enough(Counter(processes.kills)):
                    break
        server.mode = "well_behaved"
        report = Report(seed, history.counts, Counter(processes.kills), strikes, processes.starts)
        with installation(environment) as app:
            drain(app)
            rows = messages()
            report.mails.update(row.state for row in rows)
            report.duplicates = mail_weather.count_duplicates(server)
            report.faults += processes.find_faults()
            report.faults += history.find_faults(bookings())
            report.faults += mail_weather.find_faults(server, rows)
            report.faults += violations(is_drained=True)
    return report


def _torment(processes: Processes, *, server: HostileSmtp, random: Random, seconds: float) -> int:
    """Change the weather and strike processes; return how often one was struck."""
    strikes = 0
    now = time.monotonic()
    deadline, next_strike = now + seconds, now + STRIKE_SECONDS
    while (now := time.monotonic()) < deadline:
        server.mode = random.choice(mail_weather.MODES)
        if now >= next_strike:
            strikes += processes.strike()
            next_strike = now + random.uniform(0.5, 1.5) * STRIKE_SECONDS
        time.sleep(WEATHER_SECONDS)
    return strikes


def main() -> int:
    """Run from the command line; 0 when nothing was wrong and enough has happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1200)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    with (
        tempfile.TemporaryDirectory() as folder,
        torture_database(options.database, folder=Path(folder)) as database_url,
    ):
        report = torture(
            database_url,
            folder=Path(folder),
            seconds=options.seconds,
            seed=options.seed,
        )
    sys.stdout.writelines(f"{line}\n" for line in report.lines())
    if not report.is_enough():
        sys.stdout.write("Too little has happened for this to mean anything.\n")
        return 1
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
