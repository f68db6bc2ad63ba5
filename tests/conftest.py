"""Fixtures that every kind of test shares; each file of ``tests/fixtures`` holds one subject."""

import os

MOST_PROCESSES = 8

pytest_plugins = [
    "tests.fixtures.skipped",
    "tests.fixtures.network",
    "tests.fixtures.postgresql",
    "tests.fixtures.database",
    "tests.fixtures.application",
    "tests.fixtures.house",
    "tests.fixtures.live_server",
    "tests.fixtures.browser",
    "tests.fixtures.example_site",
    "tests.fixtures.moved_clock",
]


def pytest_xdist_auto_num_workers() -> int:
    """Return how many test processes there are: three for two cores, since many tests wait."""
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    return min(cores + (cores + 1) // 2, MOST_PROCESSES)
