"""First schema: every table, and the guard that makes a double booking impossible."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
# Fixed-width UTC text on SQLite, so that the triggers below may compare instants.
INSTANT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")
IS_LIVE = sa.text("state IN ('held', 'pending', 'confirmed')")

TABLES = (
    "organisation",
    "privacy_notice",
    "staff",
    "weekly_hours",
    "date_override",
    "time_off",
    "busy_time",
    "offered_minutes",
    "event_type",
    "pool_member",
    "lead",
    "meeting",
    "meeting_host",
    "booking",
    "booking_token",
    "idempotency_key",
    "message",
    "worker",
    "history",
    "rate_limit",
)

OVERLAPS = """
    SELECT RAISE(ABORT, 'slot_taken') FROM meeting_host AS other
    WHERE other.active AND other.host_id = NEW.host_id
      AND other.blocked_start < NEW.blocked_end AND other.blocked_end > NEW.blocked_start
"""


def choice(*values: str, name: str) -> sa.Enum:
    """Return a text column type that takes only ``values``."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def upgrade() -> None:
    create_organisation()
    create_staff()
    create_event_types()
    create_bookings()
    create_outbox()
    create_records()
    if op.get_bind().dialect.name == "postgresql":
        exclude_overlaps()
    else:
        abort_overlaps()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def exclude_overlaps() -> None:
    """Let PostgreSQL refuse a host's second reservation of the same time."""
    op.execute("""
        ALTER TABLE meeting_host ADD CONSTRAINT ex_meeting_host_no_overlap EXCLUDE USING gist (
            int8range(host_id, host_id, '[]') WITH =,
            tstzrange(blocked_start, blocked_end) WITH &&
        ) WHERE (active)
    """)


def abort_overlaps() -> None:
    """Let SQLite refuse it likewise; rows are moved one by one."""
    op.execute(f"""
        CREATE TRIGGER meeting_host_no_overlap_insert BEFORE INSERT ON meeting_host
        WHEN NEW.active BEGIN {OVERLAPS}; END
    """)
    op.execute(f"""
        CREATE TRIGGER meeting_host_no_overlap_update
        BEFORE UPDATE OF host_id, blocked_start, blocked_end, active ON meeting_host
        WHEN NEW.active BEGIN {OVERLAPS} AND other.id <> NEW.id; END
    """)


