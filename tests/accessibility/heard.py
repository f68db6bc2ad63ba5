"""What a page is to those who do not see it: its title, where the focus is, and what there is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

ADDRESS = re.compile(r":?\n +- /url: .*")
NUMBER = re.compile(r"(?<=erika)-\d+(?=@)")
HEADING = re.compile(r'- heading (?:".*"|\'.*\') \[level=(\d)\]')


def heard(page: Page) -> str:
    """Return the title, the name of what has the focus, and the tree of the main part.

    Addresses are left out: they are not heard, and some are secrets that differ each time. So are
    the numbers of visitors, who each have a mail address of their own.
    """
    tree = NUMBER.sub("", ADDRESS.sub("", page.locator("main").aria_snapshot()))
    return f"title: {page.title()}\nfocus: {focused(page)}\n{tree}\n"


def focused(page: Page) -> str:
    """Return what has the focus, by role and name; nothing, where a page has just been opened."""
    focus = page.locator(":focus")
    if not focus.count():
        return "nothing"
    first_line = ADDRESS.sub("", focus.aria_snapshot()).partition("\n")[0]
    return first_line.removeprefix("- ").removesuffix(":")


def landmarks(page: Page) -> list[str]:
    """Return the parts of the page, in their order."""
    tree = page.locator("body").aria_snapshot()
    return re.findall(r"^- ([^:]+)", tree, re.MULTILINE)


def heading_levels(page: Page) -> list[int]:
    """Return the levels of the headings, in their order."""
    return [int(level) for level in HEADING.findall(page.locator("body").aria_snapshot())]
