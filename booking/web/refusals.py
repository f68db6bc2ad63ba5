"""The ways in which the web refuses a request, whatever it asks of the domain."""

from __future__ import annotations

from booking.errors import BookingError


class UnknownHostError(BookingError):
    """The Host header names neither this installation nor this machine."""

    code = "unknown_host"


class CrossSiteError(BookingError):
    """Another site's page sent this, or a browser that does not say whose page it was."""

    code = "cross_site"


class StaleFormError(BookingError):
    """The form carries no stamp of ours, or one that is too old."""

    code = "stale_form"


class SignedOutError(BookingError):
    """A form of the console came without a session, or from one that is over."""

    code = "signed_out"


class ForbiddenError(BookingError):
    """The staff member's role does not reach so far."""

    code = "forbidden"


class WrongPasswordError(BookingError):
    """Address and password do not belong together; which of them is wrong is not told."""

    code = "wrong_password"


class NotSetUpError(BookingError):
    """No setup file has been loaded yet: there is nobody whose demos could be booked."""

    code = "not_set_up"


class NothingOfferedError(BookingError):
    """The organisation has published nothing that could be booked."""

    code = "nothing_offered"


class UnknownLinkError(BookingError):
    """The link opens no booking; whether it ever did is not told."""

    code = "unknown_link"


class OversizedHeadersError(BookingError):
    """More header bytes than any honest browser sends here."""

    code = "headers_too_large"


class OversizedQueryError(BookingError):
    """A longer query string than any of our links has."""

    code = "query_too_long"


class UnknownSignInLinkError(BookingError):
    """The link signs nobody in: used, an hour old, overtaken, or never ours."""

    code = "unknown_sign_in_link"


class UnsupportedBodyError(BookingError):
    """The body says that it is something else than JSON, or nothing at all."""

    code = "unsupported_media_type"


class MalformedBodyError(BookingError):
    """The body is no JSON object; ``reason``: not_utf8, not_json, duplicate_key, not_object."""

    code = "malformed_body"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
