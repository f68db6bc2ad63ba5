"""Takes the guards of a throwaway database away, so that a race shows the bug they prevent.

The product has no switch for this: what is dropped here is the real constraint, the real triggers
and the real lock.
"""

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.orm import Session

WRITTEN = "written_meeting_host"

POSTGRESQL_CONSTRAINT = ("ALTER TABLE meeting_host DROP CONSTRAINT ex_meeting_host_no_overlap",)

# The row that everyone locks is no longer written, so nobody waits for anybody.
POSTGRESQL_LOCK = ("CREATE RULE no_calendar_lock AS ON UPDATE TO staff DO INSTEAD NOTHING",)

POSTGRESQL_NO_MAILBOX_LOCK = (
    """
    CREATE FUNCTION public.pg_advisory_xact_lock(bigint) RETURNS void LANGUAGE sql AS ''
    """,
    """
    DO $$ BEGIN EXECUTE format(
        'ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()
    ); END $$
    """,
)

POSTGRESQL_DAWDLING = (
    """
    CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(0.1); RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER dawdle BEFORE INSERT ON meeting_host
        FOR EACH ROW EXECUTE FUNCTION dawdle()
    """,
)

SQLITE_TRIGGERS = (
    "DROP TRIGGER meeting_host_no_overlap_insert",
    "DROP TRIGGER meeting_host_no_overlap_update",
)

# SQLite has one writer at a time; that lock cannot be taken from it. What can is the sight of what
# others wrote: every check sees the reservations as they were, as one made a moment too early does.
# The triggers go with the table, so they still see everything.
SQLITE_SIGHT = (
    "ALTER TABLE meeting_host RENAME TO written_meeting_host",
    "CREATE TABLE seen AS SELECT * FROM written_meeting_host",
    """
    CREATE VIEW meeting_host AS
    SELECT id, meeting_id, host_id, blocked_start, blocked_end, active FROM seen
    UNION ALL
    SELECT id, meeting_id, host_id, blocked_start, blocked_end, 0 FROM written_meeting_host
    WHERE id NOT IN (SELECT id FROM seen)
    """,
    """
    CREATE TRIGGER insert_through INSTEAD OF INSERT ON meeting_host BEGIN
        INSERT INTO written_meeting_host (meeting_id, host_id, blocked_start, blocked_end, active)
        VALUES (NEW.meeting_id, NEW.host_id, NEW.blocked_start, NEW.blocked_end, NEW.active);
    END
    """,
    """
    CREATE TRIGGER update_through INSTEAD OF UPDATE ON meeting_host BEGIN
        UPDATE written_meeting_host
        SET blocked_start = NEW.blocked_start, blocked_end = NEW.blocked_end
        WHERE id = NEW.id;
    END
    """,
)

HISTORY_TRIGGERS = {
    "postgresql": ("DROP TRIGGER IF EXISTS history_append_only ON history",),
    "sqlite": ("DROP TRIGGER IF EXISTS history_append_only_delete",),
}


def take_the_guards_away(database_url: str) -> None:
    """Drop the overlap guard and the calendar lock of the database at ``database_url``."""
    _change(
        database_url,
        postgresql=POSTGRESQL_CONSTRAINT + POSTGRESQL_LOCK,
        sqlite=SQLITE_TRIGGERS + SQLITE_SIGHT,
    )


def leave_the_overlap_guard_alone(database_url: str) -> None:
    """Drop the calendar lock, or what every check sees, and leave nothing but the overlap guard."""
    _change(database_url, postgresql=POSTGRESQL_LOCK, sqlite=SQLITE_SIGHT)


def let_reservations_take_their_time(database_url: str) -> None:
    """Give others a moment between a look at what is free and the reservation of it."""
    _change(database_url, postgresql=POSTGRESQL_DAWDLING, sqlite=())


def let_leads_and_keys_be_there_twice(database_url: str) -> None:
    """Drop what keeps one lead, and one idempotency key, from being written twice at a time."""
    _change(
        database_url,
        postgresql=(
            "ALTER TABLE lead DROP CONSTRAINT uq_lead_address",
            "ALTER TABLE idempotency_key DROP CONSTRAINT uq_idempotency_key_route_key",
            # It would let the requests of one lead go one after the other.
            *POSTGRESQL_NO_MAILBOX_LOCK,
        ),
        sqlite=(),
    )


def let_mailboxes_be_counted_at_once(database_url: str) -> None:
    """Let the lock of a mailbox hold nobody: ours is found before PostgreSQL's own."""
    _change(database_url, postgresql=POSTGRESQL_NO_MAILBOX_LOCK, sqlite=())


def let_history_be_changed(session: Session) -> None:
    """Drop what keeps entries from being removed, within the unit of work of a test."""
    for statement in HISTORY_TRIGGERS[session.get_bind().dialect.name]:
        session.execute(text(statement))


def _change(database_url: str, *, postgresql: tuple[str, ...], sqlite: tuple[str, ...]) -> None:
    engine = create_engine(database_url)
    statements = postgresql if engine.dialect.name == "postgresql" else sqlite
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def overlapping_reservations(database_url: str) -> int:
    """Count the pairs of active reservations of one host that share a moment."""
    engine = create_engine(database_url)
    table = WRITTEN if inspect(engine).has_table(WRITTEN) else "meeting_host"
    pairs = f"""
        SELECT count(*) FROM {table} AS a JOIN {table} AS b
        ON a.host_id = b.host_id AND a.id < b.id AND a.active AND b.active
        AND a.blocked_start < b.blocked_end AND b.blocked_start < a.blocked_end
    """  # noqa: S608 - the table is one of two names of ours
    with engine.connect() as connection:
        count: int = connection.execute(text(pairs)).scalar_one()
    engine.dispose()
    return count


def deadlocks(database_url: str) -> int:
    """Return how often PostgreSQL had to end a deadlock; SQLite's one writer knows none."""
    engine = create_engine(database_url)
    if engine.dialect.name != "postgresql":
        return 0
    counted = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    with engine.connect() as connection:
        count: int = connection.execute(text(counted)).scalar_one()
    engine.dispose()
    return count
