"""Working hours: what a week looks like, what single dates do, and what that would offer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import redirect, request

from booking import clock
from booking.availability.skipped_times import skipped_times
from booking.bookings.preview_hours import list_event_types_of, preview_hours
from booking.db import db, run_in_transaction
from booking.errors import InvalidFieldsError, NotFoundError
from booking.history import version_of
from booking.organisation.find import get_organisation
from booking.staff.change_hours import StaleHoursError, change_hours
from booking.staff.find import get_staff, list_active_staff
from booking.staff.host_rules import CHANGES, MOST_DATES, load_rules
from booking.templating import translate
from booking.time_zone import time_zone
from booking.web.audience import Audience, is_for
from booking.web.language import request_locale
from booking.web.page import page_url
from booking.web.staff.availability import blueprint, render_availability_page
from booking.web.staff.calendar_view import asked_host
from booking.web.staff.event_type_words import WEEKDAYS
from booking.web.staff.hours_days import sort_out
from booking.web.staff.hours_form import copy_day, dates_shown, fill_in, read_hours
from booking.web.staff.region_names import name_region, region_choices
from booking.web.staff.scope import sees_everybody
from booking.web.staff.shown_version import shown_version, version_to_send
from booking.web.staff.signed_in import get_signed_in
from booking.web.staff.told_history import tell_meanwhile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from flask import Response
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.errors import BookingError
    from booking.staff.host_rules import HostRules
    from booking.staff.models import Staff

ONE_YEAR = timedelta(days=366)
"""How far ahead the form looks for clocks that are put forward."""


@blueprint.get("/staff/hours")
@is_for(Audience.HOST)
def show_hours() -> Response:
    """Show when one host works, and what that offers."""
    return _show()


@blueprint.post("/staff/hours")
@is_for(Audience.HOST)
def save_hours() -> AnyResponse:
    """Save what was typed; or only copy a day's hours to others, or show what it would offer."""
    if request.form.get("do") == "copy":
        return _show(typed=copy_day(request.form, days=request.form.getlist("onto")))
    host_id, actor, now = _asked_host(), get_signed_in().actor, clock.now()
    try:
        rules = read_hours(request.form, today=_today(request.form, now=now))
        if request.form.get("do") == "preview":
            return _show(typed=request.form)
        seen = shown_version()

        def work(session: Session) -> bool:
            host = get_staff(host_id, session=session)
            kept = _with_unshown(rules, host=host, now=now, session=session)
            return change_hours(host, rules=kept, seen=seen, actor=actor, now=now, session=session)

        is_changed = run_in_transaction(work)
    except (InvalidFieldsError, StaleHoursError) as refusal:
        return _show(refusal, typed=request.form)
    done = "saved" if is_changed else "same"
    return redirect(page_url("staff_availability.show_hours", host=host_id, done=done), code=303)


def _asked_host() -> int:
    host_id = asked_host(signed_in=get_signed_in())
    if host_id is None:
        raise NotFoundError
    return host_id


def _with_unshown(rules: HostRules, *, host: Staff, now: datetime, session: Session) -> HostRules:
    """Return ``rules`` with the stored dates that the form did not show.

    It showed them on the clock that the host had then. Where that is too many together, those that
    are over the longest fall away: a setup file must be able to say what is stored.
    """
    stored, today = load_rules(host, session=session), _today_of(host, now=now)
    shown = dates_shown(stored, today=today)
    unshown = {on: spans for on, spans in stored.overrides.items() if on not in shown}
    together = unshown | dict(rules.overrides)
    over = sorted(on for on in unshown if on < today and on not in rules.overrides)
    for on in over[: max(0, len(together) - MOST_DATES)]:
        del together[on]
    return replace(rules, overrides=together)


def _today_of(host: Staff, *, now: datetime) -> date:
    return _today({"time_zone": host.time_zone}, now=now)


def _today(form: Mapping[str, str], *, now: datetime) -> date:
    """Return the date in the zone that was typed; in the reader's own if that is none."""
    try:
        return now.astimezone(time_zone(form.get("time_zone", "").strip())).date()
    except ValueError:
        return now.astimezone(time_zone(get_signed_in().time_zone)).date()


def _show(
    refusal: BookingError | None = None, *, typed: Mapping[str, str] | None = None
) -> Response:
    db.session.rollback()
    signed_in, session, now = get_signed_in(), db.session(), clock.now()
    host = get_staff(_asked_host(), session=session)
    stored = load_rules(host, session=session)
    values = fill_in(stored, today=_today_of(host, now=now))
    shown = values if typed is None else typed
    home = get_organisation(session=session)
    locale = request_locale()
    return render_availability_page(
        "staff/hours.html",
        tab="staff_availability.show_hours",
        refusal=refusal,
        host=host,
        team=list_active_staff(session=session) if sees_everybody(signed_in) else (),
        now=now,
        done=request.args.get("done"),
        typed=shown,
        version=version_to_send(
            version_of(host, by=CHANGES, session=session), typed=typed, refusal=refusal
        ),
        meanwhile=tell_meanwhile(refusal),
        days=sort_out(shown),
        weekdays=[translate(name, locale=locale) for name in WEEKDAYS.values()],
        copied=set(request.form.getlist("onto")),
        home_region=home.holiday_region and name_region(home.holiday_region, locale=locale),
        regions=region_choices(locale),
        name_region=name_region,
        **_preview(host, values=shown, now=now, session=session),
    )


def _preview(
    host: Staff, *, values: Mapping[str, str], now: datetime, session: Session
) -> dict[str, Any]:
    """Return what the hours in the form would offer; nothing while they cannot be read."""
    given = list_event_types_of(host.id, session=session)
    asked = request.values.get("event_type")
    event_type = next((each for each in given if each.slug == asked), next(iter(given), None))
    facts: dict[str, Any] = {"event_types": given, "event_type": event_type}
    today = _today(values, now=now)
    try:
        rules = read_hours(values, today=today)
    except InvalidFieldsError:
        return facts | {"preview": None, "skipped": ()}
    preview = event_type and preview_hours(
        host.id, rules=rules, event_type=event_type, now=now, session=session
    )
    skipped = skipped_times(rules.working_hours, first=today, last=today + ONE_YEAR)
    return facts | {
        "preview": preview or [],
        "preview_zone": rules.time_zone,
        "skipped": list(skipped),
    }
