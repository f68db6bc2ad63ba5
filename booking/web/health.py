"""Tells an orchestrator whether to restart the process, and whether to send it visitors.

A worker that does not tick, or mail that waits, degrades the service without closing it: whoever
books now gets the mail later.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from booking import clock
from booking.db import db
from booking.outbox.heartbeat import last_tick_at, oldest_overdue_at

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask
    from sqlalchemy.orm import Session

    from config import Config

SILENT_AFTER = timedelta(minutes=2)
LATE_AFTER = timedelta(minutes=5)
EXTENSION = "mail_is_set_up"

blueprint = Blueprint("health", __name__, url_prefix="/health")


def init_health(app: Flask, config: Config) -> None:
    """Add the two health addresses, which any Host may ask for."""
    app.extensions[EXTENSION] = config.mail_server is not None or config.demo
    app.register_blueprint(blueprint)


@blueprint.get("/live")
def show_live() -> Response:
    """Answer while the process runs."""
    return jsonify(status="ok")


@blueprint.get("/ready")
def show_ready() -> tuple[Response, int]:
    """Answer 503 while nobody could book here, else 200 and what is amiss."""
    try:
        facts = _facts(now=clock.now(), session=db.session())
    except SQLAlchemyError:
        db.session.rollback()
        facts = {"status": "unavailable", "reasons": ["database"]}
    facts["tzdata"] = version("tzdata")
    return jsonify(facts), 503 if facts["status"] == "unavailable" else 200


def _facts(*, now: datetime, session: Session) -> dict[str, Any]:
    if MigrationContext.configure(session.connection()).get_current_revision() != _head():
        return {"status": "unavailable", "reasons": ["schema"]}
    ticked_at = last_tick_at(session=session)
    overdue_at = oldest_overdue_at(now=now, session=session)
    overdue = now - overdue_at if overdue_at else timedelta(0)
    reasons = []
    if ticked_at is None or now - ticked_at > SILENT_AFTER:
        reasons.append("no_worker")
    if overdue > LATE_AFTER:
        reasons.append("messages_overdue")
    if not current_app.extensions[EXTENSION]:
        reasons.append("no_mail_server")
    return {
        "status": "degraded" if reasons else "ok",
        "reasons": reasons,
        "last_worker_tick": ticked_at and ticked_at.isoformat(),
        "oldest_overdue_message_seconds": int(overdue.total_seconds()),
    }


@cache
def _head() -> str | None:
    """Return the newest migration this code brings; the folder is that of Flask-Migrate."""
    config = AlembicConfig()
    config.set_main_option("script_location", current_app.extensions["migrate"].directory)
    return ScriptDirectory.from_config(config).get_current_head()
