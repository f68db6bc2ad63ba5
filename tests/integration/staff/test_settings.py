"""The settings of the organisation: the rules of a setup file, and nothing overwritten unseen."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select
from time_machine import Traveller
from werkzeug.test import TestResponse

from booking.history import HistoryEntry
from booking.organisation.models import ORGANISATION_ID, Organisation, PrivacyNotice
from booking.staff.models import Role
from tests.factories import NOW, make_event_type
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import BrowserOf, NewBrowser, StaffBrowser, Staffed
from tests.pages import OWN_PAGE, Page

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>'
TOO_LARGE = b"\x89PNG\r\n\x1a\n" + bytes(100 * 1024)
SETTINGS = {
    "name": "Beispiel KI GmbH",
    "time_zone": "Europe/Berlin",
    "locale": "de",
    "accent": "#0b5fff",
    "contact_email": "kontakt@beispiel.example",
    "imprint_url": "https://beispiel.example/impressum",
    "privacy_url": "https://beispiel.example/datenschutz",
    "accessibility_url": "",
    "imprint_text": "Beispiel KI GmbH · Musterweg 1 · 10115 Berlin",
}


@pytest.fixture
def admin(browser_of: BrowserOf) -> StaffBrowser:
    """An administrator's browser."""
    return browser_of(Role.ADMIN)


def save(browser: StaffBrowser, *, version: int = 0, **changes: str) -> TestResponse:
    """Send the form as it was shown, but for ``changes``."""
    return browser.send("/staff/settings", **SETTINGS | changes, version=str(version))


def send_logo(browser: StaffBrowser, content: bytes, **fields: str) -> TestResponse:
    """Send a picture."""
    data = {
        "csrf": browser.csrf,
        "version": "0",
        "logo": (io.BytesIO(content), "logo"),
    }
    return browser.client.post("/staff/settings/logo", data=data | fields, headers=OWN_PAGE)


def read(transaction: UnitOfWork) -> tuple[Organisation, list[HistoryEntry]]:
    """Return the organisation, and what was recorded about it."""
    with transaction() as session:
        about = HistoryEntry.subject == "organisation"
        entries = session.scalars(select(HistoryEntry).where(about).order_by(HistoryEntry.id))
        return session.get_one(Organisation, ORGANISATION_ID), list(entries)


def test_form_shows_what_is_stored(admin: StaffBrowser) -> None:
    fields = admin.open("/staff/settings").fields

    assert {name: fields[name] for name in SETTINGS} == SETTINGS
    assert fields["version"] == "0"


def test_saved_settings_are_kept_with_what_was_there_before(
    admin: StaffBrowser, staffed: Staffed, transaction: UnitOfWork, clock: Traveller
) -> None:
    clock.shift(timedelta(minutes=1))

    answer = save(admin, name=" Neue KI GmbH ", accent="#AA0000", contact_email="hallo@NEU.example")

    organisation, (entry,) = read(transaction)
    assert answer.location == "/staff/settings?done=saved"
    assert (organisation.name, organisation.accent, organisation.contact_email) == (
        "Neue KI GmbH",
        "#aa0000",
        "hallo@neu.example",
    )
    assert organisation.updated_at == NOW + timedelta(minutes=1)
    assert (entry.action, entry.actor, entry.facts) == (
        "settings_changed",
        f"staff:{staffed[Role.ADMIN].id}",
        {
            "changed": ["name", "accent", "contact_email"],
            "before": {"name": "Beispiel KI GmbH", "accent": "#0b5fff"},
            "after": {"name": "Neue KI GmbH", "accent": "#aa0000"},
        },
    )


def test_settings_that_change_nothing_leave_no_trace(
    admin: StaffBrowser, transaction: UnitOfWork
) -> None:
    save(admin)

    organisation, entries = read(transaction)
    assert (organisation.updated_at, entries) == (NOW, [])


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "", "Bitte füllen Sie dieses Feld aus."),
        ("name", "x" * 201, "höchstens 200 Zeichen"),
        ("time_zone", "Europe/Atlantis", "Das ist nicht der Name einer Zeitzone."),
        ("locale", "tlh", "Diese Sprache gibt es hier nicht."),
        ("accent", "blue", "Farbe wie #0b5fff"),
        ("contact_email", "kontakt@", "name@example.com"),
        ("imprint_url", "impressum", "https:// beginnt"),
        ("privacy_url", "", "https:// beginnt"),
        ("accessibility_url", "javascript:alert(1)", "https:// beginnt"),
        ("imprint_text", "x" * 1001, "höchstens 1000 Zeichen"),
    ],
)
def test_faults_are_told_by_field_and_nothing_is_lost(
    admin: StaffBrowser, transaction: UnitOfWork, *, field: str, value: str, told: str
) -> None:
    answer = save(admin, **{field: value})

    page = Page.read(answer)
    assert answer.status_code == 422
    assert told in page.alert
    assert page.fields[field] == value or field == "locale"
    assert read(transaction)[1] == []


