"""Makes a cluster and keeps its settings: what ``initdb`` is told, three configuration files, two roles."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from footbridge.kit.embedded import binaries
from footbridge.kit.embedded.places import APP, DATABASE, OWNER, PORT, EmbeddedTrouble, Place

SUPERUSER = "postgres"
MAP = "footbridge"

# A page that hangs must not hold others up. Migrations (the owner) wait a little for their locks, never for long.
APP_LIMITS = {"statement_timeout": "60s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "5min"}
# How to look for the answers to many small questions (docs/measured.md). Our queries name the narrow table first: trying every
# order of nine joined tables took 12 ms, thirty times as long as answering. Helpers cost more to start than they save.
APP_LIMITS |= {"join_collapse_limit": "5", "max_parallel_workers_per_gather": "0", "random_page_cost": "1.1"}


def make(place: Place, install: Path, fast: bool) -> None:
    """Run initdb beside the final place, then move it there whole: an interrupted one leaves nothing half made."""
    aside = place.base / "data.new"
    if aside.exists():
        shutil.rmtree(aside)
    command = [
        str(install / "bin" / "initdb"), "--pgdata", str(aside), "--username", SUPERUSER,
        "--auth", "peer", "--auth-host", "reject", "--encoding", "UTF8",
        "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C.UTF-8",
        "--data-checksums", "--no-instructions",
    ]  # fmt: skip
    if fast:
        command.append("--no-sync")
    done = subprocess.run(command, capture_output=True, text=True, check=False, **as_user(place))
    if done.returncode != 0:
        raise EmbeddedTrouble(f"The database could not be made in {place.base}: {done.stderr.strip()}")
    aside.rename(place.data)


def as_user(place: Place) -> dict[str, Any]:
    """Keyword arguments for subprocess: the server's user, a neutral folder, nothing inherited."""
    how: dict[str, Any] = {"env": binaries.environment(), "cwd": "/", "stdin": subprocess.DEVNULL, "umask": 0o077}
    if place.drops:
        how |= {"user": place.uid, "group": place.gid, "extra_groups": []}
    return how


def configure(place: Place, fast: bool) -> bool:
    """Write the configuration files where they differ; True when something changed (the server must then reload)."""
    texts = {"postgresql.conf": _settings(place, fast), "pg_hba.conf": _hba(), "pg_ident.conf": _ident(place)}
    changed = False
    for name, text in texts.items():
        path = place.data / name
        if not path.exists() or path.read_text() != text:
            aside = path.with_suffix(".new")
            aside.write_text(text)
            aside.chmod(0o600)
            if place.drops:
                os.chown(aside, place.uid, place.gid)
            aside.replace(path)
            changed = True
    return changed


def _settings(place: Place, fast: bool) -> str:
    settings = {
        # Nothing listens on the network; whoever may open the folder may ask, and must then be who they say (peer).
        "listen_addresses": "",
        "port": PORT,
        "unix_socket_directories": str(place.socket_dir),
        "unix_socket_permissions": "0700",
        "max_connections": 100,
        "shared_buffers": "128MB",
        "max_wal_size": "1GB",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "password_encryption": "scram-sha-256",
        "jit": "off",  # our queries are short: compiling them costs more than it brings
        "max_locks_per_transaction": 128,
        # A log must not hold personal data: no statement texts, no values of the row that failed.
        "log_line_prefix": "%m [%p] %q%u ",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        # An acknowledged write is on the disk. These are the defaults; they stand here to be seen.
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
    }
    if fast:  # tests only
        settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_wal_size": "4GB"}
    lines = [f"{name} = '{str(value).replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()]
    return "\n".join(["# Written by Footbridge at every start; changes made here are lost.", *lines, ""])


def _hba() -> str:
    return (
        "# Written by Footbridge at every start; changes made here are lost.\n"
        f"local  all  all  peer  map={MAP}\n"
        "host   all  all  all   reject\n"
    )


def _ident(place: Place) -> str:
    users = ["root"] if place.user == "root" else ["root", place.user]
    lines = [f'{MAP}  "{user}"  {role}' for user in users for role in (SUPERUSER, OWNER, APP)]
    return "\n".join(["# Written by Footbridge at every start; changes made here are lost.", *lines, ""])


def provide_roles(place: Place, fast: bool) -> None:
    """Create the roles and the database, or mend them. Cheap enough for every start; safe to repeat."""
    with psycopg.connect(place.url(SUPERUSER, "postgres"), autocommit=True) as db:
        _role(db, OWNER, "LOGIN NOSUPERUSER NOBYPASSRLS " + ("CREATEDB" if fast else "NOCREATEDB"))
        _role(db, APP, "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
        # The owner may become the application (SET ROLE), never the other way round.
        db.execute(sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE").format(*_names(APP, OWNER)))
        for setting, value in APP_LIMITS.items():
            db.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(*_names(APP, setting), sql.Literal(value)))
        db.execute(sql.SQL("ALTER ROLE {} SET lock_timeout = '15s'").format(*_names(OWNER)))
        if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            db.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*_names(DATABASE, OWNER)))
        db.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(*_names(DATABASE)))
        db.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(*_names(DATABASE, APP)))
    # template1 too: databases made for tests are copies of it and bring the same privileges.
    for database in ("template1", DATABASE):
        with psycopg.connect(place.url(SUPERUSER, database), autocommit=True) as db:
            grant_by_default(db, OWNER, APP)


def drop_database(place: Place) -> None:
    with psycopg.connect(place.url(SUPERUSER, "postgres"), autocommit=True) as db:
        db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(*_names(DATABASE)))


def grant_by_default(db: psycopg.Connection, owner: str, app: str) -> None:
    """Tables and sequences that ``owner`` will make in schema public are the application's to use, not to change."""
    db.execute(sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
    db.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(*_names(app)))
    for what in ("SELECT, INSERT, UPDATE, DELETE ON TABLES", "USAGE, SELECT ON SEQUENCES"):
        db.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT ").format(*_names(owner))
            + sql.SQL(what)
            + sql.SQL(" TO {}").format(*_names(app))
        )


def grant_nothing_by_default(db: psycopg.Connection, owner: str, app: str) -> None:
    """The opposite, for the time of a restore: a dump names the rights it grants, not those it must take away."""
    for what in ("TABLES", "SEQUENCES"):
        db.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public REVOKE ALL ON ").format(*_names(owner))
            + sql.SQL(what)
            + sql.SQL(" FROM {}").format(*_names(app))
        )


def _role(db: psycopg.Connection, name: str, attributes: str) -> None:
    exists = db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    verb = "ALTER" if exists else "CREATE"
    db.execute(sql.SQL(verb + " ROLE {} ").format(*_names(name)) + sql.SQL(attributes))


def _names(*names: str) -> list[sql.Identifier]:
    return [sql.Identifier(name) for name in names]
