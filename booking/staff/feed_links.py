"""The addresses of calendar feeds: one a staff member, which a new one replaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.history import record
from booking.sealing import seal, unseal
from booking.staff.models import CalendarFeed, FeedDetail, Staff
from booking.tokens import hash_token, new_token

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from booking.installation import Installation

SEALED_AS = "calendar-feed"


def issue_feed(
    staff: Staff,
    *,
    detail: FeedDetail,
    actor: str,
    now: datetime,
    session: Session,
    installation: Installation,
) -> None:
    """Give ``staff`` a new address; the one before is found no more."""
    token = new_token()
    feed = {
        "sha256": hash_token(token),
        "sealed": seal(token, purpose=SEALED_AS, secret_keys=installation.secret_keys),
        "detail": detail,
        "created_at": now,
    }
    _lock(staff, session=session)
    session.merge(CalendarFeed(staff_id=staff.id, **feed))
    facts = {"detail": detail.value}
    record("feed_issued", subject=staff, actor=actor, facts=facts, now=now, session=session)


def change_detail(
    staff: Staff, *, detail: FeedDetail, actor: str, now: datetime, session: Session
) -> bool:
    """Let the feed tell as much as ``detail`` says, at its address; tell whether there is one."""
    _lock(staff, session=session)
    feed = session.get(CalendarFeed, staff.id)
    if feed is None:
        return False
    if feed.detail is not detail:
        facts = {"from": feed.detail.value, "to": detail.value}
        record("feed_changed", subject=staff, actor=actor, facts=facts, now=now, session=session)
        feed.detail = detail
    return True


def end_feed(staff: Staff, *, actor: str, now: datetime, session: Session) -> None:
    """Let the address of ``staff`` lead nowhere."""
    _lock(staff, session=session)
    feed = session.get(CalendarFeed, staff.id)
    if feed is not None:
        session.delete(feed)
        record("feed_ended", subject=staff, actor=actor, facts={}, now=now, session=session)


def find_feed(token: str, *, session: Session) -> Row[CalendarFeed, Staff] | None:
    """Return the feed that ``token`` opens, and whose it is; None for a wrong or a leaver's one."""
    return session.execute(
        select(CalendarFeed, Staff)
        .join(Staff, CalendarFeed.staff_id == Staff.id)
        .where(CalendarFeed.sha256 == hash_token(token), Staff.active)
    ).one_or_none()


def address_of_feed(feed: CalendarFeed, *, installation: Installation) -> str | None:
    """Return the absolute address of ``feed``; None where no secret key opens it any more."""
    token = unseal(feed.sealed, purpose=SEALED_AS, secret_keys=installation.secret_keys)
    return installation.link(f"/feeds/{token}.ics") if token else None


def _lock(staff: Staff, *, session: Session) -> None:
    """Let two browsers that change the feed of ``staff`` do so one after the other."""
    session.refresh(staff, with_for_update=True)
