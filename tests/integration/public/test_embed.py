"""The pages that a company may show in its own website, and the script that puts them there."""

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking.organisation.find import get_organisation
from booking.staff.models import Staff
from tests.api_calls import book
from tests.factories import make_event_type
from tests.fixtures.application import UnitOfWork
from tests.pages import OWN_PAGE, Page, choose, open_page, path_of, send

pytestmark = pytest.mark.usefixtures("host")

ORIGINS = ["https://www.beispiel.example", "https://shop.beispiel.example:8443"]
LISTED = "frame-ancestors https://www.beispiel.example https://shop.beispiel.example:8443"
NOBODY = "frame-ancestors 'none'"
MOST_BYTES = 2000

EMBEDDED = ["/embed/", "/embed/demo", "/embed/demo/wish", "/embed/nichts", "/embed{link}"]
OTHERS = ["/", "/demo", "{link}", "{link}/move", "{link}/cancel", "/nichts", "/embed.js"]


@pytest.fixture
def link(client: FlaskClient) -> str:
    """The path of a booking."""
    return path_of(book(client).get_json()["booking"]["manage_url"])


@pytest.fixture
def listed(host: Staff, transaction: UnitOfWork) -> None:  # noqa: ARG001 - brings the organisation
    """Let two sites embed the pages."""
    with transaction() as session:
        get_organisation(session=session).embed_origins = ORIGINS


def framing(client: FlaskClient, address: str) -> tuple[str, str | None]:
    """Return what the policy and the older header say of frames."""
    headers = client.get(address).headers
    return (
        headers["Content-Security-Policy"].rpartition("; ")[2],
        headers.get("X-Frame-Options"),
    )


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("path", EMBEDDED)
def test_listed_sites_may_embed(client: FlaskClient, link: str, path: str) -> None:
    assert framing(client, path.format(link=link)) == (LISTED, None)


@pytest.mark.parametrize("path", EMBEDDED)
def test_without_a_list_nobody_may_embed(client: FlaskClient, link: str, path: str) -> None:
    assert framing(client, path.format(link=link)) == (NOBODY, "DENY")


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("path", OTHERS)
def test_all_other_pages_stand_in_no_frame(client: FlaskClient, link: str, path: str) -> None:
    assert framing(client, path.format(link=link)) == (NOBODY, "DENY")


def test_nothing_behind_a_bookings_link_can_be_sent_in_a_frame(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/embed/b/")]

    assert [rule.methods for rule in rules] == [{"GET", "HEAD", "OPTIONS"}] * 2


def test_embedded_page_is_listed_by_no_search_engine(client: FlaskClient) -> None:
    assert client.get("/embed/demo").headers["X-Robots-Tag"] == "noindex"


@pytest.mark.usefixtures("listed")
def test_form_sent_from_another_site_is_shown_where_it_was_meant(client: FlaskClient) -> None:
    page = open_page(client, "/embed/demo")

    answer = client.post(page.action, data=page.fields, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert answer.headers["Content-Security-Policy"].endswith(LISTED)
    assert Page.read(answer).action == "/embed/demo"


def test_whole_way_stays_in_the_frame(client: FlaskClient) -> None:
    page = choose(
        client, "2026-11-24T09:00:00Z", address="/embed/demo?segment=individual&locale=en"
    )
    assert page.action == "/embed/demo?locale=en"

    answer = send(client, page, name="Erika Mustermann", email="erika@kunde.example")

    path, _, token = path_of(answer.location).rpartition("/")
    assert path == "/embed/b"
    booked = open_page(client, answer.location)
    assert booked.lang == "en"
    assert {f"/b/{token}/move?locale=en", f"/b/{token}/cancel?locale=en"} < set(booked.links)


def test_embedded_pages_lead_to_embedded_ones(client: FlaskClient, transaction: UnitOfWork) -> None:
    wish = open_page(client, "/embed/demo/wish")
    answer = client.post("/embed/demo", data=wish.fields | {"show": "times"}, headers=OWN_PAGE)
    lost = Page.read(client.get("/embed/nichts"))
    with transaction() as session:
        make_event_type(session, hosts=[], slug="kurz")
    start = open_page(client, "/embed/")

    assert wish.action == "/embed/demo/wish"
    assert Page.read(answer).action == "/embed/demo"
    assert "/embed/" in lost.links
    assert {"/embed/demo", "/embed/kurz"} < set(start.links)


@pytest.mark.parametrize("path", ["/embed/demo?segment=team&start=2026-11-24T09:00:00Z", "{link}"])
def test_links_that_leave_the_frame_open_a_window(
    client: FlaskClient, link: str, path: str
) -> None:
    address = path.format(link=f"/embed{link}")

    html = client.get(address).get_data(as_text=True)

    links = [part.partition(">")[0] for part in html.split("<a ")[1:]]
    inside = ('href="/embed/', 'href="?', 'href="#', 'href="mailto:')
    staying = [link for link in links if "target=" not in link]
    assert [link for link in staying if not any(start in link for start in inside)] == []
    assert any('href="https://beispiel.example/datenschutz" target="_blank"' in a for a in links)


def test_embedded_page_has_neither_head_nor_languages(client: FlaskClient) -> None:
    html = client.get("/embed/demo").get_data(as_text=True)

    assert "<header" not in html
    assert 'lang="en"' not in html
    assert "kontakt@beispiel.example" not in html


@pytest.mark.settings(BASE_URL="https://termine.example.com/buchen")
def test_script_is_small_and_asked_for_again(client: FlaskClient) -> None:
    answer = client.get("/buchen/embed.js")
    again = client.get("/buchen/embed.js", headers={"If-None-Match": answer.headers["ETag"]})

    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "public, max-age=600"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert len(gzip.compress(answer.data)) <= MOST_BYTES
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/static/embed.js").status_code == 404
