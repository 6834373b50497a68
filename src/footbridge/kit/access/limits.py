"""How often one place or one key may ask for something. Counted in memory for an hour, under a keyed hash, never as it is."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.core.cache import cache

HOUR = 3600


def _key(what: str, who: str) -> str:
    return f"limit:{what}:{hmac.new(settings.SECRET_KEY.encode(), f'{what}:{who}'.encode(), hashlib.sha256).hexdigest()[:32]}"


def too_many(what: str, who: str, most: int) -> bool:
    """Count once more; true when `who` has done it more than `most` times within the hour."""
    key = _key(what, who)
    cache.add(key, 0, timeout=HOUR)
    try:
        return cache.incr(key) > most
    except ValueError:  # ran out between the two calls
        return False


def spent(what: str, who: str, most: int) -> bool:
    """Whether `who` has done it `most` times already. Counts nothing."""
    return int(cache.get(_key(what, who), 0)) >= most
