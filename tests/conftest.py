"""Fixtures that every kind of test shares; each file of ``tests/fixtures`` holds one subject."""

pytest_plugins = [
    "tests.fixtures.skipped",
    "tests.fixtures.network",
    "tests.fixtures.postgresql",
    "tests.fixtures.database",
    "tests.fixtures.application",
    "tests.fixtures.house",
    "tests.fixtures.live_server",
    "tests.fixtures.browser",
    "tests.fixtures.moved_clock",
]
