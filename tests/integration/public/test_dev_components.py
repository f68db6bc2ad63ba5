"""The page of components, and who may see it."""

import pytest
from flask.testing import FlaskClient

from tests.pages import Page

HERE = "http://127.0.0.1:8000"
IN_DEMO = pytest.mark.settings(DEMO="on", BASE_URL=HERE)

pytestmark = pytest.mark.usefixtures("host")


@IN_DEMO
def test_components_are_shown_in_their_states(client: FlaskClient) -> None:
    answer = client.get("/dev/components", base_url=HERE)

    page = Page.read(answer)
    assert page.title.startswith("Components")
    assert "Dienstag, 24. November 2026, 7 freie Termine" in page.text
    assert "This is no email address." in page.text


@IN_DEMO
@pytest.mark.parametrize("headers", [{"X-Forwarded-For": "203.0.113.7"}, {"Forwarded": "for=x"}])
def test_components_are_not_shown_through_a_proxy(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    assert client.get("/dev/components", base_url=HERE, headers=headers).status_code == 404


def test_components_are_not_shown_outside_a_demonstration(client: FlaskClient) -> None:
    assert client.get("/dev/components").status_code == 404
