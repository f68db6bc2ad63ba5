"""Addresses, origins, proxies and headers, before any page has its say."""

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.bookings.models import Booking
from booking.web.audience import Audience, is_for
from tests.api_calls import BOOKING
from tests.environment import BASE_URL
from tests.fixtures.application import UnitOfWork

HOLDS = "/api/v1/holds"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database will do: what is tested here comes before any of them."""
    return sqlite_url


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("termine.example.com", 200),
        ("TERMINE.example.com.", 200),
        ("termine.example.com:443", 200),
        ("localhost:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("evil.example", 400),
        ("termine.example.com.evil.example", 400),
        ("evil@termine.example.com", 400),
        ("termine.example.com/x", 400),
        ("", 400),
    ],
)
def test_only_our_own_host_is_answered(client: FlaskClient, host: str, status: int) -> None:
    answer = client.get("/api/v1/openapi.json", headers={"Host": host})

    assert (answer.status_code, answer.get_json().get("code")) == (
        status,
        "unknown_host" if status == 400 else None,
    )


def test_health_is_answered_under_any_host(client: FlaskClient) -> None:
    answer = client.get("/health/live", headers={"Host": "10.0.0.7:8000"})

    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 404),
        ({"Sec-Fetch-Site": "same-origin"}, 404),
        ({"Sec-Fetch-Site": "none"}, 404),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": BASE_URL}, 403),
        ({"Origin": BASE_URL}, 404),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://termine.example.com"}, 403),
        ({"Origin": "https://termine.example.com:8443"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_other_sites_change_nothing_over_the_api(
    client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    wanted = {name: BOOKING[name] for name in ("event_type", "start", "segment")}

    answer = client.post(HOLDS, json=wanted, headers=headers)

    assert (answer.status_code, answer.get_json()["code"]) == (
        status,
        "cross_site" if status == 403 else "not_found",
    )


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 403), ({"Origin": "https://evil.example"}, 403), ({"Origin": BASE_URL}, 405)],
)
def test_forms_must_say_whose_page_they_were_on(
    client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    answer = client.post("/health/live", headers=headers)

    assert answer.status_code == status


def test_every_answer_carries_the_headers(client: FlaskClient) -> None:
    answers = [client.get("/health/live"), client.get("/api/v1/nothing"), client.get("/no/page")]

    for answer in answers:
        assert {
            name: answer.headers[name]
            for name in (
                "Content-Security-Policy",
                "Referrer-Policy",
                "X-Content-Type-Options",
                "X-Frame-Options",
                "Permissions-Policy",
                "Cross-Origin-Opener-Policy",
                "Cross-Origin-Resource-Policy",
                "Strict-Transport-Security",
            )
        } == {
            "Content-Security-Policy": (
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
                "frame-ancestors 'none'"
            ),
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Strict-Transport-Security": "max-age=31536000",
        }
        assert "Set-Cookie" not in answer.headers
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.settings(BASE_URL="http://localhost:8000")
def test_hsts_is_for_https_only(client: FlaskClient) -> None:
    answer = client.get("/health/live")

    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.settings(BASE_URL="https://example.com/termine")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/termine/health/live", 200),
        ("/health/live", 200),
        ("/termine/termine/health/live", 404),
        ("/terminehealth/live", 404),
    ],
)
def test_prefix_may_be_stripped_by_the_proxy_or_not(app: Flask, path: str, status: int) -> None:
    answer = app.test_client().get(path, base_url="https://example.com")

    assert answer.status_code == status


@pytest.mark.own_app
@pytest.mark.settings(BASE_URL="https://example.com/termine")
@pytest.mark.parametrize("path", ["/termine/seen", "/seen"])
def test_links_carry_the_prefix(app: Flask, path: str) -> None:
    app.add_url_rule("/seen", view_func=is_for(Audience.ANYONE)(lambda: request.root_path))

    answer = app.test_client().get(path, base_url="https://example.com")

    assert answer.get_data(as_text=True) == "/termine"


@pytest.mark.own_app
@pytest.mark.parametrize(
    "seen",
    [
        pytest.param("127.0.0.1", marks=pytest.mark.settings(TRUSTED_PROXY_HOPS="0")),
        pytest.param("198.51.100.7", marks=pytest.mark.settings(TRUSTED_PROXY_HOPS="1")),
        pytest.param("203.0.113.9", marks=pytest.mark.settings(TRUSTED_PROXY_HOPS="2")),
    ],
)
def test_forwarded_addresses_count_by_the_hops_trusted(app: Flask, seen: str) -> None:
    app.add_url_rule("/seen", view_func=is_for(Audience.ANYONE)(lambda: str(request.remote_addr)))
    forwarded = {"X-Forwarded-For": "192.0.2.1, 203.0.113.9, 198.51.100.7"}

    answer = app.test_client().get("/seen", base_url=BASE_URL, headers=forwarded)

    assert answer.get_data(as_text=True) == seen


@pytest.mark.settings(TRUSTED_PROXY_HOPS="1")
@pytest.mark.usefixtures("host")
def test_links_never_come_from_the_request(client: FlaskClient, transaction: UnitOfWork) -> None:
    forged = {"Host": "localhost", "X-Forwarded-Prefix": "/evil"}

    answer = client.post("/api/v1/bookings", json=BOOKING, headers=forged)

    facts = answer.get_json()["booking"]
    assert facts["manage_url"] == f"{BASE_URL}/b/{facts['token']}"
    with transaction() as session:
        assert len(session.scalars(select(Booking)).all()) == 1


@pytest.mark.settings(TRUSTED_PROXY_HOPS="1")
def test_forwarded_host_must_be_ours_too(client: FlaskClient) -> None:
    answer = client.get("/api/v1/openapi.json", headers={"X-Forwarded-Host": "evil.example"})

    assert (answer.status_code, answer.get_json()["code"]) == (400, "unknown_host")


def test_reading_methods_change_nothing(client: FlaskClient) -> None:
    address = "/api/v1/bookings/x/cancel"

    answers = [client.get(address), client.head(address), client.options(address)]

    assert [answer.status_code for answer in answers] == [405, 405, 200]
