"""Limits on how often a client may do something that costs others: book, hold, guess, ask.

What writes or causes a mail is counted in our own table, in a short transaction before the work,
so that every process counts together and a database that is away lets nothing through. Reads are
counted in memory, a process each. Clients are kept as keyed hashes, never as addresses.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, cast

from flask import current_app, request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import Integer, String, bindparam, delete, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from booking import clock
from booking.db import Model, UtcDateTime, db, run_in_transaction
from booking.errors import RateLimitedError

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Row

    from config import Config

EXTENSION = "rate_limits"


class RateLimit(Model):
    """How often one key was hit in its present window."""

    __tablename__ = "rate_limit"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    hits: Mapped[int] = mapped_column(Integer)
    expires_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many of one thing a window; the window opens with the first."""

    name: str
    rate: RateLimitItem
    shared: bool
    """Counted together by all processes."""


BOOKINGS = Limit(name="bookings", rate=parse("10 per 20 minutes"), shared=True)
CHANGES = Limit(name="changes", rate=parse("30 per 10 minutes"), shared=True)
SIGN_INS = Limit(name="sign-ins", rate=parse("10 per 15 minutes"), shared=True)
SIGN_INS_OF_NETWORK = Limit(
    name="sign-ins-of-network", rate=parse("60 per 15 minutes"), shared=True
)
SIGN_IN_LINKS = Limit(name="sign-in-links", rate=parse("5 per hour"), shared=True)
SLOT_QUERIES = Limit(name="slot-queries", rate=parse("240 per minute"), shared=False)
TEST_MAILS = Limit(name="test-mails", rate=parse("5 per hour"), shared=True)
UNKNOWN_TOKENS = Limit(name="unknown-tokens", rate=parse("30 per minute"), shared=False)


def holds_lasting(minutes: int) -> Limit:
    """Return the limit of holds that last so long: else long ones would add up to every time."""
    return Limit(name="holds", rate=parse(f"10 per {max(minutes, 5)} minutes"), shared=True)


def init_rate_limits(app: Flask, config: Config) -> None:
    """Give ``app`` its counters; RATE_LIMITS=off leaves them out."""
    app.extensions[EXTENSION] = (
        Counters(secret_key=config.secret_key[0]) if config.rate_limits else None
    )


def count(limit: Limit, *, about: str = "") -> None:
    """Count one more for the network that the request came from.

    ``about`` tells apart what one network does to different things: guessing at one account leaves
    the others open, and nobody else can lock its owner out.

    Raises:
        RateLimitedError: it is one too many.
        UnavailableError: the database that counts is away.
    """
    if counters := _counters():
        counters.count(limit, who=f"{_network(request.remote_addr)}{about and ' '}{about}")


def purge_rate_limits(*, now: datetime, session: Session) -> None:
    """Delete the windows that are over."""
    session.execute(delete(RateLimit).where(RateLimit.expires_at <= now))


class Counters:
    """The two places that count."""

    def __init__(self, *, secret_key: str) -> None:
        self._secret_key = secret_key.encode()
        self._shared = FixedWindowRateLimiter(TableStorage())
        self._own = FixedWindowRateLimiter(MemoryStorage())

    def count(self, limit: Limit, *, who: str) -> None:
        """Count one more; raise RateLimitedError if it is one too many."""
        limiter, key = self._place(limit, who=who)
        if not limiter.hit(limit.rate, *key):
            raise _refusal(limiter, limit, key=key)

    def _place(self, limit: Limit, *, who: str) -> tuple[FixedWindowRateLimiter, tuple[str, str]]:
        hashed = hmac.new(self._secret_key, who.encode(), hashlib.sha256).hexdigest()[:32]
        return (self._shared if limit.shared else self._own), (limit.name, hashed)


class TableStorage(Storage):
    """Counts in the table of rate limits; every step is a transaction of its own."""

    STORAGE_SCHEME = None

    HIT = text("""
        INSERT INTO rate_limit (key, hits, expires_at) VALUES (:key, :amount, :expires_at)
        ON CONFLICT (key) DO UPDATE SET
            hits = CASE WHEN rate_limit.expires_at <= :now
                   THEN excluded.hits ELSE rate_limit.hits + excluded.hits END,
            expires_at = CASE WHEN rate_limit.expires_at <= :now
                         THEN excluded.expires_at ELSE rate_limit.expires_at END
        RETURNING hits
    """).bindparams(
        bindparam("now", type_=UtcDateTime()), bindparam("expires_at", type_=UtcDateTime())
    )

    @property
    def base_exceptions(self) -> type[Exception]:
        """Nothing is translated: a database that is away is told as such."""
        return Exception

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Return the hits of ``key`` with ``amount`` more; the window lasts ``expiry`` seconds."""
        now = clock.now()
        values = {
            "key": key,
            "amount": amount,
            "now": now,
            "expires_at": now + timedelta(seconds=expiry),
        }
        hits = run_in_transaction(lambda session: session.execute(self.HIT, values).scalar_one())
        return cast("int", hits)

    def get(self, key: str) -> int:
        """Return the hits of the present window."""
        row = self._row(key)
        return row.hits if row else 0

    def get_expiry(self, key: str) -> float:
        """Return when the present window ends, in seconds since the epoch; now if there is none."""
        row = self._row(key)
        return (row.expires_at if row else clock.now()).timestamp()

    def check(self) -> bool:
        """Tell that the storage works; what is away shows itself at the next hit."""
        return True

    def reset(self) -> int | None:
        """Forget everything."""
        run_in_transaction(lambda session: session.execute(delete(RateLimit)))
        return None

    def clear(self, key: str) -> None:
        """Forget ``key``."""
        run_in_transaction(
            lambda session: session.execute(delete(RateLimit).where(RateLimit.key == key))
        )

    def _row(self, key: str) -> Row[int, datetime] | None:
        present = select(RateLimit.hits, RateLimit.expires_at).where(
            RateLimit.key == key, RateLimit.expires_at > clock.now()
        )
        session = db.session()
        row = session.execute(present).one_or_none()
        # The change that may follow needs a session that has not read.
        session.rollback()
        return row


def _counters() -> Counters | None:
    return cast("Counters | None", current_app.extensions[EXTENSION])


def _refusal(
    limiter: FixedWindowRateLimiter, limit: Limit, *, key: tuple[str, str]
) -> RateLimitedError:
    reset_at = limiter.get_window_stats(limit.rate, *key).reset_time
    return RateLimitedError(retry_at=datetime.fromtimestamp(reset_at, UTC))


def _network(address: str | None) -> str:
    """Return whom an address stands for: an IPv6 client has a whole /64 to choose from."""
    try:
        ip = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(ip, IPv6Address):
        # A proxy that listens on IPv6 writes IPv4 addresses as ::ffff:192.0.2.1.
        return str(ip.ipv4_mapped or ip_network((ip, 64), strict=False))
    return str(ip)
