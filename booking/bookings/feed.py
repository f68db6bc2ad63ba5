"""What a calendar feed tells: one host's demos, with as much of the leads as its owner likes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from booking.bookings.agenda import CONFIRMED_AND_CANCELLED, AgendaEntry, list_agenda
from booking.bookings.answers import tell_answers
from booking.bookings.models import Booking
from booking.bookings.present_invite import CHANGES
from booking.bookings.summary import join_url_of, location_of
from booking.event_types.find import questions_of
from booking.history import HistoryEntry
from booking.invites.build import Attendee
from booking.invites.feed import FeedMeeting, build_feed
from booking.organisation.find import get_organisation
from booking.segment import SEGMENT_NAMES
from booking.staff.models import FeedDetail
from booking.templating import N_, render, text_in, translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from booking.organisation.models import Organisation
    from booking.staff.models import Staff

PAST = timedelta(days=30)
FUTURE = timedelta(days=800)
"""Further ahead than any horizon."""


def compose_feed(staff: Staff, *, detail: FeedDetail, now: datetime, session: Session) -> bytes:
    """Return the demos of ``staff`` from 30 days before ``now`` (UTC) on, cancelled ones too."""
    organisation = get_organisation(session=session)
    entries = list_agenda(
        [staff.id],
        start=now - PAST,
        end=now + FUTURE,
        states=CONFIRMED_AND_CANCELLED,
        session=session,
    )
    changed = _changed_at(entries, session=session)
    name = translate(N_("Demos of %(name)s"), locale=organisation.locale, name=staff.name)
    return build_feed(
        (
            _meeting(entry, detail=detail, stamp=changed, organisation=organisation)
            for entry in entries
        ),
        name=name,
    )


def _changed_at(entries: Sequence[AgendaEntry], *, session: Session) -> dict[int, datetime]:
    """Return when each booking last changed, by its id."""
    rows = session.execute(
        select(HistoryEntry.subject_id, func.max(HistoryEntry.at))
        .where(
            HistoryEntry.subject == Booking.__tablename__,
            HistoryEntry.subject_id.in_([entry.booking.id for entry in entries]),
            HistoryEntry.action.in_(CHANGES),
        )
        .group_by(HistoryEntry.subject_id)
    )
    return dict(rows.all())


def _meeting(
    entry: AgendaEntry,
    *,
    detail: FeedDetail,
    stamp: dict[int, datetime],
    organisation: Organisation,
) -> FeedMeeting:
    booking, meeting = entry.booking, entry.meeting
    join_url = join_url_of(entry.event_type, hosts=(entry.host,), meeting=meeting)
    tells_all = detail is FeedDetail.FULL
    location = location_of(booking, event_type=entry.event_type, join_url=join_url)
    return FeedMeeting(
        uid=meeting.uid,
        sequence=meeting.sequence,
        stamp=stamp.get(booking.id, booking.created_at),
        start=meeting.starts_at,
        end=meeting.ends_at,
        organizer=Attendee(email=meeting.organizer, name=organisation.name),
        summary=_summary(entry, detail=detail, organisation=organisation),
        description=_description(entry, organisation=organisation) if tells_all else "",
        location=location if tells_all else "",
        url=join_url if tells_all else None,
        is_cancelled=entry.is_cancelled,
    )


def _summary(entry: AgendaEntry, *, detail: FeedDetail, organisation: Organisation) -> str:
    locale = organisation.locale
    if detail is FeedDetail.BUSY:
        return translate(N_("Busy"), locale=locale)
    tag = translate(SEGMENT_NAMES[entry.booking.segment], locale=locale)
    title = text_in(entry.event_type.title, locale=locale, fallback=locale)
    who = ", ".join(filter(None, (entry.booking.name, entry.booking.company)))
    return f"[{tag}] {title} – {who}"


def _description(entry: AgendaEntry, *, organisation: Organisation) -> str:
    facts: dict[str, Any] = {
        "lead": entry.booking,
        "answers": tell_answers(
            entry.booking.answers,
            questions=questions_of(entry.event_type),
            locale=organisation.locale,
            fallback=organisation.locale,
        ),
    }
    return render("invites/feed_description.txt", locale=organisation.locale, **facts).strip()
