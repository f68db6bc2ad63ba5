"""What a machine cannot run is skipped by name, and under CI it is a failure."""

import pytest

from tests.fixtures.skipped import skip_for_want_of


def test_want_skips_with_the_command_that_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception) as skipped:
        skip_for_want_of("a thing", enable="make thing")

    assert str(skipped.value) == "needs a thing; to enable: make thing"


def test_want_fails_under_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match="needs a thing; to enable: make thing"):
        skip_for_want_of("a thing", enable="make thing")
