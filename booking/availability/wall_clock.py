"""How people write a window of working hours: two times of day, the second perhaps tomorrow's.

The one rule for setup files and for the forms of the console; it knows neither. Minutes count
from the local midnight of the date on which a window starts.
"""

import re
from collections.abc import Iterable, Iterator

from booking.availability.minutes import MINUTES_A_DAY, Span

CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00", re.ASCII)


def read_clock(text: str) -> int:
    """Return the minutes after midnight of ``HH:MM``; "24:00" is 1440.

    Raises:
        ValueError: it is no time of day.
    """
    if not CLOCK.fullmatch(text):
        raise ValueError(f"no time of day: {text!r}")
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def write_clock(minute: int) -> str:
    """Return the time of day at ``minute``, which may lie in the next day; 1440 is "24:00"."""
    hours, minutes = divmod(minute if minute <= MINUTES_A_DAY else minute - MINUTES_A_DAY, 60)
    return f"{hours:02}:{minutes:02}"


def starts_on_its_date(start: int) -> bool:
    """Tell whether a window can start at ``start``: at the end of a day it is the next one's."""
    return start < MINUTES_A_DAY


def is_empty(start: int, end: int) -> bool:
    """Tell whether a window between two times of day would hold no minute.

    From midnight to "24:00" is a whole day.
    """
    return end == start % MINUTES_A_DAY


def window_between(start: int, end: int) -> Span:
    """Return the window between two times of day; an end before the start is the next day's."""
    return start, end if end > start else end + MINUTES_A_DAY


def written_windows(windows: Iterable[Span]) -> Iterator[tuple[str, str]]:
    """Yield the two times of day of each window; read again, they unite to the same windows.

    What was united may be longer than a day, which no two times of day can say: it takes two.
    """
    for start, end in windows:
        if end > MINUTES_A_DAY and end - MINUTES_A_DAY >= start:
            yield write_clock(start), write_clock(MINUTES_A_DAY)
            yield write_clock(MINUTES_A_DAY - 1), write_clock(end)
        else:
            yield write_clock(start), write_clock(end)
