"""One form for a wish, sent many times at one moment to several processes: one wish.

The control takes away what keeps an idempotency key from being written twice.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from booking import clock
from booking.outbox.models import Message
from booking.web.public.forms import Stamp
from booking.wishes.models import Wish
from tests.factories import make_event_type, make_organisation, make_staff
from tests.pages import OWN_PAGE
from tests.server_processes import post_forms_at_once, running_servers
from tests.unguarded import let_leads_and_keys_be_there_twice

if TYPE_CHECKING:
    from booking.installation import Installation
    from tests.fixtures.application import UnitOfWork

SERVERS = 2
TIMES = 20


@pytest.fixture
def form(installation: Installation, transaction: UnitOfWork) -> dict[str, str]:
    """The fields of one form, filled in."""
    with transaction() as session:
        make_organisation(session)
        make_event_type(session, hosts=[make_staff(session)], slug="demo")
    now = clock.now()
    return {
        "segment": "team",
        "tz": "Europe/Berlin",
        "on-1": (now + timedelta(days=8)).date().isoformat(),
        "name": "Erika Mustermann",
        "email": "erika@kunde.example",
        "stamp": Stamp.new(now=now).write(installation=installation),
    }


def send_at_once(form: dict[str, str], *, environment: dict[str, str]) -> Counter[int]:
    with running_servers(SERVERS, environment=environment) as addresses:
        forms = [("/demo/wish", form)] * TIMES
        return Counter(post_forms_at_once(addresses, forms, headers=OWN_PAGE))


def count_wishes(transaction: UnitOfWork) -> tuple[int, int]:
    """Return how many wishes there are, and how many mails."""
    with transaction() as session:
        counts = [select(func.count()).select_from(table) for table in (Wish, Message)]
        wishes, mails = (session.scalars(count).one() for count in counts)
        return wishes, mails


@pytest.mark.fault("F18")
def test_one_form_sent_twenty_times_is_one_wish(
    form: dict[str, str], transaction: UnitOfWork, environment: dict[str, str]
) -> None:
    statuses = send_at_once(form, environment=environment)

    assert set(statuses) <= {303, 409}
    assert statuses[303] >= 1
    assert count_wishes(transaction) == (1, 1)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_one_form_whose_key_may_be_there_twice_is_several_wishes(
    form: dict[str, str],
    database_url: str,
    transaction: UnitOfWork,
    environment: dict[str, str],
) -> None:
    """The control; SQLite has one writer at a time, which nothing can take from it."""
    let_leads_and_keys_be_there_twice(database_url)

    statuses = send_at_once(form, environment=environment)

    went_wrong = TIMES - statuses[303] - statuses[409]
    assert count_wishes(transaction)[0] > 1 or went_wrong
