"""The tables: bringing them up to date, and Django's own commands for those who know them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import click
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from footbridge.cli import ready
from footbridge.config import config


@click.command()
def migrate() -> None:
    """Bring the tables of the database up to date.

    Run it after every upgrade, as `footbridge start` does by itself. It works as the role that owns the tables
    (DATABASE_OWNER_URL); pages and jobs work as another role that may read and write rows but not change tables.
    """
    with ready.django(owner=True):
        changed = bring_up_to_date()
        ready.done("Tables", f"{changed} changes made" if changed else "up to date")
        loaded = load_questionnaires()
        ready.done("Questionnaires", f"{loaded} loaded" if loaded else "up to date")
        copied = collect_files()
        ready.done("Files for the browser", f"{copied} files" if copied else "up to date")


def bring_up_to_date() -> int:
    """Run the migrations that are missing, as the owner; returns how many ran."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    owner, app = _roles()
    if owner != app:
        with psycopg.connect(config.urls()[1], autocommit=True) as db:
            _need_role(db, app)
            grant_to_come(db, owner, app)
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        with ready.progress("Tables") as step:
            call_command("migrate", interactive=False, verbosity=1, stdout=_Counter(step, len(plan)))
    if owner != app:
        with psycopg.connect(config.urls()[1], autocommit=True) as db:
            forgotten = grant_forgotten(db, app)
        if forgotten:
            # What follows a migration takes single rights away again: the trail can only be added to.
            call_command("migrate", interactive=False, verbosity=0)
    return len(plan)


def load_questionnaires() -> int:
    """Load the questionnaires that came with this version and are not in the database yet; returns how many."""
    from django.utils import timezone

    from footbridge.ground.instruments.actions import load_definitions
    from footbridge.kit.access import SYSTEM

    return len(load_definitions(by=SYSTEM, at=timezone.now()))


def collect_files() -> int:
    """Put styles, scripts and fonts where the web server reads them; 0 when nothing changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    print_of_all = hashlib.sha256(f"{settings.STORAGES['staticfiles']['BACKEND']}".encode())
    count = 0
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            file = Path(storage.path(name)).stat()
            print_of_all.update(f"{name}:{file.st_size}:{file.st_mtime_ns}\n".encode())
            count += 1
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".collected"
    if stamp.is_file() and stamp.read_text() == print_of_all.hexdigest():
        return 0
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    root.mkdir(parents=True, exist_ok=True)
    stamp.write_text(print_of_all.hexdigest())
    return count


class _Counter:
    """Takes Django's lines ("Applying care.0001... OK") and moves the bar."""

    def __init__(self, step: Callable[..., None], total: int) -> None:
        self.step, self.total, self.count = step, total, 0

    def write(self, text: str) -> None:
        if "Applying" in text:
            self.step(self.count, self.total, text.strip().removeprefix("Applying ").removesuffix("..."))
            self.count += 1

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return False


def _roles() -> tuple[str, str]:
    app, owner = (str(conninfo_to_dict(url).get("user", "")) for url in config.urls())
    return owner, app


def _need_role(db: psycopg.Connection, app: str) -> None:
    if not db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [app]).fetchone():
        raise click.ClickException(f"The server has no role '{app}', which DATABASE_URL names. Create it first.")


def grant_to_come(db: psycopg.Connection, owner: str, app: str) -> None:
    """Tables that the owner will make are the application's to use. Migrations may take single rights away again."""
    from footbridge.kit.embedded.cluster import grant_by_default

    grant_by_default(db, owner, app)


def grant_forgotten(db: psycopg.Connection, app: str) -> int:
    """Tables made before the application's role existed; those it may read keep exactly the rights they have."""
    tables = db.execute(
        "SELECT c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'S') AND pg_has_role(c.relowner, 'USAGE')"
        " AND NOT has_table_privilege(%s, c.oid, 'SELECT')",
        [app],
    ).fetchall()
    for name, kind in tables:
        rights = "USAGE, SELECT ON SEQUENCE" if kind == "S" else "SELECT, INSERT, UPDATE, DELETE ON TABLE"
        db.execute(sql.SQL("GRANT " + rights + " {} TO {}").format(sql.Identifier("public", name), sql.Identifier(app)))
    return len(tables)


@click.command(hidden=True, context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def django(words: tuple[str, ...]) -> None:
    """Django's own management commands, as the owner of the tables: footbridge django makemigrations."""
    os.environ["FOOTBRIDGE_AS_OWNER"] = "1"
    from django.core.management import execute_from_command_line

    with ready.database():
        execute_from_command_line(["footbridge django", *words])
