"""What is said of a field that is at fault: one table for forms and the API."""

from __future__ import annotations

from booking.templating import N_

PAGE_FIELD_CODES = frozenset(
    {
        "past",
        "too_far",
        "wished_before",
        "day_missing",
        "date",
        "taken",
        "too_short",
        "guessable",
        "wrong",
        "colour",
        "web_address",
        "origin",
        "picture",
        "version_used",
        "too_many_times",
        "not_free",
        "over",
        "skipped",
        "suppressed",
        "told",
        "time_of_day",
        "day_over",
        "same_time",
        "closed_already",
        "texts_missing",
        "unchanged",
        "slug",
        "slug_taken",
        "reserved",
        "placeholder",
        "not_with_phone",
        "no_address",
        "key",
        "few_options",
        "no_options",
        "nobody",
        "asked_alone",
        "windows",
        "own_or_blank",
        "too_many",
        "many_starts",
    }
)
"""What only forms are told."""

FIELD_MESSAGES: dict[str, str] = {
    "day_missing": N_("Please choose a day as well."),
    "required": N_("Please fill in this field."),
    "type": N_("This has the wrong type."),
    "whole_number": N_("Please enter a whole number in digits, such as 12."),
    "unknown": N_("This is not known here."),
    "repeated": N_("This may be given only once."),
    "choice": N_("Please choose one of the possible values."),
    "format": N_("This is not written as it should be."),
    "too_long": N_("This is too long."),
    "out_of_range": N_("This is outside the possible range."),
    "conflict": N_("This does not go with whom the demo is for."),
    "control_characters": N_("This contains control characters or line breaks."),
    "hidden_characters": N_("This contains invisible characters."),
    "stacked_characters": N_("This contains too many marks on one letter."),
    "unreadable": N_("Please use letters."),
    "link": N_("Please leave out web addresses here."),
    "too_many_links": N_("Please use fewer web addresses."),
    "email": N_("Please enter a complete email address, such as name@example.com."),
    "unsupported_local_part": N_("Please use an email address without special characters."),
    "own_address": N_("Please use an email address of your own."),
    "phone": N_(
        "Please enter a phone number with its area code; if it is from another country, with its"
        " country code as well, such as +44."
    ),
    "country_code": N_("Please enter the phone number with its country code, such as +44."),
    "time_zone": N_("This is not the name of a time zone."),
    "locale": N_("This language is not available."),
    "date_time": N_("Please give a date and a time, such as 2026-12-01T09:00:00+01:00."),
    "offset_required": N_("Please add the offset from UTC, such as +01:00."),
    "date": N_("Please give a date, such as 2026-12-01."),
    "past": N_("This day is over. Please choose today or a later day."),
    "too_far": N_("Please choose a day within the next twelve months."),
    "wished_before": N_("You have already named this day with the same time of day."),
    "before_from": N_("The end lies before the beginning."),
    "range_too_long": N_("Please ask for 92 days at most."),
    "not_offered": N_("This is not offered here."),
    "other_slot": N_("Another time is being held for you."),
    "reused": N_("This key was used for another request."),
    "too_many_times": N_("Please choose three times at most."),
    "not_free": N_("One of these times is no longer free. Please choose again."),
    "taken": N_("Somebody has this email address already."),
    "wrong": N_("This is not your present password."),
    "colour": N_("Please give a colour such as #0b5fff."),
    "web_address": N_("Please give an address that begins with https:// (at most 500 characters)."),
    "origin": N_(
        "Please give an address without a path, such as https://www.example.com (umlauts: xn--…)."
    ),
    "picture": N_(
        "Please choose a PNG or SVG of at most 100 kB, without scripts and outside references."
    ),
    "version_used": N_(
        "This version has another text already. Please give the new text a new one."
    ),
    "over": N_("This time is over. Please choose a later one."),
    "time_of_day": N_("Please give a time of day such as 09:00, at most 24:00."),
    "day_over": N_("Hours begin before 24:00; what begins at midnight belongs to the next day."),
    "same_time": N_("Beginning and end are the same. A whole day is 00:00 to 24:00."),
    "closed_already": N_("This day is closed already."),
    "texts_missing": N_(
        "Event types or the privacy notice have no texts in this language yet. Add them first."
    ),
    "unchanged": N_("The demo is at this time already."),
    "skipped": N_("The clocks are put forward then: this time does not exist."),
    "suppressed": N_("The owner of this address wants no bookings with it at the moment."),
    "told": N_("Please tell the lead what is stored and why, then tick this."),
    "slug": N_("Please use a–z, 0–9 and hyphens inside, at most 60 characters."),
    "slug_taken": N_("Another event type has this address already."),
    "reserved": N_("This address belongs to another page. Please choose another one."),
    "placeholder": N_("Only {meeting} can be filled in, and not in the name of the server."),
    "not_with_phone": N_("Please leave this blank: the lead is called."),
    "no_address": N_("Please say where to come to."),
    "key": N_("Please use a–z, 0–9 and _, at most 40 characters."),
    "few_options": N_("Please give at least two answers to choose from."),
    "no_options": N_("Only a choice has answers to choose from. Please clear them."),
    "nobody": N_("Please give each kind of lead at least one host."),
    "asked_alone": N_(
        "A question is asked of this kind of lead alone. Please change or clear it first."
    ),
    "windows": N_("Please give times such as 09:00–12:00, 13:00–17:00."),
    "own_or_blank": N_("Please tick “Reminders of its own”, or clear this."),
    "too_many": N_("These are too many."),
    "many_starts": N_("Please give fewer days, or more minutes between two starts."),
    "guessable": N_("Please choose a password that does not contain your email address."),
}

NOT_CHOSEN = N_("Please choose an answer.")
"""The words for a field that must not be left open and has nothing to fill in."""

LIMIT_MESSAGES: dict[str, str] = {
    "too_long": N_("This is too long: at most %(limit)s characters are possible."),
    "too_many": N_("These are too many: at most %(limit)s are possible."),
    "too_short": N_("This is too short: please use at least %(limit)s characters."),
}
"""The words for a field whose limit is known."""
