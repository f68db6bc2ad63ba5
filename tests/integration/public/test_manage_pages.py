"""The pages behind the link in the mails: the booking, moving it, cancelling it, its invite."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from booking.app import create_app
from booking.bookings.ask_to_move import ask_to_move
from booking.bookings.models import Booking, Meeting
from booking.db import db
from booking.event_types.models import EventType, LocationKind
from booking.outbox.models import Message, MessageState
from booking.staff.models import Staff
from config import Config
from tests.api_calls import book, stored
from tests.bookings_at_work import let_mails_leave
from tests.factories import NOW, START, make_time_off
from tests.fixtures.application import UnitOfWork
from tests.pages import OWN_PAGE, Page, open_page, path_of, send

pytestmark = pytest.mark.usefixtures("host")

OLD = "Dienstag, 24. November 2026 10:00–10:30 Uhr (MEZ)"
NEW_START = "2026-11-25T13:00:00Z"
NEW = "Mittwoch, 25. November 2026 14:00–14:30 Uhr (MEZ)"


@pytest.fixture
def link(client: FlaskClient, host: Any) -> str:  # noqa: ARG001 - there must be one
    """The path of a booking that was made for Tuesday, 10:00 in Berlin."""
    facts = book(client, time_zone="Europe/Berlin", locale="de").get_json()["booking"]
    return path_of(facts["manage_url"])


def meeting_of(transaction: UnitOfWork) -> tuple[str, int, str]:
    """Return the start, the sequence and the state of the one booking."""
    with transaction() as session:
        meeting = session.scalars(select(Meeting)).one()
        state = session.scalars(select(Booking.state)).one()
        return meeting.starts_at.isoformat(), meeting.sequence, state.value


def test_booking_is_shown_to_whom_the_link_was_sent(client: FlaskClient, link: str) -> None:
    answer = client.get(link)

    page = Page.read(answer)
    assert page.title == "Ihre Demo ist gebucht – Beispiel KI GmbH"
    assert "Dienstag, 24. November 2026 10:00–10:30 Uhr (MEZ)" in page.text
    assert "Anna Müller" in page.text
    # Whole, as long as a mistyped one can be corrected.
    assert "Die Einladung geht an erika@kunde.example." in page.text
    assert {f"{link}/move", f"{link}/cancel", f"{link}/invite.ics"} < set(page.links)
    assert any(address.startswith("https://calendar.google.com/") for address in page.links)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_lead_who_is_asked_to_choose_another_time_reads_so_until_they_have(
    client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    asked = "Wir haben Sie per E-Mail gebeten, einen anderen Termin zu wählen"
    before = open_page(client, link).text
    with transaction() as session:
        booking = session.scalars(select(Booking)).one()
        host = session.scalars(select(Staff)).one()
        ask_to_move(booking, actor="staff:1", now=NOW, session=session)
        make_time_off(session, staff=host, start=START, end=START + timedelta(minutes=30))

    page, move = open_page(client, link), open_page(client, f"{link}/move")
    client.post(f"{link}/move", data={"start": NEW_START}, headers=OWN_PAGE)
    moved = open_page(client, link)

    assert asked not in before
    assert asked in page.text
    assert page.links.count(f"{link}/move") == 2
    assert asked in move.text
    assert asked not in moved.text


def test_question_to_choose_another_time_ends_with_the_absence(
    client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        booking = session.scalars(select(Booking)).one()
        host = session.scalars(select(Staff)).one()
        ask_to_move(booking, actor="staff:1", now=NOW, session=session)
        make_time_off(session, staff=host, start=START - timedelta(hours=2), end=START)

    page = open_page(client, link)

    assert "einen anderen Termin zu wählen" not in page.text


def test_address_is_masked_once_it_cannot_be_corrected(
    client: FlaskClient, link: str, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(minutes=10))

    page = open_page(client, link)

    assert "Die Einladung geht an e…\u2060@kunde.example." in page.text
    assert "erika@kunde.example" not in page.text


def test_lead_whose_address_refuses_mail_is_told_on_the_page(
    client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        session.execute(update(Message).values(state=MessageState.FAILED))

    page = open_page(client, link)

    assert "Unsere E-Mail an erika@kunde.example war nicht zustellbar" in page.text
    assert "Die Einladung geht an" not in page.text


def test_booking_over_is_told_so(
    client: FlaskClient, link: str, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(days=2))

    page = open_page(client, link)

    assert page.title.startswith("Diese Demo ist vorbei")
    assert [one for one in page.links if one.startswith(link)] == []


@pytest.mark.parametrize(
    "rest", [".", ")", ">", "%20", ").", "/move.", "/cancel)", "/invite.ics>", "/", "/move/"]
)
def test_link_with_what_a_mail_program_added_leads_to_the_clean_one(
    client: FlaskClient, link: str, rest: str
) -> None:
    answer = client.get(link + rest)

    assert answer.status_code == 302
    assert answer.location == link + rest.rstrip(".)>/").removesuffix("%20")
    assert answer.headers["Cache-Control"] == "no-store"


def test_link_with_too_much_at_its_end_keeps_the_language(client: FlaskClient, link: str) -> None:
    answer = client.get(f"{link}/move.?locale=en")

    assert answer.location == f"{link}/move?locale=en"


@pytest.mark.parametrize(
    "path",
    [
        "/b/unbekannt",
        "/b/%2e%2e",
        "/b/" + "A" * 42,
        "/b/" + "A" * 43,
        "/b/" + "A" * 44,
        "/b/9223372036854775808",
        "/b/" + "A" * 43 + "/move",
        "/b/" + "A" * 43 + "/cancel",
        "/b/" + "A" * 43 + "/invite.ics",
        "/b/" + "A" * 43 + "/address",
        "/b/" + "A" * 43 + "/not-me",
        "/b/" + "A" * 43 + "//evil.example.",
    ],
)
def test_link_that_opens_nothing_is_not_found(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert Page.read(answer).title.startswith("Fehler: Dieser Link führt zu keiner Buchung.")


def test_uid_and_message_id_open_nothing(
    client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        uid = session.scalars(select(Meeting.uid)).one()
        message_id = session.scalars(select(Message.message_id)).first()
        public_id = session.scalars(select(Booking.public_id)).one()

    answers = [client.get(f"/b/{key}").status_code for key in (uid, message_id, public_id, "1")]

    assert answers == [404, 404, 404, 404]
    assert client.get(link).status_code == 200


def test_move_shows_old_and_new_and_moves(
    client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    choosing = open_page(client, f"{link}/move?day=2026-11-25")
    address = next(one for one in choosing.links if f"start={NEW_START}" in one)
    page = open_page(client, address)

    answer = send(client, page, start=page.offers("start")[0])

    assert OLD in page.text
    assert NEW in page.text
    assert (answer.status_code, answer.location) == (303, link)
    assert meeting_of(transaction) == ("2026-11-25T13:00:00+00:00", 1, "confirmed")


@pytest.mark.parametrize(("minutes", "is_news"), [(0, True), (5, True), (6, False), (1440, False)])
def test_move_is_news_for_some_minutes(
    client: FlaskClient,
    link: str,
    clock: time_machine.Traveller,
    minutes: int,
    is_news: bool,
) -> None:
    client.post(f"{link}/move", data={"start": NEW_START}, headers=OWN_PAGE)
    clock.shift(timedelta(minutes=minutes))

    page = open_page(client, link)

    news = "Ihre Demo ist verschoben."
    assert (news in page.text) is is_news


def test_move_is_no_news_where_nothing_was_moved(client: FlaskClient, link: str) -> None:
    page = open_page(client, f"{link}?done=moved")

    assert "Ihre Demo ist verschoben." not in page.text


def test_invitation_is_not_promised_where_mail_is_refused(
    client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    client.post(f"{link}/move", data={"start": NEW_START}, headers=OWN_PAGE)
    with transaction() as session:
        session.execute(update(Message).values(state=MessageState.FAILED))

    page = open_page(client, link)

    assert "Ihre Demo ist verschoben." in page.text
    assert "Die Einladung geht an" not in page.text


@pytest.mark.parametrize(
    ("booked", "shown"),
    [
        ("2026-12-08T09:00:00Z", "Dienstag, 8. Dezember 2026"),
        ("2026-12-18T15:30:00Z", "Montag, 21. Dezember 2026"),
        ("2027-01-21T15:30:00Z", "Montag, 23. November 2026"),
    ],
)
def test_move_opens_at_the_booked_day_or_the_next_free_one(
    client: FlaskClient, host: Staff, transaction: UnitOfWork, booked: str, shown: str
) -> None:
    link = path_of(book(client, start=booked).get_json()["booking"]["manage_url"])
    with transaction() as session:
        friday = datetime(2026, 12, 18, tzinfo=UTC)
        make_time_off(session, staff=host, start=friday, end=friday + timedelta(days=1))
        end = datetime(2027, 1, 21, tzinfo=UTC)
        make_time_off(session, staff=host, start=end, end=end + timedelta(days=2))

    assert day_shown(client, f"{link}/move") == shown


def test_move_shows_the_month_that_is_asked_for(client: FlaskClient, link: str) -> None:
    assert day_shown(client, f"{link}/move?month=2027-01") == "Freitag, 1. Januar 2027"


def day_shown(client: FlaskClient, address: str) -> str:
    """Return the day whose times the page shows."""
    heading = re.search(r'class="times-day">([^<]+)<', client.get(address).get_data(as_text=True))
    assert heading is not None
    return heading[1].replace("\xa0", " ")


def test_move_does_not_offer_the_present_time(client: FlaskClient, link: str) -> None:
    page = open_page(client, f"{link}/move?day=2026-11-24")

    starts = {one.partition("start=")[2].partition("#")[0] for one in page.links}
    assert "2026-11-24T09:00:00Z" not in starts
    assert "2026-11-24T09:30:00Z" in starts


def test_move_to_the_present_time_changes_nothing(
    client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        before = stored(session)

    answer = client.post(f"{link}/move", data={"start": "2026-11-24T09:00:00Z"}, headers=OWN_PAGE)

    assert answer.status_code == 303
    assert meeting_of(transaction) == ("2026-11-24T09:00:00+00:00", 0, "confirmed")
    with transaction() as session:
        assert stored(session) == before


def test_move_to_a_taken_time_keeps_the_old_and_offers_others(
    client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    book(client, email="andere@kunde.example", start=NEW_START)

    answer = client.post(f"{link}/move", data={"start": NEW_START}, headers=OWN_PAGE)

    page = Page.read(answer)
    assert (answer.status_code, page.title[:8]) == (409, "Fehler: ")
    assert "Ihr Termin bleibt, wie er war." in page.alert
    assert len(page.offers("start")) == 3
    moved = client.post(f"{link}/move", data={"start": page.offers("start")[0]}, headers=OWN_PAGE)
    assert moved.status_code == 303
    with transaction() as session:
        starts = session.scalars(select(Meeting.starts_at).order_by(Meeting.id)).all()
        assert [start.isoformat()[:16] for start in starts] == [
            "2026-11-25T12:00",
            "2026-11-25T13:00",
        ]


def test_move_link_to_a_time_that_is_gone_shows_others(client: FlaskClient, link: str) -> None:
    answer = client.get(f"{link}/move?start=2026-11-25T13:07:00Z")

    assert answer.status_code == 409
    assert len(Page.read(answer).offers("start")) == 3


def test_move_without_a_time_shows_the_page(client: FlaskClient, link: str) -> None:
    answer = client.post(f"{link}/move", data={"start": "morgen"}, headers=OWN_PAGE)

    assert answer.status_code == 200
    assert OLD in Page.read(answer).text


def test_cancelling_asks_offers_to_move_and_cancels(
    client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    page = open_page(client, f"{link}/cancel")

    answer = send(client, page, reason="Zu früh <b>\r\nLeider.")

    assert f"{link}/move" in page.links
    assert (answer.status_code, answer.location) == (303, link)
    shown = open_page(client, link)
    assert shown.title.startswith("Diese Demo ist abgesagt")
    assert "/demo" in shown.links
    assert meeting_of(transaction) == ("2026-11-24T09:00:00+00:00", 1, "cancelled")
    with transaction() as session:
        assert session.scalars(select(Booking.cancel_reason)).one() == "Zu früh <b>\nLeider."


def test_cancelled_page_says_that_a_mail_confirms_it(client: FlaskClient, link: str) -> None:
    send(client, open_page(client, f"{link}/cancel"))

    page = open_page(client, link)

    assert "Wir bestätigen die Absage per E-Mail an e…\u2060@kunde.example." in page.text


@pytest.mark.parametrize(
    "changes", [{Booking.cancelled_by: "owner"}, {Message.state: MessageState.FAILED}]
)
def test_cancelled_page_promises_no_mail_that_does_not_come(
    client: FlaskClient, link: str, transaction: UnitOfWork, changes: dict[Any, str]
) -> None:
    send(client, open_page(client, f"{link}/cancel"))
    with transaction() as session:
        for column, value in changes.items():
            session.execute(update(column.class_).values({column: value}))

    page = open_page(client, link)

    assert page.title.startswith("Diese Demo ist abgesagt")
    assert "Wir bestätigen" not in page.text


@pytest.mark.parametrize("page", ["", "/move"])
def test_what_is_no_longer_published_is_not_offered_anew(
    client: FlaskClient, link: str, transaction: UnitOfWork, page: str
) -> None:
    send(client, open_page(client, f"{link}/cancel"))
    with transaction() as session:
        session.execute(update(EventType).values(published=False))

    shown = Page.read(client.get(link + page))

    assert shown.title.startswith("Diese Demo ist abgesagt")
    assert "/demo" not in shown.links


def test_phone_demo_names_the_number_that_is_called(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        session.execute(update(EventType).values(location_kind=LocationKind.PHONE))
    facts = book(client, phone="030 23125042", locale="de").get_json()["booking"]

    page = open_page(client, path_of(facts["manage_url"]))

    assert "Wir rufen Sie an unter +493023125042." in page.text


def test_number_that_was_never_given_is_not_named(
    client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        session.execute(update(EventType).values(location_kind=LocationKind.PHONE))

    page = open_page(client, link)

    assert "Telefonisch, wir rufen Sie an" in page.text


def test_cancelling_twice_changes_nothing(
    client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    page = open_page(client, f"{link}/cancel")

    answers = [send(client, page).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert meeting_of(transaction)[1] == 1


def test_reason_that_is_too_long_is_kept(
    client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    answer = send(client, open_page(client, f"{link}/cancel"), reason="x" * 5000)

    page = Page.read(answer)
    assert (answer.status_code, page.title[:8]) == (422, "Fehler: ")
    assert page.fields["reason"] == "x" * 5000
    assert "Das ist zu lang: Möglich sind höchstens 2000 Zeichen." in page.text
    assert meeting_of(transaction)[2] == "confirmed"


@pytest.mark.parametrize("page", ["move", "cancel"])
def test_cancelled_booking_can_no_longer_be_changed(
    client: FlaskClient, link: str, page: str
) -> None:
    send(client, open_page(client, f"{link}/cancel"))

    answer = client.get(f"{link}/{page}")

    shown = Page.read(answer)
    assert answer.status_code == 409
    assert shown.title.startswith("Diese Demo ist abgesagt")
    assert "/demo" in shown.links


@pytest.mark.parametrize("data", [{"start": NEW_START}, {"reason": ""}])
def test_booking_that_starts_soon_can_no_longer_be_changed(
    client: FlaskClient,
    link: str,
    transaction: UnitOfWork,
    clock: time_machine.Traveller,
    data: dict[str, str],
) -> None:
    clock.shift(timedelta(hours=24, minutes=1))

    page = "move" if "start" in data else "cancel"
    answer = client.post(f"{link}/{page}", data=data, headers=OWN_PAGE)

    shown = Page.read(answer)
    assert answer.status_code == 409
    assert shown.title.startswith("Diese Demo lässt sich hier nicht mehr ändern")
    assert "mailto:kontakt@beispiel.example" in shown.links
    assert meeting_of(transaction) == ("2026-11-24T09:00:00+00:00", 0, "confirmed")


@pytest.mark.parametrize("page", ["move", "cancel"])
def test_page_for_a_change_that_comes_too_late_says_so(
    client: FlaskClient, link: str, clock: time_machine.Traveller, page: str
) -> None:
    clock.shift(timedelta(hours=24, minutes=1))

    answer = client.get(f"{link}/{page}")

    assert answer.status_code == 409
    assert "mailto:kontakt@beispiel.example" in Page.read(answer).links


@pytest.mark.parametrize("page", ["move", "cancel"])
def test_demo_that_is_over_leads_to_a_new_one(
    client: FlaskClient, link: str, clock: time_machine.Traveller, page: str
) -> None:
    clock.shift(timedelta(days=2))

    answer = client.get(f"{link}/{page}")

    shown = Page.read(answer)
    assert (answer.status_code, shown.title[:22]) == (409, "Diese Demo ist vorbei ")
    assert "/demo" in shown.links


def test_booking_moved_too_often_is_told_to_write(client: FlaskClient, link: str) -> None:
    starts = [f"2026-11-25T{hour:02}:00:00Z" for hour in range(9, 15)]
    for start in starts[:5]:
        client.post(f"{link}/move", data={"start": start}, headers=OWN_PAGE)

    answer = client.post(f"{link}/move", data={"start": starts[5]}, headers=OWN_PAGE)

    assert answer.status_code == 409
    assert "schon mehrmals geändert" in Page.read(answer).text


@pytest.mark.settings(SECRET_KEY=f"{'n' * 32}, {'o' * 32}")
def test_link_outlives_the_key_that_sealed_it(
    environment: dict[str, str], client: FlaskClient, link: str
) -> None:
    newer = create_app(Config.from_env(environment | {"SECRET_KEY": "r" * 32}))
    newer.test_client_class = type(client)

    page = open_page(newer.test_client(), link)
    answer = newer.test_client().get(link.replace("/b/", "/api/v1/bookings/"))

    assert page.title == "Ihre Demo ist gebucht – Beispiel KI GmbH"
    assert path_of(answer.get_json()["booking"]["manage_url"]) == link
    with newer.app_context():
        db.engine.dispose()


def test_move_in_another_zone_stays_in_it_when_the_time_is_gone(
    client: FlaskClient, link: str
) -> None:
    page = open_page(client, f"{link}/move?tz=Asia/Tokyo&start={NEW_START}")
    book(client, email="max@kunde.example", start=NEW_START)

    answer = send(client, page, start=NEW_START)

    assert answer.status_code == 409
    assert Page.read(answer).fields["tz"] == "Asia/Tokyo"


@pytest.mark.parametrize("page", ["move", "cancel"])
def test_change_from_elsewhere_is_refused(
    client: FlaskClient, link: str, transaction: UnitOfWork, page: str
) -> None:
    answer = client.post(
        f"{link}/{page}", data={"start": NEW_START}, headers={"Origin": "https://evil.example"}
    )

    assert answer.status_code == 403
    assert Page.read(answer).title.startswith("Fehler: ")
    assert meeting_of(transaction) == ("2026-11-24T09:00:00+00:00", 0, "confirmed")


def test_invite_is_the_one_that_is_mailed(
    app: Flask, client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    methods = []
    for change in (None, "move", "cancel"):
        if change:
            client.post(f"{link}/{change}", data={"start": NEW_START}, headers=OWN_PAGE)

        answer = client.get(f"{link}/invite.ics")

        with transaction() as session:
            message = session.scalars(
                select(Message)
                .where(Message.kind != "reminder", Message.recipient == "lead")
                .order_by(Message.id.desc())
                .limit(1)
            ).one()
            mailed = app.extensions["composers"][message.kind].compose(message, session).calendar
            let_mails_leave(session, now=message.due_at)
        assert answer.data == mailed.content
        methods.append((answer.headers["Content-Type"], answer.headers["Content-Disposition"]))

    assert methods == [
        (f"text/calendar; method={method}; charset=UTF-8", "attachment; filename=invite.ics")
        for method in ("REQUEST", "REQUEST", "CANCEL")
    ]


def test_invite_after_a_move_and_back_is_newer_than_what_came_before(
    client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        let_mails_leave(session)
    for start in (NEW_START, "2026-11-24T09:00:00Z"):
        client.post(f"{link}/move", data={"start": start}, headers=OWN_PAGE)

    invite = client.get(f"{link}/invite.ics").get_data(as_text=True)

    assert "\r\nDTSTART:20261124T090000Z\r\n" in invite
    assert "\r\nSEQUENCE:2\r\n" in invite


def test_opening_a_page_changes_nothing(
    client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        before = stored(session)
    pages = [
        "/",
        "/demo",
        f"/demo?segment=team&start={NEW_START}&name=A&email=a@b.de&choose={NEW_START}",
        link,
        f"{link}/move?start={NEW_START}",
        f"{link}/cancel?reason=x",
        f"{link}/invite.ics",
    ]

    for page in pages:
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = client.open(page, method=method, headers={"Purpose": "prefetch"})
            assert (page, method, answer.status_code) == (page, method, 200)

    assert meeting_of(transaction) == ("2026-11-24T09:00:00+00:00", 0, "confirmed")
    with transaction() as session:
        assert stored(session) == before


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_are_refused(client: FlaskClient, link: str, method: str) -> None:
    answer = client.open(link, method=method, headers=OWN_PAGE)

    assert answer.status_code == 405
    assert Page.read(answer).title.startswith("Fehler: ")
