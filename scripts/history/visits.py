"""Who looks at the booking page: those who book, and several for each of them who do not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from booking.numbers.steps import Step, TakenStep, write_steps

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from sqlalchemy.orm import Session

    from booking.leads.intake import LeadDetails

MOST_WHO_LOOK, MOST_WHO_CHOOSE = 8, 2


def count_visits(
    details: LeadDetails, *, slug: str, random: Random, now: datetime, session: Session
) -> None:
    """Count the steps of whoever has sent ``details`` at ``now`` (UTC), and of the others."""
    times = {
        Step.OPENED: 1 + random.randint(1, MOST_WHO_LOOK),
        Step.CHOSEN: 1 + random.randint(0, MOST_WHO_CHOOSE),
        Step.SENT: 1,
    }
    source = str(details.source.get("utm_source", ""))
    steps = {
        TakenStep(slug=slug, step=step, segment=details.segment.value, source=source): number
        for step, number in times.items()
    }
    write_steps(Counter(steps), now=now, session=session)
