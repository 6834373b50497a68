"""`footbridge restore`: reads a backup into a fresh database, verifies it there, and only then puts it in place."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from footbridge.cli import dumps, ready
from footbridge.config import config
from footbridge.kit.embedded import APP, DATABASE, OWNER
from footbridge.kit.embedded.cluster import SUPERUSER, grant_by_default, grant_nothing_by_default

INCOMING = "footbridge_incoming"


@click.command(short_help="Bring back a database saved with backup.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--other-key", is_flag=True, help="Restore although the field key here is not the one of the backup.")
def restore(file: Path, yes: bool, other_key: bool) -> None:
    """Bring back the database saved in FILE.

    Our own database: FILE is read beside the present data, checked, and put in its place; the present data is kept
    under another name. Stop Footbridge first. A server (DATABASE_URL): its database must be empty.
    """
    with tarfile.open(file) if tarfile.is_tarfile(file) else _no_backup(file) as tar:
        manifest = read_manifest(tar)
        _check_key(manifest, other_key)
        made = datetime.fromisoformat(manifest["made_at"])
        ready.console.print(
            f"Backup of {made:%Y-%m-%d %H:%M} UTC: {manifest['tables']} tables, {manifest['acts']} acts."
        )
        if not yes:
            what = "the present data is kept under another name" if config.embedded else "the database must be empty"
            click.confirm(f"Restore it now ({what})?", abort=True)
        with _while_stopped(), ready.database():
            if config.embedded:
                _into_embedded(tar, manifest)
            else:
                _into_server(tar, manifest)


def read_manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.load(dumps.member(tar, dumps.MANIFEST))
    except ValueError:
        raise click.ClickException("The manifest of this backup is damaged.") from None
    if manifest.get("format") != dumps.FORMAT:
        raise click.ClickException("This backup was made by a newer Footbridge. Upgrade first, then restore.")
    return manifest


def _no_backup(file: Path) -> Any:
    raise click.ClickException(f"{file} is not a backup made by 'footbridge backup'.")


def _check_key(manifest: dict[str, Any], other_key: bool) -> None:
    if manifest["field_key_mark"] != dumps.key_mark() and not other_key:
        raise click.ClickException(
            "The field key here is not the one this backup was made with, so encrypted fields could not be read. "
            f"Put the right key into {config.home / 'field.key'} (or FOOTBRIDGE_FIELD_KEY), "
            "or add --other-key to go on without those fields."
        )


def _while_stopped() -> Any:
    from footbridge.cli.start import _only_one

    return _only_one()


def _into_embedded(tar: tarfile.TarFile, manifest: dict[str, Any]) -> None:
    place = dumps.embedded().place
    kept = f"{DATABASE}_before_{datetime.now(UTC):%Y%m%d_%H%M%S}"
    with psycopg.connect(place.url(SUPERUSER, "postgres"), autocommit=True) as db:
        busy = db.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [DATABASE]).fetchone()
        if busy and busy[0]:
            raise click.ClickException("Somebody works with the database. Stop Footbridge, then restore.")
        db.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(INCOMING)))
        # From template0: template1 carries our default privileges, and the backup brings its own.
        db.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(*map(sql.Identifier, (INCOMING, OWNER)))
        )
        try:
            _fill(tar, manifest, place.url(OWNER, INCOMING))
            with psycopg.connect(place.url(SUPERUSER, INCOMING), autocommit=True) as incoming:
                grant_by_default(incoming, OWNER, APP)
            _verify(place.url(APP, INCOMING), place.url(OWNER, INCOMING), manifest)
        except BaseException:
            db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(INCOMING)))
            raise
        db.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(INCOMING)))
        db.execute(
            sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(*map(sql.Identifier, (INCOMING, APP)))
        )
        for old, new in ((DATABASE, kept), (INCOMING, DATABASE)):
            db.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (old, new))))
    ready.done("Restored", f"the data from before is kept in the database {kept}")


def _into_server(tar: tarfile.TarFile, manifest: dict[str, Any]) -> None:
    app, owner = config.urls()
    with psycopg.connect(owner) as db:
        tables = db.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        if tables and tables[0]:
            raise click.ClickException(
                f"The database '{conninfo_to_dict(owner).get('dbname')}' is not empty. "
                "Make a new one and let DATABASE_URL and DATABASE_OWNER_URL name it."
            )
        known = {name for (name,) in db.execute("SELECT rolname FROM pg_roles")}
    missing = [role for role in manifest["roles"] if role not in known]
    if missing:
        raise click.ClickException(
            f"The backup gives rights to the role {', '.join(missing)}; the server does not have it. Create it first."
        )
    names = [str(conninfo_to_dict(url).get("user", "")) for url in (owner, app)]
    with psycopg.connect(owner, autocommit=True) as db:
        if names[0] != names[1]:
            grant_nothing_by_default(db, *names)
        _fill(tar, manifest, owner)
        if names[0] != names[1]:
            grant_by_default(db, *names)
    _verify(app, owner, manifest)
    ready.done("Restored", "now run 'footbridge migrate', in case the backup is older than this Footbridge")


def _fill(tar: tarfile.TarFile, manifest: dict[str, Any], url: str) -> None:
    config.ready_home()
    with tempfile.TemporaryDirectory(dir=config.home, prefix=".restore-") as folder:
        dump = Path(folder) / dumps.DUMP
        with dumps.member(tar, dumps.DUMP) as source, dump.open("xb") as target:
            shutil.copyfileobj(source, target, dumps.CHUNK)
        if dumps.sum_of(dump) != manifest["dump_sha256"]:
            raise click.ClickException("The backup is damaged: its checksum does not fit. Take another one.")
        total = manifest["tables"]
        with psycopg.connect(url) as db:
            old = db.info.server_version < 170000  # see dumps.OLD_SERVER: one error is expected there
        whole = [] if old else ["--exit-on-error", "--single-transaction"]
        with ready.progress("Restore") as step:
            dumps.run(
                "pg_restore", url,
                ["--no-owner", *whole, "--dbname", _target(url), str(dump)],
                "processing data for table", lambda done: step(min(done, total), total),
            )  # fmt: skip


def _target(url: str) -> str:
    return make_conninfo("", **{**conninfo_to_dict(url), "password": None})


def _verify(app: str, owner: str, manifest: dict[str, Any]) -> None:
    """Does what came in fit its manifest, and is its audit trail whole? In a process of its own, which sees only it."""
    with psycopg.connect(owner) as db:
        seal = manifest["last_seal"]
        if seal:
            row = db.execute("SELECT encode(hash, 'hex') FROM trail_seal WHERE id = %s", [seal["id"]]).fetchone()
            if not row or row[0] != seal["hash"]:
                raise click.ClickException("The last seal of the audit trail is not the one the backup names.")
    known = {f"{app_name}.{name}" for app_name, name in _code_migrations()}
    if not known.issuperset(manifest["migrations"]):
        raise click.ClickException("The backup was made by a newer Footbridge. Upgrade first, then restore.")
    if known.difference(manifest["migrations"]):
        # An older backup: its tables must be brought up to date before today's code can read them.
        _sub(app, owner, "migrate")
    _sub(app, owner, "audit", "verify")


def _sub(app: str, owner: str, *words: str) -> None:
    env = {**os.environ, "DATABASE_URL": app, "DATABASE_OWNER_URL": owner, "FOOTBRIDGE_HOME": str(config.home)}
    if subprocess.run([sys.executable, "-m", "footbridge", *words], env=env, check=False).returncode:
        raise click.ClickException("The restored data did not pass; the data from before is untouched.")


def _code_migrations() -> set[tuple[str, str]]:
    import django

    django.setup()
    from django.db.migrations.loader import MigrationLoader

    return set(MigrationLoader(None).disk_migrations)
