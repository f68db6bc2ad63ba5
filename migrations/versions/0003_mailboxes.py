"""Let the limits hold for a mailbox, whatever its owner's address is spelled like."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LEAD = sa.table("lead", sa.column("id", sa.BigInteger), sa.column("address"), sa.column("mailbox"))


def upgrade() -> None:
    # Nullable: a process of the release before may still add leads meanwhile.
    op.add_column("lead", sa.Column("mailbox", sa.String(254), nullable=True))
    op.create_index("ix_lead_mailbox", "lead", ["mailbox"])
    connection = op.get_bind()
    for lead_id, address in connection.execute(sa.select(LEAD.c.id, LEAD.c.address)).all():
        local_part, _, domain = address.rpartition("@")
        mailbox = f"{local_part.partition('+')[0]}@{domain}"
        connection.execute(sa.update(LEAD).where(LEAD.c.id == lead_id).values(mailbox=mailbox))


def downgrade() -> None:
    op.drop_index("ix_lead_mailbox", "lead")
    op.drop_column("lead", "mailbox")
