"""What is wrong with a setup file, in words an operator can act on.

Every fault names the file, the key as it is written there, and the value. Lists count from 0.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

KeyPath = tuple[str | int, ...]

MOST_SHOWN = 60
"""Characters of a faulty value that are repeated."""

PROBLEMS = {
    "missing": "is missing",
    "extra_forbidden": "is not a known key",
    "string_type": "must be a text in quotes",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "date_type": "must be a date such as 2026-12-24",
    "datetime_type": "must be a date with a time, such as 2026-12-24T09:00:00",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "too_short": "must hold at least {min_length} entry",
    "too_long": "must hold at most {max_length} entries",
    "address_too_long": "is longer than a mail address may be",
    "enum": "must be {expected}",
    "required": "must not be empty",
    "control_characters": "holds control characters",
    "hidden_characters": "holds characters that cannot be seen",
    "stacked_characters": "holds too many marks on one letter",
    "link": "must not hold a link",
    "unreadable": "must hold a letter, a digit or an emoji",
    "too_many_links": "holds too many links",
    "time_zone": 'must be an IANA time zone such as "Europe/Berlin"',
    "email": "must be one mail address",
    "unsupported_local_part": "must have plain ASCII letters before the @",
}
"""By pydantic's error type, or the code of a rule of ``booking.fields.rules``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: where, what stands there, and what should."""

    path: KeyPath
    value: object
    problem: str
    code: str = "refusal"
    """The same for forms, which say it in words of their own."""

    def __str__(self) -> str:
        """Say it in one line, without the file's name."""
        return f"{_spelled(self.path)}{_shown(self.value)}: {self.problem}"


class SetupFileError(Exception):
    """The setup file cannot be loaded; ``faults`` are whole lines, one for every fault."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


def refusal(problem: str, *, code: str = "refusal", **facts: int) -> PydanticCustomError:
    """Return the error by which a rule says ``problem`` of the value it looks at.

    Forms say it in words of their own, by ``code``.
    """
    # Passed as a value: a brace in the text is no placeholder.
    return PydanticCustomError(code, "{problem}", {"problem": problem, **facts})


def faults_of(error: ValidationError) -> list[Fault]:
    """Return what pydantic found, in the order of the keys."""
    return [_fault(details) for details in error.errors(include_url=False)]


def _fault(details: ErrorDetails) -> Fault:
    kind = details["type"]
    facts: dict[str, Any] = details.get("ctx", {})
    template = PROBLEMS.get(kind)
    # Of a faulty key, the path says all; the input would be the key itself.
    is_key = "[key]" in details["loc"]
    return Fault(
        path=tuple(part for part in details["loc"] if part != "[key]"),
        value=None if kind == "missing" or is_key else details["input"],
        problem=details["msg"] if template is None else template.format_map(facts),
    )


def _spelled(path: KeyPath) -> str:
    spelled = ""
    for part in path:
        if isinstance(part, int):
            spelled += f"[{part}]"
        else:
            spelled += f".{part}" if spelled else part
    return spelled


def _shown(value: object) -> str:
    """Return the value as TOML would write it.

    Nothing for tables, lists, what is missing, and numbers that take longer to write than to read.
    """
    if value is None or isinstance(value, (dict, list)):
        return ""
    if isinstance(value, int) and abs(value) >= 10**MOST_SHOWN:
        return ""
    if isinstance(value, (date, time)):
        shown = value.isoformat()
    else:
        shown = json.dumps(value, ensure_ascii=False)
    return f" = {shown if len(shown) <= MOST_SHOWN else shown[:MOST_SHOWN] + '…'}"
