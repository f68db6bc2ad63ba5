"""Reads what was decided of each demo in the way of an absence, and says what is proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.bookings.take_time_off import Decision, Deed
from booking.web.short_ids import find_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from booking.bookings.touched_demos import TouchedDemo

DEED, TO, VERSION = "do-", "to-", "version-"


def read_decisions(form: Mapping[str, str]) -> dict[str, Decision]:
    """Return what was decided, by the demo's public id; what cannot be read is left out."""
    decisions = {}
    for name, deed in form.items():
        public_id = name.removeprefix(DEED)
        if public_id == name or deed not in set(Deed):
            continue
        to = find_id(form.get(TO + public_id, ""))
        decisions[public_id] = Decision(
            deed=Deed(deed),
            version=find_id(form.get(VERSION + public_id, "")) or 0,
            to=to if deed == Deed.HAND_OVER else None,
        )
    return decisions


def proposed(demo: TouchedDemo) -> Decision:
    """Return what is proposed: a colleague whose turn it is, else the lead, else nothing."""
    if demo.proposed is not None:
        return Decision(deed=Deed.HAND_OVER, version=demo.version, to=demo.proposed)
    deed = Deed.ASK if demo.can_be_moved else Deed.KEEP
    return Decision(deed=deed, version=demo.version)
