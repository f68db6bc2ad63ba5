"""Many names of one mailbox, sent at one moment to several processes: no more than the limit.

Each race has its control, in which the lock of the mailbox holds nobody. SQLite has one writer at a
time, which nothing can take from it.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from booking import clock
from booking.bookings.lifecycle import MOST_BOOKINGS_A_DAY
from booking.web.public.forms import Stamp
from booking.wishes.express import MOST_WISHES_A_DAY
from tests.factories import make_event_type, make_organisation, make_staff
from tests.pages import OWN_PAGE
from tests.server_processes import ask_at_once, post_forms_at_once, running_servers
from tests.unguarded import deadlocks, let_mailboxes_be_counted_at_once

if TYPE_CHECKING:
    from booking.installation import Installation
    from tests.fixtures.application import UnitOfWork

SERVERS = 2
TIMES = 12
ALL_DAY = tuple((weekday, "00:00", "24:00") for weekday in range(7))
HALF_AN_HOUR = timedelta(minutes=30)

only_postgresql = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)


@pytest.fixture(autouse=True)
def _offered(transaction: UnitOfWork) -> None:
    with transaction() as session:
        make_organisation(session)
        make_event_type(session, hosts=[make_staff(session, hours=ALL_DAY)], slug="demo")


def book_at_once(environment: dict[str, str]) -> Counter[int]:
    """Book as many times, each under another name of the mailbox; return the statuses."""
    first = (clock.now() + timedelta(days=2)).replace(hour=8, minute=0, second=0, microsecond=0)
    requests = [
        (
            "POST",
            "/api/v1/bookings",
            {
                "event_type": "demo",
                "start": (first + number * HALF_AN_HOUR).isoformat(),
                "segment": "team",
                "name": "Erika Mustermann",
                "email": f"erika+{number}@kunde.example",
            },
        )
        for number in range(TIMES)
    ]
    with running_servers(SERVERS, environment=environment) as addresses:
        return Counter(answer.status for answer in ask_at_once(addresses, requests))


def wish_at_once(environment: dict[str, str], *, installation: Installation) -> Counter[int]:
    """Send as many forms, each under another name of the mailbox; return the statuses."""
    now = clock.now()
    forms = [
        (
            "/demo/wish",
            {
                "segment": "team",
                "tz": "Europe/Berlin",
                "on-1": (now + timedelta(days=8)).date().isoformat(),
                "name": "Erika Mustermann",
                "email": f"erika+{number}@kunde.example",
                "stamp": Stamp.new(now=now).write(installation=installation),
            },
        )
        for number in range(TIMES)
    ]
    with running_servers(SERVERS, environment=environment) as addresses:
        return Counter(post_forms_at_once(addresses, forms, headers=OWN_PAGE))


def test_one_mailbox_books_no_more_than_the_limit(
    database_url: str, environment: dict[str, str]
) -> None:
    statuses = book_at_once(environment)

    assert statuses == {201: MOST_BOOKINGS_A_DAY, 429: TIMES - MOST_BOOKINGS_A_DAY}
    assert deadlocks(database_url) == 0


@only_postgresql
def test_one_mailbox_that_nothing_locks_books_more(
    database_url: str, environment: dict[str, str]
) -> None:
    let_mailboxes_be_counted_at_once(database_url)

    statuses = book_at_once(environment)

    assert statuses[201] > MOST_BOOKINGS_A_DAY


def test_one_mailbox_wishes_no_more_than_the_limit(
    database_url: str, environment: dict[str, str], installation: Installation
) -> None:
    statuses = wish_at_once(environment, installation=installation)

    assert statuses == {303: MOST_WISHES_A_DAY, 429: TIMES - MOST_WISHES_A_DAY}
    assert deadlocks(database_url) == 0


@only_postgresql
def test_one_mailbox_that_nothing_locks_wishes_more(
    database_url: str, environment: dict[str, str], installation: Installation
) -> None:
    let_mailboxes_be_counted_at_once(database_url)

    statuses = wish_at_once(environment, installation=installation)

    assert statuses[303] > MOST_WISHES_A_DAY
