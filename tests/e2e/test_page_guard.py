"""The guard of the browser tests itself: each fault it promises to see, it sees."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from tests.fixtures.browser import PageGuard

GOOD = "<!doctype html><html lang=de><title>Gut</title><main><h1>Gut</h1>{}</main></html>"
PAGES = {
    "good": GOOD.format(""),
    "axe": GOOD.format("<img src=/pixel.png>"),
    "cookie": GOOD.format(""),
    "content security policy": GOOD.format("<script>document.title = 'x'</script>"),
    "script": GOOD.format("<script src=/broken.js></script>"),
}
POLICY = "default-src 'none'; script-src 'self'; img-src 'self'"


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Serve PAGES, each under its name."""
    app = Flask("site")

    @app.get("/<name>")
    def show(name: str) -> tuple[str, dict[str, str]]:
        headers = {"Content-Security-Policy": POLICY}
        if name == "cookie":
            headers["Set-Cookie"] = "seen=1"
        return PAGES[name], headers

    @app.get("/broken.js")
    def break_page() -> tuple[str, dict[str, str]]:
        return "nobody.knows()", {"Content-Type": "text/javascript"}

    @app.get("/pixel.png")
    def show_nothing() -> tuple[str, dict[str, str]]:
        return "<svg xmlns='http://www.w3.org/2000/svg'/>", {"Content-Type": "image/svg+xml"}

    server = make_server("127.0.0.1", 0, app, threaded=True)
    loop = threading.Thread(target=server.serve_forever)
    loop.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    loop.join()
    server.server_close()


@pytest.mark.parametrize("java_script", [True, False])
def test_good_page_passes(browser: Browser, site: str, java_script: bool) -> None:
    guard = PageGuard(browser, site=site)
    page = guard.new_page(java_script=java_script)

    page.goto(f"{site}/good")
    guard.check(page)

    guard.close()


@pytest.mark.parametrize("fault", ["axe", "cookie", "content security policy", "script"])
def test_faulty_page_is_refused(browser: Browser, site: str, fault: str) -> None:
    guard = PageGuard(browser, site=site)
    page = guard.new_page()

    page.goto(f"{site}/{fault}")

    with pytest.raises(AssertionError, match=fault):
        guard.check(page)


def test_foreign_request_is_refused(browser: Browser, site: str) -> None:
    guard = PageGuard(browser, site=site.replace("127.0.0.1", "localhost"))
    page = guard.new_page()

    page.goto(f"{site}/good")

    with pytest.raises(AssertionError, match="foreign request"):
        guard.check(page)


def test_page_left_unchecked_is_refused(browser: Browser, site: str) -> None:
    guard = PageGuard(browser, site=site)
    page = guard.new_page()

    page.goto(f"{site}/good")

    with pytest.raises(AssertionError, match="/good"):
        guard.close()
