"""Commands of the product in processes forked from one that has imported it, which saves a second.

Each is a real process with an application, connections and a fate of its own. What is tested of the
start itself, of its settings or its log is started by `tests.processes` instead.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask.cli import main

from tests.processes import PATIENCE_SECONDS, PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.process import BaseProcess

forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(["tests.torture.actors", "tests.forked"])


@contextmanager
def forked(*arguments: str, environment: dict[str, str]) -> Iterator[BaseProcess]:
    """Run a command of ``flask`` until the block ends; stop it then, and insist on good order."""
    process = forks.Process(target=act, args=(arguments, environment))
    process.start()
    try:
        yield process
        assert process.exitcode is None, f"it has ended by itself, with {process.exitcode}"
        process.terminate()
        process.join(PATIENCE_SECONDS)
        assert process.exitcode == 0
    finally:
        process.kill()
        process.join()


def act(arguments: tuple[str, ...], environment: dict[str, str]) -> None:
    """Be the command, heard by nobody."""
    # The parent's way of ending children is not ours.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.environ.update(environment)
    os.chdir(PROJECT)
    sys.argv = ["flask", "--app", "wsgi", *arguments]
    main()
