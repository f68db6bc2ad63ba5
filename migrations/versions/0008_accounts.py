"""Let staff members sign in: passwords, one-time links, sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    create_passwords()
    create_sign_in_links()
    create_staff_sessions()


def downgrade() -> None:
    op.execute("DELETE FROM message WHERE kind IN ('invitation', 'reset')")
    op.drop_table("staff_session")
    op.drop_table("sign_in_link")
    op.drop_table("password")


def create_passwords() -> None:
    op.create_table(
        "password",
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("hash", sa.String(length=200), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_password_staff_id_staff"),
        sa.PrimaryKeyConstraint("staff_id", name="pk_password"),
    )


def create_sign_in_links() -> None:
    purpose = sa.Enum(
        "invitation",
        "reset",
        name="purpose",
        native_enum=False,
        create_constraint=True,
        length=20,
    )
    op.create_table(
        "sign_in_link",
        sa.Column("id", KEY, nullable=False),
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("purpose", purpose, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_sign_in_link_staff_id_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_link"),
        sa.UniqueConstraint("sha256", name="uq_sign_in_link_sha256"),
    )
    op.create_index("ix_sign_in_link_staff_id", "sign_in_link", ["staff_id"])
    op.create_index("ix_sign_in_link_expires_at", "sign_in_link", ["expires_at"])


def create_staff_sessions() -> None:
    op.create_table(
        "staff_session",
        sa.Column("id", KEY, nullable=False),
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_used_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_session_staff_id_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_session"),
        sa.UniqueConstraint("sha256", name="uq_staff_session_sha256"),
    )
    op.create_index("ix_staff_session_staff_id", "staff_session", ["staff_id"])
    op.create_index("ix_staff_session_expires_at", "staff_session", ["expires_at"])
