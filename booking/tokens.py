"""The random texts that open something: made here, kept as hashes."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """Return 43 URL-safe characters that nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> str:
    """Return the text under which ``token`` is looked up."""
    return hashlib.sha256(token.encode()).hexdigest()
