"""Who is shut out while they are just getting in: nothing of it opens again on their return."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.accounts.change_access import access_version, change_access
from booking.accounts.links import address_of_link, issue_link
from booking.accounts.models import LinkPurpose, Password, StaffSession
from booking.accounts.passwords import hash_password
from booking.accounts.sessions import open_session
from booking.accounts.sign_in import (
    Credentials,
    find_credentials,
    redeem_link,
    replace_password,
    sign_in,
)
from booking.errors import NotFoundError
from booking.installation import Installation
from booking.staff.models import CalendarFeed, Role, Staff
from tests.factories import NOW
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import Staffed

NEW_HASH = hash_password("ganz andere Worte dieses Mal")


def set_active(staff: Staff, *, active: bool, transaction: UnitOfWork) -> None:
    with transaction() as session:
        change_access(
            session.get_one(Staff, staff.id),
            role=Role.HOST,
            active=active,
            version=access_version(staff.id, session=session),
            actor="staff:1",
            now=NOW,
            session=session,
        )


def credentials_of(staff: Staff, *, transaction: UnitOfWork) -> Credentials:
    with transaction() as session:
        found = find_credentials(staff.email, session=session)
    assert found is not None
    return found


def ways_in(staff: Staff, *, transaction: UnitOfWork) -> list[str]:
    """Return what of the staff member's there is, by the names of the tables."""
    with transaction() as session:
        return [
            table.__tablename__
            for table in (Password, StaffSession, CalendarFeed)
            if session.scalars(select(table).where(table.staff_id == staff.id)).all()
        ]


def replace(credentials: Credentials, *, transaction: UnitOfWork) -> None:
    with transaction() as session:
        replace_password(credentials, password_hash=NEW_HASH, browser="", now=NOW, session=session)


def test_password_that_is_changed_by_who_has_just_left_is_not_kept(
    staffed: Staffed, transaction: UnitOfWork
) -> None:
    host = staffed[Role.HOST]
    given = credentials_of(host, transaction=transaction)
    set_active(host, active=False, transaction=transaction)

    with pytest.raises(NotFoundError):
        replace(given, transaction=transaction)

    assert ways_in(host, transaction=transaction) == []


def test_password_is_changed_by_who_gave_the_one_that_is_still_kept(
    staffed: Staffed, transaction: UnitOfWork
) -> None:
    host = staffed[Role.HOST]
    given = credentials_of(host, transaction=transaction)
    replace(given, transaction=transaction)

    with pytest.raises(NotFoundError):
        replace(given, transaction=transaction)

    assert credentials_of(host, transaction=transaction).kept == NEW_HASH


def shut_out_during(act: Callable[[Session], object], *, who: Staff, at: UnitOfWork) -> None:
    """Let somebody else shut ``who`` out before the transaction of ``act`` has ended."""
    is_at_it = Event()

    def shut_out() -> None:
        is_at_it.wait()
        set_active(who, active=False, transaction=at)

    leaving = Thread(target=shut_out)
    leaving.start()
    with at() as session:
        act(session)
        session.flush()
        is_at_it.set()
        # Long enough for the other to end what it sees, if it did not wait for this to end.
        leaving.join(timeout=0.5)
    leaving.join()


def test_session_that_is_just_being_opened_ends_with_the_others(
    staffed: Staffed, transaction: UnitOfWork
) -> None:
    host = staffed[Role.HOST]
    given = credentials_of(host, transaction=transaction)

    shut_out_during(
        lambda session: sign_in(given, new_hash=None, browser="", now=NOW, session=session),
        who=host,
        at=transaction,
    )

    assert ways_in(host, transaction=transaction) == []


def test_first_password_that_is_just_being_chosen_goes_with_its_session(
    staffed: Staffed, transaction: UnitOfWork, installation: Installation
) -> None:
    host = staffed[Role.HOST]
    with transaction() as session:
        session.delete(session.get_one(Password, host.id))
        purpose = LinkPurpose.INVITATION
        link = issue_link(
            host, purpose=purpose, now=NOW, session=session, installation=installation
        )
        token = address_of_link(link, installation=installation).rpartition("/")[2]

    shut_out_during(
        lambda session: redeem_link(
            token, password_hash=NEW_HASH, browser="", now=NOW, session=session
        ),
        who=host,
        at=transaction,
    )

    assert ways_in(host, transaction=transaction) == []


def test_who_returns_finds_nothing_that_was_left_behind(
    staffed: Staffed, transaction: UnitOfWork
) -> None:
    host = staffed[Role.HOST]
    set_active(host, active=False, transaction=transaction)
    with transaction() as session:
        session.add(Password(staff_id=host.id, hash=NEW_HASH, changed_at=NOW))
        open_session(host, browser="", now=NOW, session=session)

    set_active(host, active=True, transaction=transaction)

    assert ways_in(host, transaction=transaction) == []
