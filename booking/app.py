"""Puts the application together: one small function a step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from apiflask import APIFlask
from flask_migrate import Migrate

from booking.db import db, engine_options, prepare_engine
from booking.installation import Installation

if TYPE_CHECKING:
    from config import Config

PROJECT = Path(__file__).resolve().parent.parent
MOST_BODY_BYTES = 64 * 1024


def create_app(config: Config) -> APIFlask:
    """Return the application for ``config``; nothing is connected or started yet."""
    app = APIFlask("booking", static_folder=None, docs_path=None, spec_path=None)
    _configure(app, config)
    _configure_database(app, config)
    return app


def _configure(app: APIFlask, config: Config) -> None:
    app.config.from_mapping(
        SECRET_KEY=config.secret_key[0],
        MAX_CONTENT_LENGTH=MOST_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BODY_BYTES,
        MAX_FORM_PARTS=50,
    )
    app.extensions["installation"] = Installation(
        base_url=config.base_url,
        sender=config.mail_default_sender,
        secret_keys=config.secret_key,
    )


def _configure_database(app: APIFlask, config: Config) -> None:
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.database_url),
    )
    if config.database_url.startswith("sqlite"):
        config.instance_dir.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    Migrate(app, db, directory=str(PROJECT / "migrations"))
    with app.app_context():
        prepare_engine(db.engine)
