"""Loads when hosts give demos: their own rules, and the days on which company or law says none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from booking.organisation.closing_days import load_company_days
from booking.public_holidays import holidays_between
from booking.staff.schedule import LOCAL_DATE_MARGIN, Schedule, load_schedules

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.staff.host_rules import HostRules

NOBODY: Mapping[int, HostRules] = {}


def load_open_schedules(
    host_ids: Collection[int],
    *,
    start: datetime,
    end: datetime,
    session: Session,
    as_if: Mapping[int, HostRules] = NOBODY,
) -> dict[int, Schedule]:
    """Return the schedule of every active one of ``host_ids`` for [start, end) (UTC).

    ``as_if``: rules that are taken for those of a host, in place of what is stored.
    """
    schedules = load_schedules(host_ids, start=start, end=end, session=session)
    for host_id in as_if.keys() & schedules.keys():
        schedules[host_id] = replace(
            schedules[host_id],
            hours=as_if[host_id].working_hours,
            holiday_region=as_if[host_id].holiday_region,
        )
    first, last = (start - LOCAL_DATE_MARGIN).date(), (end + LOCAL_DATE_MARGIN).date()
    company = load_company_days(first=first, last=last, session=session)
    regions = {
        host_id: company.holiday_region
        if schedule.holiday_region is None
        else schedule.holiday_region
        for host_id, schedule in schedules.items()
    }
    holidays = {
        region: holidays_between(region, first=first, last=last, locale=company.locale)
        for region in set(regions.values())
    }
    return {
        host_id: replace(
            schedule,
            hours=replace(
                schedule.hours,
                closing_days=company.closing_days,
                holidays=holidays[regions[host_id]],
            ),
        )
        for host_id, schedule in schedules.items()
    }
