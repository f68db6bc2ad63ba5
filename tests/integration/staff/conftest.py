"""Pages of the console look the same whatever the database; what they call is tested on both."""

import pytest


@pytest.fixture(params=["sqlite"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Run every test of a page on SQLite alone."""
    return str(request.param)
