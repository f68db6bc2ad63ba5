"""The form of a name and a meeting address: everybody's own, and for administrators anybody's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from booking import clock
from booking.db import db, run_in_transaction
from booking.fields.read import read
from booking.history import version_of
from booking.setup_file.staff_entry import StaffProfile
from booking.staff.change_profile import CHANGES, change_profile
from booking.staff.find import get_staff
from booking.web.staff.shown_version import shown_version, version_to_send
from booking.web.staff.signed_in import get_signed_in
from booking.web.staff.told_history import tell_meanwhile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from booking.errors import BookingError
    from booking.staff.models import Staff

FIELDS = tuple(StaffProfile.model_fields)


def save_profile(staff_id: int) -> None:
    """Save what was typed about somebody, by the rules of a setup file.

    Raises:
        InvalidFieldsError: every field that is at fault.
        NotFoundError, StaleProfileError: nobody is there, or somebody else has changed it.
    """
    profile = read(StaffProfile, {name: request.form.get(name, "").strip() for name in FIELDS})
    wanted = {"name": profile.name, "meeting_url": profile.meeting_url or None}
    actor, seen, now = get_signed_in().actor, shown_version(), clock.now()

    def work(session: Session) -> None:
        staff = get_staff(staff_id, session=session)
        change_profile(staff, wanted=wanted, seen=seen, actor=actor, now=now, session=session)

    run_in_transaction(work)


def profile_of(
    staff: Staff, *, refusal: BookingError | None, typed: Mapping[str, str] | None
) -> dict[str, Any]:
    """Return what the form is rendered with; ``typed`` is what was not saved."""
    version = version_of(staff, by=CHANGES, session=db.session())
    stored = {"name": staff.name, "meeting_url": staff.meeting_url or ""}
    return {
        "typed": stored | {name: typed[name] for name in FIELDS if typed and name in typed},
        "version": version_to_send(version, typed=typed, refusal=refusal),
        "meanwhile": tell_meanwhile(refusal),
    }
