"""Let the limits hold for a mailbox at Google, whose address may hold dots anywhere or none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

LEAD = sa.table("lead", sa.column("id", sa.BigInteger), sa.column("address"), sa.column("mailbox"))


def upgrade() -> None:
    connection = op.get_bind()
    at_google = sa.or_(
        LEAD.c.address.endswith("@gmail.com"), LEAD.c.address.endswith("@googlemail.com")
    )
    rows = connection.execute(sa.select(LEAD.c.id, LEAD.c.address).where(at_google)).all()
    for lead_id, address in rows:
        name = address.partition("@")[0].partition("+")[0].replace(".", "")
        mailbox = f"{name}@gmail.com"
        connection.execute(sa.update(LEAD).where(LEAD.c.id == lead_id).values(mailbox=mailbox))


def downgrade() -> None:
    """Leave it: a process of the release before finds its own spelling when it meets the lead."""
