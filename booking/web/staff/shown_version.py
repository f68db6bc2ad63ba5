"""The version that a form was made from, which it brings back: see ``history.version_of``."""

from __future__ import annotations

from flask import request

from booking.web.short_ids import read_id


def shown_version() -> int:
    """Return the version that the form was made from; without one, everything is news."""
    return request.form.get("version", default=0, type=read_id)
