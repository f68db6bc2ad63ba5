"""A worker of the product whose clock is set: `python -m tests.e2e.jumping_worker FILE`.

FILE says how many seconds the clock is ahead of the right one, and may be written anew at any time;
it is deleted once the clock is set. As in real life, what measures durations goes on undisturbed.
"""

from __future__ import annotations

import os
import sys
import threading
from datetime import timedelta
from pathlib import Path

import time_machine

from booking import clock
from booking.app import create_app
from booking.jobs import run_worker
from config import Config

LOOK_SECONDS = 0.1


def follow(file: Path, traveller: time_machine.Traveller) -> None:
    """Set the clock whenever the file says so."""
    ahead = timedelta(0)
    while True:
        if file.exists():
            wanted = timedelta(seconds=float(file.read_text()))
            traveller.move_to(clock.now() - ahead + wanted)
            ahead = wanted
            file.unlink()
        threading.Event().wait(LOOK_SECONDS)


def main(file: Path) -> int:
    """Work until told to stop."""
    with time_machine.travel(clock.now(), tick=True) as traveller:
        threading.Thread(target=follow, args=(file, traveller), daemon=True).start()
        return run_worker(create_app(Config.from_env(os.environ)))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
