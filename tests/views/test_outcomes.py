"""The director's pages about many people: counted whole, small numbers hidden, few questions to the database."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from footbridge.desks.director.outcomes import facts, page
from footbridge.kit.trail.models import Act
from tests.actions import way
from tests.cast import Cast
from tests.people import BETTER, CALM, NONE, ONE, SAME, WORSE, many

from .test_screening import at_desk

pytestmark = pytest.mark.django_db
PAGES = ("director:outcomes", "director:alerts", "director:evidence")
FILES = ("director:outcomes_csv", "director:outcomes_pdf", "director:evidence_csv")
LIVES = [
    *[(BETTER, CALM, "completed")] * 12, *[(SAME, CALM, "completed")] * 6, *[(SAME, NONE, "left")] * 7, *[(ONE, ONE, "left")] * 6,
    *[(WORSE, WORSE, "")] * 2, *[(BETTER, CALM, "")] * 8, *[(NONE, NONE, "")] * 5,
]  # fmt: skip


@pytest.fixture
def program(cast: Cast):
    now = timezone.now()
    track = way.track(at=now)
    many(cast, track, LIVES, now=now)
    return track


def rows(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


class TestOutcomes:
    def test_everybody_admitted_is_counted_and_missing_scores_are_said(self, cast: Cast):
        now = timezone.now()
        many(cast, way.track(at=now), [life for life in LIVES if life[0] is not WORSE], now=now)
        text = at_desk(cast.ed).get(reverse("director:outcomes")).content.decode()
        assert "44 people" in text and "20 are better by more than chance" in text and "Worse: 0" in text
        assert "Of 11 it is not known" in text and "Of the 33 with two scores" in text

    def test_a_small_cell_is_hidden_in_every_form_and_cannot_be_computed(self, cast: Cast, program):
        """Two people are worse: nowhere a 2, and nothing left from which it follows."""
        ed = at_desk(cast.ed)
        said = [row for row in rows(ed.get(reverse("director:outcomes_csv"))) if row["measure"] == "PHQ-9" and row["table"].startswith("Change")]
        worse = [row for row in said if row["row"].startswith("Worse")]
        assert worse and all(row["value"] in ("hidden", "0") for row in worse)
        for group in {row["group"] for row in said}:
            hidden = [row for row in said if row["group"] == group and row["value"] == "hidden"]
            assert len(hidden) != 1
        assert "hidden" in ed.get(reverse("director:outcomes")).content.decode()

    def test_recovery_of_the_pair_and_completion_of_measures(self, cast: Cast, program):
        said = rows(at_desk(cast.ed).get(reverse("director:outcomes_csv")))
        pair = {row["row"]: row["value"] for row in said if row["measure"].startswith("PHQ-9 and") and row["group"] == "All admissions"}
        assert pair["Recovered, and better by more than chance"] == "20"
        weeks = [row for row in said if row["row"] == "weeks" and row["group"] == "All admissions" and row["measure"] == "PHQ-9"]
        assert 0 < int(weeks[0]["value"]) < int(weeks[0]["of"])
        discharge = [row for row in said if row["table"] == "Measured at discharge" and row["measure"] == "PHQ-9"]
        assert sum(int(row["value"]) for row in discharge if row["group"] == "All discharged") == 31

    def test_filters_and_few_people(self, cast: Cast, program):
        ed = at_desk(cast.ed)
        assert "46 people" in ed.get(reverse("director:outcomes"), {"track": str(program.uid)}).content.decode()
        few = ed.get(reverse("director:outcomes"), {"condition": "mood"}).content.decode()
        assert "Fewer than 5 people" in few
        wrong = ed.get(reverse("director:outcomes"), {"first": "2026-12-01", "last": "2026-01-01"})
        assert wrong.status_code == 200 and "lies before the first" in wrong.content.decode()
        assert ed.get(reverse("director:outcomes"), {"track": "x", "first": "zzz"}).status_code == 200

    def test_the_number_of_questions_does_not_grow(self, cast: Cast, program):
        now = timezone.now()
        filters = facts.Filters(now.date().replace(year=now.year - 1), now.date())

        def asked() -> int:
            with CaptureQueriesContext(connection) as seen:
                page.gather(filters, now.date())
            return len(seen)

        before = asked()
        many(cast, program, LIVES[:9], now=now)
        assert asked() == before <= 4

    def test_paper(self, cast: Cast, program):
        answer = at_desk(cast.ed).get(reverse("director:outcomes_pdf"))
        assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
        assert 'filename="outcomes.pdf"' in answer["Content-Disposition"]

    def test_without_anybody(self, cast: Cast):
        for name in PAGES:
            assert at_desk(cast.ed).get(reverse(name)).status_code == 200

    @pytest.mark.parametrize("name", [*PAGES, *FILES])
    @pytest.mark.parametrize("who", ["bo", "di", "bea", "ana", "gus"])
    def test_strangers_learn_nothing(self, cast: Cast, name: str, who: str):
        assert at_desk(getattr(cast, who)).get(reverse(name)).status_code == 404


class TestAlerts:
    def test_the_four_cells_or_nothing(self, cast: Cast, program):
        text = at_desk(cast.ed).get(reverse("director:alerts")).content.decode()
        assert "Finished courses" in text and "Better by more than chance at the end" in text


class TestEvidence:
    def test_gaps_are_named_client_by_client(self, cast: Cast, program):
        text = at_desk(cast.ed).get(reverse("director:evidence")).content.decode()
        assert "EP 1: no score of a standardized tool" in text and "EP 3: no plan review" in text
        assert "PHQ-9" in text

    def test_the_file_names_everybody_and_is_written_down(self, cast: Cast, program):
        said = rows(at_desk(cast.ed).get(reverse("director:evidence_csv")))
        assert len(said) == 46
        assert Act.objects.filter(verb="chart.looked", detail__what="evidence file").count() == 46

    def test_one_page_asks_the_same_for_few_and_many(self, cast: Cast):
        now, ed = timezone.now(), at_desk(cast.ed)
        track = way.track(at=now)

        def asked() -> int:
            with CaptureQueriesContext(connection) as seen:
                assert ed.get(reverse("director:evidence")).status_code == 200
            return len(seen)

        many(cast, track, LIVES[:1], now=now)
        asked()
        one = asked()
        many(cast, track, LIVES[10:13], now=now)
        assert asked() <= one
