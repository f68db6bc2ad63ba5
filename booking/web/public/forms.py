"""What a form brings: the signed stamp that makes it count once, and the fields as typed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from itsdangerous import BadSignature, URLSafeSerializer

from booking.event_types.questions import field_of
from booking.web.typed_details import TYPED
from booking.wishes.wished_times import WISHED_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from booking.installation import Installation

STAMP_LASTS = timedelta(hours=24)
"""As long as an idempotency key is kept: after that, sending again would book again."""

TRAP = "website"
"""Nobody sees this field; what fills it is no person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Says that a form came from here, and which sendings of it are one and the same.

    Whoever knows its key is shown what was booked with it. So the key is random, stands in the form
    alone, and never follows from anything that an address carries: addresses are passed on.
    """

    key: str
    issued_at: datetime
    wish_id: int | None = None
    """The wish whose offer has filled the form in."""

    @classmethod
    def new(cls, *, now: datetime, wish_id: int | None = None) -> Stamp:
        """Return the stamp of a new form."""
        return cls(key=secrets.token_urlsafe(32), issued_at=now, wish_id=wish_id)

    @classmethod
    def read(cls, text: str, *, now: datetime, installation: Installation) -> Stamp | None:
        """Return the stamp a form brought; None where it is forged or too old."""
        try:
            key, seconds, *wish_ids = _serializer(installation).loads(text)
        except (BadSignature, ValueError):
            return None
        issued_at = datetime.fromtimestamp(seconds, UTC)
        if now >= issued_at + STAMP_LASTS:
            return None
        return cls(key=key, issued_at=issued_at, wish_id=next(iter(wish_ids), None))

    def write(self, *, installation: Installation) -> str:
        """Return the signed text for the hidden field."""
        seconds = int(self.issued_at.timestamp())
        wish_ids = [] if self.wish_id is None else [self.wish_id]
        signed = _serializer(installation).dumps([self.key, seconds, *wish_ids])
        return signed if isinstance(signed, str) else signed.decode()


def read_typed(form: Mapping[str, str]) -> dict[str, str]:
    """Return the typed fields exactly as they were typed."""
    answers = {name: text for name, text in form.items() if name.startswith(field_of(""))}
    return {name: form.get(name, "") for name in (*TYPED, *WISHED_FIELDS)} | answers


def _serializer(installation: Installation) -> URLSafeSerializer:
    oldest_first = list(reversed(installation.secret_keys))
    return URLSafeSerializer(oldest_first, salt="booking-form")
