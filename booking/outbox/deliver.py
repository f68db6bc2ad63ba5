"""Hands over the mails that are due: claim (commit), compose and send, settle (commit).

A mail is sent at least once and, unless its row says ``unknown``, at most once, whatever dies in
between: what is about to happen is committed before it happens.

1. Claim a few rows under a lease, the most urgent first; lapsed leases are dealt with there.
2. Compose each from the state of this moment; expired, overtaken and faulty ones end here.
3. Open one connection for all of them and offer each to the server.
4. Just before DATA: is the row still ours, and the mail still wanted? Then note that DATA begins.
   Otherwise nothing is sent.
5. Write down how it ended. Trouble with the server, rather than with a mail, costs the mail that
   met it an attempt; the others go back as they were, and the round ends.
"""

from __future__ import annotations

import smtplib
from contextlib import ExitStack
from dataclasses import dataclass
from time import sleep
from typing import TYPE_CHECKING

from booking.outbox.ledger import is_database_away
from booking.outbox.models import MessageState
from booking.outbox.transport import DeliveryUnknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from booking.outbox.ledger import Ledger
    from booking.outbox.mime import OutgoingMail
    from booking.outbox.models import Message
    from booking.outbox.pace import Pace
    from booking.outbox.transport import Connection, Transport

BATCH_SIZE = 20

PAUSES_SECONDS = (1, 1, 2, 4, 8, 15, 30)
"""Between the tries to write down that a mail was accepted: a minute outlasts a restart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one worker delivers with."""

    ledger: Ledger
    transport: Transport
    pace: Pace
    is_stopping: Callable[[], bool]
    """Asked between two mails; once it says yes, the rest is given back."""


class UnreachableError(OSError):
    """There is no connection to the mail server; the cause says why."""


class WithdrawnError(Exception):
    """Just before DATA the mail turned out to be no longer ours, or no longer wanted."""


def deliver_due(delivery: Delivery) -> None:
    """Deliver the mails that are due until none is left, the pace is used up or trouble arises.

    Raises:
        UnavailableError: the database is away; what was in hand is taken up again when its lease
            has lapsed.
    """
    while not delivery.is_stopping():
        limit = delivery.pace.room(most=BATCH_SIZE, now=delivery.ledger.now())
        found = delivery.ledger.claim(limit=limit)
        if not found or not _deliver_batch(found, delivery=delivery):
            return


def _deliver_batch(found: Iterable[Message], *, delivery: Delivery) -> bool:
    """Deliver those that are in hand; tell whether the server will take more."""
    in_hand = [message.id for message in found if message.state is MessageState.SENDING]
    mails = {
        message_id: mail
        for message_id in in_hand
        if (mail := delivery.ledger.compose(message_id)) is not None
    }
    is_well = not mails or _send_all(mails, delivery=delivery)
    for message_id in mails:
        delivery.ledger.give_back(message_id)
    return is_well


def _send_all(mails: dict[int, OutgoingMail], *, delivery: Delivery) -> bool:
    """Send in order, taking what was tried out of ``mails``; tell whether the server is well."""
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(delivery.transport.connect())
        except Exception as error:  # noqa: BLE001 - whatever it is, no mail is to blame
            unreachable = UnreachableError()
            unreachable.__cause__ = error
            first = next(iter(mails))
            del mails[first]
            delivery.ledger.note_failure(first, error=unreachable)
            return False
        for message_id in list(mails):
            if delivery.is_stopping():
                break
            mail = mails.pop(message_id)
            if not _send(message_id, mail=mail, connection=connection, delivery=delivery):
                return False
    return True


def _send(
    message_id: int, *, mail: OutgoingMail, connection: Connection, delivery: Delivery
) -> bool:
    """Offer one mail and write down how it ended; tell whether the server is well."""
    ledger = delivery.ledger

    def before_data() -> None:
        if not ledger.begin_data(message_id):
            raise WithdrawnError

    delivery.pace.take(now=ledger.now())
    try:
        connection.send(mail, before_data=before_data)
    except WithdrawnError:
        return True
    except DeliveryUnknown as error:
        ledger.note_unknown(message_id, error=error)
        return False
    except Exception as error:
        if is_database_away(error):
            raise
        ledger.note_failure(message_id, error=error)
        return not _is_about_server(error)
    _note_sent(message_id, delivery=delivery)
    return True


def _note_sent(message_id: int, *, delivery: Delivery) -> None:
    """Write down that the server has accepted it, once the database can be had again.

    The outcome is known: forgotten, it would cost the recipient a second copy.
    """
    for seconds in PAUSES_SECONDS:
        try:
            delivery.ledger.note_sent(message_id)
        except Exception as error:
            if delivery.is_stopping() or not is_database_away(error):
                raise
            sleep(seconds)
        else:
            return
    delivery.ledger.note_sent(message_id)


def _is_about_server(error: Exception) -> bool:
    # An answer at RCPT or DATA concerns this mail; anything else would meet the next one as well.
    is_about_mail = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    return isinstance(error, OSError) and not is_about_mail
