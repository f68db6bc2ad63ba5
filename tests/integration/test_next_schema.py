"""Processes of this release on the schema of the next one, as during an update without a pause."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.api_calls import book
from tests.environment import BASE_URL
from tests.factories import START
from tests.fixtures.application import UnitOfWork

EXPANSION = (
    "CREATE TABLE later (id INTEGER PRIMARY KEY)",
    "ALTER TABLE booking ADD COLUMN later VARCHAR(20)",
    "ALTER TABLE lead ADD COLUMN later INTEGER DEFAULT 0 NOT NULL",
    "ALTER TABLE message ADD COLUMN later INTEGER",
    "CREATE INDEX ix_booking_later ON booking (later)",
    "UPDATE alembic_version SET version_num = '9999'",
)


@pytest.mark.fault("F34")
@pytest.mark.usefixtures("host")
def test_what_the_next_release_adds_disturbs_nobody(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        for statement in EXPANSION:
            session.execute(text(statement))

    booked = book(client)
    path = f"/api/v1/bookings/{booked.get_json()['booking']['token']}"
    later = {"start": START.replace(minute=30).isoformat()}
    answers = [
        booked,
        client.post(f"{path}/reschedule", json=later),
        client.post(f"{path}/cancel", json={}),
        client.get("/health/ready", base_url=BASE_URL),
    ]

    assert [answer.status_code for answer in answers] == [201, 200, 200, 200]
