"""Keeps the pages of a demonstration to whoever sits at this very machine."""

from __future__ import annotations

from flask import request

from booking.errors import NotFoundError
from booking.web.security import HOST, LOOPBACK, POLICY

POLICY_WITH_FRAMES = f"{POLICY}; frame-src 'self'; frame-ancestors 'none'"

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")


def refuse_strangers() -> None:
    """Answer nobody who comes under another name than this machine's, or through a proxy.

    Raises:
        NotFoundError: to them there is no such page.
    """
    host = HOST.fullmatch(request.host.lower())
    is_local = host is not None and host[1] in LOOPBACK
    if not is_local or any(name in request.headers for name in FORWARDED):
        raise NotFoundError
