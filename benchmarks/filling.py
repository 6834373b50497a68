"""Puts made-up rows into tables by SQL, many at once. Benchmark data only: the product writes through its acts."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models
from psycopg import sql


def run(statement: str) -> int:
    """Run one statement; answers how many rows it touched. No parameters, so `%` is modulo."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


def ask(statement: str) -> Any:
    """The first value of the answer."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def literal(value: Any) -> str:
    """A value as SQL text, quoted by the driver."""
    said = sql.Literal(value).as_string(connection.connection)
    return f"({said}::text[])" if isinstance(value, list) and value else said


def put(model: type[models.Model], source: str, /, **given: Any) -> int:
    """INSERT INTO the model's table SELECT from `source` (the text after FROM, where included).

    `given` maps fields to SQL expressions. A field left out takes its default, so that a new field with a default does
    not break the benchmark; one without a default must be given.
    """
    columns, values = [], []
    known = set(given)
    for field in model._meta.concrete_fields:
        known -= {field.name, field.attname}
        if field.name in given:
            value = str(given[field.name])
        elif field.primary_key and isinstance(field, models.AutoField):
            continue
        elif field.name == "uid" or (field.has_default() and field.default is uuid.uuid4):
            value = "gen_random_uuid()"
        elif field.has_default():
            value = literal(field.get_db_prep_save(field.get_default(), connection))
        elif field.null:
            continue
        else:
            raise ValueError(f"{model.__name__}.{field.name} has no default and is not given")
        columns.append(connection.ops.quote_name(field.column))
        values.append(value)
    if known:
        raise ValueError(f"{model.__name__} has no field {', '.join(sorted(known))}")
    table = connection.ops.quote_name(model._meta.db_table)
    return run(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {source}")


@contextmanager
def unhindered(model: type[models.Model]) -> Iterator[None]:
    """Takes the exclusion constraints of a table away and puts them back afterwards, which checks every row.

    One by one would take minutes.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            f" WHERE contype = 'x' AND conrelid = '{table}'::regclass"
        )
        held = cursor.fetchall()
        for name, _definition in held:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        yield
        for name, definition in held:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def reset_sequences() -> None:
    """Rows were given their numbers; the tables' counters must know where to go on."""
    from django.apps import apps

    for model in apps.get_models():
        key = model._meta.pk
        if model._meta.managed and isinstance(key, models.AutoField):
            table = connection.ops.quote_name(model._meta.db_table)
            run(
                f"SELECT setval(pg_get_serial_sequence('{table}', '{key.column}'),"
                f" greatest((SELECT max({key.column}) FROM {table}), 1))"
            )
