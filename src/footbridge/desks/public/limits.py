"""How often one place may send requests."""

from __future__ import annotations

from django.http import HttpRequest

from footbridge.kit.access import limits
from footbridge.kit.access.lockout import address_of

REQUESTS_AN_HOUR = 12


def too_many(request: HttpRequest) -> bool:
    """Count this request; true when its place has sent more than REQUESTS_AN_HOUR within the hour."""
    return limits.too_many("request", address_of(request), REQUESTS_AN_HOUR)
