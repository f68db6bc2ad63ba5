"""Puts the console together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from booking.web.problem_page import show_problems_below
from booking.web.staff import (
    account_page,
    booking_page,
    cancel_booking_page,
    correct_booking_page,
    hand_over_page,
    link_pages,
    move_booking_page,
    new_booking_page,
    sign_in_page,
    start_page,
    team_page,
)
from booking.web.staff.admission import CONSOLE, init_admission
from booking.web.staff.console_page import render_console_page

if TYPE_CHECKING:
    from flask import Flask


def init_staff(app: Flask) -> None:
    """Add every page of the console to ``app``, and the guard in front of them all."""
    init_admission(app)
    show_problems_below(CONSOLE, by=partial(render_console_page, "staff/problem.html"), app=app)
    for module in (
        sign_in_page,
        link_pages,
        start_page,
        account_page,
        team_page,
        new_booking_page,
        booking_page,
        move_booking_page,
        hand_over_page,
        cancel_booking_page,
        correct_booking_page,
    ):
        app.register_blueprint(module.blueprint)
