"""The page that shows the three ways to embed, and who may see it."""

import pytest
from flask.testing import FlaskClient

from tests.factories import make_organisation
from tests.fixtures.application import UnitOfWork

HERE = "http://127.0.0.1:8000"
IN_DEMO = pytest.mark.settings(DEMO="on", BASE_URL=HERE)


@IN_DEMO
@pytest.mark.usefixtures("host")
def test_three_ways_are_shown(client: FlaskClient) -> None:
    answer = client.get("/dev/embed", base_url=HERE)

    page = answer.get_data(as_text=True)
    assert [way for way in ("link", "popup", "inline") if f'data-halbstunde="{way}"' in page] == [
        "link",
        "popup",
        "inline",
    ]
    assert "frame-src 'self'; frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


@IN_DEMO
@pytest.mark.usefixtures("host")
@pytest.mark.parametrize("origin", [HERE, "http://localhost:8133"])
def test_pages_may_stand_in_those_of_the_demonstration_wherever_it_runs(
    client: FlaskClient, origin: str
) -> None:
    answer = client.get("/embed/demo", base_url=origin)

    assert f"frame-ancestors {origin}" in answer.headers["Content-Security-Policy"]
    assert f'data-origins="{origin}"' in answer.get_data(as_text=True)


@IN_DEMO
def test_nothing_to_book_is_no_failure(client: FlaskClient, transaction: UnitOfWork) -> None:
    with transaction() as session:
        make_organisation(session)

    assert b"data-halbstunde" not in client.get("/dev/embed", base_url=HERE).data


@IN_DEMO
@pytest.mark.usefixtures("host")
def test_ways_are_not_shown_through_a_proxy(client: FlaskClient) -> None:
    answer = client.get("/dev/embed", base_url=HERE, headers={"Forwarded": "for=x"})

    assert answer.status_code == 404
