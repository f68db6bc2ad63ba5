"""A stranger books with an address at the moment its owner calls everything off."""

from threading import Thread

from sqlalchemy import select

from booking.bookings.disown import disown_address
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking
from booking.event_types.models import EventType
from tests.bookings_at_work import confirm
from tests.factories import NOW, START, make_event_type, make_organisation, make_staff
from tests.fixtures.application import UnitOfWork

MOMENT_SECONDS = 0.5


def test_disown_waits_for_a_booking_that_is_just_being_made(transaction: UnitOfWork) -> None:
    with transaction() as session:
        make_organisation(session)
        event_type = make_event_type(session, hosts=[make_staff(session), make_staff(session)])
        event_type_id = event_type.id
        first_id = confirm(event_type, session=session).booking.id

    def disown() -> None:
        with transaction() as session:
            disown_address(session.get_one(Booking, first_id).lead_id, now=NOW, session=session)

    owner = Thread(target=disown)
    with transaction() as session:
        event_type = session.get_one(EventType, event_type_id)
        confirm(event_type, session=session, start=START.replace(hour=14))
        owner.start()
        owner.join(MOMENT_SECONDS)
        assert owner.is_alive()
    owner.join()

    with transaction() as session:
        states = session.scalars(select(Booking.state)).all()
    assert states == [BookingState.CANCELLED] * 2
