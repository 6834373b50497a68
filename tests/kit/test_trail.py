"""No act, no write; and what was written cannot be unwritten unnoticed."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from footbridge.ground.people import actions as people
from footbridge.ground.people.models import Person
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM
from footbridge.kit.trail.models import Act, Change

from ..cast import NOW, Cast

pytestmark = pytest.mark.django_db


def person(name: str = "Ada Test") -> Person:
    return people.add_person(legal_name=name, by=SYSTEM, at=NOW)


def tamper(sql: str, *words: object) -> None:
    """What an intruder with the owner's keys would do: switch the triggers off, edit, switch them on."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE trail_act DISABLE TRIGGER stamp; ALTER TABLE trail_change DISABLE TRIGGER stamp")
        cursor.execute(sql, words)
        cursor.execute("ALTER TABLE trail_act ENABLE TRIGGER stamp; ALTER TABLE trail_change ENABLE TRIGGER stamp")


def test_a_write_outside_an_act_is_refused_by_the_database():
    with pytest.raises(DatabaseError, match="No act, no write"), transaction.atomic():
        Person.objects.create(legal_name="X Y", name_used="X", created_at=NOW)
    one = person()
    with pytest.raises(DatabaseError, match="No act, no write"), transaction.atomic():
        Person.objects.filter(pk=one.pk).update(name_used="Z")
    with pytest.raises(DatabaseError, match="No act, no write"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ground_person")


def test_an_act_keeps_before_and_after():
    one = person()
    people.correct_person(one, name_used="Addie", by=SYSTEM, at=NOW, why="asked for it")
    act = Act.objects.get(verb="person.corrected")
    change = Change.objects.get(act=act)
    assert (change.table_name, change.op, change.row_id) == ("ground_person", "update", one.pk)
    assert (change.before["name_used"], change.after["name_used"]) == ("Ada", "Addie")
    assert act.why == "asked for it" and act.about_uid == one.uid


def test_an_error_inside_an_act_leaves_nothing():
    with pytest.raises(RuntimeError):
        with trail.act("test.done", by=SYSTEM, at=NOW, about=Person()):
            Person.objects.create(legal_name="X Y", name_used="X", created_at=NOW)
            raise RuntimeError
    assert not Person.objects.exists() and not Act.objects.filter(verb="test.done").exists()
    with pytest.raises(DatabaseError, match="No act"), transaction.atomic():
        Person.objects.create(legal_name="X Y", name_used="X", created_at=NOW)


def test_after_an_inner_act_the_outer_one_writes_on():
    with trail.act("outer.done", by=SYSTEM, at=NOW, about=Person()) as outer:
        with trail.act("inner.done", by=SYSTEM, at=NOW, about=Person()):
            pass
        Person.objects.create(legal_name="X Y", name_used="X", created_at=NOW)
    assert Change.objects.get().act_id == outer.pk


def test_acts_and_changes_cannot_be_altered():
    person()
    for model in (Act, Change):
        with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
            model.objects.update(digest=b"")
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().delete()


def test_verify_finds_nothing_wrong_in_a_whole_trail(cast: Cast):
    assert trail.seal(NOW) > 20
    person()
    verdict = trail.verify()
    assert verdict.whole, verdict.faults
    assert (verdict.seals, verdict.unsealed) == (1, 1)


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE trail_act SET by_label = 'somebody else' WHERE verb = 'person.added'",
        "UPDATE trail_act SET at = at + interval '1 day' WHERE verb = 'person.added'",
        """UPDATE trail_change SET after = jsonb_set(after, '{name_used}', '"Eve"')""",
    ],
)
def test_verify_finds_an_edited_row(sql: str, sealed: bool):
    person()
    if sealed:
        trail.seal(NOW)
    tamper(sql)
    assert "edited after it was written" in trail.verify().faults[0]


def test_verify_finds_an_edit_that_mends_the_digest_too():
    person()
    trail.seal(NOW)
    tamper("UPDATE trail_act SET by_label = 'somebody else'")
    from footbridge.kit.trail.guard import ACT_DIGEST

    tamper(f"UPDATE trail_act a SET digest = {ACT_DIGEST.format(r='a.')}")
    assert any("are not what seal" in fault for fault in trail.verify().faults)


def test_verify_finds_a_gap_in_changes_and_a_missing_guard():
    person()
    trail.seal(NOW)
    tamper("DELETE FROM trail_change")
    assert any("are not what seal" in fault for fault in trail.verify().faults)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ground_person DISABLE TRIGGER guard")
    assert any("ground_person has no working guard" in fault for fault in trail.verify().faults)


def test_seals_kept_elsewhere_tell_of_a_rewritten_trail(tmp_path):
    person()
    trail.seal(NOW)
    kept = tmp_path / "seals.jsonl"
    assert trail.export(kept) == 1
    assert trail.verify(kept).whole
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("trail_seal", "trail_sealed"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        cursor.execute("DELETE FROM trail_sealed; DELETE FROM trail_seal")
    trail.seal(NOW)
    assert any("missing here" in fault or "kept elsewhere" in fault for fault in trail.verify(kept).faults)
    assert trail.verify().whole is True


def test_sealing_twice_seals_nothing_twice():
    person()
    assert (trail.seal(NOW), trail.seal(NOW)) == (1, 0)


def test_looking_at_a_chart_is_written_down(cast: Cast):
    trail.looked(cast.ana.client, by=cast.bo.actor(), at=NOW, what="chart")
    act = Act.objects.get(verb="chart.looked")
    assert (act.by_id, act.client_uid, act.detail) == (cast.bo.user.pk, cast.ana.client.uid, {"what": "chart"})
