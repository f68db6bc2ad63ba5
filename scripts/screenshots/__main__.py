"""Runs a demonstration of its own, takes all pictures, and writes them into ``docs/images``."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from scripts.screenshots.mails import take_mails
from scripts.screenshots.pages import take_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parents[2]
IMAGES = PROJECT / "docs" / "images"
EMAILS = PROJECT / "tests" / "emails"
PATIENCE_SECONDS = 60


def main() -> None:
    """Take all pictures anew."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is needed: apt-get install chromium (or set CHROMIUM to one)")
    for name in ("pages", "mails"):
        shutil.rmtree(IMAGES / name, ignore_errors=True)
        (IMAGES / name).mkdir(parents=True)
    with sync_playwright() as playwright, demonstration() as address:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take_pages(browser, address=address, folder=IMAGES / "pages")
        take_mails(browser, emails=sorted(EMAILS.glob("*.html")), folder=IMAGES / "mails")
        browser.close()


@contextmanager
def demonstration() -> Iterator[str]:
    """Run the demonstration with data of its own until the block ends; yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(  # noqa: S603 - a program of ours
            [sys.executable, PROJECT / "scripts" / "run_demo.py"],
            env={**os.environ, "PORT": str(port), "INSTANCE_DIR": folder, "RATE_LIMITS": "off"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def wait_for(address: str) -> None:
    """Return once the server answers."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{address}/health/live").close()  # noqa: S310 - ours
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


if __name__ == "__main__":
    main()
