"""What staff do with a wish, and what the lead of it is offered."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.bookings.disown import SUPPRESSED_FOR
from booking.errors import FieldError, InvalidFieldsError, NotFoundError
from booking.event_types.models import EventType
from booking.history import HistoryEntry, version_of
from booking.leads.models import Lead
from booking.outbox.models import Message, Recipient
from booking.segment import Segment
from booking.wishes.emails import composers
from booking.wishes.list_wishes import (
    count_open_wishes,
    get_wish_to_work,
    list_answered_wishes,
    list_open_wishes,
)
from booking.wishes.models import Wish, WishState
from booking.wishes.offer import UnmailableError, offer_times
from booking.wishes.offer_link import LASTS, find_offered_wish, offer_token
from booking.wishes.work import (
    WishChangedError,
    WishClosedError,
    answer_wish,
    close_wish,
    get_wish_to_change,
    reopen_wish,
    take_wish,
)
from tests.bookings_at_work import INSTALLATION, confirm
from tests.factories import NOW, START, make_event_type, make_organisation, make_staff
from tests.wishes_at_work import express

LATER = NOW + timedelta(hours=3)
MUCH_LATER = NOW + timedelta(days=3)


@pytest.fixture
def event_type(session: Session) -> EventType:
    make_organisation(session)
    return make_event_type(session, slug="demo", hosts=[make_staff(session, name="Anna Müller")])


@pytest.fixture
def wish(event_type: EventType, session: Session) -> Wish:
    return express(event_type, session=session, email="erika+demo@kunde.de")


def offer(wish: Wish, *starts: datetime, session: Session, **changes: Any) -> None:
    asked = {"staff_id": 5, "actor": "staff:5", "now": LATER} | changes
    offer_times(wish, starts=starts, session=session, installation=INSTALLATION, **asked)


def offers(session: Session) -> list[Message]:
    session.flush()
    return list(
        session.scalars(select(Message).where(Message.kind == "offer").order_by(Message.id))
    )


def test_offer_answers_the_wish_mails_the_lead_and_says_whose_it_is(
    wish: Wish, session: Session
) -> None:
    half_past = START + timedelta(minutes=30)

    offer(wish, half_past, START, START, session=session)

    (mail,) = offers(session)
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.action == "wish_offered")).one()
    starts = [START.isoformat(), half_past.isoformat()]
    assert (wish.state, wish.assigned_to, wish.answered_at) == (WishState.ANSWERED, 5, LATER)
    assert (mail.wish_id, mail.recipient, mail.due_at, mail.expires_at) == (
        wish.id,
        Recipient.LEAD,
        LATER,
        half_past,
    )
    assert mail.facts == {"starts": starts, "by": 5}
    assert (entry.actor, entry.facts) == ("staff:5", {"starts": starts})


def test_second_offer_is_another_mail_and_keeps_when_the_lead_was_first_answered(
    wish: Wish, session: Session
) -> None:
    offer(wish, START, session=session)
    reopen_wish(wish, actor="staff:5", now=LATER, session=session)

    offer(wish, START, session=session, staff_id=6, now=LATER + timedelta(hours=1))

    assert len(offers(session)) == 2
    assert (wish.answered_at, wish.assigned_to) == (LATER, 5)


@pytest.mark.parametrize(
    ("starts", "code"),
    [
        ([], "required"),
        ([START + timedelta(minutes=30 * n) for n in range(4)], "too_many_times"),
        ([START, START.replace(hour=3)], "not_free"),
        ([START.replace(year=2025)], "not_free"),
    ],
)
def test_offer_of_what_cannot_be_had_is_refused(
    wish: Wish, session: Session, starts: list[datetime], code: str
) -> None:
    with pytest.raises(InvalidFieldsError) as refusal:
        offer(wish, *starts, session=session)

    assert refusal.value.errors == (FieldError("starts", code),)
    assert (wish.state, offers(session)) == (WishState.OPEN, [])


def test_offer_of_a_time_that_is_taken_is_refused(
    wish: Wish, event_type: EventType, session: Session
) -> None:
    confirm(event_type, session=session, start=START, email="joerg@kunde.de")

    with pytest.raises(InvalidFieldsError):
        offer(wish, START, session=session)


@pytest.mark.parametrize("disowned", ["erika@kunde.de", "erika+demo@kunde.de"])
def test_nothing_is_offered_to_whoever_wants_no_mail(
    wish: Wish, session: Session, disowned: str
) -> None:
    lead = session.scalar(select(Lead).where(Lead.address == disowned))
    if lead is None:
        lead = Lead(address=disowned, mailbox="erika@kunde.de", created_at=NOW)
        session.add(lead)
    lead.suppressed_until = LATER + timedelta(seconds=1)
    session.flush()

    with pytest.raises(UnmailableError):
        offer(wish, START, session=session)

    assert offers(session) == []


def test_offer_is_not_sent_once_the_lead_wants_none_or_the_wish_is_closed(
    wish: Wish, session: Session
) -> None:
    offer(wish, START, session=session)
    (mail,) = offers(session)
    is_wanted = composers(INSTALLATION)["offer"].is_current
    lead = session.get_one(Lead, wish.lead_id)

    wanted = [is_wanted(mail, session)]
    lead.suppressed_until = LATER + SUPPRESSED_FOR
    session.flush()
    wanted.append(is_wanted(mail, session))
    lead.suppressed_until = None
    close_wish(wish, actor="staff:5", now=LATER, session=session)
    wanted.append(is_wanted(mail, session))

    assert wanted == [True, False, False]


def test_token_opens_the_wish_for_its_event_type_until_its_time_is_over(
    wish: Wish, session: Session
) -> None:
    token = offer_token(wish, installation=INSTALLATION)

    def find(token: str, *, slug: str = "demo", now: datetime = NOW) -> Wish | None:
        return find_offered_wish(
            token, slug=slug, now=now, session=session, installation=INSTALLATION
        )

    assert len(token) < 50
    assert find(token) == wish
    assert [
        find(f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}"),
        find(""),
        find(str(wish.id)),
        find(token, slug="other"),
        find(token, now=NOW + LASTS),
    ] == [None] * 5
    close_wish(wish, actor="staff:5", now=NOW, session=session)
    assert find(token) is None


@pytest.mark.parametrize(
    ("work", "action", "state"),
    [
        (answer_wish, "wish_answered", WishState.ANSWERED),
        (close_wish, "wish_closed", WishState.CLOSED),
        (reopen_wish, "wish_reopened", WishState.OPEN),
    ],
)
def test_work_is_written_down(
    wish: Wish, session: Session, work: Callable[..., None], action: str, state: WishState
) -> None:
    work(wish, actor="staff:5", now=LATER, session=session)

    session.flush()
    entry = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert entry is not None
    assert (wish.state, entry.action, entry.actor, entry.at) == (state, action, "staff:5", LATER)


def test_closed_wish_is_opened_before_it_is_answered(wish: Wish, session: Session) -> None:
    close_wish(wish, actor="staff:5", now=LATER, session=session)

    with pytest.raises(WishClosedError):
        answer_wish(wish, actor="staff:5", now=LATER, session=session)
    with pytest.raises(WishClosedError):
        offer(wish, START, session=session)


def test_who_was_not_the_first_changes_nothing(wish: Wish, session: Session) -> None:
    version = version_of(wish, session=session)
    take_wish(
        get_wish_to_change(wish.id, version=version, session=session),
        staff_id=5,
        actor="staff:5",
        now=LATER,
        session=session,
    )

    with pytest.raises(WishChangedError):
        get_wish_to_change(wish.id, version=version, session=session)
    with pytest.raises(WishChangedError):
        get_wish_to_change(wish.id, version=0, session=session)
    with pytest.raises(NotFoundError):
        get_wish_to_change(4711, version=version, session=session)


def test_second_offer_by_somebody_who_saw_the_same_wish_is_refused(
    wish: Wish, session: Session
) -> None:
    offer(wish, START, session=session)
    version = version_of(wish, session=session)
    offer(get_wish_to_change(wish.id, version=version, session=session), START, session=session)

    # State and owner are as they were: only the history tells that another offer is out.
    with pytest.raises(WishChangedError):
        get_wish_to_change(wish.id, version=version, session=session)


def test_hosts_answer_what_comes_to_their_pool_and_what_they_have_taken(
    event_type: EventType, session: Session
) -> None:
    teams_host = make_staff(session)
    teams = make_event_type(session, hosts=[teams_host], segments=[Segment.TEAM])
    waiting = express(teams, session=session, segment="team", email="a@kunde.de", now=LATER)
    express(event_type, session=session, email="b@kunde.de", now=MUCH_LATER)
    colleague = make_staff(session)

    found = [
        [one.wish.email for one in list_open_wishes(host_id, session=session)]
        for host_id in (None, teams_host.id, colleague.id)
    ]
    waiting.assigned_to = colleague.id
    session.flush()

    assert found == [["a@kunde.de", "b@kunde.de"], ["a@kunde.de"], []]
    assert count_open_wishes(None, session=session) == 2
    assert count_open_wishes(colleague.id, session=session) == 1
    (taken,) = list_open_wishes(colleague.id, session=session)
    assert (taken.wish, taken.event_type, taken.assignee) == (waiting, teams, colleague)
    with pytest.raises(NotFoundError):
        get_wish_to_work(waiting.id, host_id=make_staff(session).id, session=session)


def test_answered_wishes_are_no_longer_open(wish: Wish, session: Session) -> None:
    answer_wish(wish, actor="staff:5", now=LATER, session=session)

    assert list_open_wishes(None, session=session) == []
    assert [one.wish for one in list_answered_wishes(None, session=session)] == [wish]
