"""A company's own website, which shows the booking page in its pages."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = """<!doctype html>
<html lang="de"><title>Klarsicht</title>
<script src="{site}/embed.js" defer></script>
<main><h1>Klarsicht</h1><p>Lernen Sie uns kennen.</p>
{body}
</main></html>"""
POLICY = "default-src 'none'; script-src {site}; frame-src {site} 'self'"
"""As strict as can be, but for what docs/embedding.md asks for."""

BODIES = {
    "inline": """
        <div data-halbstunde="inline" data-segment="team" data-name="Erika Mustermann"
          data-company="Kunde AG"><a href="{site}/demo">Demo buchen</a></div>""",
    "below": "<p>Mehr</p>" * 400
    + '<div data-halbstunde="inline"><a href="{site}/demo">Demo buchen</a></div>',
    "popup": '<a data-halbstunde="popup" href="{site}/demo?segment=individual">Demo buchen</a>',
    "link": '<a data-halbstunde="link" data-segment="team" href="{site}/demo">Demo buchen</a>',
    "plain": '<iframe title="Demo buchen" src="{site}/embed/demo" height="600"></iframe>',
    "stranger": "",
}


@contextmanager
def running_company(site: str) -> Iterator[str]:
    """Serve the company's pages, which embed those of ``site``; return their origin."""
    app = Flask("company")

    @app.get("/<name>")
    def show(name: str) -> tuple[str, dict[str, str]]:
        page = PAGE.format(site=site, body=BODIES[name].format(site=site))
        return page, {"Content-Security-Policy": POLICY.format(site=site)}

    server = make_server("127.0.0.1", 0, app, threaded=True)
    loop = threading.Thread(target=server.serve_forever)
    loop.start()
    try:
        yield f"http://localhost:{server.port}"
    finally:
        server.shutdown()
        loop.join()
        server.server_close()
