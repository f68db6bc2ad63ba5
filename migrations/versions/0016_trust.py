"""One account an address; nothing that a leaver left open; of a lead, each host their own part."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import click
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")

EVERYBODY = 0
OVER = ("cancelled", "closed")
WISH_STATES = {"open": "requested", "answered": "offered", "closed": "closed"}


def upgrade() -> None:
    refuse_doubles(op.get_bind())
    op.create_index("uq_staff_email_lower", "staff", [sa.text("lower(email)")], unique=True)
    end_feeds_of_leavers()
    part_inbox(op.get_bind())


def downgrade() -> None:
    op.drop_index("uq_staff_email_lower", "staff")


def refuse_doubles(connection: sa.Connection) -> None:
    """Insist that no two staff members differ by capital letters alone: who signs in is then one.

    Raises:
        ClickException: some do; which of them is right is for people to say.
    """
    by_address: dict[str, list[str]] = defaultdict(list)
    for staff_id, email in connection.execute(sa.text("SELECT id, email FROM staff ORDER BY id")):
        by_address[email.lower()].append(f"{email} (id {staff_id})")
    doubles = [" and ".join(same) for same in by_address.values() if len(same) > 1]
    if doubles:
        raise click.ClickException(
            f"These staff members have the same address: {'; '.join(doubles)}. Change the email "
            "of all but one of each in the table staff, then upgrade again."
        )


def end_feeds_of_leavers() -> None:
    """Delete addresses of calendars that would open again if their owner came back."""
    op.execute(
        "DELETE FROM calendar_feed WHERE staff_id IN (SELECT id FROM staff WHERE NOT active)"
    )


def part_inbox(connection: sa.Connection) -> None:
    """Write every host's entry anew, from the host's own part of the lead."""
    parts: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    hosts = hosts_ever(connection)
    booked = sa.select(*BOOKING.c, MEETING.c.starts_at).join(
        MEETING, BOOKING.c.meeting_id == MEETING.c.id
    )
    for row in connection.execute(booked.where(BOOKING.c.lead_id.is_not(None))).mappings():
        came_at = row["confirmed_at"] or row["created_at"]
        for host_id in hosts[row["id"]]:
            request = dict(row) | {"state": state_of(row), "came_at": came_at}
            parts[host_id, row["lead_id"]].append(request)
    taken = sa.select(*WISH.c).where(WISH.c.assigned_to.is_not(None))
    for row in connection.execute(taken).mappings():
        request = dict(row) | {"state": WISH_STATES[row["state"]], "came_at": row["created_at"]}
        parts[row["assigned_to"], row["lead_id"]].append(request)
    connection.execute(sa.delete(ENTRY).where(ENTRY.c.seen_by != EVERYBODY))
    entries = [
        {"seen_by": host_id, "lead_id": lead_id, **entry_of(requests)}
        for (host_id, lead_id), requests in parts.items()
    ]
    if entries:
        connection.execute(sa.insert(ENTRY), entries)


def hosts_ever(connection: sa.Connection) -> dict[int, set[int]]:
    """Return by booking who gives it, and who ever was to."""
    found: dict[int, set[int]] = defaultdict(set)
    present = sa.select(BOOKING.c.id, MEETING_HOST.c.host_id).join(
        MEETING_HOST, MEETING_HOST.c.meeting_id == BOOKING.c.meeting_id
    )
    for booking_id, host_id in connection.execute(present):
        found[booking_id].add(host_id)
    told = sa.select(HISTORY.c.subject_id, HISTORY.c.facts).where(
        HISTORY.c.subject == "booking",
        HISTORY.c.action.in_(("confirmed", "moved", "handed_over")),
    )
    for booking_id, facts in connection.execute(told):
        for stage in (facts, facts.get("from", {}), facts.get("to", {})):
            found[booking_id].update(stage.get("hosts", ()))
    return found


def state_of(booking: sa.RowMapping) -> str:
    """Return where a lead with this booking alone stands."""
    if booking["state"] == "cancelled":
        return "cancelled"
    is_moved = booking["starts_at"] != booking["first_starts_at"]
    return booking["outcome"] or ("moved" if is_moved else "booked")


def entry_of(requests: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the requests of one lead come to."""
    newest_first = sorted(requests, key=lambda request: request["came_at"], reverse=True)
    newest = newest_first[0]
    told = [
        " ".join(text.casefold().split())
        for request in newest_first
        for text in (request["name"], request["company"], request["email"])
        if text
    ]
    return {
        "came_at": newest["came_at"],
        "segment": newest["segment"],
        "state": min(newest_first, key=rank)["state"],
        "source": str((newest["source"] or {}).get("utm_source", "")),
        "words": "\n".join(dict.fromkeys(told)),
    }


def rank(request: dict[str, Any]) -> int:
    if request["state"] == "requested":
        return 0
    return 2 if request["state"] in OVER else 1


BOOKING = sa.table(
    "booking",
    *(sa.column(name) for name in ("id", "lead_id", "meeting_id", "state", "outcome", "segment")),
    *(sa.column(name) for name in ("name", "email", "company")),
    sa.column("source", JSON),
    *(sa.column(name, INSTANT) for name in ("created_at", "confirmed_at", "first_starts_at")),
)
MEETING = sa.table("meeting", sa.column("id"), sa.column("starts_at", INSTANT))
MEETING_HOST = sa.table("meeting_host", sa.column("meeting_id"), sa.column("host_id"))
HISTORY = sa.table(
    "history",
    *(sa.column(name) for name in ("subject", "subject_id", "action")),
    sa.column("facts", JSON),
)
WISH = sa.table(
    "wish",
    *(sa.column(name) for name in ("lead_id", "state", "segment", "name", "email", "company")),
    sa.column("assigned_to"),
    sa.column("source", JSON),
    sa.column("created_at", INSTANT),
)
ENTRY = sa.table(
    "inbox_entry",
    *(sa.column(name) for name in ("seen_by", "lead_id", "segment", "state", "source", "words")),
    sa.column("came_at", INSTANT),
)
