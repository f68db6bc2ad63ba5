"""Let the owner of an address keep strangers from booking with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("lead", sa.Column("suppressed_until", INSTANT, nullable=True))


def downgrade() -> None:
    op.drop_column("lead", "suppressed_until")
