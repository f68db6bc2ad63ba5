"""Taking a wish in: what is stored, whom it mails, and who is refused."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.bookings.disown import disown_address
from booking.bookings.refusals import AddressSuppressedError, NoticeChangedError
from booking.errors import FieldError, InvalidFieldsError, RateLimitedError
from booking.event_types.models import EventType, LocationKind
from booking.history import HistoryEntry
from booking.leads.models import Lead
from booking.organisation.find import get_organisation
from booking.organisation.models import PrivacyNotice
from booking.outbox.models import Message, MessageState, Priority, Recipient
from booking.segment import Segment
from booking.staff.models import Staff
from booking.wishes.models import Wish
from tests.bookings_at_work import confirm
from tests.factories import NOW, make_event_type, make_organisation, make_question, make_staff
from tests.outbox import make_message
from tests.wishes_at_work import express

HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
STORED = [{"on": "2026-12-01", "part": "morning"}, {"on": "2026-12-03", "part": "any"}]


@pytest.fixture
def event_type(session: Session) -> EventType:
    make_organisation(session)
    return make_event_type(session, hosts=[make_staff(session)], questions=[make_question("crm")])


def columns_of(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def test_wish_is_stored_as_it_was_told(event_type: EventType, session: Session) -> None:
    told = {
        "company": "Müller & Söhne",
        "team_size": 12,
        "phone": "+491701234567",
        "notes": "Hallo\nWelt",
        "answers": {"crm": "Keines"},
        "source": {"utm_source": "mail"},
        "time_zone": "Asia/Kathmandu",
        "locale": "en",
    }

    wish = express(event_type, session=session, segment="team", **told)

    session.expire_all()
    assert columns_of(wish) == told | {
        "id": wish.id,
        "event_type_id": event_type.id,
        "answered_at": None,
        "assigned_to": None,
        "lead_id": session.scalars(select(Lead.id)).one(),
        "state": "open",
        "segment": "team",
        "name": "Erika Mustermann",
        "email": "erika@kunde.de",
        "wished_times": STORED,
        "notice_version": None,
        "created_at": NOW,
    }


def test_what_is_not_told_is_the_organisations(event_type: EventType, session: Session) -> None:
    session.add(PrivacyNotice(version="1", texts={}, sha256="1", valid_from=NOW))
    get_organisation(session=session).notice_version = "1"

    wish = express(event_type, session=session)

    assert (wish.time_zone, wish.locale, wish.notice_version) == ("Europe/Berlin", "de", "1")


def test_wish_mails_the_organisation_alone_and_leaves_history(
    event_type: EventType, session: Session
) -> None:
    wish = express(event_type, session=session)

    session.flush()
    message = session.scalars(select(Message)).one()
    assert (message.key, message.subject) == (
        f"wish:{wish.id}/0/wish/organisation/1",
        f"wish {wish.id}",
    )
    assert (message.kind, message.recipient, message.state, message.priority) == (
        "wish",
        Recipient.ORGANISATION,
        MessageState.QUEUED,
        Priority.SOON,
    )
    assert (message.wish_id, message.booking_id, message.staff_id) == (wish.id, None, None)
    assert (message.due_at, message.expires_at) == (NOW, NOW + timedelta(days=30))
    entry = session.scalars(select(HistoryEntry)).one()
    assert (entry.action, entry.subject, entry.subject_id, entry.actor, entry.at) == (
        "wished",
        "wish",
        wish.id,
        "lead",
        NOW,
    )
    assert entry.facts == {"segment": "individual", "fields": ["wished_times"]}


def test_mail_is_about_one_thing(event_type: EventType, session: Session) -> None:
    wish = express(event_type, session=session)
    booking = confirm(event_type, session=session).booking

    with pytest.raises(IntegrityError):
        make_message(session, wish_id=wish.id, booking_id=booking.id)


def test_wish_and_booking_of_one_address_are_of_one_lead(
    event_type: EventType, session: Session
) -> None:
    booking = confirm(event_type, session=session).booking

    wish = express(event_type, session=session, email="ERIKA@kunde.de")

    assert wish.lead_id == booking.lead_id


def test_phone_is_asked_of_nobody(session: Session) -> None:
    make_organisation(session)
    by_phone = make_event_type(
        session, hosts=[make_staff(session)], location_kind=LocationKind.PHONE
    )

    assert express(by_phone, session=session).phone is None


@pytest.mark.parametrize("email", ["demo@termine.example.com", "HOST@beispiel.example"])
def test_address_of_our_own_is_refused(event_type: EventType, session: Session, email: str) -> None:
    session.scalars(select(Staff)).one().email = "host@beispiel.example"

    with pytest.raises(InvalidFieldsError) as refused:
        express(event_type, session=session, email=email)

    assert refused.value.errors == (FieldError("email", "own_address"),)


def test_wish_tells_who_is_staff_only_where_everybody_else_would_have_wished(
    event_type: EventType, session: Session
) -> None:
    with pytest.raises(InvalidFieldsError) as refused:
        express(event_type, session=session, email="demo@termine.example.com", notice_version="7")

    assert refused.value.errors == (FieldError("notice_version", "unknown"),)


def test_segment_that_is_not_offered_and_notice_that_never_was_are_refused(
    session: Session,
) -> None:
    make_organisation(session)
    for_teams = make_event_type(session, hosts=[], segments=[Segment.TEAM])

    with pytest.raises(InvalidFieldsError) as refused:
        express(for_teams, session=session, notice_version="7")

    assert refused.value.errors == (
        FieldError("segment", "not_offered"),
        FieldError("notice_version", "unknown"),
    )


def test_notice_of_before_is_refused(event_type: EventType, session: Session) -> None:
    for version in ("1", "2"):
        session.add(PrivacyNotice(version=version, texts={}, sha256=version, valid_from=NOW))
    get_organisation(session=session).notice_version = "2"

    with pytest.raises(NoticeChangedError):
        express(event_type, session=session, notice_version="1")


@pytest.mark.parametrize("email", ["erika@kunde.de", "erika+demo@kunde.de"])
def test_address_whose_owner_wants_none_of_this_is_refused(
    event_type: EventType, session: Session, email: str
) -> None:
    disown_address(confirm(event_type, session=session).booking.lead_id, now=NOW, session=session)

    with pytest.raises(AddressSuppressedError):
        express(event_type, session=session, email=email)


def test_mailbox_sends_three_wishes_a_day(event_type: EventType, session: Session) -> None:
    for number in range(3):
        email = f"erika+{number}@kunde.de"
        express(event_type, session=session, email=email, now=NOW + number * HOUR)

    with pytest.raises(RateLimitedError) as refused:
        express(event_type, session=session, now=NOW + A_DAY - timedelta(seconds=1))
    express(event_type, session=session, now=NOW + A_DAY)

    assert refused.value.retry_at == NOW + A_DAY
    assert session.scalar(select(func.count(Wish.id))) == 4
