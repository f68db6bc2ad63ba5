"""Let an event type say what its demo shows, and the organisation who may embed its pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    # The defaults are for processes of the release before: they add rows without these.
    op.add_column("event_type", sa.Column("agenda", JSON, nullable=False, server_default="[]"))
    op.add_column(
        "organisation", sa.Column("embed_origins", JSON, nullable=False, server_default="[]")
    )


def downgrade() -> None:
    op.drop_column("organisation", "embed_origins")
    op.drop_column("event_type", "agenda")