def test_sites_that_show_the_booking_page_stand_one_a_line(
    admin: StaffBrowser, transaction: UnitOfWork
) -> None:
    save(admin, embed_origins="https://www.beispiel.example\r\n\r\n  HTTPS://A.example:443 \r\n")

    organisation, (entry,) = read(transaction)
    listed = ["https://www.beispiel.example", "https://a.example"]
    assert organisation.embed_origins == listed
    assert admin.open("/staff/settings").fields["embed_origins"] == "\n".join(listed)
    assert entry.facts == {
        "changed": ["embed_origins"],
        "before": {"embed_origins": []},
        "after": {"embed_origins": listed},
    }
    assert (
        "Websites, die die Buchungsseite zeigen: – → https://www.beispiel.example,"
        " https://a.example" in admin.open("/staff/audit").text
    )


def test_sites_are_taken_off_the_list(admin: StaffBrowser, transaction: UnitOfWork) -> None:
    with transaction() as session:
        session.get_one(Organisation, ORGANISATION_ID).embed_origins = ["https://a.example"]

    save(admin, embed_origins="")

    assert read(transaction)[0].embed_origins == []


def test_form_from_before_there_was_a_list_of_sites_leaves_it(
    admin: StaffBrowser, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        session.get_one(Organisation, ORGANISATION_ID).embed_origins = ["https://a.example"]

    save(admin, name="Neue KI GmbH")

    organisation, _ = read(transaction)
    assert (organisation.name, organisation.embed_origins) == (
        "Neue KI GmbH",
        ["https://a.example"],
    )


def test_every_line_that_names_no_site_is_told(
    admin: StaffBrowser, transaction: UnitOfWork
) -> None:
    typed = "https://a.example/demo\n\nhttps://b.example\n*"

    answer = save(admin, embed_origins=typed)

    page = Page.read(answer)
    told = "Bitte geben Sie eine Adresse ohne Pfad an"
    assert answer.status_code == 422
    assert [f"{name} {told}" in page.text for name in ("Zeile 1:", "Zeile 3:", "Zeile 4:")] == [
        True,
        False,
        True,
    ]
    assert f"Websites, die die Buchungsseite zeigen, Zeile 4: {told}" in page.alert
    assert {"#embed_origins.1", "#embed_origins.4"} < set(page.links)
    assert page.fields["embed_origins"] == typed
    assert read(transaction)[1] == []


def test_so_many_sites_are_too_many(admin: StaffBrowser, transaction: UnitOfWork) -> None:
    sites = "\n".join(f"https://{number}.example" for number in range(21))

    answer = save(admin, embed_origins=sites)

    assert "Das sind zu viele: Höchstens 20 sind möglich." in Page.read(answer).alert
    assert read(transaction)[1] == []


def test_stale_form_is_told_what_changed_and_overwrites_nothing_unseen(
    admin: StaffBrowser, browser_of: BrowserOf, transaction: UnitOfWork, clock: Traveller
) -> None:
    clock.shift(timedelta(minutes=1))
    other = browser_of(Role.ADMIN)
    save(other, name="Andere KI GmbH")

    answer = save(admin, name="Meine KI GmbH")

    page = Page.read(answer)
    assert answer.status_code == 409
    assert page.alert.startswith("Jemand hat diese Einstellungen inzwischen geändert.")
    assert "admin name hat die Einstellungen geändert" in page.text
    assert "Name: Beispiel KI GmbH → Andere KI GmbH" in page.text
    assert page.fields["name"] == "Meine KI GmbH"
    assert read(transaction)[0].name == "Andere KI GmbH"

    again = admin.send("/staff/settings", **SETTINGS | page.fields | {"name": "Meine KI GmbH"})

    assert again.status_code == 303
    assert read(transaction)[0].name == "Meine KI GmbH"


def test_fault_does_not_hide_that_the_form_is_old(
    admin: StaffBrowser, browser_of: BrowserOf, clock: Traveller
) -> None:
    clock.shift(timedelta(minutes=1))
    save(browser_of(Role.ADMIN), name="Andere KI GmbH")

    page = Page.read(save(admin, accent="blue"))

    assert page.fields["version"] == "0"


@pytest.mark.parametrize("version", ["", "-1", "1", "2026-11-23T08:00:00+00:00"])
def test_form_of_no_known_version_is_stale(admin: StaffBrowser, version: str) -> None:
    answer = admin.send("/staff/settings", **SETTINGS, version=version)

    assert answer.status_code == 409


def test_colour_is_shown_before_it_is_saved(admin: StaffBrowser, transaction: UnitOfWork) -> None:
    answer = save(admin, accent="#ffee00", do="preview")

    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert 'fill="#ffee00"' in html
    assert "Auf Hell: Kontrast 4," in html
    assert "Auf Dunkel: Kontrast 1" in html
    assert read(transaction)[0].accent == "#0b5fff"


def test_colour_that_is_none_has_no_preview(admin: StaffBrowser) -> None:
    assert "Kontrast" not in Page.read(save(admin, accent="blue", do="preview")).text


@pytest.mark.parametrize(("content", "media_type"), [(PNG, "image/png"), (SVG, "image/svg+xml")])
def test_logo_is_taken_and_removed(
    admin: StaffBrowser, transaction: UnitOfWork, content: bytes, media_type: str
) -> None:
    answer = send_logo(admin, content)

    organisation, (entry,) = read(transaction)
    assert answer.location == "/staff/settings?done=logo"
    assert (organisation.logo, organisation.logo_media_type) == (content, media_type)
    assert entry.facts == {"changed": ["logo"], "before": {}, "after": {}}

    answer = send_logo(admin, b"", do="remove", version=str(entry.id))

    assert answer.status_code == 303
    assert read(transaction)[0].logo is None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Bitte füllen Sie dieses Feld aus."),
        (b"GIF89a", "ein PNG oder SVG"),
        (TOO_LARGE, "von höchstens 100 kB"),
        (SVG.replace(b"circle", b"script"), "ohne Skripte"),
    ],
)
def test_logo_that_might_do_something_is_refused(
    admin: StaffBrowser, transaction: UnitOfWork, content: bytes, told: str
) -> None:
    answer = send_logo(admin, content)

    assert answer.status_code == 422
    assert told in Page.read(answer).alert
    assert read(transaction)[0].logo is None


