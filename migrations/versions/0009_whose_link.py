"""Let a link in a mail know whom that mail was for, whoever the booking belongs to later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME = "fk_booking_token_lead_id_lead"


def upgrade() -> None:
    # Nullable: a process of the release before may still issue tokens meanwhile.
    with op.batch_alter_table("booking_token") as token:
        token.add_column(sa.Column("lead_id", KEY, nullable=True))
        token.create_foreign_key(op.f(NAME), "lead", ["lead_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("booking_token") as token:
        token.drop_constraint(op.f(NAME), type_="foreignkey")
        token.drop_column("lead_id")
