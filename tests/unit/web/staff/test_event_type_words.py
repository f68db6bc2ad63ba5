"""Whatever a setup file says of an event type has a name in the console, and a known reach."""

from booking.setup_file.event_type_entry import EventTypeEntry
from booking.web.staff.event_type_words import KEY_NAMES
from booking.web.staff.event_types.reach import REACHING, SPARING, effects_of, reaches
from booking.web.staff.event_types.rules import NUMBERS, OWN_NUMBERS

OF_NO_BOOKED_DEMO = {"slug", "published", "capacity", "hold_minutes"}
"""The address and the capacity do not change, publishing tells its own, a hold is no demo yet."""


def test_every_key_has_a_name_and_a_reach() -> None:
    keys = set(EventTypeEntry.model_fields)

    assert set(KEY_NAMES) == keys
    assert REACHING.keys() | SPARING.keys() | OF_NO_BOOKED_DEMO == keys
    assert REACHING.keys() & SPARING.keys() == set()


def test_effects_are_told_once() -> None:
    both = ["duration_minutes", "buffer_after_minutes", "title"]

    assert [reaches(both), reaches(both[:2]), reaches([])] == [True, False, False]
    assert effects_of(both) == [SPARING["duration_minutes"], REACHING["title"]]
    assert effects_of(["slug"]) == []


def test_numbers_of_the_form_are_whole_in_the_file() -> None:
    whole = {
        key
        for key, field in EventTypeEntry.model_fields.items()
        if field.annotation is int and key != "capacity"
    }

    assert set(NUMBERS) == whole
    assert set(OWN_NUMBERS) < whole
