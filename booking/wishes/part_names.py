"""What the parts of a day are called, on the page and in the mail."""

from booking.templating import N_
from booking.wishes.wished_times import PartOfDay

PART_NAMES = {
    PartOfDay.ANY: N_("any time"),
    PartOfDay.MORNING: N_("morning"),
    PartOfDay.MIDDAY: N_("midday"),
    PartOfDay.AFTERNOON: N_("afternoon"),
    PartOfDay.EVENING: N_("evening"),
}
"""As they stand after a date: „Dienstag, 1. Dezember 2026, vormittags“."""
