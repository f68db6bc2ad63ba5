"""What each figure is called and how it is defined, word for word as it is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from booking.numbers.share import Share
from booking.templating import N_

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from booking.numbers.figures import Figures


@dataclass(frozen=True, slots=True)
class Word:
    """One figure: its key in files, its name and definition, and where it is found."""

    key: str
    name: str
    definition: str
    of: Callable[[Figures], int | Share | timedelta | None]
    rests_on_marks: bool = False
    """Whether it is worth no more than the marks that hosts have made."""


WORDS = (
    Word(
        "booked",
        N_("Booked"),
        N_("Bookings made in the period. A move does not count again."),
        lambda figures: figures.booked,
    ),
    Word(
        "due",
        N_("Due"),
        N_("Demos that ended in the period and had not been cancelled before their start."),
        lambda figures: figures.due,
    ),
    Word(
        "attended",
        N_("Attended"),
        N_("Of those due: marked “Attended”."),
        lambda figures: figures.attended,
    ),
    Word(
        "no_shows",
        N_("Did not come"),
        N_("Of those due: marked “Did not come”."),
        lambda figures: figures.no_shows,
    ),
    Word(
        "unmarked",
        N_("Unmarked"),
        N_("Of those due: not marked by anybody yet, as a share of all that were due."),
        lambda figures: figures.unmarked,
    ),
    Word(
        "show_rate",
        N_("Show rate"),
        N_("Attended ÷ (attended + did not come). Unmarked demos are left out."),
        lambda figures: figures.show_rate,
        rests_on_marks=True,
    ),
    Word(
        "no_show_rate",
        N_("No-show rate"),
        N_("Did not come ÷ (attended + did not come): what the show rate leaves."),
        lambda figures: figures.no_show_rate,
        rests_on_marks=True,
    ),
    Word(
        "cancelled",
        N_("Cancelled"),
        N_("Cancelled before the start ÷ all demos whose first booked start lies in the period."),
        lambda figures: figures.cancelled,
    ),
    Word(
        "cancelled_by_lead",
        N_("Cancelled by leads"),
        N_("The part of these cancellations that leads made, on the same base."),
        lambda figures: figures.cancelled_by_lead,
    ),
    Word(
        "cancelled_by_us",
        N_("Cancelled by us"),
        N_("The part of these cancellations that we made, on the same base."),
        lambda figures: figures.cancelled_by_us,
    ),
    Word(
        "cancelled_late",
        N_("Cancelled late"),
        N_("The part of these cancellations made less than 24 hours before the start."),
        lambda figures: figures.cancelled_late,
    ),
    Word(
        "moved",
        N_("Moved"),
        N_("Bookings moved at least once ÷ booked."),
        lambda figures: figures.moved,
    ),
    Word(
        "show_rate_moved",
        N_("Show rate of moved demos"),
        N_("The show rate of demos that were moved at least once."),
        lambda figures: figures.show_rate_moved,
        rests_on_marks=True,
    ),
    Word(
        "show_rate_unmoved",
        N_("Show rate of demos not moved"),
        N_("The show rate of all others."),
        lambda figures: figures.show_rate_unmoved,
        rests_on_marks=True,
    ),
    Word(
        "lead_time_median",
        N_("Lead time, median"),
        N_("From the booking to the start of those due: half of them waited no longer."),
        lambda figures: figures.lead_time_median,
    ),
    Word(
        "lead_time_p90",
        N_("Lead time, 90th percentile"),
        N_("Nine of ten demos that were due waited no longer."),
        lambda figures: figures.lead_time_p90,
    ),
    Word(
        "recovered",
        N_("Recovered"),
        N_("Leads who did not come or cancelled, and attended a later demo within 30 days."),
        lambda figures: figures.recovered,
        rests_on_marks=True,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldFigure:
    """One figure of one period beside that of the period before."""

    word: Word
    now: int | Share | timedelta | None
    before: int | Share | timedelta | None
    is_thin: bool

    @property
    def points(self) -> float | None:
        """By how many percentage points a share has changed."""
        if isinstance(self.now, Share) and isinstance(self.before, Share):
            return self.now.points_over(self.before)
        return None


def tell_figures(figures: Figures, *, before: Figures) -> list[ToldFigure]:
    """Return every figure in the order of the page."""
    return [
        ToldFigure(
            word=word,
            now=word.of(figures),
            before=word.of(before),
            is_thin=_is_thin(word, figures),
        )
        for word in WORDS
    ]


def _is_thin(word: Word, figures: Figures) -> bool:
    value = word.of(figures)
    if word.rests_on_marks and figures.is_attendance_thin:
        return True
    return isinstance(value, Share) and value.is_thin
