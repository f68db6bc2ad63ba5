"""What a page with the questions of an event type is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booking.event_types.find import questions_of
from booking.templating import text_in
from booking.web.language import request_locale

if TYPE_CHECKING:
    from booking.event_types.models import EventType


def question_words(event_type: EventType, *, fallback: str) -> dict[str, Any]:
    """Return the questions, and the label of each field in the visitor's language.

    ``fallback`` is the locale of labels that are not there in it.
    """
    questions = questions_of(event_type)
    return {
        "questions": questions,
        "question_labels": {
            question.field: text_in(question.label, locale=request_locale(), fallback=fallback)
            for question in questions
        },
    }
