"""Describes the API to programs (OpenAPI 3.1), from the same models that read and answer."""

from __future__ import annotations

import inspect
import re
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal

from flask import Blueprint, Response, jsonify
from pydantic.json_schema import models_json_schema

from booking.availability.explain import ReasonCode
from booking.web.api.operations import OPERATIONS
from booking.web.api.requests import KEY_HEADER, LONGEST_KEY
from booking.web.current import current_installation
from booking.web.field_messages import FIELD_MESSAGES, PAGE_FIELD_CODES
from booking.web.problem_table import (
    PROBLEMS,
    TOLD_AS,
    UNAVAILABLE,
)

if TYPE_CHECKING:
    from pydantic import BaseModel

    from booking.web.api.operations import Operation

VERSION = "1.0.0"
REF = "#/components/schemas/{model}"
ANY_CALL = (400, 414, 429, 431, 500, 503)
"""Statuses that every call may answer with."""

ANY_CHANGE = (403,)
"""Statuses that every call but GET may answer with, too."""

CODES = [code for code, problem in PROBLEMS.items() if not problem.is_on_pages_alone]
"""What a program may be told."""

REASON_CODES = [*(code for code in ReasonCode if code not in TOLD_AS), UNAVAILABLE]

FIELD_CODES = [code for code in FIELD_MESSAGES if code not in PAGE_FIELD_CODES]

PROBLEM_SCHEMA = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": CODES},
        "reason": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string", "enum": FIELD_CODES},
                    "message": {"type": "string"},
                },
            },
        },
        "alternatives": {
            "type": "array",
            "description": "The nearest offered times",
            "items": {"$ref": REF.format(model="SlotAnswer")},
        },
        "reasons": {
            "type": "array",
            "description": "Why the time is not offered; hosts are numbered within the answer",
            "items": {
                "type": "object",
                "required": ["code", "host"],
                "properties": {
                    "code": {"type": "string", "enum": REASON_CODES},
                    "host": {"type": "integer"},
                },
            },
        },
    },
}

blueprint = Blueprint("api_openapi", __name__, url_prefix="/api/v1")


@blueprint.get("/openapi.json")
def show_openapi() -> Response:
    """Answer with the description, for this installation's own address."""
    installation = current_installation()
    return jsonify({**_document(), "servers": [{"url": installation.base_url}]})


@cache
def _document() -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _describe(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Halbstunde", "version": VERSION, "description": "Book a demo."},
        "paths": paths,
        "components": {"schemas": {**_schemas(), "Problem": PROBLEM_SCHEMA}},
    }


def _schemas() -> dict[str, Any]:
    read = {model for o in OPERATIONS for model in (o.body, o.query) if model}
    told = {a for o in OPERATIONS for a in (o.answer, *o.also.values()) if a}
    modes: list[tuple[type[BaseModel], Literal["validation", "serialization"]]] = [
        *((model, "validation") for model in sorted(read, key=repr)),
        *((model, "serialization") for model in sorted(told, key=repr)),
    ]
    _, found = models_json_schema(modes, ref_template=REF)
    schemas: dict[str, Any] = found["$defs"]
    return schemas


def _describe(operation: Operation) -> dict[str, Any]:
    changes = () if operation.method == "get" else ANY_CHANGE
    problems = sorted((*operation.problems, *ANY_CALL, *changes))
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": _parameters(operation),
        "responses": {
            str(operation.status): _success(operation),
            **{str(status): _received(model) for status, model in operation.also.items()},
            **{str(status): _problem(status) for status in problems},
        },
    }
    if operation.body:
        described["requestBody"] = {
            "required": operation.body_required,
            "content": {"application/json": {"schema": _ref(operation.body.__name__)}},
        }
    return described


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    text = {"type": "string"}
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": text}
        for name in re.findall(r"{(\w+)}", operation.path)
    ]
    if operation.query:
        asked = _schemas()[operation.query.__name__]["properties"]
        # Each is optional: what is left out is left out, a query string knows no null.
        parameters += [
            {"name": name, "in": "query", "schema": schema["anyOf"][0]}
            for name, schema in asked.items()
        ]
    if operation.takes_key:
        key = {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY}
        parameters.append({"name": KEY_HEADER, "in": "header", "schema": key})
    return parameters


def _success(operation: Operation) -> dict[str, Any]:
    response: dict[str, Any] = {"description": operation.summary}
    if operation.answer:
        response["content"] = {"application/json": {"schema": _ref(operation.answer.__name__)}}
    if operation.hands_on:
        name, value = operation.hands_on
        response["links"] = {
            led_to: {"operationId": led_to, "parameters": {name: value}}
            for led_to in operation.leads_to
        }
    return response


def _received(model: type[BaseModel]) -> dict[str, Any]:
    return {
        "description": inspect.cleandoc(model.__doc__ or ""),
        "content": {"application/json": {"schema": _ref(model.__name__)}},
    }


def _problem(status: int) -> dict[str, Any]:
    codes = [code for code in CODES if PROBLEMS[code].status == status]
    return {
        "description": f"{HTTPStatus(status).phrase}: {', '.join(codes)}",
        "content": {"application/problem+json": {"schema": _ref("Problem")}},
    }


def _ref(model: str) -> dict[str, str]:
    return {"$ref": REF.format(model=model)}
