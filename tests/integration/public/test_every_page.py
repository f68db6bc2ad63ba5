"""What holds for every page: who is behind it, in which language, and what it may do."""

import pytest
from flask.testing import FlaskClient

from booking.staff.models import Staff
from tests.api_calls import book
from tests.factories import make_event_type
from tests.fixtures.application import UnitOfWork
from tests.pages import OWN_PAGE, Page, open_page, path_of

pytestmark = pytest.mark.usefixtures("host")

HOSTILE = "<script>alert(1)</script>{{7*7}}%(x)s\"'&"
PAGES = [
    *("/", "/demo", "/demo/wish", "/demo/wish?done=yes", "/nichts", "/b/unbekannt"),
    *("{link}", "{link}/move", "{link}/cancel", "{link}/address"),
]


def link_of(client: FlaskClient, **changes: str) -> str:
    return path_of(book(client, **changes).get_json()["booking"]["manage_url"])


@pytest.mark.parametrize("page", PAGES)
def test_page_names_who_is_behind_it(client: FlaskClient, page: str) -> None:
    answer = client.get(page.format(link=link_of(client)))

    links = Page.read(answer).links
    assert "https://beispiel.example/impressum" in links
    assert "https://beispiel.example/datenschutz" in links


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", "", "de"),
        ("", "en-GB,de;q=0.8", "en"),
        ("?locale=de", "en", "de"),
        ("?locale=en", "de", "en"),
        ("?locale=xx", "fr", "de"),
        ("?locale=../../etc", "*", "de"),
    ],
)
def test_page_speaks_the_language_asked_for(
    client: FlaskClient, page: str, query: str, accepted: str, language: str
) -> None:
    address = page.format(link=link_of(client)) + query.replace("?", "&" if "?" in page else "?")

    answer = client.get(address, headers={"Accept-Language": accepted})

    assert Page.read(answer).lang == language


@pytest.mark.parametrize("page", PAGES)
def test_page_sets_no_cookie_and_allows_its_own_files_alone(client: FlaskClient, page: str) -> None:
    answer = client.get(page.format(link=link_of(client)))

    assert answer.headers.getlist("Set-Cookie") == []
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none';")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert b"style=" not in answer.data
    assert b"://" not in b"".join(
        line for line in answer.data.splitlines() if b"src=" in line or b"stylesheet" in line
    )


def test_hostile_texts_are_escaped_everywhere(
    client: FlaskClient, host: Staff, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        session.merge(host).name = HOSTILE
        make_event_type(
            session,
            hosts=[],
            slug="feindlich",
            title={"de": HOSTILE},
            description={"de": HOSTILE},
        )
    link = link_of(client, name=HOSTILE, company=HOSTILE, notes=HOSTILE)

    own = [link, f"{link}/move", f"{link}/cancel", f"{link}/address"]
    for page in ["/", "/feindlich", "/feindlich/wish", *own]:
        answer = client.get(page)

        assert b"<script>alert" not in answer.data
        if not page.endswith(("/move", "/address")):
            assert HOSTILE in Page.read(answer).text


def test_language_links_keep_the_rest_of_the_address(client: FlaskClient) -> None:
    page = open_page(client, "/demo?segment=team&_scheme=javascript&locale=de")

    assert "?segment=team&_scheme=javascript&locale=en" in page.links


@pytest.mark.settings(BASE_URL="https://termine.example.com/buchen")
def test_pages_work_below_a_path(client: FlaskClient) -> None:
    page = open_page(client, "/demo?segment=team")

    assert page.action == "/buchen/demo"
    answer = client.post(
        "/demo", data=page.fields | {"choose": "2026-11-24T09:00:00Z"}, headers=OWN_PAGE
    )
    assert path_of(answer.location) == "/buchen/demo"
