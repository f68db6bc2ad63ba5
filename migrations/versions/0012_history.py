"""Let nobody change or remove what stands in the history, and find it by when, who and what."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_history_at": ["at", "id"],
    "ix_history_actor": ["actor", "at", "id"],
    "ix_history_action": ["action", "at", "id"],
}


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.create_index(name, "history", columns)
    if op.get_bind().dialect.name == "postgresql":
        refuse_changes()
    else:
        abort_changes()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER history_append_only ON history")
        op.execute("DROP FUNCTION refuse_change_of_history")
    else:
        op.execute("DROP TRIGGER history_append_only_update")
        op.execute("DROP TRIGGER history_append_only_delete")
    for name in INDEXES:
        op.drop_index(name, "history")


def refuse_changes() -> None:
    """Let PostgreSQL refuse every statement that does anything else than append."""
    op.execute("""
        CREATE FUNCTION refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'history is append-only'; END $$
    """)
    op.execute("""
        CREATE TRIGGER history_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON history
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_history()
    """)


def abort_changes() -> None:
    """Let SQLite refuse it likewise, row by row."""
    for event in ("update", "delete"):
        op.execute(f"""
            CREATE TRIGGER history_append_only_{event} BEFORE {event.upper()} ON history
            BEGIN SELECT RAISE(ABORT, 'history is append-only'); END
        """)
