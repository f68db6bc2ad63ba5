"""Count the steps on the booking page, and find the demos of a period by index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "step_count",
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("event_type_id", KEY, nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "opened",
                "chosen",
                "sent",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("segment", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_type_id"], ["event_type.id"], name="fk_step_count_event_type_id_event_type"
        ),
        sa.PrimaryKeyConstraint(
            "local_date", "event_type_id", "step", "segment", "source", name="pk_step_count"
        ),
    )
    op.create_index("ix_booking_confirmed_at", "booking", ["confirmed_at"])
    op.create_index("ix_meeting_starts_at", "meeting", ["starts_at"])


def downgrade() -> None:
    op.drop_index("ix_meeting_starts_at", "meeting")
    op.drop_index("ix_booking_confirmed_at", "booking")
    op.drop_table("step_count")
