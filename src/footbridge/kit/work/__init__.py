"""Jobs: enqueued in the transaction of the act they follow, tried again, safe to run twice."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .beats import beat, last_beat
    from .jobs import enqueue, job, once

__all__ = ["beat", "enqueue", "job", "last_beat", "once"]


def __getattr__(name: str) -> Any:
    if name in ("beat", "last_beat"):
        from . import beats

        return getattr(beats, name)
    if name in __all__:
        from . import jobs

        return getattr(jobs, name)
    raise AttributeError(name)
