"""Lays out the page for a wish: what was typed so far, and what was wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking import clock
from booking.db import db
from booking.organisation.find import find_notice, get_organisation
from booking.time_zone import time_zone
from booking.web.current import current_installation
from booking.web.language import request_locale
from booking.web.page import page_url, render_page
from booking.web.public.calendar_names import WORDS
from booking.web.public.forms import Stamp
from booking.web.public.links import hidden_fields
from booking.web.public.zone_choices import zone_choices
from booking.web.question_words import question_words
from booking.wishes.part_names import PART_NAMES
from booking.wishes.wished_times import FURTHEST, NUMBERS

if TYPE_CHECKING:
    from flask import Response

    from booking.event_types.models import EventType
    from booking.web.public.draft import Draft

VISIBLE = frozenset({"segment", "tz", "name", "email", "company"})
"""The parameters that the form's own fields tell."""


def show_wish_page(event_type: EventType, *, draft: Draft) -> Response:
    """Return the page for ``draft``; the status is that of its refusal, if there is one."""
    session, now = db.session(), clock.now()
    organisation = get_organisation(session=session)
    zone_name = draft.choice.time_zone or organisation.time_zone
    today = now.astimezone(time_zone(zone_name)).date()
    stamp = draft.stamp or Stamp.new(now=now)
    return render_page(
        "pages/wish.html",
        refusal=draft.refusal,
        event_type=event_type,
        draft=draft,
        typed=draft.typed,
        choice=draft.choice,
        numbers=NUMBERS,
        part_names=PART_NAMES,
        first_day=today,
        last_day=today + FURTHEST,
        zone_name=zone_name,
        now=now,
        zones=zone_choices(request_locale()),
        may_detect_zone=not (draft.choice.time_zone or draft.refusal or draft.has_details),
        stamp=stamp.write(installation=current_installation()),
        notice=find_notice(session=session),
        action=page_url("wish_page.send_wish", slug=event_type.slug),
        hidden=hidden_fields(draft.choice, visible=VISIBLE),
        **question_words(event_type, fallback=organisation.locale),
        **WORDS,
    )
