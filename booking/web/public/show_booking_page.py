"""Lays out the booking page for a draft: what is free, what is chosen, what was wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.lists import format_list

from booking import clock
from booking.availability.engine import nearest
from booking.bookings.certain_hosts import list_certain_hosts
from booking.bookings.lifecycle import BookingState
from booking.bookings.refusals import (
    SlotNotOfferedError,
    SlotTakenError,
    SlotUnavailableError,
)
from booking.bookings.slots import list_all_slots
from booking.bookings.tokens import Purpose, find_booking
from booking.db import db
from booking.organisation.find import find_notice, get_organisation
from booking.time_zone import time_zone
from booking.web.current import current_installation
from booking.web.language import request_locale
from booking.web.page import page_url, render_page
from booking.web.public.calendar_names import WORDS
from booking.web.public.calendar_view import arrange_slots
from booking.web.public.forms import Stamp
from booking.web.public.links import addresses_of, hidden_fields
from booking.web.public.zone_choices import zone_choices
from booking.web.question_words import question_words
from booking.web.security import is_change
from booking.wishes.wished_times import WISHED_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from flask import Response
    from sqlalchemy.orm import Session

    from booking.availability.engine import Slot
    from booking.bookings.models import Meeting
    from booking.event_types.models import EventType
    from booking.web.public.draft import Draft

WITHOUT_DETAILS = frozenset({"segment", "tz", "start", "hold"})
WITH_DETAILS = frozenset({"segment", "tz", "month", "day", "name", "email", "company"})
"""The parameters that the form's own fields and buttons tell."""


def show_booking_page(event_type: EventType, *, draft: Draft) -> Response:
    """Return the page for ``draft``; the status is that of its refusal, if there is one."""
    session, now = db.session(), clock.now()
    organisation = get_organisation(session=session)
    zone_name = draft.choice.time_zone or organisation.time_zone
    zone = time_zone(zone_name)

    slots = _offered(event_type, draft=draft, now=now, session=session)
    chosen = next((slot for slot in slots if slot.start == draft.choice.start), None)
    if draft.choice.start and chosen is None and draft.refusal is None:
        is_lost = draft.choice.hold is not None
        draft = draft.refused(SlotTakenError() if is_lost else SlotNotOfferedError())
    has_details = draft.has_details or chosen is not None
    stamp = draft.stamp or Stamp.new(now=now)

    return render_page(
        "pages/booking.html",
        refusal=draft.refusal,
        event_type=event_type,
        host_names=_host_names(event_type, draft=draft, session=session),
        draft=draft,
        typed=draft.typed,
        **question_words(event_type, fallback=organisation.locale),
        choice=draft.choice,
        view=arrange_slots(
            slots,
            zone=zone,
            now=now,
            month=draft.choice.month,
            day=draft.choice.day or _local_date(draft.choice.start, zone=zone),
        ),
        chosen=chosen,
        asks_for_whom=chosen is not None and not (draft.choice.segment or draft.refusal),
        has_details=has_details,
        focus=None if draft.refusal else draft.goes_on_at,
        zone_name=zone_name,
        now=now,
        zones=zone_choices(request_locale()),
        stamp=stamp.write(installation=current_installation()),
        notice=find_notice(session=session),
        alternatives=_alternatives(draft, slots=slots),
        keeps_typed=has_details or is_change(),
        may_detect_zone=not (draft.choice.time_zone or draft.refusal or has_details),
        action=page_url("booking_page.send_form", slug=event_type.slug),
        hidden=hidden_fields(draft.choice, visible=WITH_DETAILS if has_details else WITHOUT_DETAILS)
        | _wished(draft.typed),
        address=addresses_of(
            "booking_page.show_event_type", slug=event_type.slug, choice=draft.choice
        ),
        **WORDS,
    )


def _offered(event_type: EventType, *, draft: Draft, now: datetime, session: Session) -> list[Slot]:
    """Return every slot up to the horizon; the time this visitor holds is free to this visitor."""
    return list_all_slots(
        event_type,
        segment=draft.choice.segment,
        now=now,
        session=session,
        moving=_held_meeting(draft.choice.hold, session=session),
    )


def _host_names(event_type: EventType, *, draft: Draft, session: Session) -> str:
    """Return who will give the demo; empty where that is not certain yet."""
    hosts = list_certain_hosts(event_type, segment=draft.choice.segment, session=session)
    return format_list([host.name for host in hosts], locale=request_locale())


def _held_meeting(hold: str | None, *, session: Session) -> Meeting | None:
    booking = hold and find_booking(hold, purpose=Purpose.HOLD, session=session)
    return booking.meeting if booking and booking.state is BookingState.HELD else None


def _alternatives(draft: Draft, *, slots: Sequence[Slot]) -> Sequence[Slot]:
    """Return what to offer instead of a time that cannot be had."""
    if not isinstance(draft.refusal, SlotUnavailableError):
        return ()
    if draft.refusal.alternatives or draft.choice.start is None:
        return draft.refusal.alternatives
    return nearest(slots, start=draft.choice.start)


def _wished(typed: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed on the page for wishes, so that it is still there on the way back."""
    return {name: typed[name] for name in WISHED_FIELDS if typed.get(name)}


def _local_date(start: datetime | None, *, zone: ZoneInfo) -> date | None:
    return start.astimezone(zone).date() if start else None
