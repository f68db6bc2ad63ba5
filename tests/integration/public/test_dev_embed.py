"""The page that shows the three ways to embed, and who may see it."""

import pytest
from flask.testing import FlaskClient

from booking.organisation.find import get_organisation
from tests.factories import make_organisation
from tests.fixtures.application import UnitOfWork

HERE = "http://127.0.0.1:8000"
IN_DEMO = pytest.mark.settings(DEMO="on", BASE_URL=HERE)
REFUSED = "No frame is shown here"


@IN_DEMO
@pytest.mark.usefixtures("host")
def test_three_ways_are_shown(client: FlaskClient, transaction: UnitOfWork) -> None:
    before = client.get("/dev/embed", base_url=HERE).get_data(as_text=True)
    with transaction() as session:
        get_organisation(session=session).embed_origins = [HERE]

    answer = client.get("/dev/embed", base_url=HERE)

    page = answer.get_data(as_text=True)
    assert [way for way in ("link", "popup", "inline") if f'data-halbstunde="{way}"' in page] == [
        "link",
        "popup",
        "inline",
    ]
    assert "frame-src 'self'; frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert (REFUSED in before, REFUSED in page) == (True, False)


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
