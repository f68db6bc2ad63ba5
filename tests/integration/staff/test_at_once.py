"""Two admins add the same at one moment: the second is told that it is there, as any later one."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.accounts.details import StaffDetails
from booking.accounts.invite import add_staff
from booking.errors import FieldError, InvalidFieldsError
from booking.organisation.add_notice import add_notice
from booking.setup_file.edit_event_type import create_event_type
from booking.staff.models import Role
from tests.factories import NOW, make_organisation
from tests.fixtures.application import UnitOfWork

DEMO = {
    "slug": "kurs",
    "title": {"de": "Kurs"},
    "hosts": [{"email": "host@beispiel.example"}],
}


def add_jana(session: Session) -> None:
    details = StaffDetails(name="Jana", email="jana@beispiel.example", role=Role.HOST)
    add_staff(details, actor="staff:1", now=NOW, session=session)


def add_demo(session: Session) -> None:
    create_event_type(DEMO, actor="staff:1", now=NOW, session=session)


@pytest.mark.usefixtures("staffed")
@pytest.mark.parametrize(
    ("add", "fault"),
    [(add_jana, FieldError("email", "taken")), (add_demo, FieldError("slug", "slug_taken"))],
)
def test_second_of_two_who_add_the_same_is_told_so(
    transaction: UnitOfWork, add: Callable[[Session], None], fault: FieldError
) -> None:
    is_added, told = Event(), []

    def add_it_too() -> None:
        is_added.wait()
        try:
            with transaction() as session:
                add(session)
        except InvalidFieldsError as refusal:
            told.extend(refusal.errors)

    second = Thread(target=add_it_too)
    second.start()
    with transaction() as session:
        add(session)
        session.flush()
        is_added.set()
        # Long enough for the other to look, and to find nothing yet.
        second.join(timeout=0.5)
    second.join()

    assert told == [fault]


def add_notices_at_once(
    first: str, second: str, *, transaction: UnitOfWork
) -> list[FieldError | str]:
    """Add one version of the notice with two texts; return what the second of two is told."""
    is_added, told = Event(), []

    def add(text: str, *, session: Session) -> None:
        add_notice("2", texts={"de": text}, now=NOW, session=session)
        session.flush()

    def add_second() -> None:
        is_added.wait()
        try:
            with transaction() as session:
                add(second, session=session)
        except InvalidFieldsError as refusal:
            told.extend(refusal.errors)
        except IntegrityError:
            told.append("a failure of ours")

    other = Thread(target=add_second)
    other.start()
    with transaction() as session:
        add(first, session=session)
        is_added.set()
        # Long enough for the other to look, and to find nothing yet.
        other.join(timeout=0.5)
    other.join()
    return told


@pytest.mark.parametrize(
    ("second", "told"),
    [("Text", []), ("Another", [FieldError("notice_version", "version_used")])],
)
def test_second_of_two_who_add_one_notice_finds_it(
    transaction: UnitOfWork, second: str, told: list[FieldError]
) -> None:
    with transaction() as session:
        make_organisation(session)

    assert add_notices_at_once("Text", second, transaction=transaction) == told


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_second_of_two_who_add_one_notice_fails_where_nothing_is_locked(
    transaction: UnitOfWork,
) -> None:
    """The control: without an organisation there is no row to wait for."""
    told = add_notices_at_once("Text", "Text", transaction=transaction)

    assert told == ["a failure of ours"]
