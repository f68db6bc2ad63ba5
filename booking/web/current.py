"""What a view finds in the application that serves it."""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, cast

from flask import current_app

from booking import clock
from booking.bookings.mail_link import mail_link_again
from booking.bookings.tokens import Purpose, get_booking
from booking.db import run_in_transaction, snapshot
from booking.errors import NotFoundError
from booking.event_types.find import get_event_type, questions_of
from booking.organisation.find import get_organisation
from booking.web.rate_limits import UNKNOWN_TOKENS, count, holds_lasting
from booking.web.slug import SlugConverter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking
    from booking.bookings.refusals import AlreadyBookedError
    from booking.event_types.questions import Question
    from booking.installation import Installation
    from booking.outbox.composer import Composer


SLUG = re.compile(SlugConverter.regex)


def current_installation() -> Installation:
    """Return what the operator has fixed."""
    return cast("Installation", current_app.extensions["installation"])


def find_home_time_zone() -> str:
    """Return the organisation's zone, read in a view of its own: a change follows."""
    with snapshot() as session:
        return get_organisation(session=session).time_zone


def find_questions(slug: object) -> tuple[Question, ...]:
    """Return what the event type called ``slug`` asks; nothing where nothing is called so.

    ``slug`` may be anything that was sent. The view of it is closed again: a change needs a session
    that has not read.
    """
    if not isinstance(slug, str) or not SLUG.fullmatch(slug):
        return ()
    with snapshot() as session, suppress(NotFoundError):
        return questions_of(get_event_type(slug, session=session))
    return ()


def count_hold(slug: str) -> None:
    """Count one more hold of the event type called ``slug``, for as long as it lasts.

    Raises:
        NotFoundError: nothing that can be booked is called so.
        RateLimitedError: they have had enough.
    """
    with snapshot() as session:
        minutes = get_event_type(slug, session=session).hold_minutes
    count(holds_lasting(minutes))


def current_composers() -> dict[str, Composer]:
    """Return how each kind of mail is composed."""
    composers: dict[str, Composer] = current_app.extensions["composers"]
    return composers


def mail_link_to_owner(refusal: AlreadyBookedError) -> None:
    """Mail the link again to the address itself: whoever asks may be a stranger."""
    run_in_transaction(
        lambda session: mail_link_again(refusal.booking_id, now=clock.now(), session=session)
    )


@contextmanager
def guesses_counted() -> Iterator[None]:
    """Let whoever guesses tokens be refused soon.

    Raises:
        NotFoundError: the token opens nothing, and it is not told why.
        RateLimitedError: too many such tokens came from this client.
    """
    try:
        yield
    except NotFoundError:
        count(UNKNOWN_TOKENS)
        raise


def open_booking(token: str, *, session: Session, for_change: bool = False) -> Booking:
    """Return the booking that ``token`` manages; raises as ``guesses_counted``."""
    with guesses_counted():
        return get_booking(token, purpose=Purpose.MANAGE, session=session, for_change=for_change)
