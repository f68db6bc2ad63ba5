"""Steps on the booking page: counted when taken, without a cookie, written together."""

from collections import Counter
from datetime import date, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.numbers.models import Step, StepCount
from booking.numbers.period import Days
from booking.numbers.selection import Selection
from booking.numbers.steps import (
    MANY,
    MOST_SOURCES,
    StepCounter,
    TakenStep,
    count_steps,
    write_steps,
)
from booking.segment import Segment
from tests.factories import NOW
from tests.fixtures.application import UnitOfWork
from tests.pages import open_page, send

pytestmark = pytest.mark.usefixtures("host")

TODAY = date(2026, 11, 23)


def steps(transaction: UnitOfWork) -> dict[tuple[str, str, str], int]:
    with transaction() as session:
        rows = session.scalars(select(StepCount)).all()
    return {(row.step, row.segment, row.source): row.times for row in rows}


def test_way_through_the_page_is_counted(
    client: FlaskClient, clock: time_machine.Traveller, transaction: UnitOfWork
) -> None:
    page = open_page(client, "/demo?segment=team&utm_source=newsletter")
    clock.shift(11)
    answer = send(client, page, choose="2026-11-24T09:00:00Z")
    clock.shift(11)
    details = open_page(client, answer.location, headers={"Sec-Fetch-Site": "same-origin"})
    booked = send(client, details, name="Erika Mustermann", email="erika@kunde.example")

    assert booked.status_code == 303
    assert "Set-Cookie" not in booked.headers
    assert steps(transaction) == {
        ("opened", "team", "newsletter"): 1,
        ("chosen", "team", "newsletter"): 1,
        ("sent", "team", "newsletter"): 1,
    }


def test_looking_around_is_no_opening(
    client: FlaskClient, clock: time_machine.Traveller, transaction: UnitOfWork
) -> None:
    page = open_page(client, "/demo")
    clock.shift(11)
    send(client, page, month="2026-12")
    client.get("/demo?day=2026-11-25", headers={"Sec-Fetch-Site": "same-origin"})
    client.get("/demo", headers={"Sec-Purpose": "prefetch;prerender"})
    client.head("/demo")
    client.get("/nothing")

    assert steps(transaction) == {("opened", "", ""): 1}


def test_time_is_chosen_after_a_day_was_picked(
    client: FlaskClient, clock: time_machine.Traveller, transaction: UnitOfWork
) -> None:
    page = open_page(client, "/demo?segment=team&day=2026-11-25")
    clock.shift(11)
    send(client, page, choose="2026-11-25T09:00:00Z")

    assert page.fields["day"] == "2026-11-25"
    assert steps(transaction) == {("opened", "team", ""): 1, ("chosen", "team", ""): 1}


def test_start_counts_for_the_only_event_type(client: FlaskClient, transaction: UnitOfWork) -> None:
    open_page(client, "/")

    assert steps(transaction) == {("opened", "", ""): 1}


def test_steps_are_written_together_and_none_is_lost() -> None:
    counter = StepCounter()
    taken = TakenStep(slug="demo", step=Step.OPENED, segment="", source="")
    written: Counter[TakenStep] = Counter()

    for seconds in range(25):
        counter.add(taken)
        written += counter.take_due(now=NOW + timedelta(seconds=seconds))
    counter.give_back(Counter({taken: 3}))
    rest = counter.take_due(now=NOW - timedelta(hours=1))

    assert written[taken] == 21
    assert rest[taken] == 7


def test_sources_that_somebody_makes_up_fill_no_table(transaction: UnitOfWork) -> None:
    made_up = Counter(
        {
            TakenStep(slug="demo", step=Step.OPENED, segment="", source=f"s{n}"): 1
            for n in range(MOST_SOURCES + 50)
        }
    )

    with transaction() as session:
        write_steps(made_up, now=NOW, session=session)
        unknown = TakenStep(slug="nothing", step=Step.OPENED, segment="", source="")
        write_steps(Counter({unknown: 1}), now=NOW, session=session)

    counted = steps(transaction)
    assert len(counted) == MOST_SOURCES + 1
    assert counted["opened", "", MANY] == 50


def test_counts_are_summed_by_segment_and_source(transaction: UnitOfWork) -> None:
    def opened(segment: str, source: str) -> TakenStep:
        return TakenStep(slug="demo", step=Step.OPENED, segment=segment, source=source)

    counts = Counter({opened("team", "ad"): 2, opened("team", ""): 3, opened("", "ad"): 5})
    days = Days(TODAY, TODAY)
    with transaction() as session:
        write_steps(counts, now=NOW, session=session)
        write_steps(counts, now=NOW, session=session)

    with transaction() as session:
        found = [
            count_steps(days, selection=selection, session=session)[Step.OPENED]
            for selection in (
                Selection(),
                Selection(segment=Segment.TEAM),
                Selection(source="ad"),
                Selection(segment=Segment.TEAM, source=""),
            )
        ]
        before = count_steps(days.before(), selection=Selection(), session=session)

    assert found == [20, 10, 14, 6]
    assert before == dict.fromkeys(Step, 0)
