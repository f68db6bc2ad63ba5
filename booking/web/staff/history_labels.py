"""What can happen, who can do it and to what, each in words: the one table for every page."""

from __future__ import annotations

from booking.history import LEAD, OWNER, SYSTEM
from booking.templating import N_
from booking.web.page import page_url

ACTIONS = {
    "access_changed": N_("%(who)s changed a role or an access"),
    "agenda_set": N_("%(who)s chose whether the day's demos come by email"),
    "cancelled": N_("%(who)s cancelled a demo"),
    "confirmed": N_("%(who)s booked a demo"),
    "day_closed": N_("%(who)s closed a day for everybody"),
    "day_reopened": N_("%(who)s opened a closed day again"),
    "event_type_added": N_("%(who)s added an event type"),
    "event_type_changed": N_("%(who)s changed an event type"),
    "feed_changed": N_("%(who)s changed what a calendar feed tells"),
    "feed_ended": N_("%(who)s ended a calendar feed"),
    "feed_issued": N_("%(who)s made a calendar feed with a new address"),
    "handed_over": N_("%(who)s handed a demo over"),
    "hours_changed": N_("%(who)s changed working hours"),
    "invited": N_("%(who)s invited a colleague"),
    "links_renewed": N_("%(who)s replaced the links of a booking"),
    "mail_left": N_("%(who)s left a mail as it is"),
    "mail_retried": N_("%(who)s had a mail tried again"),
    "mail_sent_again": N_("%(who)s had a mail sent again"),
    "leads_exported": N_("%(who)s took leads along as a file"),
    "move_asked": N_("%(who)s asked the lead to choose another time"),
    "moved": N_("%(who)s moved a demo"),
    "note_deleted": N_("%(who)s deleted a note"),
    "noted": N_("%(who)s wrote a note"),
    "outcome": N_("%(who)s marked the outcome of a demo"),
    "password_set": N_("%(who)s set a new password"),
    "profile_changed": N_("%(who)s changed a name or a meeting address"),
    "readdressed": N_("%(who)s corrected an email address"),
    "reset_requested": N_("%(who)s sent a link for a new password"),
    "restored": N_("%(who)s prepared the mails after a restored backup"),
    "segment_corrected": N_("%(who)s corrected for whom a demo is"),
    "settings_changed": N_("%(who)s changed the settings"),
    "setup_loaded": N_("%(who)s took over a setup file"),
    "signed_in": N_("%(who)s signed in"),
    "suppressed": N_("%(who)s said that the bookings are not theirs"),
    "test_mail": N_("%(who)s sent a test mail"),
    "time_blocked": N_("%(who)s blocked time"),
    "time_given_back": N_("%(who)s gave blocked time back"),
    "wish_answered": N_("%(who)s marked a requested time as answered"),
    "wish_booked": N_("%(who)s booked one of the times offered"),
    "wish_closed": N_("%(who)s closed a requested time"),
    "wish_offered": N_("%(who)s offered times"),
    "wish_reopened": N_("%(who)s opened a requested time again"),
    "wish_taken": N_("%(who)s took a requested time"),
    "wished": N_("%(who)s requested a time"),
}
"""By the action that is recorded."""

UNKNOWN_ACTION = N_("%(who)s did something that only a newer release can name")
UNKNOWN_SUBJECT = N_("Number %(id)s")
"""During an update, processes of the next release write here as well."""

ACTORS = {
    LEAD: N_("The lead"),
    OWNER: N_("The owner of the address"),
    SYSTEM: N_("The program"),
}
"""Who is no staff member."""

SUBJECTS = {
    "booking": N_("Booking %(id)s"),
    "event_type": N_("Event type %(id)s"),
    "lead": N_("Lead %(id)s"),
    "organisation": N_("Organisation"),
    "staff": N_("Staff member %(id)s"),
    "wish": N_("Requested time %(id)s"),
}
"""By the table that the subject stands in."""

SUBJECT_KINDS = {
    "booking": N_("Bookings"),
    "event_type": N_("Event types"),
    "lead": N_("Leads"),
    "organisation": N_("Organisation"),
    "staff": N_("Staff members"),
    "wish": N_("Requested times"),
}
"""What all of one kind are called."""

SUBJECT_PAGES = {
    "booking": ("staff_bookings.find_numbered", "booking_id"),
    "event_type": ("staff_event_types.show_texts", "event_type_id"),
    "lead": ("staff_leads.show_lead", "lead_id"),
    "organisation": ("staff_settings.show_settings", None),
    "staff": ("staff_team.show_member", "staff_id"),
    "wish": ("staff_wishes.show_wish", "wish_id"),
}
"""Where one can see more of a subject of that kind, and what its id is called there."""


def find_subject_page(kind: str, number: int) -> str | None:
    """Return the address of the page of one subject; None where no page shows it."""
    if kind not in SUBJECT_PAGES:
        return None
    endpoint, id_name = SUBJECT_PAGES[kind]
    return page_url(endpoint, **({id_name: number} if id_name else {}))
