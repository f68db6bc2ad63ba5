"""What a change means for demos that are booked already: told before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.templating import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

TEXTS = N_(
    "Their pages show the new texts at once, and so do mails that are still to be sent. "
    "Mails and invitations that were sent stay as they are."
)
PLACE = N_(
    "Their pages show the new place at once, and so do reminders. Invitations that were sent "
    "keep the former one: if nobody can be met there any more, write to these leads."
)
CHANGE_NOTICE = N_("Until when their leads may still move or cancel counts anew at once.")
QUESTIONS = N_("What was answered stays. Hosts read it under the new words of the question.")
LENGTH = N_("They keep their length and their pauses. One that is moved gets the new ones.")
HOSTS = N_("They keep their hosts. Only one that is moved is given to the new pool.")
REMINDERS = N_("Planned reminders come as planned. A demo that is moved gets the new ones.")
TIMES = N_("They keep their times. What is offered to whoever moves follows the new rules.")

REACHING = {
    "title": TEXTS,
    "description": TEXTS,
    "agenda": TEXTS,
    "location": PLACE,
    "minimum_change_notice_minutes": CHANGE_NOTICE,
    "questions": QUESTIONS,
}
"""By key: what changes for demos that are booked."""

SPARING = {
    "duration_minutes": LENGTH,
    "buffer_before_minutes": LENGTH,
    "buffer_after_minutes": LENGTH,
    "hosts": HOSTS,
    "hosts_needed": HOSTS,
    "prefer_known_host": HOSTS,
    "reminders_minutes_before": REMINDERS,
    "segment_rules": TIMES,
    "slot_interval_minutes": TIMES,
    "minimum_notice_minutes": TIMES,
    "horizon_days": TIMES,
    "max_per_day": TIMES,
    "max_per_week": TIMES,
    "segments": TIMES,
}
"""By key: why nothing changes for them."""


def reaches(keys: Iterable[str]) -> bool:
    """Tell whether a change of ``keys`` is noticed by anybody who has booked."""
    return not REACHING.keys().isdisjoint(keys)


def effects_of(keys: Iterable[str]) -> list[str]:
    """Return what a change of ``keys`` means for demos that are booked, each once."""
    known = REACHING | SPARING
    return list(dict.fromkeys(known[key] for key in keys if key in known))
