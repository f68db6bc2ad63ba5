"""What visitors have set for themselves: colours, zoom, spacing, no motion, and large fingers."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.accessibility.states import STATES
from tests.accessibility.weight import Scales
from tests.fixtures.prospects import NewVisitor

MOST_BYTES = 50_000
SMALLEST_TARGET = 44
PHONE = {"width": 390, "height": 844}
SMALLEST = {"width": 320, "height": 640}
TWICE_AS_LARGE = {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2}
STATES_TO_BEND = [
    *("times", "details", "field faults", "taken", "nothing free", "booked", "moved"),
    *("move chosen", "move refused", "cancel", "cancel faults", "over", "not me", "not found"),
]
SPACING = """* {
    line-height: 1.5 !important;
    letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important;
}
p { margin-block-end: 2em !important; }"""
"""What WCAG 2.2, 1.4.12, says that readers may set."""

# The month reaches over the edge of its part on purpose.
MISFITS = """() => [...document.querySelectorAll("html, main *")].filter(element =>
    !element.closest(".visually-hidden, .trap, svg, option, select, textarea") &&
    !element.querySelector(":scope > .month") &&
    element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 &&
    getComputedStyle(element).display !== "inline"
).map(element => element.outerHTML.slice(0, 80))"""
MOVING = """() => [...document.querySelectorAll("*")].filter(element => {
    const style = getComputedStyle(element);
    return style.transitionDuration !== "0s" || style.animationName !== "none";
}).length"""
TOO_SMALL = """least => [...document.querySelectorAll(
    "main :is(a, button, input, select, textarea, summary)"
)].filter(element => {
    if (element.closest("[aria-hidden=true]") || !element.checkVisibility()) return false;
    const target = element.closest("label") ?? element;
    const { width, height } = target.getBoundingClientRect();
    const isWithinText = getComputedStyle(target).display === "inline";
    return !isWithinText && (width < least || height < least);
}).map(element => element.outerHTML.slice(0, 80))"""

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def css(part: Locator, name: str) -> str:
    """Return how a property of an element comes out."""
    return str(part.evaluate("(part, name) => getComputedStyle(part)[name]", name))


def misfits(page: Page) -> list[str]:
    """Return what is wider than the room it has, the page itself included."""
    return list(page.evaluate(MISFITS))


def test_forced_colours_leave_what_is_chosen_to_be_seen(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(forced_colors="active")
    STATES["times"](visitor)
    page = visitor.page
    selected, free = (
        page.locator(f"td{which} > a") for which in ("[aria-selected]", ":not([aria-selected])")
    )
    chosen = page.locator(".segment:has(:checked)")
    other = page.locator(".segment:not(:has(:checked))")

    assert css(selected, "backgroundColor") != css(free.first, "backgroundColor")
    assert (css(chosen, "outlineStyle"), css(other, "outlineStyle")) == ("solid", "none")
    assert css(free.first, "borderTopStyle") == "solid"
    page.locator("td[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    assert css(page.locator("td:focus > a"), "outlineStyle") == "solid"
    page.keyboard.press("Tab")
    assert css(page.locator(":focus"), "outlineStyle") == "solid"


@pytest.mark.parametrize("name", STATES_TO_BEND)
def test_page_bends_to_whoever_looks_at_it(new_visitor: NewVisitor, name: str) -> None:
    # The policy of the pages lets no style sheet in but their own; a reader's browser does.
    visitor = new_visitor(**TWICE_AS_LARGE, bypass_csp=True)
    STATES[name](visitor)
    page = visitor.page

    found = {"200 %": misfits(page)}
    page.set_viewport_size(SMALLEST)
    found["400 %"] = misfits(page)
    page.set_viewport_size(PHONE)
    found["thumb"] = page.evaluate(TOO_SMALL, SMALLEST_TARGET)
    page.add_style_tag(content=SPACING)
    found["spacing"] = misfits(page)

    assert found == {"200 %": [], "400 %": [], "thumb": [], "spacing": []}


@pytest.mark.parametrize(("motion", "is_still"), [("reduce", True), ("no-preference", False)])
def test_nothing_moves_where_less_motion_is_wished_for(
    new_visitor: NewVisitor, motion: str, is_still: bool
) -> None:
    visitor = new_visitor(reduced_motion=motion)
    STATES["times"](visitor)
    visitor.page.locator(".steps").evaluate("steps => { steps.ariaBusy = 'true' }")

    assert (visitor.page.evaluate(MOVING) == 0) == is_still


def test_largest_page_is_light(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    scales = Scales(visitor.page)

    STATES["details"](visitor)

    expect(visitor.page.locator("#name")).to_be_visible()
    assert scales.files() >= {"pages.css", "accent.css", "icon.svg", "forms.js", "calendar.js"}
    assert scales.weigh() <= MOST_BYTES
