"""Our few words for procrastinate: a queue in the same database, so that a job exists exactly when its act does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from .models import Done


def job(
    name: str, *, queue: str = "default", tries: int = 8, every: str | None = None, lock: str | None = None
) -> Callable[[Callable[..., Any]], Any]:
    """Make a function a job called `name`. `every` is a cron line; such a job gets `timestamp` (Unix seconds) and nothing else.
    Jobs of one `lock` are done one after the other: long ones never take every hand of the worker.

    A job is delivered at least once: guard what must not happen twice with `once`.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        task = app.task(
            name=name, queue=queue, retry=RetryStrategy(max_attempts=tries, exponential_wait=5), lock=lock, pass_context=False
        )(function)
        return app.periodic(cron=every)(task) if every else task

    return decorate


def enqueue(task: Any, *, key: str | None = None, **words: Any) -> None:
    """Put a job in the queue, in the transaction under way. With `key`, a job that waits under the same key is not put twice."""
    try:
        # In a savepoint: the refusal of a second job must not spoil the act around it.
        with transaction.atomic():
            (task.configure(queueing_lock=key) if key else task).defer(**words)
    except AlreadyEnqueued:
        pass


@contextmanager
def once(key: str) -> Iterator[bool]:
    """`with once("mail:17") as first:` yields True only the first time the block is completed under that key.

    The key is stored with whatever the block writes: both or neither.
    """
    with transaction.atomic():
        _row, first = Done.objects.select_for_update().get_or_create(key=key)
        yield first
