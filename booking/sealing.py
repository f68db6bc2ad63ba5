"""Seals short secrets for the database: one key a purpose, derived from the operator's secret keys.

The first secret key seals, every one of them opens, so that a key can be replaced without losing
what it sealed.
"""

from __future__ import annotations

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def seal(text: str, *, purpose: str, secret_keys: tuple[str, ...]) -> bytes:
    """Return ``text`` encrypted and authenticated for ``purpose``."""
    return _fernet(purpose, secret_keys).encrypt(text.encode())


def unseal(sealed: bytes, *, purpose: str, secret_keys: tuple[str, ...]) -> str | None:
    """Return what was sealed for ``purpose``; None where no key opens it."""
    try:
        return _fernet(purpose, secret_keys).decrypt(sealed).decode()
    except InvalidToken:
        return None


@cache
def _fernet(purpose: str, secret_keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derived_key(purpose, key)) for key in secret_keys])


def _derived_key(purpose: str, secret_key: str) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"halbstunde:{purpose}".encode())
    return base64.urlsafe_b64encode(derive.derive(secret_key.encode()))
