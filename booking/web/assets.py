"""The files that pages are made of: style sheet, modules, icon, and what the organisation brings.

Every address carries a hash of what it answers with, so that browsers may keep the answer for
ever.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, url_for

from booking.colour import accent_css
from booking.db import db
from booking.errors import NotFoundError
from booking.organisation.find import get_organisation

if TYPE_CHECKING:
    from booking.organisation.models import Organisation

DIRECTORY = Path(__file__).resolve().parent.parent / "static"
EMBED_SCRIPT = DIRECTORY / "embed.js"
"""Other sites paste its address, so it has one of its own, which never changes."""

MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"
NO_SCRIPT = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For the logo opened by itself: a drawing may style itself and nothing else."""

blueprint = Blueprint("assets", __name__, url_prefix="/static")


def asset_url(name: str) -> str:
    """Return the address of one of our own files."""
    return url_for("assets.send_file", name=name, v=version_of(_files()[name]))


def accent_url(organisation: Organisation) -> str:
    """Return the address of the style sheet that holds the organisation's colours."""
    return url_for("assets.send_accent", v=version_of(organisation.accent.encode()))


def logo_url(organisation: Organisation) -> str | None:
    """Return the address of the organisation's logo, if it has one."""
    if organisation.logo is None:
        return None
    return url_for("assets.send_logo", v=version_of(organisation.logo))


@blueprint.get("/<name>")
def send_file(name: str) -> Response:
    """Answer with one of our own files."""
    content = _files().get(name)
    if content is None:
        raise NotFoundError
    return kept(Response(content, mimetype=MEDIA_TYPES[Path(name).suffix]))


@blueprint.get("/accent.css")
def send_accent() -> Response:
    """Answer with the organisation's colours as custom properties."""
    organisation = get_organisation(session=db.session())
    return kept(Response(accent_css(organisation.accent), mimetype="text/css"))


@blueprint.get("/logo")
def send_logo() -> Response:
    """Answer with the organisation's logo."""
    organisation = get_organisation(session=db.session())
    if organisation.logo is None:
        raise NotFoundError
    response = Response(organisation.logo, mimetype=organisation.logo_media_type)
    response.headers["Content-Security-Policy"] = NO_SCRIPT
    return kept(response)


@cache
def _files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in DIRECTORY.iterdir() if path != EMBED_SCRIPT}


@cache
def version_of(content: bytes) -> str:
    """Return what an address carries that stands for this very ``content``."""
    return hashlib.sha256(content).hexdigest()[:12]


def kept(response: Response) -> Response:
    """Return ``response`` with leave to keep it for ever; its address carries a version."""
    response.headers["Cache-Control"] = FOR_EVER
    return response
