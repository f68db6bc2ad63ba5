"""The month as a grid: one tab stop, and keys that go from one free day to another.

Free in November are Monday 23 to Friday 27, and Monday 30.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.accessibility.heard import focused
from tests.accessibility.states import STATES, TIME
from tests.accessibility.visitor import Visitor
from tests.fixtures.prospects import NewVisitor

KEYS = {
    (23, "ArrowLeft"): 23,
    (24, "ArrowLeft"): 23,
    (30, "ArrowLeft"): 27,
    (24, "ArrowRight"): 25,
    (27, "ArrowRight"): 30,
    (30, "ArrowRight"): 30,
    (30, "ArrowUp"): 23,
    (25, "ArrowUp"): 25,
    (23, "ArrowDown"): 30,
    (26, "ArrowDown"): 30,
    (30, "ArrowDown"): 30,
    (25, "Home"): 23,
    (25, "End"): 27,
    (30, "End"): 30,
    (25, "Shift+ArrowRight"): 25,
    (25, "Control+Home"): 25,
}
MOST_TABS = 60


def look_for_a_day(visitor: Visitor) -> None:
    """Stand before a month of links."""
    visitor.open("/demo?segment=team&tz=Europe/Berlin")


def change_the_day(visitor: Visitor) -> None:
    """Stand before a month of buttons, with a name typed already."""
    look_for_a_day(visitor)
    visitor.press(TIME)
    visitor.page.fill("#name", "Erika Mustermann")


def move_to_another_day(visitor: Visitor) -> None:
    """Stand before the month of the page that moves a booking."""
    STATES["move"](visitor)


on_every_page = pytest.mark.parametrize("go", [look_for_a_day, change_the_day, move_to_another_day])
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def day_with_focus(page: Page) -> int:
    """Return the number of the day that has the focus."""
    return int(page.locator("td:focus [aria-hidden]").inner_text())


def test_keys_go_from_free_day_to_free_day(new_visitor: NewVisitor) -> None:
    page = new_visitor().page
    page.goto(f"{new_visitor().site.address}/demo?segment=team&tz=Europe/Berlin")

    def press(day: int, key: str) -> int:
        page.get_by_role("gridcell", name=f" {day}. November").focus()
        page.keyboard.press(key)
        return day_with_focus(page)

    assert {(day, key): press(day, key) for day, key in KEYS} == KEYS


@on_every_page
def test_month_is_one_tab_stop(new_visitor: NewVisitor, go: Callable[[Visitor], None]) -> None:
    visitor = new_visitor()
    go(visitor)
    visitor.page.evaluate("document.activeElement.blur()")

    stops = []
    for _ in range(MOST_TABS):
        visitor.page.keyboard.press("Tab")
        if visitor.page.locator(".days :focus").count():
            stops.append(focused(visitor.page))

    assert [stop.partition(",")[0] for stop in set(stops)] == ['gridcell "Montag']
    assert all(stop.endswith("[selected]") for stop in stops)


def test_first_free_day_is_the_stop_where_none_is_selected(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()

    visitor.open("/demo?segment=team&tz=Europe/Berlin&day=2026-11-28")

    stop = visitor.page.locator("td[tabindex='0']")
    assert stop.locator("[aria-hidden]").all_inner_texts() == ["23"]
    expect(visitor.page.locator("[aria-selected]")).to_have_count(0)


@on_every_page
@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_day_is_chosen_and_the_focus_goes_to_its_times(
    new_visitor: NewVisitor, go: Callable[[Visitor], None], key: str
) -> None:
    visitor = new_visitor()
    go(visitor)
    visitor.page.locator("td[tabindex='0']").focus()
    visitor.page.keyboard.press("ArrowRight")

    with visitor.page.expect_navigation():
        visitor.page.keyboard.press(key)

    expect(visitor.page.locator("#times")).to_be_focused()
    expect(visitor.page.locator(".times-day")).to_have_text("Dienstag, 24. November 2026")
    assert visitor.page.locator("td[aria-selected] [aria-hidden]").inner_text() == "24"
    if go is change_the_day:
        expect(visitor.page.locator("#name")).to_have_value("Erika Mustermann")


@on_every_page
def test_turning_the_month_says_which_it_is_and_what_is_free(
    new_visitor: NewVisitor, go: Callable[[Visitor], None]
) -> None:
    visitor = new_visitor()
    go(visitor)

    for key, month in {
        "PageDown": "Dezember 2026 – 23 Tage mit freien Terminen",
        "PageUp": "November 2026 – 6 Tage mit freien Terminen",
    }.items():
        visitor.page.locator("td[tabindex='0']").focus()
        with visitor.page.expect_navigation():
            visitor.page.keyboard.press(key)
        expect(visitor.page.locator("#month")).to_be_focused()
        assert focused(visitor.page) == f'heading "{month}" [level=3]'

    visitor.page.locator("td[tabindex='0']").focus()
    visitor.page.keyboard.press("PageUp")
    assert day_with_focus(visitor.page) == 23


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_focus_goes_on_with_what_was_chosen(
    new_visitor: NewVisitor, java_script_enabled: bool
) -> None:
    visitor = new_visitor(java_script_enabled=java_script_enabled)
    change_the_day(visitor)
    expect(visitor.page.locator("#details")).not_to_be_focused()

    focus = {}
    for selector in ("button.day >> nth=2", f"{TIME} >> nth=2", "button.month-step"):
        visitor.press(selector)
        focus[selector] = visitor.page.locator(":focus").get_attribute("id")

    assert list(focus.values()) == ["times", "details", "month"]
    expect(visitor.page.locator("#name")).to_have_value("Erika Mustermann")


def test_alert_keeps_the_focus_from_the_part_that_an_address_names(
    new_visitor: NewVisitor,
) -> None:
    visitor = new_visitor()
    STATES["move"](visitor)

    for address in (
        "/demo?start=2020-01-01T00:00:00Z&tz=Europe/Berlin#details",
        f"{visitor.path}?start=2020-01-01T00:00:00Z#change",
    ):
        visitor.open(address)

        expect(visitor.page.get_by_role("alert")).to_be_focused()


def test_month_without_javascript_is_a_table_of_links(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(java_script_enabled=False)

    visitor.open("/demo?segment=team")

    table = visitor.page.get_by_role("table", name="November 2026")
    expect(table.get_by_role("link")).to_have_count(6)
    expect(table.locator("[tabindex]")).to_have_count(0)
    expect(table.get_by_role("cell", name="24. November")).to_have_accessible_name(
        "Dienstag, 24. November 2026, 16 freie Termine"
    )
