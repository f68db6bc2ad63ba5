"""Many clients, several server processes, one slot: the database lets exactly one have it.

Each race has its control: the same clients against a database from which the guards were taken.
There the double booking must appear, or the race would prove nothing.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from booking.clock import now
from booking.segment import Segment
from tests.factories import make_event_type, make_organisation, make_staff
from tests.fixtures.application import UnitOfWork
from tests.server_processes import (
    Answer,
    ask,
    ask_at_once,
    post_forms_at_once,
    running_servers,
)
from tests.unguarded import (
    deadlocks,
    leave_the_overlap_guard_alone,
    let_leads_and_keys_be_there_twice,
    overlapping_reservations,
    take_the_guards_away,
)

CLIENTS = 50
SERVERS = 2
POOL = 5
ALL_DAY = tuple((weekday, "00:00", "24:00") for weekday in range(7))
QUARTER = timedelta(minutes=15)
HALF_AN_HOUR = 2 * QUARTER

Guard = Callable[[str], None]
Race = Callable[..., list[Answer]]


def guarded(_database_url: str) -> None:
    """Leave the database as the migrations made it."""


@pytest.fixture
def start() -> datetime:
    """A slot of tomorrow, whatever the zone."""
    return (now() + timedelta(days=2)).replace(hour=10, minute=0, second=0, microsecond=0)


def booking_request(
    number: int, *, slug: str, start: datetime, segment: Segment = Segment.INDIVIDUAL
) -> tuple[str, str, object]:
    body = {
        "event_type": slug,
        "start": start.isoformat(),
        "segment": segment,
        "name": f"Lead {number}",
        "email": f"lead-{number}@kunde.de",
    }
    return ("POST", "/api/v1/bookings", body)


def host_names(answers: list[Answer]) -> list[str]:
    return sorted(
        answer.body["booking"]["host"]["name"] for answer in answers if answer.status == 201
    )


@pytest.fixture
def race(database_url: str, environment: dict[str, str]) -> Race:
    """Run requests at once against several server processes."""

    def run(requests: list[tuple[str, str, object]], *, guard: Guard = guarded) -> list[Answer]:
        guard(database_url)
        with running_servers(SERVERS, environment=environment) as addresses:
            return ask_at_once(addresses, requests)

    return run


@pytest.mark.fault("F19")
def test_one_slot_goes_to_one_of_fifty(
    database_url: str, transaction: UnitOfWork, race: Race, start: datetime
) -> None:
    with transaction() as session:
        make_organisation(session)
        make_event_type(session, hosts=[make_staff(session, hours=ALL_DAY)], slug="demo")
    requests = [booking_request(n, slug="demo", start=start) for n in range(CLIENTS)]

    answers = race(requests)

    assert Counter(answer.status for answer in answers) == {201: 1, 409: CLIENTS - 1}
    refusals = [answer.body for answer in answers if answer.status == 409]
    assert {body["code"] for body in refusals} == {"slot_taken"}
    assert all(len(body["alternatives"]) >= 3 for body in refusals)
    assert overlapping_reservations(database_url) == 0


def test_one_slot_is_safe_with_nothing_but_the_overlap_guard(
    database_url: str, transaction: UnitOfWork, race: Race, start: datetime
) -> None:
    with transaction() as session:
        make_organisation(session)
        make_event_type(session, hosts=[make_staff(session, hours=ALL_DAY)], slug="demo")
    requests = [booking_request(n, slug="demo", start=start) for n in range(CLIENTS)]

    answers = race(requests, guard=leave_the_overlap_guard_alone)

    assert Counter(answer.status for answer in answers)[201] == 1
    assert overlapping_reservations(database_url) == 0


def test_one_slot_without_the_guards_is_booked_twice(
    database_url: str, transaction: UnitOfWork, race: Race, start: datetime
) -> None:
    with transaction() as session:
        make_organisation(session)
        make_event_type(session, hosts=[make_staff(session, hours=ALL_DAY)], slug="demo")
    requests = [booking_request(n, slug="demo", start=start) for n in range(CLIENTS)]

    answers = race(requests, guard=take_the_guards_away)

    assert Counter(answer.status for answer in answers)[201] > 1
    assert overlapping_reservations(database_url) > 0


@pytest.mark.fault("F20")
def test_one_time_of_a_pool_goes_to_every_host_once(
    database_url: str, transaction: UnitOfWork, race: Race, start: datetime
) -> None:
    with transaction() as session:
        make_organisation(session)
        hosts = [make_staff(session, hours=ALL_DAY) for _ in range(POOL)]
        make_event_type(session, hosts=hosts, slug="demo")
        names = sorted(host.name for host in hosts)
    requests = [booking_request(n, slug="demo", start=start) for n in range(CLIENTS)]

    answers = race(requests)

    assert Counter(answer.status for answer in answers) == {201: POOL, 409: CLIENTS - POOL}
    assert host_names(answers) == names
    assert overlapping_reservations(database_url) == 0


def test_one_time_of_a_pool_without_the_guards_is_booked_too_often(
    database_url: str, transaction: UnitOfWork, race: Race, start: datetime
) -> None:
    with transaction() as session:
        make_organisation(session)
        hosts = [make_staff(session, hours=ALL_DAY) for _ in range(POOL)]
        make_event_type(session, hosts=hosts, slug="demo")
    requests = [booking_request(n, slug="demo", start=start) for n in range(CLIENTS)]

    race(requests, guard=take_the_guards_away)

    assert overlapping_reservations(database_url) > 0


@pytest.mark.parametrize("guard", [guarded, take_the_guards_away])
def test_overlapping_but_unequal_times_of_one_host(
    database_url: str, transaction: UnitOfWork, race: Race, start: datetime, guard: Guard
) -> None:
    with transaction() as session:
        make_organisation(session)
        host = make_staff(session, hours=ALL_DAY)
        make_event_type(session, hosts=[host], slug="short", slot_interval_minutes=15)
        make_event_type(
            session, hosts=[host], slug="long", slot_interval_minutes=15, duration_minutes=45
        )
    requests = [
        booking_request(n, slug="short" if n % 2 else "long", start=start + (n % 3) * QUARTER)
        for n in range(CLIENTS)
    ]

    answers = race(requests, guard=guard)

    if guard is guarded:
        # From 10:00 to 11:15 there is room for one of them, or for two that abut.
        booked = Counter(answer.status for answer in answers)
        assert set(booked) == {201, 409}
        assert booked[201] in {1, 2}
        assert overlapping_reservations(database_url) == 0
    else:
        assert overlapping_reservations(database_url) > 0


def test_holds_that_change_places_keep_the_peace(
    database_url: str, transaction: UnitOfWork, environment: dict[str, str], start: datetime
) -> None:
    """Each visitor holds one host's time and wants the other host: nobody waits in a circle."""
    with transaction() as session:
        make_organisation(session)
        for slug in ("one", "other"):
            make_event_type(session, hosts=[make_staff(session, hours=ALL_DAY)], slug=slug)
    own_page = {"Sec-Fetch-Site": "same-origin"}

    with running_servers(SERVERS, environment=environment) as addresses:
        for turn in range(10):
            at = start + 2 * turn * HALF_AN_HOUR
            later = (at + HALF_AN_HOUR).isoformat()
            wanted = [{"start": at.isoformat(), "segment": "team"} for _ in range(2)]
            holds = [
                ask(addresses[0], "POST", "/api/v1/holds", body | {"event_type": slug})
                for body, slug in zip(wanted, ("one", "other"), strict=True)
            ]
            tokens = [answer.body["hold"]["token"] for answer in holds]
            statuses = post_forms_at_once(
                addresses,
                [
                    (f"/{slug}", {"choose": later, "segment": "team", "hold": token})
                    for slug, token in zip(("other", "one"), tokens, strict=True)
                ],
                headers=own_page,
            )
            assert statuses == [303, 303]

    assert overlapping_reservations(database_url) == 0
    assert deadlocks(database_url) == 0


