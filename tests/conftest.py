"""One database server for the whole run, and the cast."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import translation

from . import cast as cast_
from .database import django_db_modify_db_settings, pytest_configure  # noqa: F401 - the run's database


@pytest.fixture(autouse=True)
def in_english() -> None:
    """Every test begins in English, whatever language the page of the one before left behind in this thread."""
    translation.activate("en")


@pytest.fixture
def at() -> datetime:
    return cast_.NOW


@pytest.fixture
def cast(db: None) -> cast_.Cast:
    return cast_.build()
