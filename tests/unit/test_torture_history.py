"""The oracle of the torture sees what it is there to see."""

import pytest

from tests.torture.history import CANCELLED, History, Remembered, Stored

TEN, ELEVEN = "2026-11-24T10:00:00+00:00", "2026-11-24T11:00:00+00:00"
EMAIL = "erika@kunde.example"


@pytest.mark.parametrize(
    ("stored", "faults"),
    [
        ({"a": Stored(EMAIL, TEN)}, []),
        ({"a": Stored(EMAIL, CANCELLED)}, []),
        ({"a": Stored(EMAIL, TEN), "b": Stored("silent@kunde.example", TEN)}, []),
        ({}, ["acknowledged booking a is lost"]),
        ({"a": Stored(EMAIL, ELEVEN)}, ["booking a stands at"]),
        (
            {"a": Stored(EMAIL, TEN), "b": Stored(EMAIL, TEN)},
            ["booking b was made beside the one that was acknowledged"],
        ),
    ],
)
def test_bookings_are_compared_with_what_clients_were_told(
    stored: dict[str, Stored], faults: list[str]
) -> None:
    history = History(unanswered={"silent@kunde.example"})
    history.add(Remembered("a", "token", {TEN, CANCELLED}))

    found = list(history.find_faults(stored))

    assert [fault[: len(start)] for fault, start in zip(found, faults, strict=True)] == faults
