"""The pages on which wishes are answered, and the form that the mailed link leads to."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.event_types.models import EventType
from booking.history import HistoryEntry
from booking.installation import Installation
from booking.outbox.models import Message
from booking.staff.models import Role
from booking.wishes.models import Wish, WishState
from booking.wishes.offer_link import offer_links
from tests.bookings_at_work import confirm
from tests.factories import NOW, START, make_question
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import BrowserOf
from tests.pages import Page, open_page, send
from tests.wishes_at_work import express

MakeWish = Callable[..., int]


@pytest.fixture
def make_wish(event_types: dict[Role, EventType], transaction: UnitOfWork) -> MakeWish:
    """Wish for a demo of the staff member with a role; return the wish's id."""

    def wish(role: Role = Role.HOST, **told: Any) -> int:
        with transaction() as session:
            return express(session.merge(event_types[role]), session=session, **told).id

    return wish


def read_wish(wish_id: int, *, transaction: UnitOfWork) -> Wish:
    with transaction() as session:
        return session.get_one(Wish, wish_id)


@pytest.mark.usefixtures("event_types")
def test_nobody_waits(browser_of: BrowserOf) -> None:
    page = browser_of(Role.HOST).open("/staff/wishes")

    assert "Niemand wartet." in page.text


def test_hosts_see_the_wishes_of_their_pools_and_the_menu_counts_them(
    browser_of: BrowserOf, make_wish: MakeWish
) -> None:
    own = make_wish(Role.HOST, name="Erika Mustermann")
    others = make_wish(Role.ADMIN, name="Jörg Weiß", email="joerg@kunde.de")
    host, manager = browser_of(Role.HOST), browser_of(Role.MANAGER)

    pages = [browser.open("/staff/wishes") for browser in (host, manager)]

    assert ["Jörg Weiß" in page.text for page in pages] == [False, True]
    assert ["Wunschtermine 1" in page.text for page in pages] == [True, False]
    assert "Wunschtermine 2" in pages[1].text
    assert [host.get(f"/staff/wishes/{wish}").status_code for wish in (own, others)] == [200, 404]
    assert host.send(f"/staff/wishes/{others}/take", version="1").status_code == 404


def test_wish_is_taken_offered_closed_and_opened_again(
    browser_of: BrowserOf, make_wish: MakeWish, transaction: UnitOfWork
) -> None:
    wish_id = make_wish()
    host = browser_of(Role.HOST)
    address = f"/staff/wishes/{wish_id}"

    def work(deed: str, **fields: str) -> WishState:
        version = host.open(address).fields["version"]
        assert host.send(f"{address}/{deed}", version=version, **fields).status_code == 303
        return read_wish(wish_id, transaction=transaction).state

    states = [
        work("take"),
        work("offer", starts=START.isoformat()),
        work("close"),
        work("reopen"),
        work("answered"),
    ]

    page = host.open(address)
    text = page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert states == ["open", "answered", "closed", "open", "answered"]
    assert "übernommen von host name" in text
    assert "host name hat Termine angeboten Di., 24.11.2026, 10:00 Uhr" in text


def test_slower_colleague_is_told_how_it_stands_now(
    browser_of: BrowserOf, make_wish: MakeWish, transaction: UnitOfWork
) -> None:
    wish_id = make_wish()
    manager, admin = browser_of(Role.MANAGER), browser_of(Role.ADMIN)
    version = admin.open(f"/staff/wishes/{wish_id}").fields["version"]
    manager.send(f"/staff/wishes/{wish_id}/take", version=version)

    answer = admin.send(f"/staff/wishes/{wish_id}/close", version=version)

    page = Page.read(answer)
    assert answer.status_code == 409
    assert page.alert == (
        "Inzwischen hat jemand aus dem Team diese Anfrage bearbeitet. So steht sie jetzt."
    )
    assert "übernommen von manager name" in page.text
    assert read_wish(wish_id, transaction=transaction).state is WishState.OPEN


@pytest.mark.parametrize("starts", ["", "morgen", "2026-11-24T03:00:00Z"])
def test_offer_that_cannot_be_made_is_told(
    browser_of: BrowserOf, make_wish: MakeWish, transaction: UnitOfWork, starts: str
) -> None:
    wish_id = make_wish()

    answer = browser_of(Role.HOST).send(
        f"/staff/wishes/{wish_id}/offer", version="1", starts=starts
    )

    with transaction() as session:
        kinds = session.scalars(select(Message.kind)).all()
    assert answer.status_code == 422
    assert Page.read(answer).alert.startswith("Bitte prüfen Sie Ihre Angaben. Termine:")
    assert kinds == ["wish"]


def test_times_are_told_in_both_zones(browser_of: BrowserOf, make_wish: MakeWish) -> None:
    wish_id = make_wish(time_zone="America/New_York")

    page = browser_of(Role.HOST).open(f"/staff/wishes/{wish_id}")

    text = page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Nordamerikanische Ostküsten-Normalzeit" in text
    assert "Di., 1.12.2026, 15:00 Uhr dort Di., 1.12.2026, 09:00 Uhr wie gewünscht" in text


