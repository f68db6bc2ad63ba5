"""Passwords: what may be one, how it is kept, and whether one is right.

Argon2id with the parameters OWASP names for 19 MiB; a hash made with others is replaced when its
owner signs in next. Hashing is slow by intent, so nothing here runs inside a transaction.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from booking.errors import FieldError, InvalidFieldsError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 12
LONGEST = 256
"""A longer one is refused before it costs anything."""
LONG_NAME = 6
"""From so many characters on, what stands before the @ is guessed with the address."""


def check_new_password(password: str, *, email: str) -> None:
    """Insist that ``password`` may become that of ``email``'s owner.

    Length is what counts (NIST SP 800-63B §3.1.1); no kinds of characters are asked for.

    Raises:
        InvalidFieldsError: it is too short, too long, or holds the address or its long name.
    """
    if len(password) < SHORTEST:
        raise InvalidFieldsError([FieldError("password", "too_short", SHORTEST)])
    if len(password) > LONGEST:
        raise InvalidFieldsError([FieldError("password", "too_long", LONGEST)])
    if _gives_away(email.lower(), password.lower()):
        raise InvalidFieldsError([FieldError("password", "guessable")])


def _gives_away(email: str, password: str) -> bool:
    """Tell whether ``password`` is built on ``email``; a short name is part of many a word."""
    name = email.partition("@")[0]
    return email in password or (len(name) >= LONG_NAME and name in password)


def hash_password(password: str) -> str:
    """Return what is kept of ``password``."""
    return _hasher().hash(password)


def is_password_right(password: str, *, kept: str | None) -> bool:
    """Tell whether ``password`` is the one of which ``kept`` is left; None is nobody's."""
    from argon2.exceptions import (  # noqa: PLC0415 - as in _hasher
        InvalidHashError,
        VerificationError,
    )

    if len(password) > LONGEST:
        return False
    try:
        _hasher().verify(kept or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_hash_outdated(kept: str) -> bool:
    """Tell whether the parameters have been raised since ``kept`` was made."""
    return _hasher().check_needs_rehash(kept)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # noqa: PLC0415 - a process that nobody signs in at needs none

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _nobodys() -> str:
    """Return what is compared where there is no account: the answer takes as long as with one."""
    return hash_password("nobody has this password")
