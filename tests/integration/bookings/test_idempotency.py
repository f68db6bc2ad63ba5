"""The same key has one answer; what failed may be tried again."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.bookings.idempotency import Answer, claim_key, keep_answer, purge_keys
from booking.bookings.models import Booking, IdempotencyKey
from booking.bookings.refusals import InProgressError
from tests.bookings_at_work import INSTALLATION, confirm
from tests.factories import NOW, make_event_type, make_organisation, make_staff


@pytest.fixture
def booking(session: Session) -> Booking:
    make_organisation(session)
    event_type = make_event_type(session, hosts=[make_staff(session)])
    return confirm(event_type, session=session).booking


def claim(
    session: Session, *, key: str = "k", route: str = "api", body: bytes = b"{}", late: int = 0
) -> Answer | None:
    return claim_key(
        key,
        route=route,
        body=body,
        now=NOW + timedelta(hours=late),
        session=session,
        installation=INSTALLATION,
    )


def keep(session: Session, booking: Booking) -> None:
    keep_answer(
        "k",
        route="api",
        status=201,
        body='{"a": "ä"}',
        booking=booking,
        session=session,
        installation=INSTALLATION,
    )


def test_key_replays_its_answer_and_tells_whether_the_request_was_the_same(
    booking: Booking, session: Session
) -> None:
    first = claim(session)
    keep(session, booking)

    assert first is None
    assert claim(session) == Answer(status=201, body='{"a": "ä"}', same_request=True)
    assert claim(session, body=b"[]") == Answer(status=201, body='{"a": "ä"}', same_request=False)


def test_key_of_another_route_is_another_key(booking: Booking, session: Session) -> None:
    claim(session)
    keep(session, booking)

    assert claim(session, route="form") is None


def test_key_without_an_answer_is_in_progress(session: Session) -> None:
    claim(session)

    with pytest.raises(InProgressError):
        claim(session)


def test_answer_is_stored_sealed(booking: Booking, session: Session) -> None:
    claim(session)
    keep(session, booking)

    sealed = session.scalars(select(IdempotencyKey.sealed_answer)).one()

    assert sealed is not None
    assert "ä".encode() not in sealed


def test_key_is_new_after_a_day(booking: Booking, session: Session) -> None:
    claim(session)
    keep(session, booking)

    assert claim(session, late=24) is None


def test_purge_deletes_only_what_is_a_day_old(session: Session) -> None:
    claim(session, key="old")
    claim(session, key="new", late=1)

    purge_keys(now=NOW + timedelta(hours=24), session=session)

    assert session.scalars(select(IdempotencyKey.key)).all() == ["new"]
