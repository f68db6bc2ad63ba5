"""Runs a demonstration of its own, takes all pictures, and writes them into ``docs/images``."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile

from playwright.sync_api import sync_playwright

from scripts.screenshots.mails import take_mails
from scripts.screenshots.pages import take_pages
from tests.processes import PROJECT
from tests.server_processes import running_server

IMAGES = PROJECT / "docs" / "images"
EMAILS = PROJECT / "tests" / "emails"
DEMONSTRATION = (sys.executable, "scripts/run_demo.py")


def main() -> None:
    """Take all pictures anew."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is needed: apt-get install chromium (or set CHROMIUM to one)")
    for name in ("pages", "mails"):
        shutil.rmtree(IMAGES / name, ignore_errors=True)
        (IMAGES / name).mkdir(parents=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(*DEMONSTRATION, environment={"INSTANCE_DIR": folder}) as (address, _),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take_pages(browser, address=address, folder=IMAGES / "pages")
        take_mails(browser, emails=sorted(EMAILS.glob("*.html")), folder=IMAGES / "mails")
        browser.close()


if __name__ == "__main__":
    main()
