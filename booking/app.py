"""Puts the application together: one small function a step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from flask_migrate import Migrate
from sqlalchemy.exc import SQLAlchemyError

from booking.accounts import emails as account_emails
from booking.accounts.links import purge_links
from booking.accounts.sessions import purge_sessions
from booking.bookings import agenda_emails
from booking.bookings import emails as booking_emails
from booking.cli.register import register_commands
from booking.db import db
from booking.engines import engine_options, prepare_engine
from booking.inbox.follow import follow_history, mend_inbox
from booking.installation import Installation
from booking.logs import configure_logging
from booking.mail_desk import trial
from booking.outbox.mail_folder import FileTransport
from booking.outbox.transport import SmtpTransport
from booking.templating import load_translations
from booking.web.api.calls import init_api
from booking.web.health import init_health
from booking.web.problems import init_problems
from booking.web.public.pages import init_public
from booking.web.rate_limits import init_rate_limits, purge_rate_limits
from booking.web.security import init_security
from booking.web.staff.pages import init_staff
from booking.wishes import emails as wish_emails

if TYPE_CHECKING:
    from booking.outbox.transport import Transport
    from config import Config

PROJECT = Path(__file__).resolve().parent.parent
MOST_BODY_BYTES = 64 * 1024


def create_app(config: Config) -> Flask:
    """Return the application for ``config``; nothing is connected or started yet.

    Raises:
        CatalogueError: the translations are not compiled.
    """
    load_translations()
    app = Flask("booking", static_folder=None)
    _configure(app, config)
    _configure_database(app, config)
    _configure_mail(app, config)
    _configure_jobs(app)
    configure_logging(app)
    _configure_web(app, config)
    register_commands(app)
    return app


def _configure(app: Flask, config: Config) -> None:
    app.config.from_mapping(
        MAX_CONTENT_LENGTH=MOST_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BODY_BYTES,
        MAX_FORM_PARTS=50,
    )
    app.extensions["config"] = config
    app.extensions["installation"] = Installation(
        base_url=config.base_url,
        sender=config.mail_default_sender,
        secret_keys=config.secret_key,
    )


def _configure_database(app: Flask, config: Config) -> None:
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.database_url),
    )
    if config.database_url.startswith("sqlite"):
        # It holds names and addresses.
        config.instance_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    db.init_app(app)
    follow_history()
    Migrate(app, db, directory=str(PROJECT / "migrations"))
    app.teardown_appcontext(_let_go_of_connections)
    with app.app_context():
        prepare_engine(db.engine)


def _let_go_of_connections(_error: BaseException | None) -> None:
    """Keep a connection that has died meanwhile from spoiling the answer, which is ready."""
    if not db.session.registry.has():
        return
    try:
        db.session.close()
    except SQLAlchemyError:
        db.session().invalidate()


def _configure_mail(app: Flask, config: Config) -> None:
    app.config.from_mapping(
        MAIL_SERVER=config.mail_server,
        MAIL_PORT=config.mail_port,
        MAIL_USE_TLS=config.mail_use_tls,
        MAIL_USE_SSL=config.mail_use_ssl,
        MAIL_USERNAME=config.mail_username,
        MAIL_PASSWORD=config.mail_password,
        MAIL_DEFAULT_SENDER=config.mail_default_sender,
        MAIL_TIMEOUT=config.mail_timeout,
        MAIL_CA_FILE=config.mail_ca_file,
    )
    app.extensions["transport"] = _transport(app, config)
    installation = app.extensions["installation"]
    app.extensions["composers"] = {
        **booking_emails.composers(installation),
        **agenda_emails.composers(installation),
        **wish_emails.composers(installation),
        **account_emails.composers(installation),
        **trial.composers(installation),
    }


def _transport(app: Flask, config: Config) -> Transport:
    if config.mail_server is None:
        return FileTransport(config.instance_dir / "outbox")
    return SmtpTransport(app)


def _configure_jobs(app: Flask) -> None:
    """Name the hourly work whose subject the scheduler must not know."""
    app.extensions["housekeeping"] = {
        "rate limits": purge_rate_limits,
        "sign-in links": purge_links,
        "staff sessions": purge_sessions,
        "inbox": mend_inbox,
    }


def _configure_web(app: Flask, config: Config) -> None:
    init_security(app, config)
    init_problems(app)
    init_rate_limits(app, config)
    init_health(app, config)
    init_api(app)
    init_public(app, config)
    init_staff(app)
