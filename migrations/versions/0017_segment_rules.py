"""Let segments of an event type have rules of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "segment_rule",
        sa.Column("event_type_id", KEY, nullable=False),
        sa.Column(
            "segment",
            sa.Enum(
                "individual",
                "team",
                name="segment",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("hours", JSON, nullable=True),
        sa.Column("minimum_notice_minutes", sa.Integer(), nullable=True),
        sa.Column("max_per_day", sa.Integer(), nullable=True),
        sa.Column("max_per_week", sa.Integer(), nullable=True),
        sa.Column("reminders_minutes_before", JSON, nullable=True),
        sa.ForeignKeyConstraint(
            ["event_type_id"], ["event_type.id"], name="fk_segment_rule_event_type_id_event_type"
        ),
        sa.PrimaryKeyConstraint("event_type_id", "segment", name="pk_segment_rule"),
    )


def downgrade() -> None:
    op.drop_table("segment_rule")
