"""What leads ask the API for, and what it has acknowledged."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from booking import clock
from tests.whole_life.world import SLUGS

if TYPE_CHECKING:
    from datetime import datetime

    from werkzeug.test import TestResponse

    from tests.whole_life.world import World

REFUSALS = {
    "already_booked",
    "already_cancelled",
    "slot_not_offered",
    "slot_taken",
    "too_late",
    "too_many_changes",
    "too_many_open",
}


@dataclass
class Made:
    """A booking that was acknowledged, and where it has to be."""

    request: dict[str, Any]
    key: str
    answer: bytes
    made_at: datetime
    token: str
    public_id: str
    start: datetime | None
    """None once it was cancelled."""


@dataclass
class Leads:
    """All who book; each with a new address, unless told otherwise."""

    world: World
    made: list[Made] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numbers = count(1)

    def book(self, *, start: datetime, **changes: str) -> Made | None:
        """Book; None where that is refused for a reason that may be."""
        number = next(self._numbers)
        request = {
            "event_type": SLUGS[0],
            "start": start.isoformat(),
            "segment": "team",
            "name": "Erika Mustermann",
            "email": f"lead-{number}@kunde.example",
        } | changes
        answer = self.world.post("bookings", request, key=f"key-{number}")
        # A hold for another time, an address disowned, or one booked with too often.
        if answer.status_code in {422, 202, 429} or not is_accepted(answer):
            return None
        facts = answer.get_json()["booking"]
        made = Made(
            request=request,
            key=f"key-{number}",
            answer=answer.get_data(),
            made_at=clock.now(),
            token=facts["token"],
            public_id=facts["id"],
            start=start,
        )
        self.made.append(made)
        return made

    def forget(self, email: str) -> None:
        """Expect all that is still to come for ``email`` to be cancelled."""
        for made in self.made:
            if made.request["email"] == email and made.start and made.start > clock.now():
                made.start = None


def is_accepted(answer: TestResponse) -> bool:
    """Tell whether it was done; insist that a refusal is one of those that may be."""
    if answer.status_code in {200, 201}:
        return True
    assert answer.status_code in {409, 410}
    assert answer.get_json()["code"] in REFUSALS
    return False
