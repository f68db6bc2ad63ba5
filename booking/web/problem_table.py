"""Every refusal, and every fault of a field, with the status and the words it is told in.

The one table between the domain's codes and HTTP: a code that is not here has no answer. Texts are
English sentences and message ids; the other languages are translations.
"""

from __future__ import annotations

from dataclasses import dataclass

from booking.availability.explain import ReasonCode
from booking.templating import N_


@dataclass(frozen=True, slots=True)
class Problem:
    """How one code is told."""

    status: int
    title: str
    retry_after_seconds: int | None = None
    is_on_pages_alone: bool = False
    """Whether no program that calls the API is ever told it."""


PROBLEMS: dict[str, Problem] = {
    # Transport
    "malformed_body": Problem(400, N_("The request is not a JSON object.")),
    "bad_request": Problem(400, N_("The request could not be understood.")),
    "unknown_host": Problem(400, N_("This address is not served here.")),
    "cross_site": Problem(403, N_("This form was not sent from our own page.")),
    "stale_form": Problem(403, N_("This form is too old. Please send it again.")),
    "forbidden": Problem(403, N_("This is not allowed.")),
    "signed_out": Problem(401, N_("You are signed out."), is_on_pages_alone=True),
    "wrong_password": Problem(
        422,
        N_("Email address and password do not belong together."),
        is_on_pages_alone=True,
    ),
    "method_not_allowed": Problem(405, N_("This cannot be done at this address.")),
    "not_acceptable": Problem(406, N_("There is no answer of the type asked for.")),
    "too_large": Problem(413, N_("The request is too large.")),
    "query_too_long": Problem(414, N_("The address is too long.")),
    "unsupported_media_type": Problem(415, N_("The request must be JSON.")),
    "headers_too_large": Problem(431, N_("The request carries too many headers.")),
    # Fields
    "invalid_fields": Problem(422, N_("Please check what you have entered.")),
    # What is asked for
    "not_found": Problem(404, N_("There is nothing at this address.")),
    "gone": Problem(410, N_("This is no longer available.")),
    "unknown_link": Problem(
        404, N_("This link does not lead to a booking."), is_on_pages_alone=True
    ),
    "unknown_sign_in_link": Problem(
        410, N_("This link no longer signs you in."), is_on_pages_alone=True
    ),
    "nothing_offered": Problem(
        404, N_("There is no demo to book here at the moment."), is_on_pages_alone=True
    ),
    "not_set_up": Problem(
        503, N_("This booking page is still being set up."), is_on_pages_alone=True
    ),
    # The slot and the booking
    "slot_taken": Problem(409, N_("This time has just been taken.")),
    "slot_not_offered": Problem(409, N_("This time cannot be booked.")),
    "too_late": Problem(409, N_("It is too late to change this booking.")),
    "already_cancelled": Problem(409, N_("This booking has been cancelled.")),
    "already_booked": Problem(
        409, N_("You have already booked this time. We have sent you the link to it again.")
    ),
    "lead_booked": Problem(
        409, N_("This address has a demo at this time already."), is_on_pages_alone=True
    ),
    "too_many_changes": Problem(409, N_("This booking has been moved too often.")),
    "changed_meanwhile": Problem(
        409, N_("This booking has changed meanwhile."), is_on_pages_alone=True
    ),
    "address_settled": Problem(
        409, N_("The email address can no longer be changed here."), is_on_pages_alone=True
    ),
    "too_many_open": Problem(409, N_("You already have three bookings still to come.")),
    "notice_changed": Problem(409, N_("Our privacy notice has changed. Please read it again.")),
    "not_started": Problem(409, N_("This meeting is still to come.")),
    "in_progress": Problem(
        409, N_("Your first request is still being worked on."), retry_after_seconds=1
    ),
    # The console
    "last_admin": Problem(
        409, N_("Somebody must remain an active administrator."), is_on_pages_alone=True
    ),
    "mail_decided": Problem(
        409, N_("Somebody has decided about this mail already."), is_on_pages_alone=True
    ),
    "mail_of_no_use": Problem(
        409,
        N_("This mail cannot be sent any more: it is too late, or a change has overtaken it."),
        is_on_pages_alone=True,
    ),
    "mail_just_sent": Problem(
        409,
        N_("This mail was sent again less than a minute ago. It may still be on its way."),
        is_on_pages_alone=True,
    ),
    "stale_access": Problem(
        409,
        N_("Somebody has changed this access meanwhile. It is shown as it is now."),
        is_on_pages_alone=True,
    ),
    "stale_settings": Problem(
        409,
        N_("Somebody has changed these settings meanwhile. Nothing of yours has been saved yet."),
        is_on_pages_alone=True,
    ),
    "stale_hours": Problem(
        409,
        N_("Somebody has changed these hours meanwhile. Nothing of yours has been saved yet."),
        is_on_pages_alone=True,
    ),
    "stale_profile": Problem(
        409,
        N_("Somebody has changed this meanwhile. Nothing of yours has been saved yet."),
        is_on_pages_alone=True,
    ),
    "wish_changed": Problem(
        409,
        N_("A colleague has worked on this request meanwhile. This is how it stands now."),
        is_on_pages_alone=True,
    ),
    "offer_used": Problem(
        410,
        N_("A demo has been booked with this link. You will find it in your confirmation."),
        is_on_pages_alone=True,
    ),
    "wish_closed": Problem(
        409, N_("This request is closed. Open it again first."), is_on_pages_alone=True
    ),
    "undecided_demos": Problem(
        409,
        N_("Something has changed meanwhile. Nothing has been saved yet."),
        is_on_pages_alone=True,
    ),
    "unmailable": Problem(
        409,
        N_("The owner of this address wants no mail from us. Please call instead."),
        is_on_pages_alone=True,
    ),
    # Load and failure
    "rate_limited": Problem(429, N_("Too many requests in a short time.")),
    "unavailable": Problem(503, N_("We cannot be reached at the moment."), retry_after_seconds=5),
    "failure": Problem(500, N_("Something went wrong on our side.")),
}

STATUS_CODES = {
    400: "bad_request",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    410: "gone",
    413: "too_large",
    414: "query_too_long",
    415: "unsupported_media_type",
    429: "rate_limited",
    431: "headers_too_large",
    503: "unavailable",
}
"""Our code for what the framework refuses by itself; other 4xx are bad requests."""

UNAVAILABLE = "unavailable"

TOLD_AS: dict[ReasonCode, str] = {
    ReasonCode.PUBLIC_HOLIDAY: ReasonCode.OUTSIDE_HOURS,
    **dict.fromkeys(
        (
            *(ReasonCode.OVERRIDE, ReasonCode.TIME_OFF, ReasonCode.BUSY, ReasonCode.BUFFER),
            *(ReasonCode.LIMIT, ReasonCode.HELD, ReasonCode.BOOKED),
        ),
        UNAVAILABLE,
    ),
}
"""What strangers read instead: a holiday of one host alone tells where that person works."""
