"""Let web processes have a pulse, too, and every process say by which rules of time it goes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")
ROLE = sa.Enum("web", "worker", name="role", native_enum=False, create_constraint=True, length=20)


def upgrade() -> None:
    op.create_table(
        "process",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("role", ROLE, nullable=False),
        sa.Column("tzdata", sa.String(20), nullable=False),
        sa.Column("ticked_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_process"),
    )
    # Nothing was released before this; else the old table had to stay for a release.
    op.drop_table("worker")


def downgrade() -> None:
    op.create_table(
        "worker",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("ticked_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_worker"),
    )
    op.drop_table("process")
