"""What a section of the editor is: which keys of an event type it shows, and how it reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from booking.errors import FieldError, InvalidFieldsError
from booking.event_types.models import PoolMember
from booking.segment import Segment
from booking.setup_file.edit_event_type import check_event_type
from booking.staff.models import Staff
from booking.web.staff.event_type_words import text_locales

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from booking.event_types.models import EventType
    from booking.setup_file.event_type_entry import EventTypeEntry
    from booking.setup_file.rules import Stored

Table = dict[str, Any]
"""An event type as a setup file describes it."""


class Member(NamedTuple):
    """Somebody who can give the demo."""

    id: int
    name: str
    email: str
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a section knows beside the event type."""

    staff: Sequence[Member]
    """Who can stand in the pool: who works here, and who stands in it already."""
    locale: str
    """The reader's language."""
    languages: Sequence[str]
    """In which texts are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a form says."""

    changes: Table
    """The keys of the section."""
    errors: tuple[FieldError, ...] = ()
    """What can only be said of the form itself."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """The field of the form, by the beginning of the path in a setup file, where they differ."""

    def check(self, table: Table, *, stored: Stored) -> EventTypeEntry:
        """Return what ``table`` becomes by the form.

        Raises:
            InvalidFieldsError: every fault, by the fields of the form.
        """
        try:
            entry = check_event_type(table | self.changes, stored=stored)
        except InvalidFieldsError as refusal:
            raise self.of_the_form(refusal) from None
        if self.errors:
            raise InvalidFieldsError(self.errors)
        return entry

    def of_the_form(self, refusal: InvalidFieldsError) -> InvalidFieldsError:
        """Return what is wrong, by the fields of the form."""
        said = {error.field for error in self.errors}
        errors = [self._of_its_field(error) for error in refusal.errors]
        others = [error for error in errors if error.field not in said]
        return InvalidFieldsError(list(dict.fromkeys([*self.errors, *others])))

    def _of_its_field(self, error: FieldError) -> FieldError:
        path = error.field
        while path:
            if path in self.fields:
                return FieldError(self.fields[path], error.code, error.limit)
            path = path.rpartition(".")[0]
        return error


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One page of the editor."""

    name: str
    """As its address ends."""
    template: str
    title: str
    """Its message id."""
    fields_of: Callable[[Table, Around], dict[str, str]]
    """What the form shows of an event type."""
    labels_of: Callable[[Mapping[str, str], Around], dict[str, str]]
    """The labels of all fields, for those that are shown."""
    read: Callable[[Table, Mapping[str, str], Around], Reading]
    """What the form says, given what is stored."""
    words: Mapping[str, Any] = field(default_factory=dict)
    """What the template needs besides."""


def look_around(event_type: EventType | None, *, locale: str, session: Session) -> Around:
    """Return what the sections of ``event_type`` know besides; None: one that is still to be."""
    event_type_id = None if event_type is None else event_type.id
    pool = select(PoolMember.host_id).where(PoolMember.event_type_id == event_type_id)
    staff = session.execute(
        select(Staff.id, Staff.name, Staff.email, Staff.active)
        .where(Staff.active | Staff.id.in_(pool))
        .order_by(Staff.name, Staff.id)
    )
    return Around(staff=[Member(*row) for row in staff], locale=locale, languages=text_locales())


def segments_of(table: Table) -> list[Segment]:
    """Return whom an event type is for, in the order of the product."""
    return [segment for segment in Segment if segment in table["segments"]]
