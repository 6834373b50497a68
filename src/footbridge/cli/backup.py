"""`footbridge backup`: one file that `restore` can read, made while people work."""

from __future__ import annotations

import io
import json
import os
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import psycopg

from footbridge.cli import _version, dumps, ready
from footbridge.config import config

KEYS_NOTE = """\
This backup holds the database, not the keys.

Some fields are encrypted with the field key. Without it they cannot be read again, by anybody.
Keep a copy of it where this backup is not:

    {field_key}

The mark of the key that belongs to this backup: {mark}
(secret.key only signs sessions: losing it signs everybody out, nothing more.)
"""


@click.command(short_help="Save the whole database to one file.")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path | None) -> None:
    """Save the whole database to FILE (default: a dated file in var/backups). People can go on working meanwhile.

    Copy the file to another machine, and keep the field key in a third place: encrypted fields cannot be read without
    it. `footbridge restore FILE` shows that a backup works; try it from time to time.
    """
    at = datetime.now(UTC)
    with ready.database():
        if file is None:
            config.ready_home()
            config.backups.mkdir(mode=0o700, exist_ok=True)
            file = config.backups / f"footbridge-{at:%Y%m%dT%H%M%SZ}.tar"
        with ready.progress("Backup") as step, dumps.private_file(file) as aside:
            manifest = write(aside, at, step)
        size = file.stat().st_size
    ready.done("Backup", f"{file} ({size / 1e6:.1f} MB, {manifest['tables']} tables, {manifest['acts']} acts)")


def write(target: Path, at: datetime, step: Any) -> dict[str, Any]:
    """Dump and describe one and the same moment: pg_dump reads through the snapshot in which the manifest was taken."""
    with (
        psycopg.connect(dumps.full_url()) as db,
        tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder,
    ):
        db.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        db.read_only = True
        snapshot = _one(db, "SELECT pg_export_snapshot()")
        manifest = describe(db, at)
        dump = Path(folder) / dumps.DUMP
        total = manifest["tables"]
        dumps.run(
            "pg_dump", dumps.full_url(),
            ["--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={dump}"],
            "dumping contents of table", lambda done: step(min(done, total), total),
        )  # fmt: skip
        manifest |= {"dump_sha256": dumps.sum_of(dump), "dump_bytes": dump.stat().st_size}
        note = KEYS_NOTE.format(field_key=config.home / "field.key", mark=manifest["field_key_mark"])
        with tarfile.open(target, "w") as tar:
            _add(tar, dumps.MANIFEST, json.dumps(manifest, indent=2).encode(), at)
            _add(tar, dumps.KEYS, note.encode(), at)
            tar.add(dump, dumps.DUMP, filter=lambda info: _plain(info, at))
    os.chmod(target, 0o600)  # noqa: PTH101
    return manifest


def describe(db: psycopg.Connection, at: datetime) -> dict[str, Any]:
    seal = None
    acts = 0
    if _one(db, "SELECT to_regclass('public.trail_seal')"):
        acts = _one(db, "SELECT count(*) FROM trail_act")
        row = db.execute("SELECT id, encode(hash, 'hex'), acts FROM trail_seal ORDER BY id DESC LIMIT 1").fetchone()
        seal = {"id": row[0], "hash": row[1], "acts": row[2]} if row else None
    return {
        "format": dumps.FORMAT,
        "made_at": at.isoformat(),
        "footbridge": _version(),
        "postgresql": db.info.server_version // 10000,
        "roles": list(_grantees(db)),
        "tables": _one(db, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"),
        "migrations": [
            f"{app}.{name}" for app, name in db.execute("SELECT app, name FROM django_migrations ORDER BY id")
        ],
        "acts": acts,
        "last_seal": seal,
        "field_key_mark": dumps.key_mark(),
    }


def _grantees(db: psycopg.Connection) -> Any:
    """Roles, beside the owner, to which the tables grant rights: they must exist where this is restored."""
    rows = db.execute(
        "SELECT DISTINCT g.rolname FROM pg_class c"
        " CROSS JOIN aclexplode(c.relacl) a JOIN pg_roles g ON g.oid = a.grantee"
        " WHERE c.relnamespace = 'public'::regnamespace AND a.grantee <> c.relowner ORDER BY 1"
    )
    return (name for (name,) in rows)


def _one(db: psycopg.Connection, query: str) -> Any:
    row = db.execute(query).fetchone()
    return row[0] if row else None


def _add(tar: tarfile.TarFile, name: str, content: bytes, at: datetime) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    tar.addfile(_plain(info, at), io.BytesIO(content))


def _plain(info: tarfile.TarInfo, at: datetime) -> tarfile.TarInfo:
    info.mode, info.mtime, info.uid, info.gid, info.uname, info.gname = 0o600, int(at.timestamp()), 0, 0, "", ""
    return info
