"""The settings of an installation, read once from the environment.

Answers one question: what has the operator decided? Every fault is reported at once, by name, and
nothing has a default that would be unsafe outside a demonstration. ``docs/configuration.md``
explains each setting.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

N = TypeVar("N", int, float)

SECRET_KEY_MIN_LENGTH = 32
SWITCHES = {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}


class ConfigError(Exception):
    """The environment cannot be used; ``faults`` names every setting that is wrong."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything the operator may set; the field names are the settings' names in lower case."""

    secret_key: tuple[str, ...] = field(repr=False)
    """Newest first: the first one seals, all of them open."""
    database_url: str = field(repr=False)
    base_url: str
    """Absolute, without a trailing slash; the only source of links in mails."""
    host: str
    port: int
    instance_dir: Path
    demo: bool
    """``make run``: a key of its own, mails readable at /dev/mails."""
    mail_server: str | None
    mail_port: int
    mail_use_tls: bool
    mail_use_ssl: bool
    mail_username: str | None
    mail_password: str | None = field(repr=False)
    mail_default_sender: str
    """The bare address that is From and ORGANIZER of everything sent."""
    mail_timeout: float
    """Seconds any single step of a conversation with the mail server may take."""
    mail_ca_file: str | None
    mail_per_minute: int
    """Most mails handed over a minute by one worker; 0 = no limit."""
    trusted_proxy_hops: int
    rate_limits: bool
    delivery_lease_seconds: int
    """How long a worker may hold a mail before another takes it over."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Config:
        """Read the settings from ``environ``.

        Raises:
            ConfigError: with every faulty setting, not just the first.
        """
        read = _Reader(environ)
        demo = read.switch("DEMO", default=False)
        host = read.text("HOST", default="127.0.0.1")
        port = read.whole("PORT", default=8000, lowest=1, highest=65535)
        instance_dir = Path(read.text("INSTANCE_DIR", default="instance")).resolve()
        mail_server = read.optional("MAIL_SERVER")
        config = cls(
            secret_key=_secret_keys(read),
            database_url=_database_url(read, instance_dir=instance_dir),
            base_url=_base_url(read, default=f"http://127.0.0.1:{port}"),
            host=host,
            port=port,
            instance_dir=instance_dir,
            demo=demo,
            mail_server=mail_server,
            mail_port=read.whole("MAIL_PORT", default=25, lowest=1, highest=65535),
            mail_use_tls=read.switch("MAIL_USE_TLS", default=False),
            mail_use_ssl=read.switch("MAIL_USE_SSL", default=False),
            mail_username=read.optional("MAIL_USERNAME"),
            mail_password=read.optional("MAIL_PASSWORD"),
            mail_default_sender=_sender(read, required=mail_server is not None),
            mail_timeout=read.number("MAIL_TIMEOUT", default=30.0, lowest=0.1, highest=600.0),
            mail_ca_file=_readable_file(read, "MAIL_CA_FILE"),
            mail_per_minute=read.whole("MAIL_PER_MINUTE", default=0, lowest=0, highest=100_000),
            trusted_proxy_hops=read.whole("TRUSTED_PROXY_HOPS", default=0, lowest=0, highest=10),
            rate_limits=read.switch("RATE_LIMITS", default=True),
            delivery_lease_seconds=read.whole(
                "DELIVERY_LEASE_SECONDS", default=120, lowest=1, highest=3600
            ),
        )
        if config.mail_use_tls and config.mail_use_ssl:
            read.fault("MAIL_USE_SSL", "is on beside MAIL_USE_TLS: choose one of them")
        if config.mail_password and not config.is_mail_private:
            read.fault(
                "MAIL_PASSWORD", "would travel in the clear: set MAIL_USE_TLS or MAIL_USE_SSL"
            )
        if (config.mail_username is None) != (config.mail_password is None):
            missing = "MAIL_USERNAME" if config.mail_username is None else "MAIL_PASSWORD"
            read.fault(missing, "is missing: the mail server's login needs both name and password")
        if read.faults:
            raise ConfigError(read.faults)
        return config

    @property
    def is_mail_private(self) -> bool:
        """Tell whether nobody can listen between us and the mail server."""
        encrypted = self.mail_use_tls or self.mail_use_ssl
        return encrypted or self.mail_server in {None, "localhost", "127.0.0.1", "::1"}

    @property
    def base_host(self) -> str:
        """Host name of BASE_URL, without port, in lower case."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def base_path(self) -> str:
        """Path under which the service is published: empty, or ``/like/this``."""
        return urlsplit(self.base_url).path


