"""A part of a whole, which says for itself when the whole is too small to go by."""

from __future__ import annotations

from dataclasses import dataclass

FEWEST = 20
"""A share of fewer than so many says little; it is shown greyed."""


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``whole``; counts, never negative."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share between 0 and 1; None of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def is_thin(self) -> bool:
        """Tell whether the whole is too small to go by."""
        return self.whole < FEWEST

    def points_over(self, before: Share) -> float | None:
        """Return by how many percentage points it exceeds ``before``; None where one is of none."""
        if self.value is None or before.value is None:
            return None
        return 100 * (self.value - before.value)
