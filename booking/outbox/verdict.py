"""Whether a mail that failed is worth another attempt.

What the server says about this mail or this recipient is final. What it says about us (connection,
certificate, login, sender) is not: an operator can mend it, and then every waiting mail still goes
out. A mail that waits too long expires by itself, so there is no last attempt here.
"""

from __future__ import annotations

import smtplib
from enum import StrEnum

COMPOSE_ATTEMPTS = 3
PERMANENT = range(500, 600)  # RFC 5321 §4.2.1: the answers 5yz; all others pass
AUTHENTICATION_REQUIRED = 530  # RFC 4954 §6: may answer any command, and blames the login


class Verdict(StrEnum):
    """What becomes of the mail."""

    RETRY = "retry"
    FAILED = "failed"


def judge(error: Exception, *, attempts: int) -> Verdict:
    """Return what becomes of a mail whose attempt number ``attempts``, from 1, ended in ``error``.

    An error that is neither the server's nor the network's comes from composing the mail, which no
    waiting mends: a few attempts outlast a deployment, then people have to look at it. A mail whose
    fate is unknown, because the connection was lost after DATA, is not to be judged here at all.
    """
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            final = all(_is_final(code) for code, _ in refused.values())
        case smtplib.SMTPDataError(smtp_code=code):
            final = _is_final(code)
        case OSError():
            final = False
        case _:
            final = attempts >= COMPOSE_ATTEMPTS
    return Verdict.FAILED if final else Verdict.RETRY


def _is_final(code: int) -> bool:
    return code in PERMANENT and code != AUTHENTICATION_REQUIRED
