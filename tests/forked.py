"""Commands of the product in processes forked from one that has imported it, which saves a second.

Each is a real process with an application, connections and a fate of its own. What is tested of the
start itself, of its settings or its log is started by `tests.processes` instead.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from flask.cli import main

from tests.processes import PATIENCE_SECONDS, PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from multiprocessing.process import BaseProcess

forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(["tests.torture.actors", "tests.forked", "tests.outbox"])


@contextmanager
def forked(*arguments: str, environment: dict[str, str]) -> Iterator[BaseProcess]:
    """Run a command of ``flask`` until the block ends; stop it then, and insist on good order."""
    nowhere = Path(os.devnull)
    process = forks.Process(
        target=act, args=(arguments, os.environ | environment, nowhere, nowhere)
    )
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


def run_forked(
    *arguments: str | Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a command of ``flask`` to its end; its environment is ``environment`` and no more."""
    words = tuple(map(str, arguments))
    with TemporaryDirectory() as folder:
        out, error = Path(folder, "out"), Path(folder, "error")
        process = forks.Process(target=act, args=(words, environment, out, error))
        process.start()
        process.join(PATIENCE_SECONDS)
        process.kill()
        process.join()
        assert process.exitcode is not None
        return subprocess.CompletedProcess(
            words, process.exitcode, out.read_text(), error.read_text()
        )


def act(arguments: tuple[str, ...], environment: Mapping[str, str], out: Path, error: Path) -> None:
    """Be the command; what it says is written into the two files."""
    # The parent's way of ending children is not ours.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for stream, file in ((0, Path(os.devnull)), (1, out), (2, error)):
        os.dup2(os.open(file, os.O_RDWR | os.O_CREAT), stream)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(PROJECT)
    sys.argv = ["flask", "--app", "wsgi", *arguments]
    main()
