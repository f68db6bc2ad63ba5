"""Close days for the whole company, and say whose public holidays are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closing_day",
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("local_date", name="pk_closing_day"),
    )
    # The default is for processes of the release before: they add the organisation without it.
    op.add_column(
        "organisation",
        sa.Column("holiday_region", sa.String(length=6), nullable=False, server_default=""),
    )
    op.add_column("staff", sa.Column("holiday_region", sa.String(length=6), nullable=True))


def downgrade() -> None:
    op.drop_column("staff", "holiday_region")
    op.drop_column("organisation", "holiday_region")
    op.drop_table("closing_day")
