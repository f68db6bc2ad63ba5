"""What is logged: lines of JSON without tokens, addresses and names."""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from flask import Flask

from booking.logs import StandardError, configure_logging

TOKEN = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE"

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def app() -> Iterator[Flask]:
    app = Flask("booking")
    configure_logging(app)
    yield app
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if not isinstance(one, StandardError)]
    structlog.reset_defaults()


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    """Return what was logged since the last call."""
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def facts(line: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return some facts of a line."""
    return {name: line[name] for name in names}


def test_request_is_logged_by_its_route(app: Flask, lines: Lines) -> None:
    app.add_url_rule("/b/<token>", view_func=lambda token: token)

    app.test_client().get(f"/b/{TOKEN}?email=erika@kunde.example")

    [line] = lines()
    assert facts(line, "event", "level", "method", "route", "status") == {
        "event": "request",
        "level": "info",
        "method": "GET",
        "route": "/b/<token>",
        "status": 200,
    }
    assert set(line) - {"event", "level", "method", "route", "status"} == {
        "at",
        "logger",
        "milliseconds",
        "request_id",
    }


def test_unknown_path_is_not_logged(app: Flask, lines: Lines) -> None:
    app.test_client().get("/erika-mustermann")

    assert [(line["route"], line["status"]) for line in lines()] == [(None, 404)]


def test_all_lines_of_a_request_carry_its_id(app: Flask, lines: Lines) -> None:
    def view() -> str:
        structlog.get_logger("booking.test").info("worked")
        return ""

    app.add_url_rule("/", view_func=view)

    app.test_client().get("/")
    app.test_client().get("/")

    first, second, third, fourth = (line["request_id"] for line in lines())
    assert (first, third) == (second, fourth)
    assert first != third


def test_application_configured_twice_logs_once(app: Flask, lines: Lines) -> None:
    configure_logging(app)

    app.test_client().get("/")

    assert len(lines()) == 1


def test_error_is_logged_by_kind_and_place(app: Flask, lines: Lines) -> None:
    def view(token: str) -> str:
        raise ValueError(f"Erika Mustermann {token}")

    app.add_url_rule("/b/<token>", view_func=view)

    app.test_client().get(f"/b/{TOKEN}")

    failure, request = lines()
    assert facts(failure, "level", "error") == {"level": "error", "error": "ValueError"}
    assert failure["where"][-1].endswith(" view")
    assert request["status"] == 500
    assert [word for word in ("Erika", TOKEN) if word in json.dumps([failure, request])] == []


def test_error_in_hand_is_found(app: Flask, lines: Lines) -> None:
    assert app.name == "booking"
    try:
        int("Erika")
    except ValueError:
        structlog.get_logger("booking.test").exception("failed")

    [line] = lines()
    assert facts(line, "event", "error", "level") == {
        "event": "failed",
        "error": "ValueError",
        "level": "error",
    }


@pytest.mark.usefixtures("app")
def test_values_of_other_peoples_messages_are_left_out(lines: Lines) -> None:
    logging.getLogger("waitress").warning("Exception while serving %s", "/b/secret")

    assert [line["event"] for line in lines()] == ["Exception while serving %s"]


@pytest.mark.usefixtures("app")
def test_chatter_of_libraries_is_not_logged(lines: Lines) -> None:
    logging.getLogger("waitress").info("Serving")

    assert lines() == []


@pytest.mark.usefixtures("app")
def test_secrets_are_cut_out(lines: Lines) -> None:
    structlog.get_logger("booking.test").info(
        f"sent to erika@kunde.example by {TOKEN}",
        email="x",
        where=["models.py:12 test_that_a_long_function_name_is_left_alone"],
        nested={"link": f"https://termine.example/b/{TOKEN}/move"},
        holder=object(),
        message_id=17,
    )

    [line] = lines()
    assert facts(line, "event", "email", "where", "nested", "holder", "message_id") == {
        "event": "sent to [address] by [token]",
        "email": "[personal]",
        "where": ["models.py:12 test_that_a_long_function_name_is_left_alone"],
        "nested": {"link": "https://termine.example/b/[token]/move"},
        "holder": "object",
        "message_id": 17,
    }


@pytest.mark.usefixtures("app")
def test_closed_standard_error_loses_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = open("/dev/null", "w")  # noqa: SIM115, PTH123 - closed at once
    closed.close()
    monkeypatch.setattr(sys, "stderr", closed)

    structlog.get_logger("booking.test").info("lost")
