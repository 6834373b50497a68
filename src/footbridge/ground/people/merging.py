"""Verbs on two records that may be of one person: merge them without loss, or keep them apart."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import rules
from .models import Client, ClientMerge, KeptApart

# What stands blank on the kept record is taken over from the other; nothing that stands there is changed.
FILLED = ("born_on", "phone", "email", "address", "pronouns")


class CannotMerge(access.Refusal):
    """The two records cannot become one as they are."""


def merge_clients(kept: Client, merged: Client, *, why: str, by: Actor, at: datetime, end_episode: bool = False) -> ClientMerge:
    """Everything that stands under `merged` stands under `kept` from now on; the old number still finds the person.

    Every row of any table that names the client is moved, in one act; the trail keeps each row before and after, and `moved` lists them.
    Versions that are counted for each client (a safety plan) are counted anew by their day. Nothing is deleted. Merging the same two
    again moves what came under the old record since. Refused when both sign in, or both have an open episode; with `end_episode` the open
    one of `merged` (opened twice by mistake) ends in the same act and stays to be read.
    """
    from footbridge.ground.episodes import actions as episodes

    access.require(by, rules.MERGE)
    if kept.pk == merged.pk:
        raise CannotMerge(_("These are the same record."))
    if not why.strip():
        raise CannotMerge(_("Write how you know that this is one person."), field="why")
    with transaction.atomic():
        # In one order, so that two people who merge the same pair wait for each other instead of blocking each other.
        locked = {row.pk: row for row in Client.objects.select_for_update(of=("self",)).filter(pk__in=[kept.pk, merged.pk]).order_by("pk")}
        kept, merged = locked[kept.pk], locked[merged.pk]
        before = ClientMerge.objects.filter(merged=merged).first()
        _may_become_one(kept, merged, before, end_episode)
        detail = {"kept": kept.number, "merged": merged.number}
        with (
            trail.act("client.merged_away", by=by, at=at, about=merged, client=merged, why=why.strip(), detail=detail),
            trail.act("client.merged", by=by, at=at, about=kept, client=kept, why=why.strip(), detail=detail),
        ):
            twice = _open(merged)
            if twice and _open(kept):
                episodes.end_episode(twice, by=by, at=at, why=why.strip())
            moved = _move(kept, merged)
            _last_word_holds(kept, set(moved["rows"].get("ground_supporter.client_id", ())), at)
            if before is not None:
                if moved["rows"]:
                    before.moved = {**before.moved, "later": [*before.moved.get("later", []), moved]}
                    before.save(update_fields=["moved"])
                return before
            moved |= _take_over(kept, merged)
            return ClientMerge.objects.create(kept=kept, merged=merged, why=why.strip(), moved=moved, by_id=by.as_staff, at=at)


def keep_apart(one: Client, other: Client, *, by: Actor, at: datetime) -> KeptApart:
    """These are two people: the pair is not offered again."""
    access.require(by, rules.MERGE)
    if one.pk == other.pk:
        raise CannotMerge(_("These are the same record."))
    first, second = sorted((one, other), key=lambda row: row.pk)
    with trail.act("client.kept_apart", by=by, at=at, about=first, client=first, detail={"other": second.number}):
        same = KeptApart.objects.filter(one=first, other=second).first()
        return same or KeptApart.objects.create(one=first, other=second, by_id=by.as_staff, at=at)


def _may_become_one(kept: Client, merged: Client, before: ClientMerge | None, end_episode: bool) -> None:
    if before is not None and before.kept_id != kept.pk:
        raise CannotMerge(_("Record %(number)s was merged into another one already.") % {"number": merged.number})
    if ClientMerge.objects.filter(merged=kept).exists():
        raise CannotMerge(_("Record %(number)s was merged into another one. Keep that one.") % {"number": kept.number})
    if not end_episode and _open(kept) and _open(merged):
        words = _("Both records have an open episode of care. If the one of %(number)s was opened twice by mistake, say that it ends.")
        raise CannotMerge(words % {"number": merged.number}, field="end_episode")
    if kept.person.user_id and merged.person.user_id:
        raise CannotMerge(_("Both records have an account that signs in. Keep them apart, or ask the administrator to close one account."))
    if hasattr(merged.person, "staff"):
        raise CannotMerge(_("%(name)s works here. Keep that record.") % {"name": merged.person.name_used})


def _open(client: Client) -> Any:
    return client.episodes.filter(ended_at__isnull=True).first()


def _move(kept: Client, merged: Client) -> dict[str, Any]:
    """Every row that names the client, of every table there is: a table added tomorrow moves too."""
    moved: dict[str, Any] = {"rows": {}, "versions": {}}
    for relation in Client._meta.related_objects:
        model, field = relation.related_model, relation.field
        if model is KeptApart or (model is ClientMerge and field.name == "merged"):
            continue
        rows = model._base_manager.filter(**{field.name: merged})
        ids = sorted(rows.values_list("pk", flat=True))
        if not ids:
            continue
        table = model._meta.db_table
        counter = _counted(model, field.name)
        try:
            with transaction.atomic():
                if counter is None:
                    rows.update(**{field.name: kept})
                else:
                    moved["versions"][table] = _count_anew(model, field.name, counter, kept, merged)
        except IntegrityError as error:
            # A table may say in its own words why two records are not one (`refuses_merge`, by the constraint's name).
            broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
            if said := getattr(model, "refuses_merge", {}).get(broken):
                raise CannotMerge(said) from None
            words = {"what": model._meta.verbose_name}
            raise CannotMerge(_("Both records hold the same thing (%(what)s), and it can stand only once. End or correct one first.") % words) from None
        moved["rows"][f"{table}.{field.column}"] = ids
    return moved


def _last_word_holds(kept: Client, moved: set[int], at: datetime) -> None:
    """Whoever was shut out under one of the two records is not let in again by an older grant under the other: of what one person said
    twice, the later holds."""
    today, rows = day_of(at), list(kept.supporters.all())
    for open_ in [row for row in rows if row.holds_on(today)]:
        given = day_of(open_.granted_at) if open_.granted_at else open_.granted_from
        ended = [
            row for row in rows
            if row.person_id == open_.person_id and (row.pk in moved) != (open_.pk in moved)
            and row.granted_until is not None and given <= row.granted_until <= today
        ]  # fmt: skip
        if ended:
            open_.granted_until, open_.ended_because = max(today, open_.granted_from), _("Ended under the other record of the same person")
            open_.save(update_fields=["granted_until", "ended_because"])


def _counted(model: type[models.Model], name: str) -> str | None:
    """The version number that is unique for each client, if the table has one."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and len(constraint.fields) == 2 and name in constraint.fields:
            other = next(field for field in constraint.fields if field != name)
            if isinstance(model._meta.get_field(other), models.PositiveSmallIntegerField | models.PositiveIntegerField):
                return other
    return None


