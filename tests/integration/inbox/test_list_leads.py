"""The list of leads: what is found, in which order, page by page, and how much is read for it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from booking.inbox.list_leads import (
    LeadFilter,
    Place,
    list_leads,
    list_sources,
    select_entries,
)
from booking.inbox.models import EVERYBODY, InboxEntry
from booking.inbox.standing import LeadState
from booking.leads.models import Lead
from booking.segment import Segment
from tests.bookings_at_work import confirm
from tests.factories import NOW, START, make_event_type, make_organisation, make_staff
from tests.fixtures.application import UnitOfWork

PAGE_SIZE = 50
MANY = 3000
HOST_ID = 7


@pytest.fixture
def leads(transaction: UnitOfWork) -> list[int]:
    """Three leads booked one after the other, an hour apart; the ids of their hosts."""
    with transaction() as session:
        make_organisation(session)
        hosts = [make_staff(session, name=name) for name in ("Anna Müller", "Ben Özdemir")]
        event_types = [make_event_type(session, hosts=[host]) for host in hosts]
    told: list[dict[str, Any]] = [
        {"name": "Erika Mustermann", "email": "erika@kunde.de"},
        {"name": "Jörg Weiß", "email": "joerg@firma.example", "segment": "team"},
        {"name": "Zoë_1", "email": "zoe@kunde.de", "source": {"utm_source": "suche"}},
    ]
    for number, details in enumerate(told):
        with transaction() as session:
            confirm(
                event_types[number % 2],
                session=session,
                start=START + timedelta(hours=number),
                now=NOW + timedelta(minutes=number),
                **details,
            )
    return [host.id for host in hosts]


def names_of(wanted: LeadFilter, *, transaction: UnitOfWork) -> list[str]:
    with transaction() as session:
        page = list_leads(wanted, after=None, most=PAGE_SIZE, now=NOW, session=session)
        return [row.standing.newest.name for row in page.rows]


def test_rows_tell_host_and_demos_and_the_newest_come_first(
    leads: list[int], transaction: UnitOfWork
) -> None:
    del leads
    with transaction() as session:
        page = list_leads(
            LeadFilter(),
            after=None,
            most=PAGE_SIZE,
            now=START + timedelta(minutes=90),
            session=session,
        )

    assert [
        (row.standing.newest.name, row.hosts, row.next_start, row.last_start) for row in page.rows
    ] == [
        ("Zoë_1", ("Anna Müller",), START + timedelta(hours=2), None),
        ("Jörg Weiß", ("Ben Özdemir",), None, START + timedelta(hours=1)),
        ("Erika Mustermann", ("Anna Müller",), None, START),
    ]
    assert page.goes_on_after is None


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"segment": Segment.TEAM}, ["Jörg Weiß"]),
        ({"state": LeadState.BOOKED}, ["Zoë_1", "Jörg Weiß", "Erika Mustermann"]),
        ({"state": LeadState.CANCELLED}, []),
        ({"source": "suche"}, ["Zoë_1"]),
        ({"came_from": NOW + timedelta(minutes=1)}, ["Zoë_1", "Jörg Weiß"]),
        ({"came_before": NOW + timedelta(minutes=1)}, ["Erika Mustermann"]),
        ({"text": "KUNDE.de"}, ["Zoë_1", "Erika Mustermann"]),
        ({"text": "weiss firma"}, ["Jörg Weiß"]),
        ({"text": "muster firma"}, []),
        ({"text": "%"}, []),
        ({"text": "ë_1"}, ["Zoë_1"]),
        ({"text": "o__1"}, []),
        ({"text": "' OR 1=1 --"}, []),
    ],
    ids=str,
)
@pytest.mark.usefixtures("leads")
def test_filter_finds(wanted: dict[str, Any], names: list[str], transaction: UnitOfWork) -> None:
    assert names_of(LeadFilter(**wanted), transaction=transaction) == names


def test_host_finds_their_own(leads: list[int], transaction: UnitOfWork) -> None:
    anna, ben = leads

    assert names_of(LeadFilter(seen_by=anna), transaction=transaction) == [
        "Zoë_1",
        "Erika Mustermann",
    ]
    assert names_of(LeadFilter(seen_by=ben), transaction=transaction) == ["Jörg Weiß"]


@pytest.mark.usefixtures("leads")
def test_pages_go_on_where_the_one_before_ended(transaction: UnitOfWork) -> None:
    with transaction() as session:
        first = list_leads(LeadFilter(), after=None, most=2, now=NOW, session=session)
        assert first.goes_on_after is not None
        after = Place.read(first.goes_on_after.write())
        second = list_leads(LeadFilter(), after=after, most=2, now=NOW, session=session)

    names = [[row.standing.newest.name for row in page.rows] for page in (first, second)]
    assert names == [["Zoë_1", "Jörg Weiß"], ["Erika Mustermann"]]
    assert second.goes_on_after is None


@pytest.mark.parametrize("written", ["", "1-", "-1", "x-1", "1-1-1", "²-1", f"1-{10**18}"])
def test_place_that_is_none_is_read_as_none(written: str) -> None:
    assert Place.read(written) is None


def test_place_keeps_the_microsecond() -> None:
    place = Place(came_at=NOW + timedelta(microseconds=1), lead_id=3)

    assert Place.read(place.write()) == place


def test_sources_are_told_once_each_in_order(session: Session) -> None:
    fill(session, sources=["suche", "", "linkedin"])

    assert list_sources(None, session=session) == ["linkedin", "suche"]
    assert list_sources(4711, session=session) == []


FILTERS = [
    {},
    {"seen_by": HOST_ID},
    {"segment": Segment.TEAM},
    {"seen_by": HOST_ID, "state": LeadState.NO_SHOW},
    {"source": "suche"},
    {"came_from": NOW, "came_before": NOW + timedelta(days=1)},
]


@pytest.mark.parametrize("after", [None, Place(came_at=NOW + timedelta(minutes=1500), lead_id=1)])
@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_page_reads_one_entry_more_than_it_shows(
    wanted: dict[str, Any], after: Place | None, session: Session
) -> None:
    fill(session, sources=["suche", "linkedin"])
    query = select_entries(LeadFilter(**wanted), after=after).limit(PAGE_SIZE + 1)
    assert len(session.execute(query).all()) == PAGE_SIZE + 1

    assert entries_read(query, session=session) == PAGE_SIZE + 1


def test_measure_sees_what_has_no_index(session: Session) -> None:
    """The control: a search reads what it passes over, and the measure tells so."""
    fill(session, sources=["suche"])
    query = select_entries(LeadFilter(text="lead-17@"), after=None).limit(PAGE_SIZE + 1)

    assert entries_read(query, session=session) > PAGE_SIZE + 1


def fill(session: Session, *, sources: Sequence[str]) -> None:
    """Add MANY leads, each a minute after the one before, and let the database look at them."""
    numbers = range(1, MANY + 1)
    session.execute(
        insert(Lead),
        [{"id": n, "address": f"lead-{n}@x.example", "created_at": NOW} for n in numbers],
    )
    session.execute(
        insert(InboxEntry),
        [entry_of(n, seen_by=by, sources=sources) for n in numbers for by in (EVERYBODY, HOST_ID)],
    )
    session.execute(text("ANALYZE"))


def entry_of(number: int, *, seen_by: int, sources: Sequence[str]) -> dict[str, Any]:
    came_at: datetime = NOW + timedelta(minutes=number)
    return {
        "seen_by": seen_by,
        "lead_id": number,
        "came_at": came_at,
        "segment": list(Segment)[number % 2],
        "state": list(LeadState)[number % len(LeadState)],
        "source": sources[number % len(sources)],
        "words": f"lead-{number}@x.example",
    }


def entries_read(query: Any, *, session: Session) -> int:
    """Return how many entries the database reads to answer ``query``, by its own account."""
    if session.get_bind().dialect.name == "postgresql":
        statement = query.compile(dialect=postgresql.dialect(), compile_kwargs=LITERAL)
        (plan,) = session.scalar(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {escaped(statement)}"))
        return read_by(plan["Plan"])
    statement = query.compile(dialect=sqlite.dialect(), compile_kwargs=LITERAL)
    steps = session.execute(text(f"EXPLAIN QUERY PLAN {escaped(statement)}")).all()
    # One search of an index that holds the order as well: SQLite stops at the limit.
    (step,) = (row.detail for row in steps)
    conditions = str(statement).partition("WHERE")[2].partition("ORDER BY")[0]
    is_narrow = step.startswith("SEARCH inbox_entry USING") and "LIKE" not in conditions
    used = step.partition("(")[2]
    asked = [column for column in ("segment", "state", "source") if f".{column} =" in conditions]
    is_narrow = is_narrow and all(f"{column}=?" in used for column in asked)
    return PAGE_SIZE + 1 if is_narrow else MANY


LITERAL = {"literal_binds": True}


def escaped(statement: Any) -> str:
    return str(statement).replace(":", "\\:")


def read_by(node: dict[str, Any]) -> int:
    """Return the rows that the scans of a plan have read, those thrown away among them."""
    below = sum(read_by(child) for child in node.get("Plans", ()))
    if "Scan" not in node["Node Type"]:
        return below
    return below + node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
