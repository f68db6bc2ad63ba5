"""What guards every request and every answer: addresses, origins, sizes and headers.

Knows no route and no page. Rate limits are elsewhere, because only a route knows what it costs.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from booking.web.refusals import (
    CrossSiteError,
    OversizedHeadersError,
    OversizedQueryError,
    UnknownHostError,
)
from booking.web.short_ids import ShortIntegerConverter
from booking.web.slug import SlugConverter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from flask import Flask, Response

    from config import Config

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9.-]+?)\.?(?::\d{1,5})?")
HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_HEADER_BYTES = 32 * 1024
MOST_QUERY_BYTES = 8 * 1024

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'"
)
HEADERS = {
    # Not no-referrer: with it, Chromium sends "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ONE_YEAR = "max-age=31536000"


def init_security(app: Flask, config: Config) -> None:
    """Put the guards around ``app``; views may widen a header by setting it themselves."""
    wsgi_app: WSGIApplication = UnderPrefix(app.wsgi_app, prefix=config.base_path)
    if hops := config.trusted_proxy_hops:
        wsgi_app = ProxyFix(wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_prefix=0)
    app.wsgi_app = wsgi_app  # type: ignore[method-assign,assignment]  # as Flask says

    app.url_map.converters["slug"] = SlugConverter
    app.url_map.converters["int"] = ShortIntegerConverter
    host = f"[{config.base_host}]" if ":" in config.base_host else config.base_host
    app.before_request(partial(_refuse_unknown_host, hosts=LOOPBACK | {host}))
    app.before_request(_refuse_oversize)
    app.before_request(partial(_refuse_cross_site, origin=_origin(config.base_url)))

    headers = dict(HEADERS)
    if config.base_url.startswith("https:"):
        headers["Strict-Transport-Security"] = ONE_YEAR
    app.after_request(partial(_add_headers, headers=headers))


class UnderPrefix:
    """Serves the application under the path of BASE_URL, whether the proxy strips it or not."""

    def __init__(self, wsgi_app: WSGIApplication, *, prefix: str) -> None:
        self._wsgi_app = wsgi_app
        self._prefix = prefix

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Move the prefix from the path to the place where links are made from."""
        environ["SCRIPT_NAME"] = self._prefix
        path = environ.get("PATH_INFO", "")
        if self._prefix and (path + "/").startswith(self._prefix + "/"):
            environ["PATH_INFO"] = path[len(self._prefix) :] or "/"
        return self._wsgi_app(environ, start_response)


def let_embed(origins: Sequence[str]) -> None:
    """Let pages of ``origins``, and nobody else, show the answer to this request in a frame."""
    g.embed_origins = origins


def is_api_path() -> bool:
    """Tell whether the request asks the API, known route or not."""
    return request.path.startswith("/api/")


def is_change() -> bool:
    """Tell whether the request may change something."""
    return request.method not in HARMLESS


def _refuse_unknown_host(*, hosts: frozenset[str]) -> None:
    if request.path.startswith("/health/"):
        return  # asked by address, from inside the network
    named = HOST.fullmatch(request.headers.get("Host", "").lower())
    if named is None or named[1] not in hosts:
        raise UnknownHostError


def _refuse_oversize() -> None:
    if len(request.query_string) > MOST_QUERY_BYTES:
        raise OversizedQueryError
    if sum(len(name) + len(value) for name, value in request.headers) > MOST_HEADER_BYTES:
        raise OversizedHeadersError


def _refuse_cross_site(*, origin: str) -> None:
    """Let a change through only from our own pages, or from a program that is no browser."""
    if not is_change():
        return
    site = request.headers.get("Sec-Fetch-Site")
    sender = request.headers.get("Origin")
    if site is not None:
        is_ours = site in {"same-origin", "none"}
    elif sender is not None:
        is_ours = sender.lower() in {origin, f"{request.scheme}://{request.host}"}
    else:
        is_ours = is_api_path()
    if not is_ours:
        raise CrossSiteError


def _add_headers(response: Response, *, headers: dict[str, str]) -> Response:
    for name, value in (headers | _framing(g.get("embed_origins", ()))).items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", _kept_by(response))
    return response


def _framing(origins: Sequence[str]) -> dict[str, str]:
    """Return who may show an answer in a frame; the older header knows nobody or everybody."""
    ancestors = " ".join(origins) or "'none'"
    headers = {"Content-Security-Policy": f"{POLICY}; frame-ancestors {ancestors}"}
    return headers if origins else headers | {"X-Frame-Options": "DENY"}


def _kept_by(response: Response) -> str:
    """Return who may keep the answer: what tells of one person, at most that person's browser."""
    if is_change() and response.mimetype == "text/html" and "Location" not in response.headers:
        # A browser cannot go back to a form that it has not kept: what was typed would be lost.
        return "private, no-cache"
    # What carries a token or answers a change is private; the rest may be kept and revalidated.
    return "no-store" if is_change() or "token" in (request.view_args or {}) else "no-cache"


def _origin(url: str) -> str:
    """Return scheme and authority as browsers write them, without the scheme's own port."""
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in {None, usual} else f":{parts.port}"
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}{port}"
