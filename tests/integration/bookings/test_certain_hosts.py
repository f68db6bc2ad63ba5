"""Who will give the demo is told before a time is chosen only where it is certain."""

from collections.abc import Sequence

import pytest
from sqlalchemy.orm import Session

from booking.availability.policy import HostsNeeded
from booking.bookings.certain_hosts import list_certain_hosts
from booking.segment import Segment
from tests.factories import make_event_type, make_pool_member, make_staff

INDIVIDUAL, TEAM = Segment
ANY, ALL = HostsNeeded.ANY, HostsNeeded.ALL


@pytest.mark.parametrize(
    ("pools", "needed", "asked", "certain"),
    [
        ((["Anna"], ["Anna"]), ANY, None, ["Anna"]),
        ((["Anna"], ["Ben"]), ANY, None, []),
        ((["Anna"], ["Ben"]), ANY, TEAM, ["Ben"]),
        ((["Anna", "Ben"], ["Ben"]), ANY, INDIVIDUAL, []),
        ((["Anna", "Ben"], ["Ben"]), ANY, TEAM, ["Ben"]),
        ((["Anna", "Ben"], ["Ben"]), ALL, INDIVIDUAL, ["Anna", "Ben"]),
        ((["Anna", "Ben"], ["Anna", "Ben"]), ALL, None, ["Anna", "Ben"]),
        ((["Anna", "Ben"], ["Ben"]), ALL, None, []),
        ((["Anna", "Left"], ["Anna"]), ANY, INDIVIDUAL, ["Anna"]),
        ((["Left"], ["Anna"]), ANY, INDIVIDUAL, []),
        (([], []), ANY, None, []),
    ],
)
def test_hosts_are_told_where_they_are_certain(
    session: Session,
    pools: tuple[Sequence[str], Sequence[str]],
    needed: HostsNeeded,
    asked: Segment | None,
    certain: Sequence[str],
) -> None:
    staff = {
        name: make_staff(session, name=name, active=name != "Left")
        for name in ("Anna", "Ben", "Left")
    }
    event_type = make_event_type(session, hosts=[], hosts_needed=needed)
    for segment, names in zip(Segment, pools, strict=True):
        for name in names:
            make_pool_member(session, event_type=event_type, host=staff[name], segment=segment)

    hosts = list_certain_hosts(event_type, segment=asked, session=session)

    assert [host.name for host in hosts] == certain
