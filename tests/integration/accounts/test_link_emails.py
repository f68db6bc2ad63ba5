"""The mails that carry a one-time link: what they say, and until when they are wanted."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.accounts.emails import composers
from booking.accounts.links import void_links
from booking.accounts.models import SignInLink
from booking.outbox.composer import find_end
from booking.outbox.models import MessageState
from booking.staff.models import Staff
from tests.factories import NOW
from tests.mail_files import expected_parts, parts_of
from tests.mail_scenarios import INSTALLATION, TO_STAFF, make_link_mail

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("kind", TO_STAFF)
def test_mail_is_as_expected(kind: str, locale: str, session: Session) -> None:
    message = make_link_mail(session, kind, locale=locale)

    mail = composers(INSTALLATION)[kind].compose(message, session)

    assert parts_of(mail) == expected_parts(f"{kind}-staff-{locale}")
    assert (mail.reply_to, mail.in_reply_to, mail.calendar) == (None, None, None)


@pytest.mark.parametrize(
    ("later", "end"), [(HOUR - timedelta(seconds=1), None), (HOUR, MessageState.EXPIRED)]
)
def test_mail_is_of_no_more_use_than_its_link(
    session: Session, later: timedelta, end: MessageState | None
) -> None:
    message = make_link_mail(session, "reset")

    composer = composers(INSTALLATION)["reset"]

    assert find_end(message, composer=composer, now=NOW + later, session=session) is end


def test_mail_is_not_sent_once_its_link_opens_nothing(session: Session) -> None:
    message = make_link_mail(session, "reset")
    link = session.scalars(select(SignInLink)).one()

    void_links(link.staff_id, now=NOW, session=session)

    session.expire_all()
    assert composers(INSTALLATION)["reset"].is_current(message, session) is False


def test_mail_is_not_sent_to_who_has_left(session: Session) -> None:
    message = make_link_mail(session, "invitation")

    session.scalars(select(Staff)).one().active = False

    assert composers(INSTALLATION)["invitation"].is_current(message, session) is False
