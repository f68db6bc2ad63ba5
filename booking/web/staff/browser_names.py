"""What a browser is called by its owner, as far as its User-Agent tells."""

from __future__ import annotations

BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
"""In this order: many call themselves by the names of those below them as well."""

SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def name_browser(browser: str) -> str:
    """Return a name such as ``Firefox, Windows``; empty where nothing is recognised."""
    names = (_first(BROWSERS, browser), _first(SYSTEMS, browser))
    return ", ".join(filter(None, names))


def _first(names: dict[str, str], browser: str) -> str | None:
    return next((name for mark, name in names.items() if mark in browser), None)