def test_upload_beyond_all_bounds_is_not_read(admin: StaffBrowser) -> None:
    assert send_logo(admin, bytes(200 * 1024)).status_code == 413


def test_no_other_form_takes_as_much(admin: StaffBrowser) -> None:
    assert save(admin, imprint_text="x" * 70 * 1024).status_code == 413


def test_stranger_cannot_send_more_than_elsewhere(
    new_browser: NewBrowser, browser_of: BrowserOf
) -> None:
    answers = [send_logo(new_browser(), TOO_LARGE), send_logo(browser_of(Role.HOST), TOO_LARGE)]

    assert [answer.status_code for answer in answers] == [401, 403]


def add_notice(browser: StaffBrowser, version: str, **texts: str) -> TestResponse:
    """Send a version of the privacy notice."""
    return browser.send("/staff/settings/notice", version="0", notice_version=version, **texts)


def test_notice_is_added_and_shown_from_now_on(
    admin: StaffBrowser, transaction: UnitOfWork
) -> None:
    answer = add_notice(admin, version="2026-12", de="Wir speichern wenig.", en="We keep little.")

    organisation, (entry,) = read(transaction)
    with transaction() as session:
        notice = session.get_one(PrivacyNotice, "2026-12")
    assert answer.location == "/staff/settings?done=notice"
    assert organisation.notice_version == "2026-12"
    assert notice.texts == {"de": "Wir speichern wenig.", "en": "We keep little."}
    assert entry.facts["after"] == {"notice_version": "2026-12"}
    assert "Gezeigt wird Version 2026-12" in admin.open("/staff/settings").text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"version": "", "de": "Text"}, "Version: Bitte füllen Sie dieses Feld aus."),
        ({"version": "2", "de": ""}, "Text auf Deutsch: Bitte füllen Sie dieses Feld aus."),
        (
            {"version": "2", "en": "Text"},
            "Text auf Deutsch: Bitte füllen Sie dieses Feld aus.",
        ),
        ({"version": "2", "de": "x" * 2001}, "höchstens 2000 Zeichen"),
        ({"version": "x" * 41, "de": "Text"}, "höchstens 40 Zeichen"),
        ({"version": "1", "de": "Ein anderer Text"}, "hat schon einen anderen Text"),
    ],
)
def test_notice_that_cannot_be_shown_is_refused(
    admin: StaffBrowser, transaction: UnitOfWork, fields: dict[str, str], told: str
) -> None:
    with transaction() as session:
        text = {"de": "Der erste Text"}
        session.add(PrivacyNotice(version="1", texts=text, sha256="0" * 64, valid_from=NOW))

    answer = add_notice(admin, **fields)

    page = Page.read(answer)
    assert answer.status_code == 422
    assert told in page.alert
    assert page.fields["notice_version"] == fields["version"]
    assert read(transaction)[0].notice_version is None


def test_stale_notice_is_not_added(admin: StaffBrowser, transaction: UnitOfWork) -> None:
    answer = admin.send("/staff/settings/notice", version="", notice_version="3", de="Text")

    with transaction() as session:
        notices = session.scalars(select(PrivacyNotice)).all()
    assert answer.status_code == 409
    assert notices == []


def test_language_without_all_texts_is_refused_and_with_them_is_taken(
    admin: StaffBrowser, staffed: Staffed, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        event_type = make_event_type(
            session, hosts=[staffed[Role.HOST]], title={"de": "Demo"}, description={}
        )

    refused = save(admin, locale="en")
    with transaction() as session:
        session.merge(event_type).title = {"de": "Demo", "en": "Demo"}
    save(admin, locale="en")

    assert "haben in dieser Sprache noch keine Texte" in Page.read(refused).alert
    assert read(transaction)[0].locale == "en"
