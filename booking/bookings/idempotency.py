"""The same request twice has one effect and one answer.

The key's row lives in the transaction of what was asked for: a second request waits at its UNIQUE
until the first has committed, and replays its answer; what failed leaves no row and may be tried
again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from booking.bookings.models import IdempotencyKey
from booking.bookings.refusals import InProgressError
from booking.sealing import seal, unseal

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking
    from booking.installation import Installation

PURPOSE = "idempotent-answer"
KEPT = timedelta(hours=24)
LOCK_NOT_AVAILABLE = "55P03"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered to the first request with a key."""

    status: int
    body: str
    same_request: bool
    """Whether that request had the same body."""


def claim_key(
    key: str,
    *,
    route: str,
    body: bytes,
    now: datetime,
    session: Session,
    installation: Installation,
) -> Answer | None:
    """Return the answer that ``key`` has had on ``route``; None: it is ours, and new.

    Raises:
        InProgressError: the first request with this key has not finished yet.
    """
    expired = IdempotencyKey.created_at <= now - KEPT
    session.execute(delete(IdempotencyKey).where(_is(route, key), expired))
    try:
        with session.begin_nested():
            session.add(
                IdempotencyKey(route=route, key=key, body_sha256=_sha256(body), created_at=now)
            )
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
            raise InProgressError from error
        raise
    except IntegrityError:
        return _kept_answer(key, route=route, body=body, session=session, installation=installation)
    return None


def keep_answer(
    key: str,
    *,
    route: str,
    status: int,
    body: str,
    booking: Booking | None = None,
    session: Session,
    installation: Installation,
) -> None:
    """Store the answer to the request that has claimed ``key``, and what it has booked, if any."""
    row = session.scalars(select(IdempotencyKey).where(_is(route, key))).one()
    row.status = status
    row.sealed_answer = seal(body, purpose=PURPOSE, secret_keys=installation.secret_keys)
    row.booking_id = booking.id if booking else None


def replace_answers(
    booking: Booking, *, route: str, body: str, session: Session, installation: Installation
) -> None:
    """Answer with ``body`` from now on whatever has made ``booking`` on ``route``."""
    session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.route == route, IdempotencyKey.booking_id == booking.id)
        .values(sealed_answer=seal(body, purpose=PURPOSE, secret_keys=installation.secret_keys))
    )


def purge_keys(*, now: datetime, session: Session) -> None:
    """Delete the keys whose day is over."""
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at <= now - KEPT))


def _kept_answer(
    key: str, *, route: str, body: bytes, session: Session, installation: Installation
) -> Answer:
    row = session.scalars(select(IdempotencyKey).where(_is(route, key))).one()
    sealed, status = row.sealed_answer, row.status
    keys = installation.secret_keys
    answer = sealed and unseal(sealed, purpose=PURPOSE, secret_keys=keys)
    if not answer or status is None:
        raise InProgressError
    return Answer(status=status, body=answer, same_request=row.body_sha256 == _sha256(body))


def _is(route: str, key: str) -> ColumnElement[bool]:
    return and_(IdempotencyKey.route == route, IdempotencyKey.key == key)


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
