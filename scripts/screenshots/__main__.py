"""Takes all pictures of a company with a past, and writes them into ``docs/images``.

Its year is lived through first (some minutes), unless INSTANCE_DIR names a folder that
``make demo-history`` has filled.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scripts.screenshots.console import take_console
from scripts.screenshots.mails import take_mails
from scripts.screenshots.pages import take_pages
from tests.chromium import HOW_TO_GET, find_chromium, running_chromium
from tests.processes import PROJECT, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

IMAGES = PROJECT / "docs" / "images"
EMAILS = PROJECT / "tests" / "emails"
HISTORY = (sys.executable, "-m", "scripts.history")
DEMONSTRATION = (sys.executable, "scripts/run_demo.py")


def main() -> None:
    """Take all pictures anew."""
    chromium = find_chromium() or sys.exit(f"Chromium is needed: {HOW_TO_GET}")
    for name in ("pages", "console", "mails"):
        shutil.rmtree(IMAGES / name, ignore_errors=True)
        (IMAGES / name).mkdir(parents=True)
    with (
        _lived_through() as folder,
        _demonstration(folder) as (address, link),
        running_chromium(chromium) as browser,
    ):
        take_pages(browser, address=address, folder=IMAGES / "pages")
        take_console(browser, address=address, link=link, folder=IMAGES / "console")
        take_mails(browser, emails=sorted(EMAILS.glob("*.html")), folder=IMAGES / "mails")


@contextmanager
def _demonstration(folder: str) -> Iterator[tuple[str, str]]:
    """Run the company in ``folder``; yield its address, and a link that opens its console once."""
    port = str(free_port())
    process = subprocess.Popen(  # noqa: S603 - our own
        DEMONSTRATION,
        cwd=PROJECT,
        env=os.environ | {"INSTANCE_DIR": folder, "PORT": port},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        lines = iter(process.stdout or ())
        link = next(line.split()[-1] for line in lines if "/staff/link/" in line)
        yield f"http://127.0.0.1:{port}", link
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _lived_through() -> Iterator[str]:
    given = os.environ.get("INSTANCE_DIR")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"INSTANCE_DIR": folder}
        subprocess.run(HISTORY, cwd=PROJECT, env=environment, check=True)  # noqa: S603 - our own
        yield folder


if __name__ == "__main__":
    main()
