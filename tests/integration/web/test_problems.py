"""What goes wrong is told in the right format, and never more than is wise."""

from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from booking.app import create_app
from booking.db import db
from booking.errors import UnavailableError
from booking.web.audience import Audience, is_for
from config import Config
from tests.api_calls import booking_body
from tests.environment import BASE_URL, make_environment
from tests.factories import START, make_organisation
from tests.fixtures.application import UnitOfWork
from tests.pages import OWN_PAGE, Page

pytestmark = pytest.mark.own_app

SECRET = "erika@kunde.example"


@pytest.fixture
def failing(app: Flask) -> FlaskClient:
    def fail() -> str:
        raise RuntimeError(SECRET)

    def refuse() -> str:
        raise UnavailableError

    open_to_all = is_for(Audience.ANYONE)
    app.add_url_rule("/api/fails", view_func=open_to_all(fail), endpoint="api_fails")
    app.add_url_rule("/fails", view_func=open_to_all(fail), endpoint="fails")
    app.add_url_rule("/api/aborts", view_func=open_to_all(lambda: abort(418)), endpoint="aborts")
    app.add_url_rule("/api/busy", view_func=open_to_all(refuse), endpoint="busy")
    app.add_url_rule(
        "/busy", view_func=open_to_all(refuse), endpoint="page_busy", methods=["GET", "POST"]
    )
    app.add_url_rule("/slashed/", view_func=open_to_all(lambda: ""), endpoint="slashed")
    return app.test_client()


def test_failure_is_told_by_its_id_alone(
    failing: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = failing.get("/api/fails", base_url=BASE_URL)

    problem = answer.get_json()
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert problem == {
        "type": f"{BASE_URL}/api/v1/openapi.json#failure",
        "title": "Auf unserer Seite ist etwas schiefgegangen.",
        "status": 500,
        "code": "failure",
        "request_id": problem["request_id"],
    }
    logged = capsys.readouterr().err
    assert problem["request_id"] in logged
    assert "RuntimeError" in logged
    assert SECRET not in logged


def test_failure_of_a_page_is_a_page(failing: FlaskClient) -> None:
    answer = failing.get("/fails", base_url=BASE_URL, headers={"Accept-Language": "en"})

    page = answer.get_data(as_text=True)
    assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert "Something went wrong on our side." in page
    assert SECRET not in page
    assert "Traceback" not in page


@pytest.mark.parametrize(
    ("path", "accept", "mimetype"),
    [
        ("/no/page", "text/html,*/*;q=0.8", "text/html"),
        ("/no/page", "*/*", "text/html"),
        ("/no/page", None, "text/html"),
        ("/no/page", "application/json", "application/problem+json"),
        ("/no/page", "application/problem+json", "application/problem+json"),
        ("/api/v1/nothing", "text/html", "application/problem+json"),
        ("/api/v1/nothing", None, "application/problem+json"),
    ],
)
def test_format_follows_path_and_accept(
    client: FlaskClient, path: str, accept: str | None, mimetype: str
) -> None:
    answer = client.get(path, headers={"Accept": accept} if accept else {})

    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (
        404,
        mimetype,
        "no-store",
    )


def test_other_refusals_of_the_framework_are_bad_requests(failing: FlaskClient) -> None:
    answer = failing.get("/api/aborts", base_url=BASE_URL)

    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_request")


def test_redirects_stay_redirects(failing: FlaskClient) -> None:
    answer = failing.get("/slashed", base_url=BASE_URL)

    assert (answer.status_code, answer.headers["Location"]) == (308, f"{BASE_URL}/slashed/")


def test_refusal_that_passes_says_when_to_come_back(failing: FlaskClient) -> None:
    answer = failing.get("/api/busy", base_url=BASE_URL)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


@pytest.mark.parametrize(
    ("method", "is_again", "told"),
    [
        ("GET", True, "Bitte versuchen Sie es in wenigen Sekunden noch einmal."),
        ("POST", False, "Gehen Sie dazu zurück und senden Sie die Seite erneut:"),
    ],
)
def test_page_of_what_passes_leads_to_the_same_again(
    failing: FlaskClient, method: str, is_again: bool, told: str
) -> None:
    answer = failing.open(
        "/busy?tag=a%26b&locale=de", method=method, base_url=BASE_URL, headers=OWN_PAGE
    )

    page = Page.read(answer)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert told in page.text
    assert page.links.count("?tag=a%26b&locale=de") == 1 + is_again  # the language is one of them
    assert ("Erneut versuchen" in page.text) is is_again


def test_installation_without_a_setup_file_says_so(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Accept-Language": "de"})

    page = Page.read(answer)
    assert (answer.status_code, page.title) == (
        503,
        "Fehler: Diese Buchungsseite wird noch eingerichtet.",
    )
    assert "flask --app wsgi load-setup company.toml" in page.text
    assert "/" not in page.links


def test_organisation_that_offers_nothing_is_there_to_be_written_to(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        make_organisation(session)

    answer = client.get("/")

    page = Page.read(answer)
    assert (answer.status_code, page.title) == (
        404,
        "Fehler: Hier gibt es zurzeit keine Demo zu buchen. – Beispiel KI GmbH",
    )
    assert page.links.count("mailto:kontakt@beispiel.example") == 2


@pytest.mark.settings(DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/v1/event-types"), ("POST", "/api/v1/bookings/x/cancel"), ("GET", "/")],
)
def test_unreachable_database_is_503(app: Flask, method: str, path: str) -> None:
    answer = app.test_client().open(
        path, method=method, base_url=BASE_URL, headers={"Accept-Language": "de"}
    )

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


PATHS = [("GET", "/"), ("GET", "/api/v1/event-types"), ("POST", "/api/v1/bookings")]


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_database_without_tables_is_503(
    blank_database_url: str, tmp_path: Path, method: str, path: str
) -> None:
    answer = ask_on(blank_database_url, method=method, path=path, folder=tmp_path)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_damaged_database_is_503(tmp_path: Path, method: str, path: str) -> None:
    file = tmp_path / "damaged.db"
    file.write_bytes(b"no database at all " * 1000)

    answer = ask_on(f"sqlite:///{file}", method=method, path=path, folder=tmp_path)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def ask_on(database_url: str, *, method: str, path: str, folder: Path) -> TestResponse:
    """Ask an application on the database at ``database_url``, whatever its state."""
    environment = make_environment(database_url=database_url, instance_dir=folder)
    app = create_app(Config.from_env(environment))
    body = booking_body(START.isoformat()) if method == "POST" else None
    answer = app.test_client().open(path, method=method, json=body, base_url=BASE_URL)
    with app.app_context():
        db.engine.dispose()
    return answer