def _count_anew(model: type[models.Model], name: str, counter: str, kept: Client, merged: Client) -> list[list[int]]:
    """Both lines of versions become one, in the order of their days. [[id, number before, number after]] of those that changed."""
    day = next(field.name for field in model._meta.get_fields() if isinstance(field, models.DateTimeField))
    both = model._base_manager.filter(**{f"{name}__in": [kept, merged]})
    line = list(both.order_by(day, "pk").values_list("pk", counter))
    # First out of the way, high above every number in use, then to their places: no two rows share a number at any moment.
    above = max(number for _pk, number in line)
    for place, (pk, _number) in enumerate(line, 1):
        model._base_manager.filter(pk=pk).update(**{counter: above + place, name: kept})
    for place, (pk, _number) in enumerate(line, 1):
        model._base_manager.filter(pk=pk).update(**{counter: place})
    return [[pk, number, place] for place, (pk, number) in enumerate(line, 1) if number != place]


def _take_over(kept: Client, merged: Client) -> dict[str, Any]:
    """The account, and what the kept record does not know."""
    mine, theirs = kept.person, merged.person
    filled = {name: getattr(theirs, name) for name in FILLED if getattr(theirs, name) and not getattr(mine, name)}
    for name, value in filled.items():
        setattr(mine, name, value)
    account = bool(theirs.user_id)
    if account:
        mine.user, theirs.user = theirs.user, None
        theirs.save(update_fields=["user"])
    if filled or account:
        mine.save(update_fields=[*filled, "user"])
    return {"filled": {name: str(value) for name, value in filled.items()}, "account": account}
