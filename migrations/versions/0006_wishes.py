"""Let a lead ask for a time where no offered one suits, and a mail be about that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    create_wishes()
    with op.batch_alter_table("message") as message:
        message.add_column(sa.Column("wish_id", KEY, nullable=True))
        message.create_foreign_key(op.f("fk_message_wish_id_wish"), "wish", ["wish_id"], ["id"])
        message.create_check_constraint(
            op.f("ck_message_one_subject"), "booking_id IS NULL OR wish_id IS NULL"
        )
    op.create_index("ix_message_wish_id", "message", ["wish_id"])


def downgrade() -> None:
    op.execute("DELETE FROM message WHERE wish_id IS NOT NULL")
    op.drop_index("ix_message_wish_id", "message")
    with op.batch_alter_table("message") as message:
        message.drop_constraint(op.f("ck_message_one_subject"), type_="check")
        message.drop_constraint(op.f("fk_message_wish_id_wish"), type_="foreignkey")
        message.drop_column("wish_id")
    op.drop_table("wish")


def create_wishes() -> None:
    op.create_table(
        "wish",
        sa.Column("id", KEY, nullable=False),
        sa.Column("event_type_id", KEY, nullable=False),
        sa.Column("lead_id", KEY, nullable=False),
        sa.Column("state", choice("open", "answered", "closed", name="state"), nullable=False),
        sa.Column("segment", choice("individual", "team", name="segment"), nullable=False),
        sa.Column("wished_times", JSON, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("company", sa.String(length=200), nullable=True),
        sa.Column("team_size", sa.Integer(), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("source", JSON, nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("notice_version", sa.String(length=40), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["event_type_id"], ["event_type.id"], name="fk_wish_event_type_id_event_type"
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name="fk_wish_lead_id_lead"),
        sa.PrimaryKeyConstraint("id", name="pk_wish"),
    )
    op.create_index("ix_wish_lead_id_created_at", "wish", ["lead_id", "created_at"])
    op.create_index("ix_wish_state_created_at", "wish", ["state", "created_at"])


def choice(*values: str, name: str) -> sa.Enum:
    """Return a text column type that takes only ``values``."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)
