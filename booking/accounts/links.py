"""One-time links: an hour of use, and the first use of any ends all of its owner's.

A newer one leaves the older ones as they are: else anybody who asks for one in somebody's name
would void what that somebody has just been mailed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from booking.accounts.models import LinkPurpose, SignInLink
from booking.sealing import seal, unseal
from booking.staff.models import Staff
from booking.tokens import hash_token, new_token

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from booking.installation import Installation

LASTS = timedelta(hours=1)
KEPT = timedelta(days=7)
"""How long a row outlives its link."""

SEALED_AS = "sign-in-link"


def issue_link(
    staff: Staff,
    *,
    purpose: LinkPurpose,
    now: datetime,
    session: Session,
    installation: Installation,
) -> SignInLink:
    """Store and return a new link for ``staff``."""
    token = new_token()
    link = SignInLink(
        staff_id=staff.id,
        purpose=purpose,
        sha256=hash_token(token),
        sealed=seal(token, purpose=SEALED_AS, secret_keys=installation.secret_keys),
        created_at=now,
        expires_at=now + LASTS,
    )
    session.add(link)
    session.flush()
    return link


def address_of_link(link: SignInLink, *, installation: Installation) -> str:
    """Return the absolute address that ``link`` stands for.

    Raises:
        LookupError: none of the secret keys opens it any more.
    """
    token = unseal(link.sealed, purpose=SEALED_AS, secret_keys=installation.secret_keys)
    if token is None:
        raise LookupError("the key that sealed this link is gone")
    return installation.link(f"/staff/link/{token}")


def find_link(
    token: str, *, now: datetime, session: Session, for_change: bool = False
) -> Row[SignInLink, Staff] | None:
    """Return the usable link and whom it signs in; None for a used, old, wrong or leaver's one."""
    query = (
        select(SignInLink, Staff)
        .join(Staff, SignInLink.staff_id == Staff.id)
        .where(SignInLink.sha256 == hash_token(token), Staff.active)
    )
    if for_change:
        query = query.with_for_update(of=SignInLink).execution_options(populate_existing=True)
    found = session.execute(query).one_or_none()
    return found if found and is_usable(found[0], now=now) else None


def is_usable(link: SignInLink, *, now: datetime) -> bool:
    """Tell whether ``link`` would still sign somebody in."""
    return link.used_at is None and link.expires_at > now


def count_links(staff_id: int, *, purpose: LinkPurpose, since: datetime, session: Session) -> int:
    """Return how many links of that purpose one staff member was given after ``since`` (UTC)."""
    query = select(func.count()).where(
        SignInLink.staff_id == staff_id,
        SignInLink.purpose == purpose,
        SignInLink.created_at > since,
    )
    return session.scalar(query) or 0


def void_links(staff_id: int, *, now: datetime, session: Session) -> None:
    """End every link of one staff member."""
    session.execute(
        update(SignInLink)
        .where(SignInLink.staff_id == staff_id, SignInLink.used_at.is_(None))
        .values(used_at=now)
    )


def purge_links(*, now: datetime, session: Session) -> None:
    """Delete the rows of links that ended long ago."""
    session.execute(delete(SignInLink).where(SignInLink.expires_at <= now - KEPT))
