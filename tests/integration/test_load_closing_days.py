"""Closing days and regions of a setup file: stored, replaced, and told."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from booking.organisation.closing_days import list_closing_days
from booking.organisation.find import get_organisation
from booking.setup_file.load import load_setup
from booking.staff.models import Staff
from tests.factories import NOW, make_staff
from tests.fixtures.application import UnitOfWork
from tests.unit.setup_file.documents import ORGANISATION, STAFF, write

DAYS = """
closing_days = [{ date = 2026-12-24, note = "Heiligabend" }, { date = 2026-12-31 }]
holiday_region = "DE-BE"
"""


def load(transaction: UnitOfWork, folder: Path, *parts: str) -> list[str]:
    with transaction() as session:
        changes = load_setup(write(folder, *parts), now=NOW, session=session)
        return [str(change) for change in changes]


def test_closing_days_and_regions_are_stored(transaction: UnitOfWork, tmp_path: Path) -> None:
    load(transaction, tmp_path, ORGANISATION, DAYS, STAFF, 'holiday_region = "DE-BY"')

    with transaction() as session:
        days = [(day.local_date, day.note) for day in list_closing_days(session=session)]
        assert days == [(date(2026, 12, 24), "Heiligabend"), (date(2026, 12, 31), "")]
        assert get_organisation(session=session).holiday_region == "DE-BE"
        assert session.scalars(select(Staff)).one().holiday_region == "DE-BY"


def test_closing_days_loaded_twice_change_nothing(transaction: UnitOfWork, tmp_path: Path) -> None:
    load(transaction, tmp_path, ORGANISATION, DAYS)

    assert load(transaction, tmp_path, ORGANISATION, DAYS) == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (DAYS.replace("Heiligabend", "Weihnachten"), "organisation: closing_days"),
        (DAYS.replace("DE-BE", "DE-BY"), "organisation: holiday_region"),
        ("", "organisation: holiday_region, closing_days"),
    ],
)
def test_closing_days_that_differ_replace_the_stored_ones_in_every_calendar(
    transaction: UnitOfWork, tmp_path: Path, written: str, expected: str
) -> None:
    load(transaction, tmp_path, ORGANISATION, DAYS)
    with transaction() as session:
        make_staff(session)

    changes = load(transaction, tmp_path, ORGANISATION, written)

    assert changes == [expected]
    assert load(transaction, tmp_path, ORGANISATION, written) == []
    with transaction() as session:
        assert session.scalars(select(Staff)).one().calendar_version == 1


@pytest.mark.parametrize(("written", "stored"), [("", None), ('holiday_region = ""', "")])
def test_staff_without_a_region_is_not_staff_with_none(
    transaction: UnitOfWork, tmp_path: Path, written: str, stored: str | None
) -> None:
    load(transaction, tmp_path, ORGANISATION, STAFF, 'holiday_region = "DE-BY"')

    load(transaction, tmp_path, ORGANISATION, STAFF, written)

    with transaction() as session:
        assert session.scalars(select(Staff)).one().holiday_region == stored
