"""Let an event type say item by item what its demo shows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    # The default is for processes of the release before: they add event types without it.
    op.add_column("event_type", sa.Column("agenda", JSON, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("event_type", "agenda")
