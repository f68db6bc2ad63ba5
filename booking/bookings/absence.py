"""An absence as a staff member asks for it: on the clock of whose calendar it is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from booking.availability.interval import Interval
from booking.errors import FieldError, InvalidFieldsError
from booking.fields.rules import clean_line, fault
from booking.time_zone import YEARS, instant_of


def _wall_time(text: str) -> str:
    """Return ``text``, which must be a date and a time without an offset."""
    if not text:
        raise fault("required")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise fault("format") from None
    if moment.tzinfo is not None:
        raise fault("format")
    if moment.year not in YEARS:
        raise fault("out_of_range")
    return text


WallTime = Annotated[str, AfterValidator(_wall_time)]
Note = Annotated[str, AfterValidator(clean_line), Field(max_length=200)]


class AbsenceDetails(BaseModel):
    """From when until when, and why; the reason is for staff alone."""

    model_config = ConfigDict(frozen=True)

    from_: Annotated[WallTime, Field(alias="from")]
    to: WallTime
    note: Note = ""

    def interval(self, *, zone: str, now: datetime) -> Interval:
        """Return the time that is meant in ``zone``.

        Raises:
            InvalidFieldsError: it ends before it begins, or is over at ``now`` (UTC).
        """
        start, end = (
            instant_of(datetime.fromisoformat(text), zone=zone) for text in (self.from_, self.to)
        )
        if end <= start:
            raise InvalidFieldsError([FieldError("to", "before_from")])
        if end <= now:
            raise InvalidFieldsError([FieldError("to", "past")])
        return Interval(start, end)
