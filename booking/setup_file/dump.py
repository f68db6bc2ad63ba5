"""Writes the present state of the database as a setup file: loaded again, it changes nothing.

But for absences that begin or end in the hour that a change of the clocks repeats.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from booking.event_types.models import EventType
from booking.organisation.closing_days import list_closing_days
from booking.organisation.find import find_notice, get_organisation
from booking.setup_file.describe_event_type import describe_event_type, sort_texts
from booking.setup_file.describe_staff import describe_staff
from booking.setup_file.organisation_entry import PlainOrganisation
from booking.setup_file.write_toml import write_toml
from booking.staff.models import Staff

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.organisation.models import Organisation

LOGO_NAMES = {"image/svg+xml": "logo.svg", "image/png": "logo.png"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """A setup file, and the picture that has to lie beside it."""

    text: str
    logo_name: str | None
    logo: bytes | None


def dump_setup(*, session: Session) -> Dump:
    """Return everything that a setup file can say.

    Of the privacy notice that is the present version; earlier ones stay where they are.

    Raises:
        NotFoundError: nothing has been set up yet.
    """
    organisation = get_organisation(session=session)
    staff = session.scalars(select(Staff).order_by(Staff.id))
    event_types = session.scalars(select(EventType).order_by(EventType.id))
    document = {
        "organisation": _describe_organisation(organisation, session=session),
        "staff": [describe_staff(member, session=session) for member in staff],
        "event_types": [describe_event_type(one, session=session) for one in event_types],
    }
    return Dump(
        text=write_toml(document), logo_name=_logo_name(organisation), logo=organisation.logo
    )


def _describe_organisation(organisation: Organisation, *, session: Session) -> dict[str, Any]:
    described = {key: getattr(organisation, key) for key in PlainOrganisation.model_fields}
    described["logo"] = _logo_name(organisation) or ""
    described["holiday_region"] = organisation.holiday_region
    described["closing_days"] = [
        {"date": day.local_date, "note": day.note} for day in list_closing_days(session=session)
    ]
    notice = find_notice(session=session)
    if notice is not None:
        described["notice"] = {"version": notice.version, **sort_texts(notice.texts)}
    return described


def _logo_name(organisation: Organisation) -> str | None:
    return LOGO_NAMES[organisation.logo_media_type] if organisation.logo_media_type else None