class _Reader:
    """Reads one setting after the other and remembers each fault instead of stopping at it."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.faults: list[str] = []

    def fault(self, name: str, problem: str) -> None:
        self.faults.append(f"{name} {problem}")

    def optional(self, name: str) -> str | None:
        return self._environ.get(name, "").strip() or None

    def text(self, name: str, *, default: str) -> str:
        return self.optional(name) or default

    def switch(self, name: str, *, default: bool) -> bool:
        raw = self.optional(name)
        if raw is None:
            return default
        if raw.lower() not in SWITCHES:
            self.fault(name, f"must be on or off, not {raw!r}")
        return SWITCHES.get(raw.lower(), default)

    def whole(self, name: str, *, default: int, lowest: int, highest: int) -> int:
        return self._bounded(name, parse=int, default=default, lowest=lowest, highest=highest)

    def number(self, name: str, *, default: float, lowest: float, highest: float) -> float:
        return self._bounded(name, parse=float, default=default, lowest=lowest, highest=highest)

    def _bounded(
        self, name: str, *, parse: Callable[[str], N], default: N, lowest: N, highest: N
    ) -> N:
        raw = self.optional(name)
        if raw is None:
            return default
        try:
            value = parse(raw)
        except ValueError:
            self.fault(name, f"must be a number, not {raw!r}")
            return default
        if not lowest <= value <= highest:
            self.fault(name, f"must lie between {lowest} and {highest}, not {raw}")
        return value


def _secret_keys(read: _Reader) -> tuple[str, ...]:
    keys = tuple(
        key for part in read.text("SECRET_KEY", default="").split(",") if (key := part.strip())
    )
    if not keys:
        read.fault("SECRET_KEY", "is missing: set a random text of at least 32 characters")
    elif any(len(key) < SECRET_KEY_MIN_LENGTH for key in keys):
        read.fault("SECRET_KEY", f"holds a key of fewer than {SECRET_KEY_MIN_LENGTH} characters")
    return keys


def _database_url(read: _Reader, *, instance_dir: Path) -> str:
    url = read.text("DATABASE_URL", default=f"sqlite:///{instance_dir / 'halbstunde.db'}")
    # Hosting platforms still hand out the scheme that SQLAlchemy no longer knows.
    if url.startswith("postgres://"):
        url = url.replace("postgres://", "postgresql://", 1)
    try:
        scheme = make_url(url).drivername
    except (ArgumentError, ValueError):
        scheme = ""
    if scheme not in {"sqlite", "postgresql", "postgresql+psycopg"}:
        read.fault(
            "DATABASE_URL",
            "must be postgresql://user:password@host/database or sqlite:////absolute/path.db",
        )
    return url


def _base_url(read: _Reader, *, default: str) -> str:
    url = read.text("BASE_URL", default=default).rstrip("/")
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        plain = not (parts.query or parts.fragment or parts.username or parts.password)
    except ValueError:
        usable = plain = False
    if not (usable and plain):
        read.fault("BASE_URL", f"must be an http(s) address without query or user, not {url!r}")
    return url


def _sender(read: _Reader, *, required: bool) -> str:
    raw = read.optional("MAIL_DEFAULT_SENDER")
    if raw is None:
        if required:
            read.fault("MAIL_DEFAULT_SENDER", "is missing: mails need a sender's address")
        return "demo@halbstunde.example"
    address = parseaddr(raw)[1]
    local, at, domain = address.rpartition("@")
    if not (local and at and "." in domain and address.isascii()):
        read.fault("MAIL_DEFAULT_SENDER", f"must be one mail address, not {raw!r}")
    return address


def _readable_file(read: _Reader, name: str) -> str | None:
    path = read.optional(name)
    if path is not None and not Path(path).is_file():
        read.fault(name, f"names no file: {path!r}")
    return path
