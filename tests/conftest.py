"""Fixtures that every kind of test shares; each file of ``tests/fixtures`` holds one subject."""

import os

from hypothesis import settings

MOST_PROCESSES = 8

pytest_plugins = [
    "tests.fixtures.memory",
    "tests.fixtures.order",
    "tests.fixtures.skipped",
    "tests.fixtures.network",
    "tests.fixtures.postgresql",
    "tests.fixtures.database",
    "tests.fixtures.application",
    "tests.fixtures.staff",
    "tests.fixtures.event_types",
    "tests.fixtures.leads",
    "tests.fixtures.house",
    "tests.fixtures.live_server",
    "tests.fixtures.browser",
    "tests.fixtures.history",
    "tests.fixtures.prospects",
    "tests.fixtures.moved_clock",
]

# No test judges how long something takes: other processes want the processor as well.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_xdist_auto_num_workers() -> int:
    """Return how many test processes there are: two for each core, since many tests wait."""
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    return min(2 * cores, MOST_PROCESSES)
