"""Keeps an installation running while its processes die: whoever has ended is started anew."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.forked import forks
from tests.torture.actors import act_as_web, act_as_worker
from tests.torture.kill_points import WEB_POINTS, WORKER_POINTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.process import BaseProcess
    from random import Random

LOOK_SECONDS = 0.05
PATIENCE_SECONDS = 60
MOST_OCCURRENCES = {act_as_web: 80, act_as_worker: 6}
"""How often the kill point may be passed before: a web server must get some work done."""

GOOD_ENDS = {0, -signal.SIGKILL, -signal.SIGTERM}
"""SIGTERM ends by itself a process that has not come to heed it yet."""


@dataclass
class Place:
    """Where one process runs after the other."""

    act: Callable[[dict[str, str], int, tuple[str, int]], None]
    port: int
    points: Iterator[str]
    process: BaseProcess | None = None


@dataclass
class Processes:
    """The web servers and workers of one installation.

    Each of them dies at a kill point, one point after the other, unless somebody kills it before.
    """

    environment: dict[str, str]
    ports: list[int]
    workers: int
    random: Random
    starts: int = 0
    hung: int = 0
    """How many did not stop in order at the end."""
    codes: Counter[int] = field(default_factory=Counter)
    """How often the processes have ended in which way."""

    def __post_init__(self) -> None:
        web, worker = cycle(WEB_POINTS), cycle(WORKER_POINTS)
        self._places = [Place(act_as_web, port, web) for port in self.ports]
        self._places += [Place(act_as_worker, 0, worker) for _ in range(self.workers)]
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep)

    def __enter__(self) -> Self:
        """Start everything."""
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop everything in order; what does not stop is killed."""
        self._stopping.set()
        self._keeper.join()
        living = [place.process for place in self._places if place.process is not None]
        for process in living:
            process.terminate()
        for process in living:
            process.join(PATIENCE_SECONDS)
            self.hung += process.is_alive()
            process.kill()
            process.join()
            self._note_end(process)

    def strike(self) -> bool:
        """Kill, or ask to stop, one process at this very moment; tell whether there was one."""
        place = self.random.choice(self._places)
        how = self.random.choice([signal.SIGKILL, signal.SIGTERM])
        process = place.process
        if process is None or process.pid is None or not process.is_alive():
            return False
        with suppress(ProcessLookupError):
            os.kill(process.pid, how)
            return True
        return False

    def find_faults(self) -> Iterator[str]:
        """Tell of processes that have ended neither in order nor by a signal of ours."""
        if self.hung:
            yield f"{self.hung} processes did not stop when they were told to"
        for code, count in self.codes.items():
            if code not in GOOD_ENDS:
                yield f"{count} processes have ended with {code}"

    @property
    def kills(self) -> list[str]:
        """The kill points at which processes have died, in order."""
        log = Path(self.environment["INSTANCE_DIR"]).with_name("kills.log")
        return log.read_text().splitlines() if log.exists() else []

    def _keep(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            for place in self._places:
                if place.process is None or not place.process.is_alive():
                    self._start(place)

    def _start(self, place: Place) -> None:
        if place.process is not None:
            self._note_end(place.process)
        doom = next(place.points), self.random.randint(1, MOST_OCCURRENCES[place.act])
        place.process = forks.Process(target=place.act, args=(self.environment, place.port, doom))
        place.process.start()
        self.starts += 1

    def _note_end(self, process: BaseProcess) -> None:
        if process.exitcode is not None:
            self.codes[process.exitcode] += 1