def create_organisation() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("accent", sa.String(length=7), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("logo_media_type", sa.String(length=40), nullable=True),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("imprint_url", sa.String(length=500), nullable=False),
        sa.Column("privacy_url", sa.String(length=500), nullable=False),
        sa.Column("accessibility_url", sa.String(length=500), nullable=False),
        sa.Column("imprint_text", sa.Text(), nullable=False),
        sa.Column("notice_version", sa.String(length=40), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_organisation_only_one")),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
    )
    op.create_table(
        "privacy_notice",
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("texts", JSON, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("valid_from", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_privacy_notice"),
    )


def create_staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", KEY, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("role", choice("host", "manager", "admin", name="role"), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("meeting_url", sa.String(length=500), nullable=True),
        sa.Column("calendar_version", KEY, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("email", name="uq_staff_email"),
    )
    op.create_table(
        "weekly_hours",
        sa.Column("id", KEY, nullable=False),
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("to_minute", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "from_minute >= 0 AND from_minute < 1440", name=op.f("ck_weekly_hours_from_minute")
        ),
        sa.CheckConstraint(
            "to_minute > from_minute AND to_minute <= 2880", name=op.f("ck_weekly_hours_to_minute")
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_weekly_hours_weekday")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_weekly_hours_staff_id_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_weekly_hours"),
    )
    op.create_index("ix_weekly_hours_staff_id", "weekly_hours", ["staff_id"])
    op.create_table(
        "date_override",
        sa.Column("id", KEY, nullable=False),
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("windows", JSON, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_date_override_staff_id_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_date_override"),
        sa.UniqueConstraint("staff_id", "local_date", name="uq_date_override_staff_id_local_date"),
    )
    op.create_table(
        "time_off",
        sa.Column("id", KEY, nullable=False),
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_time_off_forward")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_time_off_staff_id_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_time_off"),
    )
    op.create_index("ix_time_off_staff_id", "time_off", ["staff_id"])
    op.create_table(
        "busy_time",
        sa.Column("id", KEY, nullable=False),
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_busy_time_forward")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_busy_time_staff_id_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_busy_time"),
    )
    op.create_index("ix_busy_time_staff_id", "busy_time", ["staff_id"])
    op.create_table(
        "offered_minutes",
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_offered_minutes_staff_id_staff"
        ),
        sa.PrimaryKeyConstraint("staff_id", "local_date", name="pk_offered_minutes"),
    )


def create_event_types() -> None:
    op.create_table(
        "event_type",
        sa.Column("id", KEY, nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("description", JSON, nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("slot_interval_minutes", sa.Integer(), nullable=False),
        sa.Column("buffer_before_minutes", sa.Integer(), nullable=False),
        sa.Column("buffer_after_minutes", sa.Integer(), nullable=False),
        sa.Column("minimum_notice_minutes", sa.Integer(), nullable=False),
        sa.Column("minimum_change_notice_minutes", sa.Integer(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("max_per_day", sa.Integer(), nullable=False),
        sa.Column("max_per_week", sa.Integer(), nullable=False),
        sa.Column("hold_minutes", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("hosts_needed", choice("any", "all", name="hosts_needed"), nullable=False),
        sa.Column("segments", JSON, nullable=False),
        sa.Column(
            "location_kind", choice("video", "phone", "address", name="location"), nullable=False
        ),
        sa.Column("location_url", sa.String(length=500), nullable=False),
        sa.Column("reminders_minutes_before", JSON, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint("capacity >= 1", name=op.f("ck_event_type_capacity")),
        sa.CheckConstraint("duration_minutes > 0", name=op.f("ck_event_type_duration")),
        sa.CheckConstraint("slot_interval_minutes > 0", name=op.f("ck_event_type_slot_interval")),
        sa.PrimaryKeyConstraint("id", name="pk_event_type"),
        sa.UniqueConstraint("slug", name="uq_event_type_slug"),
    )
    op.create_table(
        "pool_member",
        sa.Column("event_type_id", KEY, nullable=False),
        sa.Column("host_id", KEY, nullable=False),
        sa.Column("segment", choice("individual", "team", name="segment"), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("joined_at", INSTANT, nullable=False),
        sa.CheckConstraint("weight >= 1", name=op.f("ck_pool_member_weight")),
        sa.ForeignKeyConstraint(
            ["event_type_id"], ["event_type.id"], name="fk_pool_member_event_type_id_event_type"
        ),
        sa.ForeignKeyConstraint(["host_id"], ["staff.id"], name="fk_pool_member_host_id_staff"),
        sa.PrimaryKeyConstraint("event_type_id", "host_id", "segment", name="pk_pool_member"),
    )
    op.create_index("ix_pool_member_host_id", "pool_member", ["host_id"])


def create_bookings() -> None:
    op.create_table(
        "lead",
        sa.Column("id", KEY, nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lead"),
        sa.UniqueConstraint("address", name="uq_lead_address"),
    )
    op.create_table(
        "meeting",
        sa.Column("id", KEY, nullable=False),
        sa.Column("event_type_id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=255), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("organizer", sa.String(length=254), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("room", sa.String(length=40), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_meeting_forward")),
        sa.ForeignKeyConstraint(
            ["event_type_id"], ["event_type.id"], name="fk_meeting_event_type_id_event_type"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
        sa.UniqueConstraint("uid", name="uq_meeting_uid"),
    )
    op.create_index("ix_meeting_event_type_id_starts_at", "meeting", ["event_type_id", "starts_at"])
    op.create_table(
        "meeting_host",
        sa.Column("id", KEY, nullable=False),
        sa.Column("meeting_id", KEY, nullable=False),
        sa.Column("host_id", KEY, nullable=False),
        sa.Column("blocked_start", INSTANT, nullable=False),
        sa.Column("blocked_end", INSTANT, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("blocked_start < blocked_end", name=op.f("ck_meeting_host_forward")),
        sa.ForeignKeyConstraint(["host_id"], ["staff.id"], name="fk_meeting_host_host_id_staff"),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name="fk_meeting_host_meeting_id_meeting"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_host"),
        sa.UniqueConstraint("meeting_id", "host_id", name="uq_meeting_host_meeting_id_host_id"),
    )
    op.create_index(
        "ix_meeting_host_host_id_blocked_end", "meeting_host", ["host_id", "blocked_end"]
    )
    op.create_table(
        "booking",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("meeting_id", KEY, nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            choice("held", "pending", "confirmed", "cancelled", name="state"),
            nullable=False,
        ),
        sa.Column("hold_expires_at", INSTANT, nullable=True),
        sa.Column("segment", choice("individual", "team", name="segment"), nullable=False),
        sa.Column(
            "original_segment",
            choice("individual", "team", name="original_segment"),
            nullable=False,
        ),
        sa.Column("first_starts_at", INSTANT, nullable=False),
        sa.Column("assignment", JSON, nullable=False),
        sa.Column("lead_id", KEY, nullable=True),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("company", sa.String(length=200), nullable=True),
        sa.Column("team_size", sa.Integer(), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("source", JSON, nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column("locale", sa.String(length=16), nullable=True),
        sa.Column("notice_version", sa.String(length=40), nullable=True),
        sa.Column("marketing_opt_in", sa.Boolean(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("outcome", choice("attended", "no_show", name="outcome"), nullable=True),
        sa.Column("cancelled_by", sa.String(length=40), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("cancelled_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "state <> 'confirmed' OR lead_id IS NOT NULL", name=op.f("ck_booking_confirmed_lead")
        ),
        sa.CheckConstraint(
            "state <> 'held' OR hold_expires_at IS NOT NULL", name=op.f("ck_booking_hold_expires")
        ),
        sa.CheckConstraint("seat >= 1", name=op.f("ck_booking_seat")),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name="fk_booking_lead_id_lead"),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name="fk_booking_meeting_id_meeting"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_booking"),
        sa.UniqueConstraint("public_id", name="uq_booking_public_id"),
    )
    op.create_index("ix_booking_lead_id_state", "booking", ["lead_id", "state"])
    op.create_index("ix_booking_state_hold_expires_at", "booking", ["state", "hold_expires_at"])
    op.create_index(
        "uq_booking_meeting_id_seat",
        "booking",
        ["meeting_id", "seat"],
        unique=True,
        sqlite_where=IS_LIVE,
        postgresql_where=IS_LIVE,
    )
    op.create_table(
        "booking_token",
        sa.Column("id", KEY, nullable=False),
        sa.Column("booking_id", KEY, nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name="fk_booking_token_booking_id_booking"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_booking_token"),
        sa.UniqueConstraint("sha256", name="uq_booking_token_sha256"),
    )
    op.create_index("ix_booking_token_booking_id", "booking_token", ["booking_id"])
    op.create_table(
        "idempotency_key",
        sa.Column("id", KEY, nullable=False),
        sa.Column("route", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("sealed_answer", sa.LargeBinary(), nullable=True),
        sa.Column("booking_id", KEY, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name="fk_idempotency_key_booking_id_booking"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_idempotency_key"),
        sa.UniqueConstraint("route", "key", name="uq_idempotency_key_route_key"),
    )
    op.create_index("ix_idempotency_key_created_at", "idempotency_key", ["created_at"])


def create_outbox() -> None:
    op.create_table(
        "message",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("booking_id", KEY, nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column(
            "recipient",
            choice("lead", "host", "staff", "organisation", name="recipient"),
            nullable=False,
        ),
        sa.Column("staff_id", KEY, nullable=True),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("next_attempt_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column(
            "state",
            choice(
                "queued",
                "sending",
                "sent",
                "unknown",
                "failed",
                "obsolete",
                "expired",
                name="state",
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unknowns", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("data_started_at", INSTANT, nullable=True),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name="fk_message_booking_id_booking"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_message_staff_id_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("key", name="uq_message_key"),
        sa.UniqueConstraint("message_id", name="uq_message_message_id"),
    )
    op.create_index("ix_message_booking_id", "message", ["booking_id"])
    op.create_index("ix_message_open", "message", ["state", "next_attempt_at"])
    op.create_table(
        "worker",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("ticked_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_worker"),
    )


def create_records() -> None:
    op.create_table(
        "history",
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", KEY, nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_history"),
    )
    op.create_index("ix_history_subject", "history", ["subject", "subject_id"])
    op.create_table(
        "rate_limit",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_rate_limit"),
    )
    op.create_index("ix_rate_limit_expires_at", "rate_limit", ["expires_at"])
