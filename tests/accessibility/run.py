"""Measures every state on the running product and writes the table of ``docs/accessibility.md``."""

from __future__ import annotations

import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from tests.accessibility.measure import measure
from tests.accessibility.report import PAGE, put_into, write_table
from tests.accessibility.servers import running_site
from tests.accessibility.states import STATES
from tests.chromium import HOW_TO_GET, find_chromium, running_chromium


def main() -> None:
    """Measure, and write."""
    chromium = find_chromium() or sys.exit(f"Chromium is needed: {HOW_TO_GET}")
    with (
        tempfile.TemporaryDirectory() as folder,
        running_site(Path(folder)) as site,
        running_chromium(chromium) as browser,
    ):
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
    PAGE.write_text(put_into(PAGE.read_text(), table=write_table(figures, tools=tools)))


if __name__ == "__main__":
    main()
