"""Let staff decide about mails: count copies, remember what is settled, find each state's rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The defaults are for processes of the release before: they add mails without these columns.
    op.add_column("message", sa.Column("copy", sa.Integer(), nullable=False, server_default="1"))
    op.add_column(
        "message", sa.Column("settled", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index("ix_message_state", "message", ["state", "settled", "id"])
    op.create_index("ix_message_sent_at", "message", ["sent_at"])


def downgrade() -> None:
    op.execute("DELETE FROM message WHERE kind = 'test'")
    op.drop_index("ix_message_sent_at", "message")
    op.drop_index("ix_message_state", "message")
    op.drop_column("message", "settled")
    op.drop_column("message", "copy")
