"""The mail server of that year: takes nearly everything, and is away now and then."""

from __future__ import annotations

import smtplib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from booking.outbox.transport import DeliveryUnknown
from scripts.history.leads import REFUSED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from booking.outbox.mime import OutgoingMail

LOST = 0.002
AWAY = 0.05


class MailServer:
    """Takes mails and forgets them."""

    def __init__(self, random: Random) -> None:
        self._random = random

    @contextmanager
    def connect(self) -> Iterator[MailServer]:
        """Connect; now and then there is nobody."""
        if self._random.random() < AWAY:
            raise ConnectionRefusedError
        yield self

    def send(self, mail: OutgoingMail, *, before_data: Callable[[], None]) -> None:
        """Take a mail, refuse its recipient, or fall silent after it came."""
        if REFUSED in mail.to.email:
            raise smtplib.SMTPRecipientsRefused({"": (550, b"5.1.1 no such user")})
        before_data()
        if self._random.random() < LOST:
            raise DeliveryUnknown