def test_wish_tells_what_its_lead_has_booked_since(
    browser_of: BrowserOf,
    event_types: dict[Role, EventType],
    make_wish: MakeWish,
    transaction: UnitOfWork,
) -> None:
    wish_id, host = make_wish(), browser_of(Role.HOST)
    before = host.open(f"/staff/wishes/{wish_id}")
    with transaction() as session:
        email = session.get_one(Wish, wish_id).email
        event_type = session.merge(event_types[Role.HOST])
        booking = confirm(event_type, session=session, email=email, now=NOW + timedelta(hours=1))
        address = f"/staff/bookings/{booking.booking.public_id}"

    after = host.open(f"/staff/wishes/{wish_id}")

    assert "inzwischen gebucht" not in before.text
    assert "Der Lead hat inzwischen gebucht: Di., 24.11.2026, 10:00 Uhr" in after.text
    assert address in after.links


def test_wish_tells_a_host_nothing_of_a_demo_that_is_a_colleagues(
    browser_of: BrowserOf,
    event_types: dict[Role, EventType],
    make_wish: MakeWish,
    transaction: UnitOfWork,
) -> None:
    wish_id = make_wish()
    with transaction() as session:
        email = session.get_one(Wish, wish_id).email
        event_type = session.merge(event_types[Role.ADMIN])
        confirm(event_type, session=session, email=email, now=NOW + timedelta(hours=1))

    host, manager = (
        browser_of(role).open(f"/staff/wishes/{wish_id}").text for role in (Role.HOST, Role.MANAGER)
    )

    assert "inzwischen gebucht" not in host
    assert "inzwischen gebucht" in manager


TOLD = {
    "segment": "team",
    "name": "Jörg Weiß",
    "email": "joerg@firma.example",
    "company": "Weiß & Söhne KG",
    "team_size": 25,
    "phone": "+493023125042",
    "notes": "Geht das auch schöner?",
    "answers": {"seats": 40},
    "source": {"utm_source": "newsletter"},
}


@pytest.fixture
def offered(
    event_types: dict[Role, EventType],
    make_wish: MakeWish,
    transaction: UnitOfWork,
    installation: Installation,
) -> str:
    """The link that the lead of a wish is mailed, as its path and query."""
    with transaction() as session:
        question = make_question("seats", kind="number")
        session.merge(event_types[Role.HOST]).questions = [question]
        event_types[Role.HOST].questions = [question]
    wish_id = make_wish(**TOLD)
    with transaction() as session:
        wish = session.get_one(Wish, wish_id)
        (link,) = offer_links(wish, starts=[START], session=session, installation=installation)
    return link.removeprefix(installation.base_url)


def test_link_leads_to_the_filled_in_form_and_one_click_books(
    client: FlaskClient, offered: str
) -> None:
    page = open_page(client, offered)

    answer = send(client, page)

    assert {name: page.fields[name] for name in ("name", "email", "company", "phone", "notes")} == {
        name: TOLD[name] for name in ("name", "email", "company", "phone", "notes")
    }
    assert (page.fields["team_size"], page.fields["answers.seats"]) == ("25", "40")
    assert answer.status_code == 303
    booked = open_page(client, answer.location)
    assert "Ihre Demo ist gebucht" in booked.text


def test_link_that_has_led_to_a_booking_says_so_and_tells_nothing_any_more(
    client: FlaskClient, offered: str, transaction: UnitOfWork
) -> None:
    page = open_page(client, offered)
    # Booked for somebody else even: what the link stands for is used up.
    send(client, page, email="else@kunde.example")

    answer = client.get(offered)

    page = Page.read(answer)
    with transaction() as session:
        entry = session.scalars(
            select(HistoryEntry).where(HistoryEntry.action == "wish_booked")
        ).one()
    assert answer.status_code == 410
    assert "Mit diesem Link ist eine Demo gebucht worden." in page.alert
    assert [name for name in ("name", "email", "notes") if TOLD[name] in answer.text] == []
    assert (entry.subject, entry.actor, set(entry.facts)) == ("wish", "lead", {"booking"})


def test_nothing_of_the_lead_stands_in_an_address(client: FlaskClient, offered: str) -> None:
    page = open_page(client, offered)

    addresses = " ".join([offered, page.action, *page.links])

    assert [told for told in ("joerg", "firma", "Wei", "493023125042") if told in addresses] == []


def test_lead_who_looks_at_other_times_first_still_finds_the_form_filled_in(
    client: FlaskClient, offered: str
) -> None:
    without_start = offered.replace("start=", "was=")

    page = open_page(client, without_start)
    (start, *_) = page.offers("choose")
    answer = send(client, page, choose=start)

    assert open_page(client, answer.location).fields["email"] == TOLD["email"]


def test_link_with_a_wrong_token_leads_to_the_empty_form(client: FlaskClient, offered: str) -> None:
    page = open_page(client, offered.replace("offer=", "offer=x"))

    assert (page.fields["name"], page.fields["email"]) == ("", "")


def test_link_of_a_time_that_is_taken_shows_others(client: FlaskClient, offered: str) -> None:
    answer = client.get(
        offered.replace("2026-11-24T09", f"{START - timedelta(days=1):%Y-%m-%dT}03")
    )

    assert answer.status_code == 409
    assert Page.read(answer).offers("choose") != []
