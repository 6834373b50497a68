"""Seals: every batch of acts is closed under a hash that covers the batch and the seal before it.

A chain per act under a lock would let one act wait for another; a batch every minute does not. What is younger than the last
seal is still covered row by row by its digest, and `verify` says how many acts that are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from .guard import ACT_DIGEST, CHANGE_DIGEST, guarded_tables
from .models import Act, Seal, Sealed

BATCH = 5000
GENESIS = hashlib.sha256(b"footbridge trail").digest()

# Digests are made again from the rows at hand; the stored ones are compared, never trusted.
# ruff: noqa: S608 - the digests are our own expressions
ROWS = f"""
SELECT a.id, {ACT_DIGEST.format(r="a.")}, a.digest,
       (SELECT coalesce(array_agg({CHANGE_DIGEST.format(r="c.")} ORDER BY c.id), '{{}}') FROM trail_change c WHERE c.act_id = a.id),
       (SELECT coalesce(bool_and(c.digest = {CHANGE_DIGEST.format(r="c.")}), true) FROM trail_change c WHERE c.act_id = a.id)
FROM trail_act a WHERE a.id = ANY(%s) ORDER BY a.id
"""


# There is at most one seal a minute but for a backlog, so these are the acts of an hour or more.
RECENT_SEALS = 60
RECENT = "SELECT coalesce(min(act_id), 0) FROM trail_sealed WHERE seal_id > (SELECT coalesce(max(id), 0) - %s FROM trail_seal)"


def _batch_hash(previous: bytes, rows: list[tuple[Any, ...]]) -> bytes:
    total = hashlib.sha256(previous)
    for act_id, digest, _stored, changes, _whole in rows:
        total.update(f"\n{act_id}:".encode() + bytes(digest))
        for change in changes:
            total.update(bytes(change))
    return total.digest()


def seal(at: datetime, *, recent: bool = False) -> int:
    """Close every committed act that no seal covers yet. Returns how many. Safe to run twice or side by side.

    `recent` looks only as far back as the last hour of seals, whatever the length of the trail. An act that was begun before
    and committed since is found by the next whole run.
    """
    closed = 0
    while True:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext('footbridge.trail.seal'))")
                since = 0
                if recent:
                    cursor.execute(RECENT, [RECENT_SEALS])
                    since = cursor.fetchone()[0]
                cursor.execute(
                    "SELECT a.id FROM trail_act a LEFT JOIN trail_sealed s ON s.act_id = a.id"
                    " WHERE s.act_id IS NULL AND a.id >= %s ORDER BY a.id LIMIT %s",
                    [since, BATCH],
                )
                ids = [row[0] for row in cursor.fetchall()]
                if not ids:
                    return closed
                last = Seal.objects.order_by("-id").first()
                previous = bytes(last.hash) if last else GENESIS
                cursor.execute(ROWS, [ids])
                digest = _batch_hash(previous, cursor.fetchall())
            made = Seal.objects.create(made_at=at, acts=len(ids), previous=previous, hash=digest)
            Sealed.objects.bulk_create([Sealed(act_id=i, seal=made) for i in ids])
            closed += len(ids)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found. `faults` are sentences; empty means whole."""

    acts: int
    seals: int
    unsealed: int
    faults: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return not self.faults


def verify(against: Path | None = None, progress: Callable[[int, int], None] | None = None) -> Verdict:
    """Read the whole trail and find any edit, gap or missing guard. `against` is a file made by `export`: seals kept elsewhere."""
    faults: list[str] = []
    total = Seal.objects.count()
    previous = GENESIS
    kept = {row["id"]: row["hash"] for row in _read(against)} if against else {}
    seen: set[int] = set()
    for done, one in enumerate(Seal.objects.order_by("id").iterator(), start=1):
        seen.add(one.pk)
        ids = list(Sealed.objects.filter(seal=one).order_by("act_id").values_list("act_id", flat=True))
        rows = _rows(ids, faults)
        if bytes(one.previous) != previous:
            faults.append(f"Seal {one.pk} does not follow the seal before it: a seal was taken out or changed.")
        if len(rows) != one.acts:
            faults.append(f"Seal {one.pk} closed {one.acts} acts; {len(rows)} are left.")
        if _batch_hash(bytes(one.previous), rows) != bytes(one.hash):
            faults.append(f"The acts {ids[0] if ids else '?'} to {ids[-1] if ids else '?'} are not what seal {one.pk} closed.")
        if one.pk in kept and kept[one.pk] != bytes(one.hash).hex():
            faults.append(f"Seal {one.pk} is not the one that was kept elsewhere.")
        previous = bytes(one.hash)
        if progress:
            progress(done, total)
    faults.extend(f"Seal {i} was kept elsewhere and is missing here." for i in sorted(set(kept) - seen))
    tail = list(Act.objects.filter(sealed__isnull=True).order_by("id").values_list("id", flat=True))
    for start in range(0, len(tail), BATCH):
        _rows(tail[start : start + BATCH], faults)
    faults.extend(_unguarded())
    return Verdict(acts=Act.objects.count(), seals=total, unsealed=len(tail), faults=tuple(faults))


def _rows(ids: list[int], faults: list[str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [ids])
        rows = cursor.fetchall()
    for act_id, digest, stored, _changes, whole in rows:
        if stored is None or bytes(stored) != bytes(digest):
            faults.append(f"Act {act_id} was edited after it was written.")
        if not whole:
            faults.append(f"A before-and-after row of act {act_id} was edited after it was written.")
    return rows


def _unguarded() -> Iterator[str]:
    """Tables whose guard is missing or switched off."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = 'guard' AND t.tgenabled <> 'D'"
        )
        guarded = {row[0] for row in cursor.fetchall()}
    for table in guarded_tables():
        if table not in guarded:
            yield f"Table {table} has no working guard: writes to it are not recorded."


def export(path: Path) -> int:
    """Write every seal as JSON Lines, to be kept on another machine. Returns how many."""
    count = 0
    with path.open("w", encoding="utf-8") as out:
        for one in Seal.objects.order_by("id").iterator():
            line = {"id": one.pk, "made_at": one.made_at.isoformat(), "acts": one.acts, "hash": bytes(one.hash).hex()}
            out.write(json.dumps(line) + "\n")
            count += 1
    return count


def _read(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            yield {"id": int(row["id"]), "hash": str(row["hash"])}
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path.name}, line {number}: not a seal that was exported by `footbridge audit export-seals`.") from error
