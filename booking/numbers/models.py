"""Table of the steps that visitors of the booking page took: counts, nothing about anybody."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Model, Reference, text_enum


class Step(StrEnum):
    """How far somebody came on the booking page; who books is counted as a booking."""

    OPENED = "opened"
    """The page was opened from elsewhere; not how many people did."""
    CHOSEN = "chosen"
    """A time was chosen."""
    SENT = "sent"
    """The details were sent, whether or not they could be taken."""


class StepCount(Model):
    """How often one step was taken on one day."""

    __tablename__ = "step_count"

    local_date: Mapped[date] = mapped_column(Date, primary_key=True)
    """In the organisation's time zone."""
    event_type_id: Mapped[int] = mapped_column(
        Reference, ForeignKey("event_type.id"), primary_key=True
    )
    step: Mapped[Step] = mapped_column(text_enum(Step, name="step"), primary_key=True)
    segment: Mapped[str] = mapped_column(String(20), primary_key=True)
    """Empty where none had been chosen yet."""
    source: Mapped[str] = mapped_column(String(60), primary_key=True)
    """``utm_source`` of the address; empty where there was none."""
    times: Mapped[int] = mapped_column(Integer)
