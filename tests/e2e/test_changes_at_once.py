"""One booking that is moved, cancelled and moved again by several who know of it, at one moment."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting
from booking.db import db
from tests.api_calls import booking_body
from tests.installation import installation, violations
from tests.server_processes import Answer, ask, ask_at_once, running_servers

ROUNDS = 5


@pytest.mark.fault("F22")
def test_changes_of_one_booking_come_one_after_the_other(
    environment: dict[str, str], starts: Sequence[str]
) -> None:
    with running_servers(2, environment=environment) as addresses:
        lives = [
            change_at_once(addresses, number=number, starts=starts) for number in range(ROUNDS)
        ]

    with installation(environment):
        rows = db.session.execute(
            select(Booking.public_id, Booking.state, Meeting.sequence).join(Meeting)
        ).all()
        found = {public_id: (state, sequence) for public_id, state, sequence in rows}
        assert violations() == []
    for public_id, answers in lives:
        moves, cancellations = answers[:4], answers[4:]
        done = [answer for answer in moves if answer.status == 200]
        refused = [answer for answer in moves if answer.status != 200]
        assert {answer.body["code"] for answer in refused} <= {"already_cancelled"}
        assert sorted(answer.status for answer in cancellations) == [200, 200]
        assert found[public_id] == (BookingState.CANCELLED, len(done) + 1)


def change_at_once(
    addresses: Sequence[str], *, number: int, starts: Sequence[str]
) -> tuple[str, list[Answer]]:
    """Book, then move to four times and cancel twice at one moment; return the answers."""
    request = booking_body(starts[0], email=f"lead-{number}@kunde.example")
    booked = ask(addresses[0], "POST", "/api/v1/bookings", request).body["booking"]
    path = f"/api/v1/bookings/{booked['token']}"
    moves = [("POST", f"{path}/reschedule", {"start": start}) for start in starts[1:5]]
    cancellations = [("POST", f"{path}/cancel", {})] * 2
    return booked["id"], ask_at_once(addresses, [*moves, *cancellations])
