"""Seal a small JSON value so that only this installation can read it, and only in the row it was written for."""

import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12  # bytes, random for each writing, as NIST SP 800-38D 8.2.2 asks


class Broken(ValueError):
    """The sealed bytes were altered, belong to another row, or were made with another key."""


def seal(value: Any, bound_to: str) -> bytes:
    """Nonce + AES-256-GCM ciphertext of the value as JSON, tied to `bound_to` as associated data."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_key()).encrypt(nonce, json.dumps(value).encode(), bound_to.encode())


def open_sealed(sealed: bytes, bound_to: str) -> Any:
    """The value that was sealed for `bound_to`. Raises Broken."""
    try:
        return json.loads(AESGCM(_key()).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to.encode()))
    except (InvalidTag, ValueError) as trouble:
        raise Broken("The sealed text cannot be opened.") from trouble


def _key() -> bytes:
    key = settings.FIELD_KEY
    key = key if isinstance(key, bytes) else bytes.fromhex(key)
    if len(key) != 32:
        raise ValueError("FIELD_KEY must be 32 bytes.")
    return key
