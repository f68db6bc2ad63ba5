"""What staff note about a lead: added and deleted, never changed, each by whoever wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BaseModel, Field

from booking.errors import NotFoundError
from booking.fields.rules import clean_text, fault
from booking.history import record
from booking.leads.models import StaffNote

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.leads.models import Lead


def not_blank(text: str) -> str:
    """Refuse a text in which there is nothing to read."""
    if not text:
        raise fault("required")
    return text


class NoteDetails(BaseModel):
    """What was typed."""

    text: Annotated[
        str, AfterValidator(clean_text), Field(max_length=5000), AfterValidator(not_blank)
    ]


def add_note(
    lead: Lead, *, text: str, staff_id: int, actor: str, now: datetime, session: Session
) -> StaffNote:
    """Keep ``text`` about ``lead``, for its author, managers and administrators."""
    note = StaffNote(lead_id=lead.id, staff_id=staff_id, text=text, created_at=now)
    session.add(note)
    session.flush()
    facts = {"note": note.id}
    record("noted", subject=lead, actor=actor, facts=facts, now=now, session=session)
    return note


def delete_note(
    note_id: int, *, lead: Lead, staff_id: int, actor: str, now: datetime, session: Session
) -> None:
    """Delete a note that ``staff_id`` has written about ``lead``.

    Raises:
        NotFoundError: there is none, or somebody else has written it.
    """
    note = session.get(StaffNote, note_id)
    if note is None or (note.lead_id, note.staff_id) != (lead.id, staff_id):
        raise NotFoundError
    session.delete(note)
    facts = {"note": note_id}
    record("note_deleted", subject=lead, actor=actor, facts=facts, now=now, session=session)
