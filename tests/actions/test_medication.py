"""Medication: a list that remembers, allergies, and an empty list that is never silent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from footbridge.care.medication import actions, reads
from footbridge.care.medication.models import Allergy, Medication, Reconciliation
from footbridge.kit.access import NotYours
from footbridge.kit.trail.models import Act
from tests.cast import Cast

from . import way

TODAY = date(2026, 11, 2)


def _sertraline(cast: Cast, at, **more) -> Medication:
    words = {"name": "Sertraline", "dose": "50 mg", "how_often": "once a day", "taken_from": date(2026, 9, 1), **more}
    return actions.add(cast.ana.client, **words, by=cast.pat.actor(), at=at)


def test_a_medicine_is_added_once(cast: Cast, at) -> None:
    row = _sertraline(cast, at)
    assert list(reads.taken_on(cast.ana.client, TODAY)) == [row]
    with pytest.raises(actions.CannotRecord, match="already"):
        _sertraline(cast, at, name="sertraline ")
    assert Act.objects.get(verb="medication.added").client_uid == cast.ana.client.uid


def test_a_change_ends_the_row_and_starts_another(cast: Cast, at) -> None:
    row = _sertraline(cast, at)
    higher = actions.change(row, on=TODAY, dose="100 mg", because="little effect", by=cast.pat.actor(), at=at)
    row.refresh_from_db()
    assert (row.taken_until, row.stopped_because) == (TODAY, "little effect")
    assert (higher.dose, higher.how_often, higher.taken_from) == ("100 mg", "once a day", TODAY)
    assert list(reads.taken_on(cast.ana.client, TODAY)) == [higher]
    assert list(reads.taken_on(cast.ana.client, date(2026, 10, 1))) == [row, higher]
    with pytest.raises(actions.CannotRecord, match="different"):
        actions.change(higher, on=TODAY, dose="100 mg", by=cast.pat.actor(), at=at)
    with pytest.raises(actions.CannotRecord, match="ended"):
        actions.change(row, on=TODAY, dose="25 mg", by=cast.pat.actor(), at=at)


def test_a_stop_has_a_reason_and_a_day_that_fits(cast: Cast, at) -> None:
    row = _sertraline(cast, at)
    with pytest.raises(actions.CannotRecord) as refusal:
        actions.stop(row, on=TODAY, because=" ", by=cast.pat.actor(), at=at)
    assert refusal.value.field == "because"
    with pytest.raises(actions.CannotRecord, match="first day"):
        actions.stop(row, on=date(2026, 8, 1), because="nausea", by=cast.pat.actor(), at=at)
    actions.stop(row, on=TODAY, because="nausea", by=cast.pat.actor(), at=at)
    assert list(reads.stopped_by(cast.ana.client, TODAY)) == [row]
    with pytest.raises(actions.CannotRecord, match="ended"):
        actions.stop(row, on=TODAY, because="again", by=cast.pat.actor(), at=at)


def test_allergies_come_and_are_withdrawn_with_a_reason(cast: Cast, at) -> None:
    row = actions.add_allergy(cast.ana.client, substance="Penicillin", reaction="rash", by=cast.bo.actor(), at=at)
    assert actions.add_allergy(cast.ana.client, substance="penicillin", by=cast.bo.actor(), at=at) == row
    with pytest.raises(actions.CannotRecord):
        actions.withdraw_allergy(row, because="", by=cast.bo.actor(), at=at)
    actions.withdraw_allergy(row, because="Tested: none.", by=cast.bo.actor(), at=at)
    assert not reads.allergies(cast.ana.client).exists() and Allergy.objects.count() == 1


def test_an_empty_list_is_a_statement(cast: Cast, at) -> None:
    client = cast.ana.client
    assert reads.state(client, "medication", TODAY).answer == "unknown"
    with pytest.raises(actions.CannotState):
        actions.state_list(client, about="medication", answer="listed", by=cast.bo.actor(), at=at)
    actions.state_list(client, about="medication", answer="none", by=cast.bo.actor(), at=at)
    assert reads.state(client, "medication", TODAY).answer == "none"
    assert reads.state(client, "allergy", TODAY).answer == "unknown"
    _sertraline(cast, at)
    assert reads.state(client, "medication", TODAY).answer == "listed"
    with pytest.raises(actions.CannotState):
        actions.state_list(client, about="medication", answer="none", by=cast.bo.actor(), at=at)


def test_the_whole_list_is_gone_through(cast: Cast, at) -> None:
    words = {"occasion": "admission", "sources": "client, bottles", "by": cast.pat.actor(), "at": at}
    with pytest.raises(actions.CannotReconcile, match="nobody has said"):
        actions.reconcile(cast.ana.episode, items={}, **words)
    row = _sertraline(cast, at)
    with pytest.raises(actions.CannotReconcile, match="Sertraline"):
        actions.reconcile(cast.ana.episode, items={}, **words)
    with pytest.raises(actions.CannotReconcile) as refusal:
        actions.reconcile(cast.ana.episode, items={row: ("continue", "")}, **{**words, "sources": ""})
    assert refusal.value.field == "sources"
    done = actions.reconcile(cast.ana.episode, items={row: ("clarify", "two doses named")}, **words)
    assert done.items.get().decision == "clarify" and done.episode == cast.ana.episode
    assert Act.objects.filter(verb="medication.reconciled").count() == 1


@pytest.mark.parametrize("who", ["cy", "di", "ivy", "bea", "ana", "gus", "flo"])
def test_only_clinicians_on_the_case_and_the_director(cast: Cast, at, who: str) -> None:
    row = _sertraline(cast, at)
    allergy = actions.add_allergy(cast.ana.client, substance="Nuts", by=cast.ed.actor(), at=at)
    by = {"by": getattr(cast, who).actor(), "at": at}
    for deed in (
        lambda: actions.add(cast.ana.client, name="Lithium", **by),
        lambda: actions.change(row, on=TODAY, dose="1", **by),
        lambda: actions.stop(row, on=TODAY, because="x", **by),
        lambda: actions.add_allergy(cast.ana.client, substance="x", **by),
        lambda: actions.withdraw_allergy(allergy, because="x", **by),
        lambda: actions.state_list(cast.ana.client, about="medication", answer="unknown", **by),
        lambda: actions.reconcile(cast.ana.episode, occasion="visit", sources="x", items={row: ("continue", "")}, **by),
    ):
        with pytest.raises(NotYours):
            deed()
    assert not Reconciliation.objects.exists() and row.taken_until is None


def test_somebody_who_was_on_the_case_no_longer_keeps_the_list(cast: Cast, at) -> None:
    from footbridge.ground.episodes import actions as episodes
    from footbridge.kit.access import SYSTEM

    member = cast.ana.episode.team.get(staff=cast.pat.staff)
    episodes.leave_team(member, by=SYSTEM, at=at + timedelta(hours=1))
    with pytest.raises(NotYours):
        _sertraline(cast, at)


# ------------------------------------------------------------------ checks and drug tests


def test_an_antipsychotic_asks_for_its_checks_until_they_are_done(cast: Cast) -> None:
    from footbridge.care.medication import monitoring

    by = {"by": cast.pat.actor(), "at": way.NOW}
    episode, today = cast.ana.episode, way.NOW.date()
    actions.add(cast.ana.client, name="Quetiapine XR", dose="50 mg", **by)
    codes = {one.check.code for one in monitoring.watch(episode, today).due}
    assert codes == {"aims", "weight", "glucose"}
    row = actions.record_check(episode, code="aims", outcome="done", on=today, result="0", **by)
    assert actions.record_check(episode, code="aims", outcome="done", on=today, result="0", **by) == row
    assert "aims" not in {one.check.code for one in monitoring.watch(episode, today + timedelta(days=181)).due}
    assert "aims" in {one.check.code for one in monitoring.watch(episode, today + timedelta(days=182)).due}
    for wrong in ({"code": "nonsense"}, {"on": today + timedelta(days=1)}, {"outcome": "not_needed"}):
        with pytest.raises(actions.CannotRecord):
            actions.record_check(episode, **{"code": "weight", "outcome": "done", "on": today, **wrong}, **by)
    assert Act.objects.filter(verb="check.recorded").exists()


def test_tests_come_at_random_within_the_most_days(cast: Cast) -> None:
    from footbridge.care.medication import monitoring

    by = {"by": cast.pat.actor(), "at": way.NOW}
    episode, today = cast.ana.episode, way.NOW.date()
    with pytest.raises(actions.CannotTest):
        actions.start_testing(episode, first_on=today, least_days=5, most_days=4, **by)
    first = actions.start_testing(episode, first_on=today, least_days=2, most_days=7, seed=5, **by)
    assert actions.start_testing(episode, first_on=today, least_days=2, most_days=7, **by) == first
    assert today <= monitoring.watch(episode, today).next_test < today + timedelta(days=7)
    actions.record_test(episode, on=today, collected="not_asked", **by)
    assert monitoring.watch(episode, today).next_test < today + timedelta(days=7)
    test = actions.record_test(episode, on=today, collected="yes", **by)
    after = monitoring.watch(episode, today).next_test
    assert today + timedelta(days=2) <= after <= today + timedelta(days=7)
    for kind, found in (("presumptive", "detected"), ("definitive", "not_detected")):
        actions.record_result(test, kind=kind, substance="Amphetamine", found=found, **by)
        actions.record_result(test, kind=kind, substance="Amphetamine", found=found, **by)
    assert test.results.count() == 2
    declined = actions.record_test(episode, on=today, collected="declined", **by)
    for changed in ({"test": declined}, {"substance": " "}):
        with pytest.raises(actions.CannotTest):
            words = {"test": test, "kind": "presumptive", "substance": "Cannabis", "found": "detected", **changed}
            actions.record_result(words.pop("test"), **words, **by)
    with pytest.raises(actions.CannotTest):
        actions.record_test(episode, on=today + timedelta(days=1), collected="yes", **by)
    second = actions.start_testing(episode, first_on=today, least_days=7, most_days=30, **by)
    actions.end_testing(second, **by)
    assert monitoring.open_testing(episode) is None and monitoring.watch(episode, today).next_test is None


@pytest.mark.parametrize("who", ["cy", "di", "ivy", "bea", "ana", "flo", "gus"])
def test_others_record_no_check_and_no_test(cast: Cast, who: str) -> None:
    by = {"by": getattr(cast, who).actor(), "at": way.NOW}
    today = way.NOW.date()
    test = actions.record_test(cast.ana.episode, on=today, collected="yes", by=cast.bo.actor(), at=way.NOW)
    schedule = actions.start_testing(cast.ana.episode, first_on=today, least_days=2, most_days=7, by=cast.bo.actor(), at=way.NOW)
    for deed in (
        lambda: actions.record_check(cast.ana.episode, code="aims", outcome="done", on=today, **by),
        lambda: actions.record_test(cast.ana.episode, on=today, collected="yes", **by),
        lambda: actions.record_result(test, kind="presumptive", substance="x", found="detected", **by),
        lambda: actions.start_testing(cast.ana.episode, first_on=today, least_days=1, most_days=2, **by),
        lambda: actions.end_testing(schedule, **by),
    ):
        with pytest.raises(NotYours):
            deed()


def test_the_list_is_due_at_admission_until_it_is_gone_through(cast: Cast) -> None:
    from footbridge.care.medication import monitoring

    by = {"by": cast.pat.actor(), "at": way.NOW}
    way.admitted(cast)
    assert [one.occasion for one in monitoring.reconciling(cast.ana.episode)] == ["admission"]
    actions.state_list(cast.ana.client, about="medication", answer="none", **by)
    actions.reconcile(cast.ana.episode, occasion="admission", sources="client", items={}, **by)
    assert monitoring.reconciling(cast.ana.episode) == []


def test_what_was_decided_is_open_until_the_list_says_so(cast: Cast, at) -> None:
    """A medicine that was to be stopped and still stands as taken is seen, not forgotten."""
    words = {"taken_from": date(2026, 9, 1), "by": cast.pat.actor(), "at": at}
    stop, keep, ask = (actions.add(cast.ana.client, name=name, dose="10 mg", **words) for name in ("Doxepin", "Sertraline", "Zinc"))
    items = {stop: ("stop", "Sleeps without"), keep: ("continue", ""), ask: ("clarify", "Who gave it?")}
    actions.reconcile(cast.ana.episode, occasion="admission", sources="Client", items=items, by=cast.pat.actor(), at=at)
    today = at.date()
    assert [one.medication for one in reads.decided_and_open(cast.ana.client, today)] == [stop, ask]
    actions.stop(stop, on=today, because="Sleeps without", by=cast.pat.actor(), at=at)
    assert [one.medication for one in reads.decided_and_open(cast.ana.client, today)] == [ask]
    later = at + timedelta(days=1)
    actions.reconcile(cast.ana.episode, occasion="visit", sources="Client", items={keep: ("continue", ""), ask: ("continue", "")}, by=cast.pat.actor(), at=later)
    assert reads.decided_and_open(cast.ana.client, today) == []
