"""The house keeps its shape: keys look back, every table has its guard, every page has its rule."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from footbridge.kit.access import is_guarded
from footbridge.kit.trail.guard import guarded_tables
from footbridge.wiring.middleware import TRUSTED_MODULES

WAY = [
    "safety", "inquiry", "screening", "assessment", "placement", "plan", "medication", "timetable",
    "sessions", "practice", "measures", "reviews", "transitions", "aftercare",
]  # fmt: skip


def stage(model: type) -> int | None:
    parts = model.__module__.split(".")
    return WAY.index(parts[2]) if parts[1] == "care" else None


def test_foreign_keys_look_back_along_the_way():
    """String keys escape the import contracts; the registry does not."""
    forward = [
        f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
        for model in apps.get_app_config("care").get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is not None
        if (here := stage(model)) is not None and (there := stage(field.related_model)) is not None and there > here
    ]
    assert forward == []


def test_ground_never_points_into_care():
    assert [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("ground").get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model._meta.app_label in ("care", "notices")
    ] == []


def test_nothing_clinical_is_deleted_with_something_else():
    """PROTECT everywhere in care and ground: no cascade takes a record away."""
    loose = [
        f"{model.__name__}.{field.name}"
        for label in ("care", "ground")
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and not field.many_to_many and field.remote_field.on_delete.__name__ != "PROTECT"
    ]
    assert loose == []


@pytest.mark.django_db
def test_every_table_of_care_and_ground_has_its_guard():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'guard' AND tgenabled <> 'D'")
        guarded = {name for (name,) in cursor.fetchall()}
    assert len(guarded_tables()) > 60
    assert set(guarded_tables()) - guarded == set()


def _views(patterns: list[URLPattern | URLResolver], prefix: str = "") -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += _views(pattern.url_patterns, path)
        else:
            found.append((path, pattern.callback))
    return found


def test_every_url_has_a_rule_or_says_why_not():
    bare = [
        path for path, view in _views(get_resolver().url_patterns)
        if not is_guarded(view) and not view.__module__.startswith(TRUSTED_MODULES)
    ]  # fmt: skip
    assert bare == []
