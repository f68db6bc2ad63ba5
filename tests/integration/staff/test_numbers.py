"""The page of numbers and its file: what is asked for is shown, and one's own to hosts alone."""

import csv
import io
from datetime import timedelta

import pytest

from booking.bookings.lifecycle import Outcome
from booking.segment import Segment
from booking.staff.models import Role, Staff
from tests.factories import NOW, START, make_booking, make_event_type, make_meeting
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import BrowserOf, StaffBrowser, Staffed

pytestmark = pytest.mark.usefixtures("demos")

PERIOD = "from=2026-11-01&to=2026-11-30"
HOUR = timedelta(hours=1)


@pytest.fixture
def demos(staffed: Staffed, transaction: UnitOfWork) -> None:
    """Three demos of the host's and one of the manager's, a week ago, in both segments."""
    with transaction() as session:
        host, manager = (
            session.get_one(Staff, staffed[role].id) for role in (Role.HOST, Role.MANAGER)
        )
        event_type = make_event_type(session, hosts=[host, manager])
        past = START - timedelta(days=7)
        for n, (who, segment, outcome) in enumerate(
            [
                (host, Segment.TEAM, Outcome.ATTENDED),
                (host, Segment.INDIVIDUAL, Outcome.NO_SHOW),
                (host, Segment.INDIVIDUAL, None),
                (manager, Segment.TEAM, Outcome.ATTENDED),
            ]
        ):
            meeting = make_meeting(
                session, event_type=event_type, hosts=[who], start=past + n * HOUR
            )
            make_booking(
                session,
                meeting=meeting,
                segment=segment,
                outcome=outcome,
                confirmed_at=NOW - timedelta(days=10),
                source={"utm_source": "=cmd()"} if n == 0 else {},
            )


def rows(browser: StaffBrowser, query: str) -> list[dict[str, str]]:
    answer = browser.get(f"/staff/numbers.csv?{query}")
    assert answer.mimetype == "text/csv"
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter=";"))


def test_page_shows_every_figure_with_its_definition(browser_of: BrowserOf) -> None:
    page = browser_of(Role.MANAGER).open(f"/staff/numbers?{PERIOD}&by=segment")

    assert "Erscheinensquote 66,7 % 2 von 3" in page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Attended ÷" not in page.text
    assert "Erschienen ÷ (erschienen + nicht erschienen)." in page.text
    assert "Graue Zahlen beruhen auf weniger als 20 Demos" in page.text


def test_file_holds_the_same_figures(browser_of: BrowserOf) -> None:
    told = rows(browser_of(Role.MANAGER), f"{PERIOD}&by=segment")

    shown = [
        (row["segment"], row["booked"], row["due"], row["show_rate_part"], row["show_rate_of"])
        for row in told
    ]
    assert shown == [
        ("all", "4", "4", "2", "3"),
        ("individual", "2", "2", "0", "1"),
        ("team", "2", "2", "2", "2"),
    ]
    assert told[0]["lead_time_median_hours"] == "98.00"


def test_host_sees_their_own_numbers_whatever_they_ask_for(
    browser_of: BrowserOf, staffed: Staffed
) -> None:
    asked = f"{PERIOD}&by=host&host={staffed[Role.MANAGER].id}"

    told = rows(browser_of(Role.HOST), asked)
    page = browser_of(Role.HOST).open(f"/staff/numbers?{asked}")

    assert [(row["host"], row["due"]) for row in told] == [("all", "3"), ("host name", "3")]
    assert "manager name" not in page.text


def test_selection_stands_in_the_address(browser_of: BrowserOf, staffed: Staffed) -> None:
    manager = browser_of(Role.MANAGER)

    counted = {
        query: rows(manager, f"{PERIOD}&{query}")[0]["due"]
        for query in (
            f"host={staffed[Role.MANAGER].id}",
            "segment=individual",
            "source=%3Dcmd()",
            "source=",
            "source=*",
            "weekday=1",
            "weekday=2",
        )
    }

    assert list(counted.values()) == ["1", "2", "1", "3", "4", "4", "0"]


def test_source_is_no_formula_in_the_file(browser_of: BrowserOf) -> None:
    told = rows(browser_of(Role.MANAGER), f"{PERIOD}&by=source")

    assert [row["source"] for row in told] == ["all", "", "'=cmd()"]


@pytest.mark.parametrize(
    "query",
    ["from=yesterday&to=9999-12-31", "from=2026-12-01&to=2026-01-01", "host=99999999999999999999",
     "host=abc&segment=x&weekday=9&by=name", "from=0001-01-01&to=2026-11-30", ""],
)  # fmt: skip
def test_address_that_makes_no_sense_shows_the_page(browser_of: BrowserOf, query: str) -> None:
    assert "So wird gezählt" in browser_of(Role.MANAGER).open(f"/staff/numbers?{query}").text
