"""Puts the console together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from booking.web.problem_page import show_problems_below
from booking.web.staff import (
    account_page,
    audit_page,
    booking_page,
    calendar_page,
    cancel_booking_page,
    closing_days_page,
    correct_booking_page,
    find_page,
    hand_over_page,
    hours_page,
    lead_page,
    leads_file,
    leads_page,
    link_pages,
    mails_page,
    member_page,
    move_booking_page,
    new_booking_page,
    numbers_page,
    settings_page,
    sign_in_page,
    start_page,
    subscriptions,
    team_page,
    time_off_page,
    why_page,
    wish_page,
    wishes_page,
)
from booking.web.staff.admission import CONSOLE, init_admission
from booking.web.staff.console_page import render_console_page
from booking.web.staff.event_types import hosts, list_page, questions, reminders, rules, texts

if TYPE_CHECKING:
    from flask import Flask

PAGES = (
    sign_in_page,
    link_pages,
    start_page,
    find_page,
    calendar_page,
    hours_page,
    time_off_page,
    closing_days_page,
    why_page,
    new_booking_page,
    booking_page,
    move_booking_page,
    hand_over_page,
    cancel_booking_page,
    correct_booking_page,
    leads_page,
    leads_file,
    lead_page,
    wishes_page,
    wish_page,
    numbers_page,
    account_page,
    subscriptions,
    team_page,
    member_page,
    mails_page,
    audit_page,
    settings_page,
    list_page,
    texts,
    rules,
    hosts,
    questions,
    reminders,
)


def init_staff(app: Flask) -> None:
    """Add every page of the console to ``app``, and the guard in front of them all."""
    init_admission(app)
    show_problems_below(CONSOLE, by=partial(render_console_page, "staff/problem.html"), app=app)
    # Pages that belong together share a blueprint.
    for blueprint in dict.fromkeys(module.blueprint for module in PAGES):
        app.register_blueprint(blueprint)
