"""The links to bookings: random tokens, looked up by hash, sealed so that mails can show them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update

from booking.bookings.models import Booking, BookingToken
from booking.errors import NotFoundError
from booking.sealing import seal, unseal
from booking.tokens import hash_token, new_token

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.installation import Installation


class Purpose(StrEnum):
    """What a token opens; a token of one purpose is nothing to another."""

    HOLD = "hold"
    MANAGE = "manage"
    DISOWN = "disown"
    """Stands in mails alone: whoever has booked knows the manage token, be it a stranger."""


def issue_token(
    booking: Booking,
    *,
    purpose: Purpose,
    now: datetime,
    session: Session,
    installation: Installation,
) -> str:
    """Store and return a new token (43 URL-safe characters) for ``booking``, which has its id."""
    token = new_token()
    session.add(
        BookingToken(
            booking_id=booking.id,
            purpose=purpose,
            sha256=hash_token(token),
            sealed=seal(token, purpose=purpose, secret_keys=installation.secret_keys),
            created_at=now,
            lead_id=booking.lead_id,
        )
    )
    return token


def revoke_tokens(booking: Booking, *, now: datetime, session: Session) -> None:
    """Let no link to ``booking`` open it any more."""
    session.execute(
        update(BookingToken)
        .where(BookingToken.booking_id == booking.id, BookingToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def renew_tokens(
    booking: Booking, *, now: datetime, session: Session, installation: Installation
) -> str:
    """Let no former link open ``booking``; return the token of the one that manages it now."""
    revoke_tokens(booking, now=now, session=session)
    manage_token, _ = (
        issue_token(booking, purpose=purpose, now=now, session=session, installation=installation)
        for purpose in (Purpose.MANAGE, Purpose.DISOWN)
    )
    return manage_token


def find_booking(
    token: str, *, purpose: Purpose, session: Session, for_change: bool = False
) -> Booking | None:
    """Return the booking that ``token`` opens; None for a wrong, revoked or other token.

    ``for_change`` keeps the row from changing until the transaction ends.
    """
    query = (
        select(Booking)
        .join(BookingToken, BookingToken.booking_id == Booking.id)
        .where(
            BookingToken.sha256 == hash_token(token),
            BookingToken.purpose == purpose,
            BookingToken.revoked_at.is_(None),
        )
    )
    if for_change:
        locked = query.with_for_update(of=Booking, key_share=True)
        # Asked again once it is ours: while we waited, the token may have been revoked.
        if session.scalar(locked.execution_options(populate_existing=True)) is None:
            return None
    return session.scalar(query)


def get_booking(
    token: str, *, purpose: Purpose, session: Session, for_change: bool = False
) -> Booking:
    """Return the booking that a token for ``purpose`` opens.

    Raises:
        NotFoundError: the token is wrong, revoked, or opens something else.
    """
    booking = find_booking(token, purpose=purpose, session=session, for_change=for_change)
    if booking is None:
        raise NotFoundError
    return booking


def get_addressee(token: str, *, session: Session) -> tuple[Booking, int]:
    """Return which booking the mail with the disown token ``token`` was about, and whose lead id.

    Once the booking's address was corrected, that is somebody else's than the booking is.

    Raises:
        NotFoundError: the token is wrong, or opens something else.
    """
    found = session.execute(
        select(Booking, BookingToken.lead_id)
        .join(BookingToken, BookingToken.booking_id == Booking.id)
        .where(
            BookingToken.sha256 == hash_token(token),
            BookingToken.purpose == Purpose.DISOWN,
            or_(BookingToken.revoked_at.is_(None), BookingToken.lead_id != Booking.lead_id),
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError
    booking, issued_to = found
    lead_id = issued_to or booking.lead_id
    assert lead_id is not None  # noqa: S101 - such a token is issued with the confirmation
    return booking, lead_id


def find_token(
    booking: Booking, *, purpose: Purpose, session: Session, installation: Installation
) -> str | None:
    """Return the newest token of ``booking`` for ``purpose`` that is not revoked.

    None where there is none, or no secret key opens it any more.
    """
    sealed = session.scalar(
        select(BookingToken.sealed)
        .where(
            BookingToken.booking_id == booking.id,
            BookingToken.purpose == purpose,
            BookingToken.revoked_at.is_(None),
        )
        .order_by(BookingToken.id.desc())
        .limit(1)
    )
    return unseal(sealed, purpose=purpose, secret_keys=installation.secret_keys) if sealed else None
