"""A mail server whose manners change, and what must be true of the copies that it got."""

from __future__ import annotations

from collections import Counter
from email import message_from_bytes
from typing import TYPE_CHECKING

from booking.outbox.models import MessageState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from booking.outbox.models import Message
    from tests.hostile_smtp import HostileSmtp

MODES = (
    *["well_behaved"] * 12,
    "banner_421",
    "mail_451",
    "rcpt_450",
    "rcpt_550",
    "data_451",
    "dot_451",
    "close_in_data",
    "close_after_dot",
    "close_after_250",
    "quit_421",
)
MOST_COPIES = 2


def find_faults(server: HostileSmtp, rows: Iterable[Message]) -> Iterator[str]:
    """Compare what the server got with what the rows say."""
    copies = Counter(map(_message_id, server.not_refused))
    shapes = Counter(map(_message_id, set(server.received)))
    accepted = Counter(map(_message_id, server.accepted))
    for row in rows:
        if row.state is MessageState.SENT and not accepted[row.message_id]:
            yield f"message {row.id} is sent, and the server has never accepted it"
        if shapes[row.message_id] > 1:
            yield f"message {row.id} arrived in different shapes"
        if copies[row.message_id] > MOST_COPIES:
            yield f"message {row.id} may have arrived {copies[row.message_id]} times"
        if accepted[row.message_id] > 1 and not row.unknowns:
            yield f"message {row.id} was accepted twice without having been unknown"


def count_duplicates(server: HostileSmtp) -> int:
    """Return how many accepted mails were a further copy."""
    ids = [_message_id(mail) for mail in server.accepted]
    return len(ids) - len(set(ids))


def _message_id(mail: bytes) -> str:
    return str(message_from_bytes(mail)["Message-ID"])
