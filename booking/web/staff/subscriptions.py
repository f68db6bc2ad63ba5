"""What staff members have sent to themselves: an agenda by mail, a feed for their calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, request
from pydantic import BaseModel

from booking import clock
from booking.db import run_in_transaction
from booking.fields.read import read
from booking.staff.agenda_subscription import set_agenda, wants_agenda
from booking.staff.feed_links import address_of_feed, change_detail, end_feed, issue_feed
from booking.staff.models import CalendarFeed, FeedDetail, Staff
from booking.templating import N_
from booking.web.audience import Audience, is_for
from booking.web.current import current_installation
from booking.web.page import page_url
from booking.web.staff.signed_in import get_signed_in

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

DETAIL_NAMES = {
    FeedDetail.FULL: N_("Everything the lead has told"),
    FeedDetail.NAME: N_("Name and company"),
    FeedDetail.BUSY: N_("Only that the time is taken"),
}

blueprint = Blueprint("staff_subscriptions", __name__)


class FeedChoice(BaseModel):
    """How much the feed tells, and whether at a new address."""

    detail: FeedDetail
    renew: bool = False


def subscriptions_of(staff_id: int, *, session: Session) -> dict[str, Any]:
    """Return what the account's page shows of them."""
    feed = session.get(CalendarFeed, staff_id)
    installation = current_installation()
    return {
        "wants_agenda": wants_agenda(staff_id, session=session),
        "feed": feed,
        "feed_address": feed and address_of_feed(feed, installation=installation),
        "detail_names": DETAIL_NAMES,
    }


@blueprint.post("/staff/account/agenda")
@is_for(Audience.HOST)
def choose_agenda() -> AnyResponse:
    """Switch the agenda by mail on or off: a box that is not ticked is not sent."""
    signed_in = get_signed_in()
    run_in_transaction(
        lambda session: set_agenda(
            session.get_one(Staff, signed_in.staff_id),
            is_wanted="agenda" in request.form,
            actor=signed_in.actor,
            now=clock.now(),
            session=session,
        )
    )
    return _back(done="saved")


@blueprint.post("/staff/account/feed")
@is_for(Audience.HOST)
def choose_feed() -> AnyResponse:
    """Say how much the feed tells; where there is none yet, or another is wanted, make an address.

    Calendars that read the address before must be told of a new one.
    """
    signed_in, choice, now = get_signed_in(), read(FeedChoice, request.form.to_dict()), clock.now()

    def work(session: Session) -> str:
        staff = session.get_one(Staff, signed_in.staff_id)
        detail, actor = choice.detail, signed_in.actor
        if not choice.renew and change_detail(
            staff, detail=detail, actor=actor, now=now, session=session
        ):
            return "saved"
        issue_feed(
            staff,
            detail=detail,
            actor=actor,
            now=now,
            session=session,
            installation=current_installation(),
        )
        return "feed"

    return _back(done=run_in_transaction(work))


@blueprint.post("/staff/account/feed/end")
@is_for(Audience.HOST)
def stop_feed() -> AnyResponse:
    """Let the address lead nowhere any more."""
    signed_in = get_signed_in()
    run_in_transaction(
        lambda session: end_feed(
            session.get_one(Staff, signed_in.staff_id),
            actor=signed_in.actor,
            now=clock.now(),
            session=session,
        )
    )
    return _back(done="feed-ended")


def _back(*, done: str) -> AnyResponse:
    return redirect(page_url("staff_account.show_account", done=done), code=303)
