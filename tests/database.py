"""The database of a test run: a quick embedded cluster that all runs share, or the server of DATABASE_URL.

A pytest plugin, named in ``tests/conftest.py``. Runs that need no database never start one.
"""

from __future__ import annotations

import os
import re

import psycopg
import pytest
from psycopg import sql

from footbridge.config import TEST_DATABASE, config
from footbridge.kit.embedded import Embedded


def pytest_configure(config: pytest.Config) -> None:
    # Set before xdist starts its workers, so that all of one run agree on the name.
    os.environ.setdefault(TEST_DATABASE, f"test_footbridge_{os.getpid()}")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    if config.embedded:
        Embedded(config.home, fast=True).share()
    _sweep()


def _sweep() -> None:
    """Drop the databases of runs that were killed before they could."""
    with psycopg.connect(config.urls()[1], autocommit=True) as db:
        names = db.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_footbridge\\_%'").fetchall()
        for (name,) in names:
            number = re.match(r"test_footbridge_(\d+)", name)
            if number and not os.path.exists(f"/proc/{number[1]}"):  # noqa: PTH110
                db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
