"""Let staff members ask for an agenda by mail, and subscribe to their calendar."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    create_agenda_subscriptions()
    create_calendar_feeds()


def downgrade() -> None:
    op.execute("DELETE FROM message WHERE kind = 'agenda'")
    op.drop_table("calendar_feed")
    op.drop_table("agenda_subscription")


def create_agenda_subscriptions() -> None:
    op.create_table(
        "agenda_subscription",
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_agenda_subscription_staff_id_staff"
        ),
        sa.PrimaryKeyConstraint("staff_id", name="pk_agenda_subscription"),
    )


def create_calendar_feeds() -> None:
    detail = sa.Enum(
        "full",
        "name",
        "busy",
        name="detail",
        native_enum=False,
        create_constraint=True,
        length=20,
    )
    op.create_table(
        "calendar_feed",
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("detail", detail, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_calendar_feed_staff_id_staff"),
        sa.PrimaryKeyConstraint("staff_id", name="pk_calendar_feed"),
        sa.UniqueConstraint("sha256", name="uq_calendar_feed_sha256"),
    )
