"""What settings of the organisation and of the staff are called, by the name they are kept by."""

from booking.templating import N_

SETTING_NAMES = {
    "name": N_("Name of the organisation"),
    "time_zone": N_("Time zone"),
    "locale": N_("Language"),
    "accent": N_("Colour"),
    "contact_email": N_("Contact address"),
    "imprint_url": N_("Address of the imprint"),
    "privacy_url": N_("Address of the privacy policy"),
    "accessibility_url": N_("Address of the accessibility statement"),
    "imprint_text": N_("Imprint in mails"),
    "embed_origins": N_("Websites that show the booking page"),
    "logo": N_("Picture"),
}
"""The fields of the page of settings."""

FIELD_NAMES = SETTING_NAMES | {
    "name": N_("Name"),
    "logo": N_("Logo"),
    "notice": N_("Privacy notice"),
    "holiday_region": N_("Public holidays"),
    "closing_days": N_("Closing days"),
    "role": N_("Role"),
    "active": N_("Works here"),
    "meeting_url": N_("Meeting address"),
    "working_hours": N_("Working hours"),
    "date_overrides": N_("Other hours on some dates"),
    "time_off": N_("Time off"),
    "busy": N_("Busy times"),
    "title": N_("Title"),
    "description": N_("Description"),
    "hosts": N_("Hosts"),
    "questions": N_("Questions"),
}
"""What the history may tell of; whatever has no name here is told by the key of the setup file."""
