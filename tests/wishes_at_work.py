"""The wish as a test expresses it: everything has a value, what matters is passed."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from booking.event_types.models import EventType
from booking.wishes.express import express_wish
from booking.wishes.models import Wish
from booking.wishes.wished_times import PartOfDay, WishedTime
from tests.bookings_at_work import INSTALLATION, details
from tests.factories import NOW

WISHED_TIMES = (
    WishedTime(on=date(2026, 12, 1), part=PartOfDay.MORNING),
    WishedTime(on=date(2026, 12, 3), part=PartOfDay.ANY),
)


def express(event_type: EventType, *, session: Session, **changes: Any) -> Wish:
    """Wish for WISHED_TIMES at NOW; names of LeadDetails fields change what was typed."""
    asked = {
        "wished_times": changes.pop("wished_times", WISHED_TIMES),
        "now": changes.pop("now", NOW),
    }
    return express_wish(
        event_type,
        details=details(**changes),
        session=session,
        installation=INSTALLATION,
        **asked,
    )
