"""Every page of the console, on a company with a past: private, safe, accessible, whole."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from booking import clock
from booking.accounts.sessions import open_session
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking
from booking.db import db, run_in_transaction
from booking.event_types.models import EventType
from booking.staff.models import Role, Staff
from booking.web.audience import STAFF, audience_of
from booking.wishes.models import Wish
from tests.fixtures.browser import SESSION_COOKIE, PageGuard
from tests.fixtures.history import history_environment
from tests.installation import installation

LOOKS = {
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "color_scheme": "dark",
        "locale": "de-DE",
    },
    "desk": {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"},
}

OTHER_VIEWS = [
    f"/staff/calendar?{view}" for view in ("view=day&host=all", "view=week&host=all", "view=list")
]


@pytest.fixture
def token(lived_copy: Path) -> str:
    """The session of an administrator."""

    def sign_in() -> str:
        administrator = db.session.scalars(select(Staff).where(Staff.role == Role.ADMIN)).first()
        assert administrator is not None
        db.session.rollback()
        return run_in_transaction(
            lambda session: open_session(
                administrator, browser="Chromium", now=clock.now(), session=session
            )
        )

    with installation(history_environment(lived_copy)):
        return sign_in()


@pytest.fixture
def paths(lived_copy: Path) -> list[str]:
    """The path of every page that an administrator can look at, with rows that are there."""
    with installation(history_environment(lived_copy)) as app, app.test_request_context():
        rows = existing_rows()
        adapter = app.url_map.bind("")
        pages = [
            adapter.build(rule.endpoint, {name: rows[name] for name in rule.arguments})
            for rule in app.url_map.iter_rules()
            if audience_of(rule.endpoint) in STAFF and "GET" in (rule.methods or ())
        ]
    return [*pages, *OTHER_VIEWS]


def existing_rows() -> dict[str, object]:
    """Return what stands for each variable part of a path."""
    booking = db.session.scalars(
        select(Booking)
        .where(Booking.state == BookingState.CONFIRMED, Booking.outcome.is_(None))
        .order_by(Booking.id.desc())
    ).first()
    assert booking is not None
    return {
        "public_id": booking.public_id,
        "booking_id": booking.id,
        "lead_id": booking.lead_id,
        "wish_id": db.session.scalar(select(Wish.id).limit(1)),
        "staff_id": db.session.scalar(select(Staff.id).limit(1)),
        "event_type_id": db.session.scalar(select(EventType.id).limit(1)),
        "slug": db.session.scalar(select(EventType.slug).limit(1)),
    }


@pytest.mark.parametrize("look", LOOKS)
def test_pages_of_the_console_are_whole(
    guard: PageGuard, site: str, token: str, paths: list[str], look: str
) -> None:
    page = guard.new_page(**LOOKS[look])
    name, path = SESSION_COOKIE
    page.context.add_cookies(
        [{"name": name, "value": token, "domain": str(urlsplit(site).hostname), "path": path}]
    )
    too_wide = []

    for address in pages_among(paths, page=page, site=site):
        page.goto(address)
        guard.check(page)
        if page.evaluate("document.documentElement.scrollWidth > document.body.clientWidth"):
            too_wide.append(address)

    assert too_wide == []


def pages_among(paths: list[str], *, page: Page, site: str) -> Iterator[str]:
    """Yield the addresses of what is a page; files are looked at elsewhere."""
    for path in paths:
        answer = page.context.request.get(f"{site}{path}")
        assert answer.status == 200, path
        if answer.headers["content-type"].startswith("text/html"):
            yield answer.url
