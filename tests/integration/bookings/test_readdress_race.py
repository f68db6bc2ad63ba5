"""A link that a correction is just revoking is used at the same moment."""

from threading import Thread

from booking.bookings.readdress import readdress_booking
from booking.bookings.tokens import Purpose, find_booking
from tests.bookings_at_work import INSTALLATION, confirm
from tests.factories import NOW, make_event_type, make_organisation, make_staff
from tests.fixtures.application import UnitOfWork

MOMENT_SECONDS = 0.5


def test_revoked_link_that_waited_for_the_booking_opens_nothing(transaction: UnitOfWork) -> None:
    with transaction() as session:
        make_organisation(session)
        event_type = make_event_type(session, hosts=[make_staff(session)])
        token = confirm(event_type, session=session).token
    opened: list[bool] = []

    def open_for_a_change() -> None:
        with transaction() as session:
            found = find_booking(token, purpose=Purpose.MANAGE, session=session, for_change=True)
            opened.append(found is not None)

    other = Thread(target=open_for_a_change)
    with transaction() as session:
        readdress_booking(
            token,
            email="erika@firma.example",
            now=NOW,
            session=session,
            installation=INSTALLATION,
        )
        other.start()
        other.join(MOMENT_SECONDS)
        assert other.is_alive()
    other.join()

    assert opened == [False]
