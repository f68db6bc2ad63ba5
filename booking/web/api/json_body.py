"""Reads a JSON body strictly: one object, in UTF-8, every key once (RFC 8259, RFC 7493 §2.3).

What is well-formed but of a wrong type is left to the fields; here it is only whether the bytes
are an object at all.
"""

from __future__ import annotations

import json
from typing import Any

from flask import request

from booking.web.refusals import MalformedBodyError, UnsupportedBodyError


def read_object(*, empty_allowed: bool = False) -> dict[str, Any]:
    """Return the object in the request's body; an empty body is ``{}`` where it is allowed.

    Raises:
        RequestEntityTooLarge: the body is longer than the application takes.
        UnsupportedBodyError: the Content-Type is not ``application/json``.
        MalformedBodyError: it is no JSON object.
    """
    body = request.get_data()
    if empty_allowed and not body:
        return {}
    if request.mimetype != "application/json":
        raise UnsupportedBodyError
    return parse_object(body)


def parse_object(body: bytes) -> dict[str, Any]:
    """Return the object that ``body`` is.

    NaN and infinite numbers pass, so that their field can be named.

    Raises:
        MalformedBodyError: see there.
    """
    try:
        value = json.loads(body.decode(), object_pairs_hook=_object)
    except UnicodeDecodeError:
        raise MalformedBodyError("not_utf8") from None
    except (ValueError, RecursionError):
        # ValueError also stands for a number of thousands of digits.
        raise MalformedBodyError("not_json") from None
    if not isinstance(value, dict):
        raise MalformedBodyError("not_object")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise MalformedBodyError("duplicate_key")
    for key in value:
        if not key.isascii() and any("\ud800" <= character <= "\udfff" for character in key):
            raise MalformedBodyError("not_utf8")
    return value
