"""Acts and audit: no act, no write.

    with trail.act("placement.decided", by=actor, at=at, about=decision, client=client):
        decision.save()
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .acts import act, after, looked
    from .seals import Verdict, export, seal, verify

__all__ = ["Verdict", "act", "after", "export", "looked", "seal", "verify"]


def __getattr__(name: str) -> Any:
    """Load on first use: the package is named before Django's models can be."""
    if name in ("act", "after", "looked"):
        from . import acts

        return getattr(acts, name)
    if name in ("seal", "verify", "export", "Verdict"):
        from . import seals

        return getattr(seals, name)
    raise AttributeError(name)
