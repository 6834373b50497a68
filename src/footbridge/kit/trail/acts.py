"""`act`: the only way to write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from footbridge.kit.access.rules import Actor

from .models import Act

Reaction = Callable[[Act], None]
_reactions: dict[str, list[Reaction]] = {}


def after(*verbs: str) -> Callable[[Reaction], Reaction]:
    """Call the decorated function with each act of these verbs, inside its transaction, once its block is done.

    For wiring/reactions.py only: it puts jobs in the queue. What the block hung on `act.carries` (never stored) comes with it.
    """

    def decorate(reaction: Reaction) -> Reaction:
        for verb in verbs:
            _reactions.setdefault(verb, []).append(reaction)
        return reaction

    return decorate


def _set(act_id: str) -> str:
    """Name the act under way for this transaction; answers the one before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('footbridge.act', true), ''), set_config('footbridge.act', %s, true)", [act_id])
        return str(cursor.fetchone()[0])


@contextmanager
def act(
    verb: str,
    *,
    by: Actor,
    at: datetime,
    about: models.Model,
    client: models.Model | None = None,
    why: str = "",
    detail: dict[str, Any] | None = None,
) -> Iterator[Act]:
    """Do `verb` (past tense, `stage.deed`) as `by` at `at` (aware). Opens a transaction, locks `about` when it is already stored,
    writes the act, and lets the database take writes until the block ends. An error undoes all of it.

    `client` names whose chart this belongs to. `detail` holds facts for readers of the trail, never secrets.
    """
    if at.tzinfo is None:
        raise ValueError("an act is dated with a time zone")
    with transaction.atomic():
        if about.pk is not None and not about._state.adding:
            type(about)._base_manager.select_for_update(of=("self",)).only("pk").get(pk=about.pk)
        row = Act.objects.create(
            verb=verb,
            by_id=by.user_id,
            by_label=by.name[:120],
            at=at,
            about_kind=about._meta.label_lower,
            about_uid=getattr(about, "uid", None),
            client_uid=getattr(client, "uid", None),
            why=why,
            detail=detail or {},
        )
        row.carries = {}
        before = _set(str(row.pk))
        yield row
        for reaction in _reactions.get(verb, ()):
            reaction(row)
        _set(before)


def looked(client: models.Model, *, by: Actor, at: datetime, what: str) -> None:
    """Write down that `by` opened `what` of a client's chart. A client looking at their own record is not logged as a look."""
    Act.objects.create(
        verb="chart.looked",
        by_id=by.user_id,
        by_label=by.name[:120],
        at=at,
        about_kind=client._meta.label_lower,
        about_uid=getattr(client, "uid", None),
        client_uid=getattr(client, "uid", None),
        detail={"what": what},
    )
