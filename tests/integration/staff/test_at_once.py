"""Two admins add the same at one moment: the second is told that it is there, as any later one."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
from sqlalchemy.orm import Session

from booking.accounts.details import StaffDetails
from booking.accounts.invite import add_staff
from booking.errors import FieldError, InvalidFieldsError
from booking.setup_file.edit_event_type import create_event_type
from booking.staff.models import Role
from tests.factories import NOW
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