def test_two_meetings_that_swap_their_times_both_keep_theirs(
    database_url: str,
    transaction: UnitOfWork,
    environment: dict[str, str],
    start: datetime,
) -> None:
    with transaction() as session:
        make_organisation(session)
        make_event_type(session, hosts=[make_staff(session, hours=ALL_DAY)], slug="demo")
    times = [start, start + HALF_AN_HOUR]

    with running_servers(SERVERS, environment=environment) as addresses:
        made = [
            ask(addresses[0], *booking_request(n, slug="demo", start=time))
            for n, time in enumerate(times)
        ]
        tokens = [answer.body["booking"]["token"] for answer in made]
        for _ in range(10):
            answers = ask_at_once(
                addresses,
                [
                    ("POST", f"/api/v1/bookings/{token}/reschedule", {"start": time.isoformat()})
                    for token, time in zip(tokens, reversed(times), strict=True)
                ],
            )
            assert [answer.status for answer in answers] == [409, 409]
        after = [ask(addresses[1], "GET", f"/api/v1/bookings/{token}") for token in tokens]

    assert [datetime.fromisoformat(answer.body["booking"]["start"]) for answer in after] == times
    assert [answer.body["booking"]["sequence"] for answer in after] == [0, 0]
    assert overlapping_reservations(database_url) == 0
    assert deadlocks(database_url) == 0


