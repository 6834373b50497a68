"""Jobs: enqueued in the transaction of the act they follow, tried again, safe to run twice."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .jobs import enqueue, job, once

__all__ = ["enqueue", "job", "once"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from . import jobs

        return getattr(jobs, name)
    raise AttributeError(name)
