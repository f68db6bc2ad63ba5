"""The files that pages are made of."""

import re

import pytest
from flask.testing import FlaskClient

from booking.organisation.models import ORGANISATION_ID, Organisation
from tests.fixtures.application import UnitOfWork

pytestmark = pytest.mark.usefixtures("host")

LOGO = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


def test_every_file_of_a_page_may_be_kept_for_ever(client: FlaskClient) -> None:
    page = client.get("/demo").get_data(as_text=True)
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)

    answers = {address: client.get(address) for address in addresses}

    assert len(answers) == 7
    for address, answer in answers.items():
        assert (address, answer.status_code) == (address, 200)
        assert "?v=" in address
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_accent_is_that_of_the_organisation(client: FlaskClient) -> None:
    answer = client.get("/static/accent.css")

    assert answer.mimetype == "text/css"
    assert answer.get_data(as_text=True).startswith(":root{--accent:#0b5fff;")


def test_logo_can_do_nothing(client: FlaskClient, transaction: UnitOfWork) -> None:
    assert client.get("/static/logo").status_code == 404
    with transaction() as session:
        organisation = session.get_one(Organisation, ORGANISATION_ID)
        organisation.logo, organisation.logo_media_type = LOGO, "image/svg+xml"

    answer = client.get("/static/logo")

    assert (answer.data, answer.mimetype) == (LOGO, "image/svg+xml")
    assert answer.headers["Content-Security-Policy"].endswith("; sandbox")
    assert b'<img src="/static/logo?v=' in client.get("/demo").data


@pytest.mark.parametrize("name", ["..%2fapp.py", "nichts.css", "%00", "../app.py"])
def test_nothing_else_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404
