"""Measures every state on the running product and writes the table of ``docs/accessibility.md``."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests.accessibility.measure import measure
from tests.accessibility.report import PAGE, put_into, write_table
from tests.accessibility.servers import running_site
from tests.accessibility.states import STATES
from tests.fixtures.browser import ARGUMENTS


def main() -> None:
    """Measure, and write."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is needed: apt-get install chromium (or set CHROMIUM to one)")
    with (
        tempfile.TemporaryDirectory() as folder,
        running_site(Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page()
        tools = (
            f"Chromium {browser.version}",
            f"axe-core {Axe().run(page).response['testEngine']['version']}",
            f"Playwright {version('playwright')}",
        )
        page.close()
        figures = {
            name: measure(steps, browser=browser, site=site) for name, steps in STATES.items()
        }
        browser.close()
    PAGE.write_text(put_into(PAGE.read_text(), table=write_table(figures, tools=tools)))


if __name__ == "__main__":
    main()
