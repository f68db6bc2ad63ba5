"""Let staff look through leads, note what they learn, work on wishes, and keep known hosts."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")

EVERYBODY = 0
OVER = ("cancelled", "closed")
WISH_STATES = {"open": "requested", "answered": "offered", "closed": "closed"}


def upgrade() -> None:
    op.add_column(
        "event_type",
        sa.Column("prefer_known_host", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    add_domains(op.get_bind())
    # No foreign key: SQLite would make the table anew, to which mails refer.
    op.add_column("wish", sa.Column("assigned_to", KEY, nullable=True))
    op.add_column("wish", sa.Column("answered_at", INSTANT, nullable=True))
    op.create_index("ix_wish_assigned_to", "wish", ["assigned_to"])
    create_staff_notes()
    create_inbox()
    fill_inbox(op.get_bind())


def downgrade() -> None:
    op.execute("DELETE FROM message WHERE kind = 'offer'")
    op.drop_table("inbox_entry")
    op.drop_table("staff_note")
    op.drop_index("ix_wish_assigned_to", "wish")
    op.drop_column("wish", "answered_at")
    op.drop_column("wish", "assigned_to")
    op.drop_index("ix_lead_domain", "lead")
    op.drop_column("lead", "domain")
    op.drop_column("event_type", "prefer_known_host")


def add_domains(connection: sa.Connection) -> None:
    # Nullable: a process of the release before may still add leads meanwhile.
    op.add_column("lead", sa.Column("domain", sa.String(254), nullable=True))
    op.create_index("ix_lead_domain", "lead", ["domain"])
    for lead_id, address in connection.execute(sa.select(LEAD.c.id, LEAD.c.address)).all():
        domain = address.rpartition("@")[2]
        connection.execute(sa.update(LEAD).where(LEAD.c.id == lead_id).values(domain=domain))


def create_staff_notes() -> None:
    op.create_table(
        "staff_note",
        sa.Column("id", KEY, nullable=False),
        sa.Column("lead_id", KEY, nullable=False),
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name="fk_staff_note_lead_id_lead"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_note_staff_id_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_note"),
    )
    op.create_index("ix_staff_note_lead_id_created_at", "staff_note", ["lead_id", "created_at"])


def create_inbox() -> None:
    states = ("requested", "offered", "booked", "moved", "attended", "no_show", *OVER)
    op.create_table(
        "inbox_entry",
        sa.Column("seen_by", KEY, autoincrement=False, nullable=False),
        sa.Column("lead_id", KEY, autoincrement=False, nullable=False),
        sa.Column("came_at", INSTANT, nullable=False),
        sa.Column("segment", choice("individual", "team", name="segment"), nullable=False),
        sa.Column("state", choice(*states, name="state"), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name="fk_inbox_entry_lead_id_lead"),
        sa.PrimaryKeyConstraint("seen_by", "lead_id", name="pk_inbox_entry"),
    )
    op.create_index("ix_inbox_entry_lead_id", "inbox_entry", ["lead_id"])
    op.create_index("ix_inbox_entry_came_at", "inbox_entry", ["seen_by", "came_at", "lead_id"])
    for column in ("segment", "state", "source"):
        columns = ["seen_by", column, "came_at", "lead_id"]
        op.create_index(f"ix_inbox_entry_{column}", "inbox_entry", columns)


def fill_inbox(connection: sa.Connection) -> None:
    """Write one entry for everybody and one for each host, by the rules of this release."""
    requests: dict[int, list[dict[str, Any]]] = defaultdict(list)
    seen_by: dict[int, set[int]] = defaultdict(lambda: {EVERYBODY})
    booked = sa.select(*BOOKING_COLUMNS).select_from(BOOKINGS).where(BOOKING.c.lead_id.is_not(None))
    for row in connection.execute(booked).mappings():
        requests[row["lead_id"]].append(
            dict(row)
            | {"state": state_of(row), "came_at": row["confirmed_at"] or row["created_at"]}
        )
        if row["host_id"] is not None:
            seen_by[row["lead_id"]].add(row["host_id"])
    for row in connection.execute(sa.select(*WISH_COLUMNS)).mappings():
        requests[row["lead_id"]].append(
            dict(row) | {"state": WISH_STATES[row["state"]], "came_at": row["created_at"]}
        )
    entries = [
        {"seen_by": host_id, "lead_id": lead_id, **entry_of(found)}
        for lead_id, found in requests.items()
        for host_id in sorted(seen_by[lead_id])
    ]
    if entries:
        connection.execute(sa.insert(ENTRY), entries)


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


def choice(*values: str, name: str) -> sa.Enum:
    """Return a text column type that takes only ``values``."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


LEAD = sa.table("lead", *(sa.column(name) for name in ("id", "address", "domain")))
BOOKING = sa.table(
    "booking",
    *(sa.column(name) for name in ("lead_id", "meeting_id", "state", "outcome", "segment")),
    *(sa.column(name) for name in ("name", "email", "company")),
    sa.column("source", JSON),
    *(sa.column(name, INSTANT) for name in ("created_at", "confirmed_at", "first_starts_at")),
)
MEETING = sa.table("meeting", sa.column("id"), sa.column("starts_at", INSTANT))
MEETING_HOST = sa.table("meeting_host", sa.column("meeting_id"), sa.column("host_id"))
BOOKINGS = sa.join(BOOKING, MEETING, BOOKING.c.meeting_id == MEETING.c.id).outerjoin(
    MEETING_HOST, MEETING_HOST.c.meeting_id == MEETING.c.id
)
BOOKING_COLUMNS = (*BOOKING.c, MEETING.c.starts_at, MEETING_HOST.c.host_id)
WISH = sa.table(
    "wish",
    *(sa.column(name) for name in ("lead_id", "state", "segment", "name", "email", "company")),
    sa.column("source", JSON),
    sa.column("created_at", INSTANT),
)
WISH_COLUMNS = tuple(WISH.c)
ENTRY = sa.table(
    "inbox_entry",
    *(sa.column(name) for name in ("seen_by", "lead_id", "segment", "state", "source", "words")),
    sa.column("came_at", INSTANT),
)