@pytest.mark.parametrize("guard", [guarded, take_the_guards_away])
def test_many_meetings_that_move_to_one_slot(
    database_url: str,
    transaction: UnitOfWork,
    environment: dict[str, str],
    start: datetime,
    guard: Guard,
) -> None:
    with transaction() as session:
        make_organisation(session)
        make_event_type(session, hosts=[make_staff(session, hours=ALL_DAY)], slug="demo")
    target = {"start": start.isoformat()}

    with running_servers(SERVERS, environment=environment) as addresses:
        made = [
            ask(addresses[0], *booking_request(n, slug="demo", start=start + n * HALF_AN_HOUR))
            for n in range(1, 13)
        ]
        guard(database_url)
        answers = ask_at_once(
            addresses,
            [
                ("POST", f"/api/v1/bookings/{answer.body['booking']['token']}/reschedule", target)
                for answer in made
            ],
        )

    if guard is guarded:
        assert Counter(answer.status for answer in answers) == {200: 1, 409: 11}
        assert overlapping_reservations(database_url) == 0
    else:
        assert overlapping_reservations(database_url) > 0


@pytest.mark.fault("F18")
def test_one_key_sent_twenty_times_makes_one_booking(
    database_url: str, transaction: UnitOfWork, environment: dict[str, str], start: datetime
) -> None:
    with transaction() as session:
        make_organisation(session)
        make_event_type(session, hosts=[make_staff(session, hours=ALL_DAY)], slug="demo")
    request = booking_request(1, slug="demo", start=start)

    with running_servers(SERVERS, environment=environment) as addresses:
        answers = ask_at_once(addresses, [request] * 20, headers={"Idempotency-Key": "one"})

    assert {answer.status for answer in answers} <= {201, 409}
    made = [answer.body for answer in answers if answer.status == 201]
    assert len(made) >= 1
    assert all(body == made[0] for body in made)
    assert {a.body["code"] for a in answers if a.status == 409} <= {"in_progress"}
    assert overlapping_reservations(database_url) == 0


@pytest.mark.fault("F18")
def test_one_lead_who_sends_the_form_twenty_times_without_a_key_books_once(
    transaction: UnitOfWork, race: Race, start: datetime
) -> None:
    with transaction() as session:
        make_organisation(session)
        make_event_type(session, hosts=[make_staff(session, hours=ALL_DAY)], slug="demo")

    answers = race([booking_request(1, slug="demo", start=start)] * 20)

    assert Counter(answer.status for answer in answers) == {201: 1, 409: 19}
    assert {a.body["code"] for a in answers if a.status == 409} == {"already_booked"}


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
@pytest.mark.parametrize("headers", [None, {"Idempotency-Key": "one"}])
def test_one_lead_who_may_be_there_twice_books_twice(
    transaction: UnitOfWork,
    database_url: str,
    environment: dict[str, str],
    start: datetime,
    headers: dict[str, str] | None,
) -> None:
    """The control of both; SQLite has one writer at a time, which nothing can take from it."""
    with transaction() as session:
        make_organisation(session)
        hosts = [make_staff(session, hours=ALL_DAY) for _ in range(POOL)]
        make_event_type(session, hosts=hosts, slug="demo")
    let_leads_and_keys_be_there_twice(database_url)

    with running_servers(SERVERS, environment=environment) as addresses:
        request = booking_request(1, slug="demo", start=start)
        answers = ask_at_once(addresses, [request] * 20, headers=headers)

    made = {a.body["booking"]["id"] for a in answers if a.status == 201}
    went_wrong = [answer for answer in answers if answer.status not in {201, 409}]
    assert len(made) > 1 or went_wrong
