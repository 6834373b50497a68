"""What happens by itself at an hour. One of the two pages of this kind; the other is reactions.py."""

from __future__ import annotations

from django.utils import timezone

from footbridge.kit import trail, work


@work.job("trail.seal", every="* * * * *")
def seal_trail(timestamp: int) -> None:
    """Every minute: close the acts since the last seal under a hash."""
    trail.seal(timezone.now())
