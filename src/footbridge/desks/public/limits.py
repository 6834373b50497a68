"""How often one place may send requests. Kept in memory for an hour, under a keyed hash, never as an address."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from footbridge.kit.access.lockout import address_of

REQUESTS_AN_HOUR = 12
_HOUR = 3600


def too_many(request: HttpRequest) -> bool:
    """Count this request; true when its place has sent more than REQUESTS_AN_HOUR within the hour."""
    place = hmac.new(settings.SECRET_KEY.encode(), b"request:" + address_of(request).encode(), hashlib.sha256)
    key = f"request-limit:{place.hexdigest()[:32]}"
    cache.add(key, 0, timeout=_HOUR)
    try:
        return cache.incr(key) > REQUESTS_AN_HOUR
    except ValueError:  # ran out between the two calls
        return False
