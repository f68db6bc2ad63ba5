"""The description of the API is valid, whole, and what the API really answers."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from sqlalchemy import select
from werkzeug.test import TestResponse

from booking.event_types.models import EventType
from booking.web.problem_table import PROBLEMS
from tests.api_calls import BOOKING, book
from tests.factories import make_question
from tests.fixtures.application import UnitOfWork

pytestmark = pytest.mark.usefixtures("host")

HOLD = {name: BOOKING[name] for name in ("event_type", "start", "segment")}
LATER = {"start": "2026-11-24T11:00:00+01:00"}


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/openapi.json").get_json()
    return found


def test_document_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "https://termine.example.com"}]
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_document_has_every_route_and_no_other(app: Flask, document: dict[str, Any]) -> None:
    described = {
        (path, method) for path, operations in document["paths"].items() for method in operations
    }

    assert described | {("/api/v1/openapi.json", "get")} == {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in rule.methods or ()
        if method not in {"HEAD", "OPTIONS"}
    }


def test_links_lead_to_calls_that_exist(document: dict[str, Any]) -> None:
    operations = [o for path in document["paths"].values() for o in path.values()]
    names = {operation["operationId"] for operation in operations}
    links = {
        name
        for operation in operations
        for response in operation["responses"].values()
        for name in response.get("links", {})
    }

    assert links == names - {"listEventTypes", "createHold", "createBooking"}


OF_CONSOLE = {
    *("signed_out", "wrong_password", "unknown_sign_in_link", "last_admin"),
    *("mail_decided", "mail_of_no_use", "mail_just_sent", "stale_settings", "stale_access"),
    *("lead_booked", "stale_hours", "stale_profile", "undecided_demos"),
    *("unmailable", "wish_changed", "wish_closed", "changed_meanwhile"),
}


def test_programs_are_told_of_no_problem_of_the_pages(document: dict[str, Any]) -> None:
    known = document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]

    of_pages = {
        *("unknown_link", "nothing_offered", "not_set_up", "address_settled", "offer_used"),
        *OF_CONSOLE,
    }
    assert of_pages < set(PROBLEMS)
    assert set(PROBLEMS) - set(known) == of_pages
    assert not any(code in str(document["paths"]) for code in of_pages)


def test_answers_are_as_described(client: FlaskClient, document: dict[str, Any]) -> None:
    booked = book(client)
    token = booked.get_json()["booking"]["token"]
    answers = [
        ("/api/v1/event-types", "get", client.get("/api/v1/event-types")),
        (
            "/api/v1/event-types/{slug}/slots",
            "get",
            client.get("/api/v1/event-types/demo/slots?segment=team"),
        ),
        ("/api/v1/bookings", "post", booked),
        ("/api/v1/bookings", "post", book(client, name="", email="x", status="y")),
        ("/api/v1/bookings", "post", book(client, email="max@kunde.example")),
        ("/api/v1/bookings", "post", book(client, event_type="nothing")),
        ("/api/v1/bookings", "post", client.post("/api/v1/bookings", data="x")),
        ("/api/v1/bookings/{token}", "get", client.get(f"/api/v1/bookings/{token}")),
        ("/api/v1/bookings/{token}", "get", client.get("/api/v1/bookings/x")),
        (
            "/api/v1/bookings/{token}/reschedule",
            "post",
            client.post(f"/api/v1/bookings/{token}/reschedule", json=LATER),
        ),
        (
            "/api/v1/bookings/{token}/cancel",
            "post",
            client.post(f"/api/v1/bookings/{token}/cancel", json={"reason": "krank"}),
        ),
        ("/api/v1/holds", "post", client.post("/api/v1/holds", json=HOLD)),
        ("/api/v1/holds/{token}", "delete", client.delete("/api/v1/holds/x")),
    ]

    assert [
        faults_of(answer, document["paths"][path][method], document)
        for path, method, answer in answers
    ] == [[]] * len(answers)


def test_questions_are_told_as_described(
    client: FlaskClient, document: dict[str, Any], transaction: UnitOfWork
) -> None:
    option = {"value": "a", "label": {"de": "A"}}
    questions = [make_question("crm", kind="choice", options=[option, option | {"value": "b"}])]
    with transaction() as session:
        session.scalars(select(EventType)).one().questions = questions

    answer = client.get("/api/v1/event-types")

    assert len(answer.get_json()["event_types"][0]["questions"]) == 1
    operation = document["paths"]["/api/v1/event-types"]["get"]
    assert faults_of(answer, operation, document) == []


def test_examples_are_as_described(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    question = schemas["QuestionAnswer"]["examples"][0]
    answers = schemas["BookingRequest"]["properties"]["answers"]["examples"][0]

    assert {question["key"]: question["options"][0]["value"], "seats": 40} == answers
    for example, schema in (
        (question, "#/components/schemas/QuestionAnswer"),
        (answers, "#/components/schemas/BookingRequest/properties/answers"),
    ):
        assert differences(example, schema=schema, document=document) == []


def faults_of(
    answer: TestResponse, operation: dict[str, Any], document: dict[str, Any]
) -> list[str]:
    """Return in what the answer differs from the description of its call."""
    described = operation["responses"][str(answer.status_code)]
    if "content" not in described:
        return [] if not answer.get_data() else ["a body that is not described"]
    schema = described["content"][answer.mimetype]["schema"]
    return differences(answer.get_json(), schema=schema["$ref"], document=document)


def differences(value: object, *, schema: str, document: dict[str, Any]) -> list[str]:
    """Return in what ``value`` is not what stands at ``schema`` in the document."""
    resource = Resource.from_contents(document, default_specification=DRAFT202012)
    registry = Registry().with_resource("urn:document", resource)
    validator = OAS31Validator({"$ref": "urn:document" + schema}, registry=registry)
    return [error.message for error in validator.iter_errors(value)]
