"""The organisation: its name, its colour, its logo and its legal texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from babel.numbers import format_decimal
from flask import Blueprint, Response, redirect, request

from booking import clock
from booking.colour import DARK, LIGHT, contrast, readable_on
from booking.db import db, run_in_transaction, snapshot
from booking.errors import InvalidFieldsError, StaleSettingsError
from booking.history import version_of
from booking.organisation.add_notice import add_notice
from booking.organisation.change import CHANGES, change_organisation
from booking.organisation.find import find_notice, get_organisation
from booking.setup_file.home_language import check_home_language
from booking.setup_file.logo import MOST_BYTES
from booking.setup_file.rules import COLOUR
from booking.templating import N_, language_name, locales, translate
from booking.web.assets import logo_url
from booking.web.audience import Audience, is_for
from booking.web.body_limit import takes_up_to
from booking.web.language import request_locale
from booking.web.page import page_url
from booking.web.staff.console_page import render_console_page
from booking.web.staff.setting_names import SETTING_NAMES
from booking.web.staff.settings_form import (
    FIELDS,
    faulty_lines,
    fill_in_settings,
    read_notice,
    read_picture,
    read_settings,
)
from booking.web.staff.shown_version import shown_version, version_to_send
from booking.web.staff.signed_in import get_signed_in
from booking.web.staff.told_history import tell_meanwhile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.errors import BookingError
    from booking.setup_file.organisation_entry import NoticeEntry

MOST_UPLOADED = MOST_BYTES + 16 * 1024
"""A logo, and what a form wraps around it."""

LINE_OF_SITES = N_("Websites that show the booking page, line %(number)s")

blueprint = Blueprint("staff_settings", __name__)


@blueprint.get("/staff/settings")
@is_for(Audience.ADMIN)
def show_settings() -> Response:
    """Show what the organisation has told of itself."""
    return _show()


@blueprint.post("/staff/settings")
@is_for(Audience.ADMIN)
def save_settings() -> AnyResponse:
    """Save them, or only show what the colour becomes."""
    if request.form.get("do") == "preview":
        return _show(typed=request.form)
    try:
        _change(read_settings(request.form))
    except (InvalidFieldsError, StaleSettingsError) as refusal:
        return _show(refusal, typed=request.form)
    return _done("saved")


@blueprint.post("/staff/settings/logo")
@is_for(Audience.ADMIN)
@takes_up_to(MOST_UPLOADED)
def save_logo() -> AnyResponse:
    """Take another logo, or none."""
    try:
        if request.form.get("do") == "remove":
            _change({"logo": None, "logo_media_type": None})
        else:
            logo = read_picture(request.files.get("logo"))
            _change({"logo": logo.content, "logo_media_type": logo.media_type})
    except (InvalidFieldsError, StaleSettingsError) as refusal:
        return _show(refusal)
    return _done("logo")


@blueprint.post("/staff/settings/notice")
@is_for(Audience.ADMIN)
def save_notice() -> AnyResponse:
    """Add a version of the privacy notice, and show it from now on."""
    try:
        with snapshot() as session:
            home_locale = get_organisation(session=session).locale
            notice = read_notice(request.form, home_locale=home_locale, session=session)
        _change({"notice_version": notice.version}, notice=notice)
    except (InvalidFieldsError, StaleSettingsError) as refusal:
        return _show(refusal, notice=request.form)
    return _done("notice")


def _change(wanted: Mapping[str, object], *, notice: NoticeEntry | None = None) -> None:
    actor, seen, now = get_signed_in().actor, shown_version(), clock.now()

    def work(session: Session) -> None:
        if notice is not None:
            add_notice(notice.version, texts=notice.texts, now=now, session=session)
            session.flush()
        if "locale" in wanted:
            check_home_language(str(wanted["locale"]), session=session)
        change_organisation(wanted, seen=seen, actor=actor, now=now, session=session)

    run_in_transaction(work)


def _done(done: str) -> AnyResponse:
    return redirect(page_url("staff_settings.show_settings", done=done), code=303)


def _show(
    refusal: BookingError | None = None,
    *,
    typed: Mapping[str, str] | None = None,
    notice: Mapping[str, str] | None = None,
) -> Response:
    session = db.session()
    organisation = get_organisation(session=session)
    lines = faulty_lines(refusal)
    shown = fill_in_settings(organisation)
    shown |= {name: typed[name] for name in FIELDS if typed and name in typed}
    present = find_notice(session=session)
    return render_console_page(
        "staff/settings.html",
        refusal=refusal,
        done=request.args.get("done"),
        setting_labels=_labels(lines),
        faulty_lines=lines,
        typed={**shown, **(notice or {})},
        version=version_to_send(
            version_of(organisation, by=CHANGES, session=session), typed=typed, refusal=refusal
        ),
        meanwhile=tell_meanwhile(refusal),
        shades=_shades(shown["accent"]),
        own_logo_url=logo_url(organisation),
        notice=present,
        languages_of_texts=[(locale, language_name(locale)) for locale in sorted(locales())],
        home_locale=organisation.locale,
    )


def _labels(lines: Mapping[str, str]) -> dict[str, str]:
    """Return what the fields are called, each faulty line of the sites among them."""
    locale = request_locale()
    return {key: translate(name, locale=locale) for key, name in SETTING_NAMES.items()} | {
        field: translate(LINE_OF_SITES, locale=locale, number=line) for field, line in lines.items()
    }


def _shades(accent: str) -> list[dict[str, Any]]:
    """Return what the colour becomes on light and on dark; nothing for what is no colour."""
    if not COLOUR.fullmatch(accent):
        return []
    grounds = {"light": LIGHT, "dark": DARK}
    shades = {name: readable_on(ground, accent=accent) for name, ground in grounds.items()}
    return [
        {
            "name": name,
            "ground": ground,
            "shade": shades[name],
            "contrast": format_decimal(
                contrast(shades[name], ground), format="0.0", locale=request_locale()
            ),
        }
        for name, ground in grounds.items()
    ]
