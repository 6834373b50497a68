"""How passwords are hashed: Argon2id at OWASP's range, and never more at once than a small machine can carry."""

from __future__ import annotations

from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

from .words import HASHES_AT_ONCE

_turns = BoundedSemaphore(HASHES_AT_ONCE)


class Argon2(Argon2PasswordHasher):
    """19 MiB, two passes, one lane: about 25 ms. A flood of sign-ins waits its turn instead of taking the memory."""

    time_cost = 2
    memory_cost = 19456  # KiB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _turns:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _turns:
            return super().verify(password, encoded)
