"""Tells the history in sentences: who did what, to what, and what was there before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from booking.db import db
from booking.errors import StaleError
from booking.history import staff_id_of
from booking.staff.models import Staff
from booking.staff.names import names_of_staff
from booking.templating import translate
from booking.web.language import request_locale
from booking.web.staff.history_facts import FactTeller, staff_ids_in
from booking.web.staff.history_labels import (
    ACTIONS,
    ACTORS,
    SUBJECTS,
    UNKNOWN_ACTION,
    UNKNOWN_SUBJECT,
    find_subject_page,
)
from booking.web.staff.signed_in import get_signed_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.errors import BookingError
    from booking.history import HistoryEntry


MOST_TOLD = 10
"""Of what has changed meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEntry:
    """One entry of the history as its reader sees it."""

    id: int
    at: datetime
    sentence: str
    subject: str
    subject_url: str | None
    details: tuple[str, ...]


def tell_history(
    entries: Iterable[HistoryEntry], *, locale: str, time_zone: str, session: Session
) -> list[ToldEntry]:
    """Return ``entries`` in words; whoever is named in them is asked for in one query."""
    entries = list(entries)
    names = _find_names(entries, session=session)
    teller = FactTeller(names=names, locale=locale, time_zone=time_zone)
    return [_tell(entry, names=names, teller=teller, locale=locale) for entry in entries]


def tell_history_here(entries: Iterable[HistoryEntry]) -> list[ToldEntry]:
    """Return ``entries`` in the words, and in the time zone, of whoever asks for this page."""
    return tell_history(
        entries,
        locale=request_locale(),
        time_zone=get_signed_in().time_zone,
        session=db.session(),
    )


def tell_meanwhile(refusal: BookingError | None) -> list[ToldEntry]:
    """Return what others have changed since the form was made that ``refusal`` refuses."""
    return (
        tell_history_here(refusal.entries[-MOST_TOLD:]) if isinstance(refusal, StaleError) else []
    )


def name_actor(actor: str, *, names: dict[int, str], locale: str) -> str:
    """Return who ``actor`` is, as the history writes it."""
    staff_id = staff_id_of(actor)
    if staff_id is None:
        return translate(ACTORS[actor], locale=locale)
    return _name_staff(staff_id, names=names, locale=locale)


def _tell(
    entry: HistoryEntry, *, names: dict[int, str], teller: FactTeller, locale: str
) -> ToldEntry:
    who = name_actor(entry.actor, names=names, locale=locale)
    return ToldEntry(
        id=entry.id,
        at=entry.at,
        sentence=translate(ACTIONS.get(entry.action, UNKNOWN_ACTION), locale=locale, who=who),
        subject=_name_subject(entry, names=names, locale=locale),
        subject_url=find_subject_page(entry.subject, entry.subject_id),
        details=tuple(teller.tell(entry)),
    )


def _name_subject(entry: HistoryEntry, *, names: dict[int, str], locale: str) -> str:
    if entry.subject == Staff.__tablename__:
        return _name_staff(entry.subject_id, names=names, locale=locale)
    subject = SUBJECTS.get(entry.subject, UNKNOWN_SUBJECT)
    return translate(subject, locale=locale, id=entry.subject_id)


def _name_staff(staff_id: int, *, names: dict[int, str], locale: str) -> str:
    return names.get(staff_id) or translate(SUBJECTS["staff"], locale=locale, id=staff_id)


def _find_names(entries: list[HistoryEntry], *, session: Session) -> dict[int, str]:
    actors = (staff_id_of(entry.actor) for entry in entries)
    ids = {
        *(staff_id for staff_id in actors if staff_id is not None),
        *(entry.subject_id for entry in entries if entry.subject == Staff.__tablename__),
        *(staff_id for entry in entries for staff_id in staff_ids_in(entry)),
    }
    return names_of_staff(ids, session=session)
