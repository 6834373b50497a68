"""One database server for the whole run, and the cast."""

from __future__ import annotations

from datetime import datetime

import pytest

from . import cast as cast_
from .database import django_db_modify_db_settings, pytest_configure  # noqa: F401 - the run's database


@pytest.fixture
def at() -> datetime:
    return cast_.NOW


@pytest.fixture
def cast(db: None) -> cast_.Cast:
    return cast_.build()
