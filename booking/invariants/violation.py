"""One thing that must never be, found all the same."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """A row that breaks a rule; it names no person."""

    rule: str
    """``overlap``, ``mail_missing`` and so on: the names of docs/operations.md."""
    subject: str
    """Table and id: ``booking 17``."""
    text: str
    """What is wrong, for an operator."""

    def __str__(self) -> str:
        """Return one line of a report."""
        return f"{self.rule}: {self.subject}: {self.text}"
