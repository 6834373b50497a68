"""The database's half of "no act, no write".

Every table of `care` and `ground` has one trigger. It refuses a change outside an act and keeps the row before and after.
One function serves all tables, so this is plain SQL rather than a trigger library that writes a function for each
(docs/decisions/0004-audit.md). Acts, changes and seals can be added and never altered.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections

GUARDED_APPS = ("ground", "care")

# What a row's digest covers. Kept here, not in the database, so that `verify` does not trust a function an intruder could change.
ACT_DIGEST = (
    "sha256(convert_to(jsonb_build_array({r}id, {r}uid, {r}verb, {r}by_id, {r}by_label, extract(epoch from {r}at), "
    "{r}about_kind, {r}about_uid, {r}client_uid, {r}why, {r}detail)::text, 'UTF8'))"
)
CHANGE_DIGEST = (
    "sha256(convert_to(jsonb_build_array({r}id, {r}act_id, {r}table_name, {r}row_id, {r}op, {r}before, {r}after)::text, 'UTF8'))"
)

# ruff: noqa: S608 - every name in these statements is written here
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION trail_act_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'The trail of acts can be added to, never altered.' USING ERRCODE = 'raise_exception';
  END IF;
  NEW.recorded_at := clock_timestamp();
  NEW.recorded_in := pg_current_xact_id()::text::bigint;
  NEW.digest := {ACT_DIGEST.format(r="NEW.")};
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION trail_change_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'The trail of acts can be added to, never altered.' USING ERRCODE = 'raise_exception';
  END IF;
  NEW.digest := {CHANGE_DIGEST.format(r="NEW.")};
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION trail_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Seals can be added, never altered.' USING ERRCODE = 'raise_exception';
END $$;

CREATE OR REPLACE FUNCTION trail_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  act text := current_setting('footbridge.act', true);
  old_row jsonb;
  new_row jsonb;
BEGIN
  IF act IS NULL OR act = '' THEN
    RAISE EXCEPTION 'No act, no write: % on % was refused.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- The name of an act can be set by anybody who may write at all: it counts only in the transaction that wrote the act. The
  -- time is looked at too, because after a restore into another server transactions are counted anew.
  PERFORM 1 FROM trail_act a WHERE a.id = act::bigint AND a.recorded_in = pg_current_xact_id()::text::bigint
    AND a.recorded_at >= transaction_timestamp();
  IF NOT FOUND THEN
    RAISE EXCEPTION 'No act, no write: % on % named an act that is not under way.', TG_OP, TG_TABLE_NAME
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW); END IF;
  INSERT INTO trail_change (act_id, table_name, row_id, op, before, after)
  VALUES (act::bigint, TG_TABLE_NAME, (coalesce(new_row, old_row)->>'id')::bigint, lower(TG_OP), old_row, new_row);
  RETURN NULL;
END $$;
"""


def guarded_tables() -> list[str]:
    """Every table of care and ground, link tables included, in a steady order."""
    return sorted(
        model._meta.db_table
        for label in GUARDED_APPS
        if apps.is_installed(f"footbridge.{label}")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    )


def install(*, using: str = "default", **_kwargs: Any) -> None:
    """Put the functions and triggers in place. Safe to run again; runs after every migration."""
    with connections[using].cursor() as cursor:
        tables = set(connections[using].introspection.table_names(cursor))
        if not {"trail_act", "trail_change", "trail_seal", "trail_sealed"} <= tables:
            return  # the trail's own tables come first
        columns = connections[using].introspection.get_table_description(cursor, "trail_act")
        if "recorded_in" not in {column.name for column in columns}:
            return  # a database on its way to this version
        cursor.execute(FUNCTIONS)
        for table, function in (
            ("trail_act", "trail_act_stamp"),
            ("trail_change", "trail_change_stamp"),
        ):
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER stamp BEFORE INSERT OR UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {function}()"
            )
        for table in ("trail_seal", "trail_sealed"):
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION trail_append_only()"
            )
        for table in guarded_tables():
            if table in tables:
                cursor.execute(
                    f'CREATE OR REPLACE TRIGGER guard AFTER INSERT OR UPDATE OR DELETE ON "{table}" '
                    "FOR EACH ROW EXECUTE FUNCTION trail_guard()"
                )
        # The application may add to the trail and read it. What happened cannot be taken back by it.
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'footbridge_app'")
        if cursor.fetchone():
            cursor.execute("REVOKE UPDATE, DELETE, TRUNCATE ON trail_act, trail_change, trail_seal, trail_sealed FROM footbridge_app")
            cursor.execute("REVOKE INSERT ON trail_change FROM footbridge_app")
