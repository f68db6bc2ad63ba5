"""What becomes of a form that another site has sent: it is shown, to be sent from here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request

from booking.errors import BookingError
from booking.web.problems import answer_refusal
from booking.web.refusals import CrossSiteError

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Blueprint


def show_forms_again(
    blueprint: Blueprint, *, show: Callable[[str, BookingError], Response]
) -> None:
    """Let ``show``, given slug and refusal, answer for the forms of ``blueprint``."""

    def answer(error: CrossSiteError) -> Response:
        try:
            return show((request.view_args or {})["slug"], error)
        except BookingError as refusal:
            # Flask does not look for handlers of what a handler raises.
            return answer_refusal(refusal)

    blueprint.register_error_handler(CrossSiteError, answer)
