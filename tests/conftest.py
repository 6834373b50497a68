"""One database server for the whole run, and the cast."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from footbridge.config import config

from . import cast as cast_


@pytest.fixture(scope="session", autouse=True)
def database_server() -> Iterator[None]:
    """The embedded server, shared by all test processes; nothing to do when DATABASE_URL names one."""
    if not config.embedded:
        yield
        return
    from footbridge.kit.embedded import Embedded

    with Embedded(config.home, fast=True).running():
        yield


@pytest.fixture(scope="session")
def django_db_setup(database_server: None, django_db_setup: None) -> None:
    """The server first, then Django's test database."""


@pytest.fixture
def at() -> datetime:
    return cast_.NOW


@pytest.fixture
def cast(db: None) -> cast_.Cast:
    return cast_.build()
