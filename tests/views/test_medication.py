"""The pages of medication."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from footbridge.care.medication import actions
from footbridge.care.medication.models import Allergy, ListStatement, Medication, Reconciliation
from tests.actions.way import NOW
from tests.cast import Cast

from .test_screening import at_desk


def page(cast: Cast, name: str = "show", **more: object) -> str:
    return reverse(f"medication:{name}", kwargs={"uid": cast.ana.episode.uid, **more})


def sertraline(cast: Cast, **more: object) -> Medication:
    words = {"name": "Sertraline", "dose": "50 mg", "taken_from": date(2026, 9, 1), **more}
    return actions.add(cast.ana.client, **words, by=cast.pat.actor(), at=NOW)


def test_the_list_from_unknown_to_gone_through(cast: Cast) -> None:
    pat = at_desk(cast.pat)
    shown = pat.get(page(cast)).content.decode()
    assert "Nobody has said whether anything is taken" in shown and "Allergies: not known yet" in shown
    assert pat.post(page(cast, "state", about="allergy"), {"answer": "none"}).status_code == 303
    assert pat.post(page(cast, "add"), {"name": "Sertraline", "dose": "50 mg"}).status_code == 303
    row = Medication.objects.get()
    changed = {"dose": "75 mg", "how_often": "", "on": "2026-11-05", "because": "little effect"}
    assert pat.post(page(cast, "change", row=row.uid), changed).status_code == 303
    now = Medication.objects.get(taken_until__isnull=True)
    decided = {
        "occasion": "visit",
        "sources": "client",
        f"decision_{now.pk}": "continue",
        f"note_{now.pk}": "",
        "note": "",
    }
    assert pat.post(page(cast, "reconcile"), decided).status_code == 303
    shown = pat.get(page(cast)).content.decode()
    assert "75 mg" in shown and "little effect" in shown and "No allergies, as the client says" in shown
    assert Reconciliation.objects.get().items.get().medication == now
    assert pat.post(page(cast, "stop", row=now.uid), {"on": "2026-11-20", "because": "nausea"}).status_code == 303


def test_refusals_are_422_and_keep_what_was_typed(cast: Cast) -> None:
    row = sertraline(cast)
    pat = at_desk(cast.pat)
    again = pat.post(page(cast, "add"), {"name": "Sertraline", "dose": "50 mg", "why": "low mood"})
    assert again.status_code == 422 and "low mood" in again.content.decode()
    assert pat.post(page(cast, "stop", row=row.uid), {"on": "2020-01-01", "because": "x"}).status_code == 422
    assert pat.post(page(cast, "reconcile"), {"occasion": "visit", "sources": "client"}).status_code == 422
    assert pat.post(page(cast, "state", about="medication"), {"answer": "none"}).status_code == 422
    assert pat.post(page(cast, "add_allergy"), {"substance": ""}).status_code == 422
    assert not ListStatement.objects.exists() and Medication.objects.count() == 1


def test_an_allergy_comes_and_goes(cast: Cast) -> None:
    bo = at_desk(cast.bo)
    assert bo.post(page(cast, "add_allergy"), {"substance": "Penicillin", "reaction": "rash"}).status_code == 303
    row = Allergy.objects.get()
    assert bo.get(page(cast, "withdraw_allergy", row=row.uid)).status_code == 200
    assert bo.post(page(cast, "withdraw_allergy", row=row.uid), {"because": "Tested."}).status_code == 303
    assert "Penicillin" not in bo.get(page(cast)).content.decode().split("<main")[1].split("Penicillin has")[0]


@pytest.mark.parametrize("who", ["cy", "di", "ivy", "bea", "ana", "flo", "gus", "max"])
def test_others_find_nothing(cast: Cast, who: str) -> None:
    row = sertraline(cast)
    browser = at_desk(getattr(cast, who))
    for url in (
        page(cast),
        page(cast, "add"),
        page(cast, "change", row=row.uid),
        page(cast, "stop", row=row.uid),
        page(cast, "reconcile"),
        page(cast, "add_allergy"),
        page(cast, "state", about="medication"),
    ):
        assert browser.get(url).status_code == 404, url
        assert browser.post(url, {"name": "x", "answer": "none", "because": "x", "on": "2026-11-20"}).status_code == 404
    assert Medication.objects.count() == 1


def test_a_row_of_somebody_else_is_not_there(cast: Cast) -> None:
    row = actions.add(cast.max.client, name="Lithium", by=cast.cy.actor(), at=NOW)
    assert at_desk(cast.pat).get(page(cast, "stop", row=row.uid)).status_code == 404


def test_one_query_count_for_one_and_three_rows(cast: Cast, django_assert_max_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    pat = at_desk(cast.pat)
    counts = []
    for n in (1, 2):
        for m in range(n):
            row = sertraline(cast, name=f"Medicine {n} {m}")
        actions.stop(row, on=date(2026, 9, 20), because="x", by=cast.pat.actor(), at=NOW)
        sertraline(cast, name=f"Other {n}")
        actions.reconcile(
            cast.ana.episode,
            occasion="visit",
            sources="client",
            items=dict.fromkeys(Medication.objects.filter(taken_until__isnull=True), ("continue", "")),
            by=cast.pat.actor(),
            at=NOW,
        )
        pat.get(page(cast))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            pat.get(page(cast))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_checks_and_tests_on_the_pages(cast: Cast) -> None:
    from footbridge.care.medication.models import CheckDone, DrugTest, DrugTestResult, RandomTesting

    sertraline(cast, name="Lithium")
    pat = at_desk(cast.pat)
    assert "Lithium level" in pat.get(page(cast)).content.decode()
    assert "Lithium level" in pat.get(reverse("prescriber:visit", kwargs={"uid": cast.ana.episode.uid})).content.decode()
    assert "Choose a check" in pat.get(page(cast, "check")).content.decode()
    assert pat.post(page(cast, "check"), {"outcome": "done", "on": "2026-11-02"}).status_code == 422  # none is recorded by itself
    wrong = pat.post(page(cast, "check"), {"code": "lithium_labs", "outcome": "not_needed", "on": "2026-11-02", "result": ""})
    assert wrong.status_code == 422 and not CheckDone.objects.exists()
    done = {"code": "lithium_labs", "outcome": "done", "on": "2026-11-02", "result": "0.7"}
    assert pat.post(page(cast, "check"), done).status_code == 303
    bad = pat.post(page(cast, "testing"), {"first_on": "2026-11-02", "least_days": "9", "most_days": "7"})
    assert bad.status_code == 422 and 'value="9"' in bad.content.decode()
    assert pat.post(page(cast, "testing"), {"first_on": "2026-11-02", "least_days": "2", "most_days": "7"}).status_code == 303
    assert pat.post(page(cast, "drug_test"), {"on": "2026-11-02", "collected": "yes", "form_key": ""}).status_code in (303, 422)
    test = DrugTest.objects.first() or actions.record_test(
        cast.ana.episode, on=date(2026, 11, 2), collected="yes", by=cast.pat.actor(), at=NOW
    )
    url = page(cast, "result", row=test.uid)
    assert pat.post(url, {"kind": "presumptive", "substance": "", "found": "detected"}).status_code == 422
    assert pat.post(url, {"kind": "presumptive", "substance": "Cannabis", "found": "detected"}).status_code == 303
    shown = pat.get(page(cast)).content.decode()
    assert "Presumptive" in shown and "no reason to end care" in shown and DrugTestResult.objects.count() == 1
    assert pat.post(page(cast, "testing"), {"end": "1"}).status_code == 303
    assert RandomTesting.objects.get().ended_at is not None
    for member in (cast.cy, cast.di, cast.ana, cast.gus):
        for other in (page(cast, "check"), page(cast, "testing"), page(cast, "drug_test"), url):
            assert at_desk(member).get(other).status_code == 404
