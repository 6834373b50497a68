"""`footbridge check`: what is missing, a sentence each. Every check below is one function that yields sentences."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import click
from psycopg.conninfo import conninfo_to_dict

from footbridge.cli import ready
from footbridge.config import PACKAGE, Config, config

BACKUP_AGE = timedelta(days=2)
SEAL_AGE = timedelta(minutes=15)
LOCAL = {"", "localhost", "127.0.0.1", "::1"}

Sentences = Iterator[str]


@click.command(short_help="Say what is missing or wrong, a sentence each.")
@click.option("--deploy", is_flag=True, help="Also everything that must be right before real people's data comes in.")
def check(deploy: bool) -> None:
    """Look whether Footbridge is in order and say what is missing, a sentence each. Exit code 1 when something is."""
    missing = list(before_the_database(config)) if deploy else []
    with ready.django():
        for one in IN_ORDER + (BEFORE_PEOPLE if deploy else []):
            missing += one()
    for line in missing:
        click.secho("✗ ", fg="red", nl=False)
        click.echo(line)
    if missing:
        click.echo(f"\n{len(missing)} {'thing is' if len(missing) == 1 else 'things are'} missing.")
        raise click.exceptions.Exit(1)
    ready.done("Everything is in order", "ready for people" if deploy else "add --deploy before real people's data")


# -- what the environment says ---------------------------------------------------------------------------------------


def before_the_database(given: Config) -> Sentences:
    """Needs no database, so that it can be told first."""
    if not given.https:
        yield "TLS: FOOTBRIDGE_BASE_URL must begin with https:// , and a proxy in front must hold the certificate."
    elif not given.behind_proxy:
        yield "Proxy: set FOOTBRIDGE_BEHIND_PROXY=true once your proxy sets X-Forwarded-Proto; let only it reach us."
    if not set(given.hosts) - {"localhost", "127.0.0.1", "[::1]"}:
        yield "Hosts: FOOTBRIDGE_HOSTS must name the address people use, such as care.example.org."
    if "*" in given.hosts:
        yield "Hosts: FOOTBRIDGE_HOSTS=* answers to any name; list the real ones."
    if given.debug:
        yield "Debug: FOOTBRIDGE_DEBUG is on; error pages would show personal data. Switch it off."
    if os.geteuid() == 0:
        yield "User: Footbridge runs as root. Make a user for it (docs/install.md, Production)."
    yield from _keys(given)
    yield from _server(given)
    if not given.smtp_host:
        yield f"Mail: no FOOTBRIDGE_SMTP_HOST; mail is only written to files in {given.outbox}."
    elif not given.smtp_user:
        yield "Mail: FOOTBRIDGE_SMTP_USER is empty; most mail servers will refuse to send."
    if "localhost" in given.mail_from:
        yield "Mail: FOOTBRIDGE_MAIL_FROM must be an address of your own domain."
    yield from _backups(given)


def _keys(given: Config) -> Sentences:
    for name, kept in (("secret", given.given_secret_key), ("field", given.given_field_key)):
        path = given.home / f"{name}.key"
        if kept is None and path.is_file() and path.stat().st_mode & 0o077:
            yield f"Keys: {path} can be read by others. Run: chmod 600 {path}"
    if given.database_url and given.given_field_key is None:
        yield (
            "Keys: FOOTBRIDGE_FIELD_KEY is not given; every web and worker machine would make its own. "
            f"Give all of them the one in {given.home / 'field.key'}."
        )
    if given.database_url and given.given_secret_key is None:
        yield "Keys: FOOTBRIDGE_SECRET_KEY is not given; sessions would hold on one machine only."


def _server(given: Config) -> Sentences:
    if given.database_url is None:
        yield "Database: DATABASE_URL is not set. The built-in database is for a trial or one small site, one machine."
        return
    parts = conninfo_to_dict(given.database_url)
    host = str(parts.get("host", ""))
    if host not in LOCAL and not host.startswith("/") and parts.get("sslmode") != "verify-full":
        yield "Database: the way to the server is open; add ?sslmode=verify-full&sslrootcert=… to DATABASE_URL."
    owner = conninfo_to_dict(given.database_owner_url or given.database_url)
    if owner.get("user") == parts.get("user"):
        yield "Database: pages work as the owner of the tables. Give DATABASE_URL a second role (docs/install.md)."


def _backups(given: Config) -> Sentences:
    files = sorted(given.backups.glob("*.tar"), key=lambda file: file.stat().st_mtime) if given.backups.is_dir() else []
    if not files:
        yield f"Backups: there is none in {given.backups}. Let 'footbridge backup' run every night."
        return
    age = datetime.now(UTC) - datetime.fromtimestamp(files[-1].stat().st_mtime, UTC)
    if age > BACKUP_AGE:
        yield f"Backups: the newest is {age.days} days old. Let 'footbridge backup' run every night."


# -- what the database says ------------------------------------------------------------------------------------------


def _tables() -> Sentences:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield f"Tables: {len(plan)} changes are missing. Run 'footbridge migrate'."


def _role() -> Sentences:
    (superuser, bypass) = _row("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    if superuser or bypass:
        yield "Database: the role of DATABASE_URL is a superuser or passes by row security. Use an ordinary role."
    (owned,) = _row("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
    if owned and config.database_owner_url:
        yield f"Database: the role of DATABASE_URL owns {owned} tables; only the role of DATABASE_OWNER_URL should."


def _durability() -> Sentences:
    for setting in ("fsync", "full_page_writes"):
        (value,) = _row("SELECT current_setting(%s)", [setting])
        if value != "on":
            yield f"Database: {setting} is off on the server; a power cut could lose saved work. Switch it on."


def _files() -> Sentences:
    if not (PACKAGE / "kit/web/static/dist").is_dir():
        yield "Files: the front end is not built. Run 'make start', or install Footbridge from a wheel."
    for source in (PACKAGE / "locale").glob("*/LC_MESSAGES/django.po"):
        if not source.with_suffix(".mo").is_file():
            language = source.parent.parent.name
            yield f"Files: the {language} translation is not compiled. Run 'footbridge messages --compile'."


def _jobs() -> Sentences:
    (failed,) = _row("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
    if failed:
        yield f"Jobs: {failed} jobs failed for good and wait for a person to look at them."
    (late,) = _row(
        "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"
        " AND coalesce(scheduled_at, now()) < now() - interval '15 minutes'"
    )
    if late:
        yield f"Jobs: {late} jobs are more than 15 minutes late. Is the worker running?"


def _ladder() -> Sentences:
    from footbridge.wiring.watch import still_since

    if since := still_since(datetime.now(UTC)):
        yield f"Alarms: nothing has been passed on and no letter sent since {since:%Y-%m-%d %H:%M} UTC. Start the worker: people may be in danger."


def _seals() -> Sentences:
    from footbridge.kit.trail.models import Act, Seal

    last = Seal.objects.order_by("-id").first()
    oldest = Act.objects.filter(sealed__isnull=True).order_by("id").first()
    if oldest and oldest.recorded_at and datetime.now(UTC) - oldest.recorded_at > SEAL_AGE:
        since = f"since {last.made_at:%Y-%m-%d %H:%M} UTC" if last else "ever"
        yield f"Audit: nothing was sealed {since}, although there are newer acts. Is the worker running?"


# -- what people need ------------------------------------------------------------------------------------------------


def _demo_people() -> Sentences:
    from django.contrib.auth import get_user_model

    count = get_user_model().objects.filter(is_demo=True).count()
    if count:
        yield f"Demo: {count} demo people are in this database, without second factor. Start real work in an empty one."


def _admins() -> Sentences:
    from footbridge.ground.people.models import RoleHeld

    held = RoleHeld.objects.filter(role="admin", held_until__isnull=True, staff__person__user__is_active=True)
    if not held.exclude(staff__person__user__is_demo=True).exists():
        yield "Administrator: there is none. Run 'footbridge create-admin'."


def _second_factors() -> Sentences:
    from allauth.mfa.models import Authenticator
    from django.contrib.auth import get_user_model

    staff = get_user_model().objects.filter(is_active=True, is_demo=False, person__staff__left_on__isnull=True)
    staff = staff.filter(person__staff__isnull=False).exclude(pk__in=Authenticator.objects.values("user_id"))
    if count := staff.count():
        yield f"Second factor: {count} of the staff have none yet. They are asked for it when they next sign in."


def _program() -> Sentences:
    from footbridge.ground.program.models import Program

    if not Program.objects.exists():
        yield "Program: none is loaded. Describe yours in a file and run 'footbridge program import FILE'."


def _reviewed_by_a_person() -> Sentences:
    """Phone numbers of crisis lines and the like run out: a person looks at them again before that day."""
    from footbridge import data

    for path in sorted((PACKAGE / "data").glob("*.yaml")):
        content = data.parsed(path.stem)
        until = data.expires_on(path.stem) if isinstance(content, dict) else None
        if until is None:
            continue
        if "not yet" in str(content.get("reviewed_by", "not yet")):
            yield f"Review: nobody has checked {path.name} yet. Check it and write your name into reviewed_by."
        elif until < datetime.now(UTC).date():
            yield f"Review: {path.name} was to be checked by a person before {until}. Check it and set reviewed_on."
        elif until - timedelta(days=14) <= datetime.now(UTC).date():
            yield f"Review: {path.name} must be checked by a person by {until}. Check it and set reviewed_on."


def _row(query: str, values: list[Any] | None = None) -> tuple[Any, ...]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query, values or [])
        return tuple(cursor.fetchone() or ())


IN_ORDER: list[Callable[[], Sentences]] = [_tables, _files, _ladder, _jobs, _seals]
BEFORE_PEOPLE: list[Callable[[], Sentences]] = [
    _role, _durability, _demo_people, _admins, _second_factors, _program, _reviewed_by_a_person,
]  # fmt: skip
