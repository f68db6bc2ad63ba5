"""Every route says for whom it is and lets nobody else in; generated from the routes there are."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from booking.staff.models import Role
from booking.web.audience import STAFF, Audience, audience_of
from tests.environment import BASE_URL
from tests.fixtures.staff import BrowserOf, NewBrowser, StaffBrowser
from tests.pages import OWN_PAGE, path_of

SAMPLES = {"ShortIntegerConverter": 1, "SlugConverter": "demo"}
"""What stands for a variable part, by its converter; a text for all others."""

REFUSED = {401, 403}


def test_routes_all_declare_their_audience(app: Flask) -> None:
    with app.app_context():
        undeclared = [rule.endpoint for rule in app.url_map.iter_rules() if not declared(rule)]

    assert undeclared == []


@pytest.mark.settings(DEMO="on", MAIL_SERVER="")
def test_routes_of_a_demonstration_declare_theirs(app: Flask) -> None:
    with app.app_context():
        undeclared = [rule.endpoint for rule in app.url_map.iter_rules() if not declared(rule)]

    assert undeclared == []


@pytest.mark.parametrize("role", [None, *Role])
def test_routes_let_in_whom_they_are_for_and_nobody_else(
    app: Flask,
    new_browser: NewBrowser,
    browser_of: BrowserOf,
    role: Role | None,
) -> None:
    unexpected = []
    csrf = browser_of(role).csrf if role else ""

    for endpoint, method, address, audience in list(asked(app)):
        # A browser of its own for each: some routes sign out.
        browser = new_browser() if role is None else browser_of(role)
        is_in = not is_refused(browser, method=method, address=address, csrf=csrf)
        if is_in != is_for(audience, role=role):
            unexpected.append((endpoint, method, "let in" if is_in else "refused"))

    assert unexpected == []


@pytest.mark.own_app
def test_route_that_declares_nothing_is_closed(app: Flask, browser_of: BrowserOf) -> None:
    app.add_url_rule("/staff/forgotten-guard", view_func=lambda: "secret")

    answer = browser_of(Role.ADMIN).get("/staff/forgotten-guard")

    assert answer.status_code == 404


def declared(rule: Rule) -> bool:
    return audience_of(rule.endpoint) is not None


def is_for(audience: Audience, *, role: Role | None) -> bool:
    return audience not in STAFF or role in STAFF[audience]


def asked(app: Flask) -> Iterator[tuple[str, str, str, Audience]]:
    """Yield endpoint, method, address and audience of every route."""
    with app.test_request_context(base_url=BASE_URL):
        adapter = app.url_map.bind("termine.example.com")
        for rule in app.url_map.iter_rules():
            audience = audience_of(rule.endpoint)
            assert audience is not None
            values = {name: sample(rule, name) for name in rule.arguments}
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                address = adapter.build(rule.endpoint, values, method=method)
                yield rule.endpoint, method, address, audience


def sample(rule: Rule, name: str) -> object:
    return SAMPLES.get(type(rule._converters[name]).__name__, "x" * 43)


def is_refused(browser: StaffBrowser, *, method: str, address: str, csrf: str) -> bool:
    """Tell whether the guard stood in the way; what the view itself says is no matter here."""
    answer = browser.client.open(address, method=method, data={"csrf": csrf}, headers=OWN_PAGE)
    leads_to_sign_in = answer.status_code == 303 and "next=" in answer.location
    return answer.status_code in REFUSED or (
        leads_to_sign_in and path_of(answer.location) == "/staff/sign-in"
    )
