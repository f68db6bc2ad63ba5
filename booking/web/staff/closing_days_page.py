"""Days on which nobody gives demos: closed by the company, or free by the law of a region."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from flask import redirect, request
from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy import func, select

from booking import clock
from booking.bookings.closed_demos import count_demos_by_day
from booking.bookings.company_days import close_day, keep_holidays_of, reopen_day
from booking.db import db, run_in_transaction
from booking.errors import FieldError, InvalidFieldsError, NotFoundError, StaleSettingsError
from booking.fields.read import read
from booking.fields.rules import clean_line
from booking.history import version_of
from booking.organisation.change import CHANGES
from booking.organisation.closing_days import list_closing_days
from booking.organisation.find import get_organisation
from booking.organisation.suggested_days import Occasion, suggest_closing_days
from booking.public_holidays import holidays_between, is_region
from booking.staff.models import Staff
from booking.templating import N_, translate
from booking.time_zone import time_zone
from booking.web.audience import STAFF, Audience, is_for
from booking.web.language import request_locale
from booking.web.page import page_url
from booking.web.staff.availability import blueprint, render_availability_page
from booking.web.staff.calendar_view import EVERYBODY, LATEST
from booking.web.staff.region_names import name_region, region_choices
from booking.web.staff.scope import own_id_of_host, sees_everybody
from booking.web.staff.shown_version import shown_version
from booking.web.staff.signed_in import get_signed_in

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Response
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.errors import BookingError
    from booking.organisation.models import Organisation

AHEAD = timedelta(days=456)
"""How far public holidays are told: fifteen months."""
ONE_DAY = timedelta(days=1)

OCCASIONS = {
    Occasion.CHRISTMAS_EVE: N_("Christmas Eve"),
    Occasion.NEW_YEARS_EVE: N_("New Year's Eve"),
    Occasion.BRIDGE: N_("Bridge day"),
}


class ClosedDay(BaseModel):
    """A day to be closed, and why."""

    on: Annotated[str, Field(alias="date")] = ""
    note: Annotated[str, AfterValidator(clean_line), Field(max_length=200)] = ""

    def day(self, *, today: date) -> date:
        """Return the date.

        Raises:
            InvalidFieldsError: it is none, is over, or lies too far ahead.
        """
        try:
            on = date.fromisoformat(self.on)
        except ValueError:
            code = "date" if self.on else "required"
        else:
            if today <= on <= LATEST:
                return on
            code = "past" if on < today else "out_of_range"
        raise InvalidFieldsError([FieldError("date", code)])


@blueprint.get("/staff/closing-days")
@is_for(Audience.HOST)
def show_closing_days() -> Response:
    """List the days, for everybody; with the forms for those who decide on them."""
    return _show()


@blueprint.post("/staff/closing-days")
@is_for(Audience.MANAGER)
def close() -> AnyResponse:
    """Close one more day."""
    actor, now = get_signed_in().actor, clock.now()

    def work(session: Session) -> None:
        on = asked.day(today=_today(get_organisation(session=session), now=now))
        close_day(on, note=asked.note, actor=actor, now=now, session=session)

    try:
        asked = read(ClosedDay, request.form.to_dict())
        run_in_transaction(work)
    except InvalidFieldsError as refusal:
        return _show(refusal)
    return _done("closed")


@blueprint.post("/staff/closing-days/<day>/delete")
@is_for(Audience.MANAGER)
def reopen(day: str) -> AnyResponse:
    """Open a day again; whoever comes second finds it done."""
    actor, now = get_signed_in().actor, clock.now()
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise NotFoundError from None
    run_in_transaction(lambda session: reopen_day(on, actor=actor, now=now, session=session))
    return _done("opened")


@blueprint.post("/staff/closing-days/region")
@is_for(Audience.MANAGER)
def choose_region() -> AnyResponse:
    """Keep the public holidays of a region, or only show them."""
    actor, now = get_signed_in().actor, clock.now()
    seen = shown_version()
    try:
        region = _read_region(request.form.get("region", ""))
        if request.form.get("do") == "preview":
            return _show(region=region)
        run_in_transaction(
            lambda session: keep_holidays_of(
                region, seen=seen, actor=actor, now=now, session=session
            )
        )
    except InvalidFieldsError as refusal:
        return _show(refusal)
    except StaleSettingsError as refusal:
        return _show(refusal, region=region)
    return _done("region")


def _done(done: str) -> AnyResponse:
    return redirect(page_url("staff_availability.show_closing_days", done=done), code=303)


def _read_region(code: str) -> str:
    if code and not is_region(code):
        raise InvalidFieldsError([FieldError("region", "choice")])
    return code


def _today(organisation: Organisation, *, now: datetime) -> date:
    return now.astimezone(time_zone(organisation.time_zone)).date()


def _show(refusal: BookingError | None = None, *, region: str | None = None) -> Response:
    db.session.rollback()
    signed_in, session, now = get_signed_in(), db.session(), clock.now()
    organisation = get_organisation(session=session)
    today = _today(organisation, now=now)
    shown = organisation.holiday_region if region is None else region
    days = [day for day in list_closing_days(session=session) if day.local_date.year >= today.year]
    own_id = own_id_of_host(signed_in)
    whose = None if own_id is None else [own_id]
    return render_availability_page(
        "staff/closing_days.html",
        tab="staff_availability.show_closing_days",
        refusal=refusal,
        done=request.args.get("done"),
        typed=request.form if request.endpoint == "staff_availability.close" else {},
        days=days,
        today=today,
        may_change=signed_in.role in STAFF[Audience.MANAGER],
        demos=count_demos_by_day(whose, now=now, session=session),
        whose={"host": EVERYBODY} if sees_everybody(signed_in) else {},
        region=shown,
        kept_region=organisation.holiday_region,
        version=version_of(organisation, by=CHANGES, session=session),
        regions=region_choices(request_locale()),
        name_region=name_region,
        others=_count_others(session=session),
        **_coming(shown, today=today, closed={day.local_date for day in days}, home=organisation),
    )


def _coming(region: str, *, today: date, closed: set[date], home: Organisation) -> dict[str, Any]:
    """Return the public holidays to come, and the days that are often closed around them."""
    last = today + AHEAD
    around = {"first": today - ONE_DAY, "last": last + ONE_DAY}
    holidays = holidays_between(region, **around, locale=request_locale())
    suggested = suggest_closing_days(holidays=holidays, first=today, last=last)
    return {
        "holidays": {on: name for on, name in holidays.items() if today <= on <= last},
        "suggested": [
            (day.on, OCCASIONS[day.occasion], _note(day.occasion, home=home))
            for day in suggested
            if day.on not in closed
        ],
        "closed": closed,
    }


def _note(occasion: Occasion, *, home: Organisation) -> str:
    """Return what is noted of such a day, in the organisation's own language."""
    return translate(OCCASIONS[occasion], locale=home.locale)


def _count_others(*, session: Session) -> int:
    """Return how many staff members keep the holidays of another region, or of none."""
    others = select(func.count(Staff.id)).where(Staff.active, Staff.holiday_region.is_not(None))
    return session.scalar(others) or 0
