"""The database of a test run: a quick embedded cluster that all runs share, or the server of DATABASE_URL.

A pytest plugin, named in ``tests/conftest.py``. Runs that need no database never start one. Migrating takes a while, so
it happens once for each state of the migrations, into a template; every run and every xdist worker copies it.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from footbridge.config import PACKAGE, TEST_DATABASE, config
from footbridge.kit.embedded import Embedded

TEMPLATE = "template_footbridge_"


def pytest_configure(config: pytest.Config) -> None:
    # Set before xdist starts its workers, so that all of one run agree on the name.
    os.environ.setdefault(TEST_DATABASE, f"test_footbridge_{os.getpid()}")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    from django.conf import settings

    if config.embedded:
        Embedded(config.home, fast=True).share()
    owner = config.urls()[1]
    with psycopg.connect(owner, autocommit=True) as db:
        # One run at a time prepares; the others wait here and find it done.
        db.execute("SET lock_timeout = 0")  # the role's own limit is for migrations of a house full of people
        db.execute("SELECT pg_advisory_lock(hashtext('footbridge tests'))")
        _sweep(db)
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = _template(db, owner)


def _template(db: psycopg.Connection, owner: str) -> str:
    """The name of a migrated database to copy, made now if the migrations changed since the last one."""
    name = TEMPLATE + _state()
    if db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return name
    making = f"{name}_making"
    db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(making)))
    db.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(making)))
    url = address(owner, making)
    env = {**os.environ, "DATABASE_URL": url, "DATABASE_OWNER_URL": url, "FOOTBRIDGE_TEST": "1"}
    command = [sys.executable, "-m", "footbridge", "django", "migrate", "--skip-checks", "--verbosity", "0"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    db.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(name)))
    return name


def _state() -> str:
    """A fingerprint of everything that decides what the tables look like."""
    total = hashlib.sha256((PACKAGE.parents[1] / "requirements" / "run.txt").read_bytes())
    files = {*PACKAGE.rglob("migrations/*.py"), *PACKAGE.rglob("*.sql"), *PACKAGE.glob("kit/trail/*.py")}
    for path in sorted(files):
        total.update(f"\n{path.relative_to(PACKAGE)}\n".encode() + path.read_bytes())
    return total.hexdigest()[:16]


def address(url: str, database: str) -> str:
    """The same server and role, another database, as an address that starts with postgresql://"""
    parts = conninfo_to_dict(url)
    user, password = parts.pop("user", ""), parts.pop("password", None)
    parts.pop("dbname", None)
    rest = "&".join(f"{key}={_quote(value)}" for key, value in parts.items())
    who = _quote(user) + (f":{_quote(password)}" if password else "")
    return f"postgresql://{who}@/{database}?{rest}"


def _quote(text: object) -> str:
    return quote(str(text), safe="")


def _sweep(db: psycopg.Connection) -> None:
    """Drop what killed runs left, and templates of long ago (a run beside this one may need the last few)."""
    every = db.execute("SELECT datname FROM pg_database ORDER BY oid DESC").fetchall()
    names = [name for (name,) in every]
    old = [name for name in names if name.startswith(TEMPLATE)][3:]
    for name in names:
        run = re.match(r"test_footbridge_(\d+)", name)
        if name in old or (run and not Path(f"/proc/{run[1]}").exists()):
            db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
