"""The mails of a demonstration, and who may read them."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from booking.outbox.mail_folder import FileTransport, list_mails
from booking.outbox.mime import Address
from config import Config
from tests.outgoing_mails import CONFIRMATION, go_ahead
from tests.pages import Page

HERE = "http://127.0.0.1:8000"
IN_DEMO = pytest.mark.settings(DEMO="on", BASE_URL=HERE)

pytestmark = pytest.mark.usefixtures("host")


@pytest.fixture
def name(config: Config) -> str:
    """The name of a mail that was written."""
    folder = config.instance_dir / "outbox"
    with FileTransport(folder).connect() as transport:
        transport.send(CONFIRMATION, before_data=go_ahead)
    return list_mails(folder)[0]


@IN_DEMO
def test_mails_are_listed_and_shown(client: FlaskClient, name: str) -> None:
    mails = Page.read(client.get("/dev/mails", base_url=HERE))
    mail = Page.read(client.get(f"/dev/mails/{name}", base_url=HERE))

    assert f"/dev/mails/{name}" in mails.links
    assert CONFIRMATION.subject in mails.text
    assert "Mo., 16.11.2026, 09:15 Uhr" in mails.text.replace("\xa0", " ")
    assert "Sie möchten absagen? Der Link genügt." in mail.text
    assert "SUMMARY:Demo für Käufer" in mail.text


@IN_DEMO
def test_html_of_a_mail_can_do_nothing(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/dev/mails/{name}/html", base_url=HERE)

    assert "<p>Ihre Demo ist gebucht – bis dann.</p>" in answer.get_data(as_text=True)
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
        "sandbox allow-popups"
    )
    assert "X-Frame-Options" not in answer.headers


@IN_DEMO
def test_long_name_is_shown_as_it_is(client: FlaskClient, config: Config) -> None:
    name = (
        "Maximiliane Freifrau von Hohenstein-Wäldburg zu Sülmingen und Leutheußer-Schnärrenberger"
    )
    folder = config.instance_dir / "outbox"
    with FileTransport(folder).connect() as transport:
        mail = replace(CONFIRMATION, to=Address(name, "m@kunde.example"), subject=name)
        transport.send(mail, before_data=go_ahead)

    listed = Page.read(client.get("/dev/mails", base_url=HERE)).text
    shown = Page.read(client.get(f"/dev/mails/{list_mails(folder)[0]}", base_url=HERE))

    assert listed.count(name) == 2
    assert shown.title.startswith(name)
    assert f"An{name} <m@kunde.example>" in shown.text


@IN_DEMO
def test_no_mail_yet_is_told(client: FlaskClient) -> None:
    mails = Page.read(client.get("/dev/mails", base_url=HERE))

    assert "Noch wurde keine E-Mail geschrieben." in mails.text


@IN_DEMO
@pytest.mark.parametrize("path", ["..", "nichts.eml", "%2e%2e%2fkey", "nichts.eml/html"])
def test_mail_that_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(f"/dev/mails/{path}", base_url=HERE).status_code == 404


@IN_DEMO
@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "203.0.113.7"},
        {"Forwarded": "for=203.0.113.7"},
        {"X-Forwarded-Host": "127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
    ],
)
def test_mails_are_not_shown_through_a_proxy(
    client: FlaskClient, name: str, headers: dict[str, str]
) -> None:
    for path in ("", f"/{name}", f"/{name}/html"):
        answer = client.get(f"/dev/mails{path}", base_url=HERE, headers=headers)

        assert answer.status_code == 404


@pytest.mark.settings(DEMO="on")
def test_mails_are_not_shown_under_a_public_name(client: FlaskClient, name: str) -> None:
    assert client.get("/dev/mails").status_code == 404
    assert client.get(f"/dev/mails/{name}", base_url=HERE).status_code == 200


@pytest.mark.settings(BASE_URL=HERE)
def test_mails_are_not_shown_outside_a_demonstration(client: FlaskClient, name: str) -> None:
    assert client.get(f"/dev/mails/{name}", base_url=HERE).status_code == 404
