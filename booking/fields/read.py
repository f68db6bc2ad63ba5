"""Reads what was typed or sent into a model, or says what is wrong with which field: all at once.

Where the values came from, a form or the API, is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, Field, ValidationError

from booking.errors import FieldError, InvalidFieldsError
from booking.fields.rules import clean_email, clean_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

M = TypeVar("M", bound=BaseModel)

MOST_ERRORS = 100
"""More faults than this are not told: an answer should not grow with what was sent."""

CODES = {
    "missing": "required",
    "extra_forbidden": "unknown",
    "int_type": "whole_number",
    "enum": "choice",
    "bool_parsing": "choice",
    "string_pattern_mismatch": "format",
    "string_unicode": "control_characters",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "address_too_long": "too_long",
    "text_too_long": "too_long",
}
"""Our codes for what pydantic finds by itself; our own rules bring theirs."""

Name = Annotated[str, AfterValidator(clean_name), Field(max_length=100)]
Email = Annotated[str, AfterValidator(clean_email)]


def read(model: type[M], raw: Mapping[str, Any], *, context: object = None) -> M:
    """Return ``raw`` as a ``model``, whose rules may ask for ``context``.

    Raises:
        InvalidFieldsError: every faulty and every unknown field, in the order of the model.
    """
    try:
        return model.model_validate(raw, context=context)
    except ValidationError as error:
        errors = [_field_error(details) for details in error.errors(include_url=False)]
    # Raised here, so that what was typed does not hang on it as its context.
    raise InvalidFieldsError(list(dict.fromkeys(errors))[:MOST_ERRORS])


def _field_error(details: ErrorDetails) -> FieldError:
    field = ".".join(str(part) for part in details["loc"] if part != "[key]")
    return FieldError(field, _code(details), _limit(details))


def _code(details: ErrorDetails) -> str:
    kind = details["type"]
    if details["input"] is None and kind in {"string_type", "enum"}:
        return "required"
    return CODES.get(kind, "type" if kind.endswith("_type") else kind)


def _limit(details: ErrorDetails) -> int | None:
    """Return the most characters of a text; a table with too many entries has none."""
    return details.get("ctx", {}).get("max_length") if isinstance(details["input"], str) else None
