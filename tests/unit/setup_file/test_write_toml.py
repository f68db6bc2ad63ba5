"""What is written is read back as it was, whatever stands in it."""

import tomllib
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.setup_file.describe_windows import describe_week, describe_windows
from booking.setup_file.staff_entry import WindowEntry, WorkingHoursEntry, united_week
from booking.setup_file.write_toml import write_toml

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
PLAIN = st.one_of(
    TEXTS,
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.dates(),
    st.datetimes(min_value=datetime(1000, 1, 1)),  # noqa: DTZ001 -- local, as an absence is
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
TABLES = st.dictionaries(TEXTS, VALUES, max_size=4)


@given(TABLES, st.lists(TABLES, min_size=1, max_size=3))
def test_whatever_is_written_is_read_back(one: dict[str, object], several: list[object]) -> None:
    document = {"organisation": one, "staff": several}

    assert tomllib.loads(write_toml(document)) == document


def test_form_is_that_of_a_setup_file() -> None:
    document = {
        "organisation": {"name": 'Die "Firma"\n', "logo": "", "closing_days": []},
        "staff": [
            {
                "active": True,
                "busy": [{"from": datetime(2026, 12, 1, 9, tzinfo=UTC), "on": date(2026, 12, 1)}],
            },
            {"texts": {"de": "Ä", "": "x\x7f"}, "minutes": [60, 5], "none": {}},
        ],
    }

    assert write_toml(document) == (
        "[organisation]\n"
        'name = "Die \\"Firma\\"\\n"\n'
        'logo = ""\n'
        "closing_days = []\n"
        "\n"
        "[[staff]]\n"
        "active = true\n"
        "busy = [\n"
        "  { from = 2026-12-01T09:00:00+00:00, on = 2026-12-01 },\n"
        "]\n"
        "\n"
        "[[staff]]\n"
        'texts = { de = "Ä", "" = "x\\u007f" }\n'
        "minutes = [60, 5]\n"
        "none = {}\n"
    )


def test_what_toml_has_no_word_for_is_not_written() -> None:
    with pytest.raises(TypeError, match="NoneType"):
        write_toml({"organisation": {"logo": None}})


WEEKS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 1439), st.integers(1, 1440)).map(
        lambda window: (window[0], window[1], min(window[1] + window[2], 2878))
    ),
    max_size=6,
)


@given(WEEKS)
def test_week_is_read_back_as_it_was(windows: list[tuple[int, int, int]]) -> None:
    entries = [WorkingHoursEntry.model_validate(entry) for entry in describe_week(windows)]

    united = united_week(entries)

    said_twice = [WorkingHoursEntry.model_validate(entry) for entry in describe_week(united)]
    assert united_week(said_twice) == united
    assert minutes_of(united) == minutes_of(windows)


def minutes_of(windows: list[tuple[int, int, int]]) -> set[tuple[int, int]]:
    return {(day, minute) for day, start, end in windows for minute in range(start, end)}


def test_windows_of_the_same_times_are_one_entry() -> None:
    week = [(0, 540, 720), (0, 780, 1020), (1, 540, 720), (4, 1320, 1560)]

    assert describe_week(week) == [
        {"days": ["mon", "tue"], "from": "09:00", "to": "12:00"},
        {"days": ["mon"], "from": "13:00", "to": "17:00"},
        {"days": ["fri"], "from": "22:00", "to": "02:00"},
    ]


@pytest.mark.parametrize(
    ("window", "said"),
    [
        ([0, 1440], [("00:00", "24:00")]),
        ([60, 1440], [("01:00", "24:00")]),
        ([60, 1500], [("01:00", "24:00"), ("23:59", "01:00")]),
        ([480, 2760], [("08:00", "24:00"), ("23:59", "22:00")]),
    ],
)
def test_window_of_more_than_a_day_is_said_in_two(
    window: list[int], said: list[tuple[str, str]]
) -> None:
    entries = describe_windows([window])

    assert [(entry["from"], entry["to"]) for entry in entries] == said
    spans = [WindowEntry.model_validate(entry).span for entry in entries]
    assert (spans[0][0], spans[-1][1]) == tuple(window)
