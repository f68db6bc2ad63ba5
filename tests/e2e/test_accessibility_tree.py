"""Every state as those hear it who do not see it: what a screen reader is told, compared whole.

The expected trees are files, read by people in review; ``WRITE_TREES=1`` writes them anew.
"""

import os
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.accessibility.expected import EXPECTED, file_of
from tests.accessibility.heard import focused, heading_levels, heard, landmarks
from tests.accessibility.states import STATES
from tests.fixtures.browser import inaccessible_parts
from tests.fixtures.prospects import NewVisitor

FAULT = "Bitte geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@example.com."
FOR_WHOM = "Bitte wählen Sie, für wen die Demo ist. Der gewählte Termin bleibt ausgewählt."
WHOLE_PAGE = ["banner", "main", "contentinfo"]

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.mark.parametrize(("name", "locale"), EXPECTED)
def test_state_is_heard_as_expected(new_visitor: NewVisitor, name: str, locale: str) -> None:
    visitor = new_visitor(locale=locale)
    tree = file_of(name, locale=locale)

    STATES[name](visitor)

    if os.environ.get("WRITE_TREES"):
        tree.write_text(heard(visitor.page))
    assert heard(visitor.page) == tree.read_text()
    levels = heading_levels(visitor.page)
    assert levels.count(1) == 1
    assert [step for step in pairwise(levels) if step[1] > step[0] + 1] == []
    parts = ["main", "contentinfo"] if name.startswith("embedded") else WHOLE_PAGE
    assert landmarks(visitor.page)[-len(parts) :] == parts
    assert inaccessible_parts(visitor.page) == []


def test_faulty_field_is_required_invalid_and_described(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    STATES["field faults"](visitor)

    email = visitor.page.get_by_role("textbox", name="E-Mail-Adresse", exact=True)

    expect(email).to_have_accessible_description(FAULT)
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(email).to_have_attribute("required", "")
    assert focused(visitor.page) == "alert"
    visitor.page.get_by_role("alert").get_by_role("link").click()
    expect(email).to_be_focused()


def test_time_before_for_whom_leads_to_the_choice_and_is_no_fault(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    visitor.open("/demo")
    visitor.press(".times .time")

    choice = visitor.page.get_by_role("group", name="Für wen ist die Demo?")

    expect(choice).to_have_accessible_description(FOR_WHOM)
    expect(choice.get_by_role("radio").first).to_be_focused()
    expect(visitor.page.get_by_role("alert")).to_have_count(0)
    assert f"- status: {FOR_WHOM}" in heard(visitor.page)
    assert "Fehler" not in visitor.page.title()
    choice.get_by_role("radio").first.check()
    expect(visitor.page.get_by_role("status").get_by_text(FOR_WHOM)).to_have_count(0)
    expect(visitor.page.locator(".details .primary")).to_be_visible()


def test_what_is_optional_says_so_and_is_not_required(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    STATES["details"](visitor)

    fields = visitor.page.locator(".details .field :is(input, textarea)").all()

    told = {field.get_attribute("id"): "(freiwillig)" in field.aria_snapshot() for field in fields}
    required = {field.get_attribute("id"): field.get_attribute("required") for field in fields}
    assert {name for name, is_optional in told.items() if not is_optional} == {"name", "email"}
    assert {name for name, mark in required.items() if mark is not None} == {"name", "email"}
