"""Tells an orchestrator whether to restart the process, and whether to send it visitors.

A worker that does not tick, or mail that waits, degrades the service without closing it: whoever
books now gets the mail later.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import structlog
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from booking import clock
from booking.db import db
from booking.outbox.trouble import count_expired, count_faulty, oldest_overdue_at
from booking.pulse import is_worker_silent, last_worker_tick_at, rules_in_use
from booking.time_zone import RULES
from booking.web.audience import Audience, register
from booking.web.write_probe import WriteProbe

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask
    from sqlalchemy.orm import Session

    from config import Config

LATE_AFTER = timedelta(minutes=5)
REMEMBERED_FOR = timedelta(days=1)
MAIL_IS_SET_UP = "mail_is_set_up"
PROBE = "write_probe"

log = structlog.get_logger(__name__)

blueprint = Blueprint("health", __name__, url_prefix="/health")


def init_health(app: Flask, config: Config) -> None:
    """Add the two health addresses, which any Host may ask for."""
    app.extensions[MAIL_IS_SET_UP] = config.mail_server is not None or config.demo
    app.extensions[PROBE] = WriteProbe(app)
    register(app, blueprint, audience=Audience.ANYONE)


@blueprint.get("/live")
def show_live() -> Response:
    """Answer while the process runs."""
    return jsonify(status="ok")


@blueprint.get("/ready")
def show_ready() -> tuple[Response, int]:
    """Answer 503 while nobody could book here, else 200 and what is amiss."""
    try:
        facts = _facts(now=clock.now(), session=db.session())
    except SQLAlchemyError as error:
        log.warning("database away", exc_info=error)
        facts = {"status": "unavailable", "reasons": ["database"]}
    finally:
        db.session.rollback()
    if facts["status"] != "unavailable" and not current_app.extensions[PROBE].is_writable():
        facts |= {"status": "unavailable", "reasons": ["not_writable", *facts["reasons"]]}
    facts["tzdata"] = RULES
    return jsonify(facts), 503 if facts["status"] == "unavailable" else 200


def _facts(*, now: datetime, session: Session) -> dict[str, Any]:
    if _is_behind(MigrationContext.configure(session.connection()).get_current_revision()):
        return {"status": "unavailable", "reasons": ["schema"]}
    ticked_at = last_worker_tick_at(now=now, session=session)
    overdue_at = oldest_overdue_at(now=now, session=session)
    overdue = now - overdue_at if overdue_at else timedelta(0)
    faulty = count_faulty(since=now - REMEMBERED_FOR, session=session)
    is_amiss = {
        "no_worker": is_worker_silent(now=now, session=session),
        "messages_overdue": overdue > LATE_AFTER,
        "messages_expired": count_expired(since=now - REMEMBERED_FOR, session=session) > 0,
        "messages_faulty": faulty > 0,
        "no_mail_server": not current_app.extensions[MAIL_IS_SET_UP],
        "tzdata_differs": not {RULES}.issuperset(rules_in_use(now=now, session=session)),
    }
    reasons = [reason for reason, holds in is_amiss.items() if holds]
    return {
        "status": "degraded" if reasons else "ok",
        "reasons": reasons,
        "last_worker_tick": ticked_at and ticked_at.isoformat(),
        "oldest_overdue_message_seconds": int(overdue.total_seconds()),
        "faulty_messages": faulty,
    }


def _is_behind(revision: str | None) -> bool:
    """Tell whether this code needs a newer schema; a newer one than it needs does not disturb it.

    Revisions are numbered, and each leaves the code of the release before able to go on.
    """
    return (revision or "") < _head()


@cache
def _head() -> str:
    """Return the newest migration this code brings; the folder is that of Flask-Migrate."""
    config = AlembicConfig()
    config.set_main_option("script_location", current_app.extensions["migrate"].directory)
    return ScriptDirectory.from_config(config).get_current_head() or ""
