"""The program's own growth model: asked for, fitted by the worker, kept also when it fails; how good the alerts were."""

from __future__ import annotations

import random
import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import log

import pytest
from django.utils import timezone

from footbridge.care.measures import actions, growth, program, reads
from footbridge.care.measures.models import CourseAlert, GrowthFit
from footbridge.care.placement.models import Admission, Assessment, Decision
from footbridge.care.transitions import reads as transitions
from footbridge.engines import progress
from footbridge.engines.progress.fitting import NotFitted
from footbridge.ground.episodes.models import Episode
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.instruments import reads as shelf
from footbridge.ground.instruments.models import Score, Sheet
from footbridge.ground.people.models import Client, Person
from footbridge.ground.program.models import Program, Track
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from footbridge.wiring import clock, reactions

DAY = timedelta(days=1)


@pytest.fixture
def loaded(cast, at):
    instruments.load_definitions(by=SYSTEM, at=at)
    return cast


def many(cast, at, n: int, *, weeks: int = 6, first_week: int = 1, seed: int = 4) -> list[Episode]:
    """So many people who started half a year ago, each with a first PHQ-9 and one a week; every total is made up by
    `2 + 0.7 * first - 3 ln(week)` and chance."""
    chance = random.Random(seed)
    edition = shelf.current("phq9")
    began = at - timedelta(days=180)
    with trail.act("test.people", by=SYSTEM, at=at, about=cast.ana.episode):
        track = Track.objects.filter(program__code="iop").first()
        if track is None:
            iop = Program.objects.create(code="iop", name="IOP", weeks=8, minutes_a_week=540)
            track = Track.objects.create(program=iop, code="am", name="Morning", part_of_day="morning", mode="in_person")
        start = Client.objects.count()
        people = Person.objects.bulk_create(
            Person(legal_name=f"Person {i}", name_used=f"Person {i}", created_at=began) for i in range(n)
        )
        clients = Client.objects.bulk_create(
            Client(person=one, number=f"T{start + i:05d}", since=began) for i, one in enumerate(people)
        )
        episodes = Episode.objects.bulk_create(Episode(client=one, opened_at=began) for one in clients)
        assessed = Assessment.objects.bulk_create(
            Assessment(episode=e, by=cast.ivy.staff, facts={}, advice={}, rules_edition="test", at=began) for e in episodes
        )
        decided = Decision.objects.bulk_create(
            Decision(assessment=a, episode=a.episode, by=cast.ivy.staff, indicated="iop", actual="iop", reasons="fits", at=began)
            for a in assessed
        )
        Admission.objects.bulk_create(
            Admission(episode=d.episode, decision=d, track=track, starts_on=began.date(), by=cast.ivy.staff, at=began)
            for d in decided
        )
        sheets, totals = [], []
        for episode in episodes:
            first = min(27, max(6, round(chance.gauss(17, 4))))
            lift, turn = chance.gauss(0, 2), chance.gauss(0, 1)
            for week in (0, *range(first_week, first_week + weeks)):
                t = log(max(1, week))
                value = first if week == 0 else 2 + 0.7 * first - 3 * t + lift + turn * t + chance.gauss(0, 2)
                sheets.append(_sheet(episode, edition, began + week * 7 * DAY))
                totals.append(min(27, max(0, round(value))))
        Sheet.objects.bulk_create(sheets)
        Score.objects.bulk_create(
            Score(sheet=sheet, score="total", value=total, answered=9, items=9, at=sheet.finished_at)
            for sheet, total in zip(sheets, totals, strict=True)
        )
    return episodes


def _sheet(episode: Episode, edition, at: datetime, occasion: str = "weekly") -> Sheet:
    return Sheet(
        client=episode.client, episode=episode, instrument=edition, bundle=uuid.uuid4(), how="portal", occasion=occasion,
        given_at=at, started_at=at, finished_at=at,
    )  # fmt: skip


def the_program() -> Program:
    return Program.objects.get(code="iop")


# -- asking


def test_with_too_few_people_nothing_is_asked_and_it_says_how_many_there_are(loaded, at):
    many(loaded, at, 12)
    with pytest.raises(growth.CannotFit, match=r"needs 200 episodes .* There are 12"):
        growth.ask_for_fit(the_program(), ends={}, by=loaded.ed.actor(), at=at)
    assert not Act.objects.filter(verb="growth.asked").exists()


def test_only_the_director_asks(loaded, at):
    many(loaded, at, 3)
    for who in (loaded.bo, loaded.di, loaded.ana, loaded.gus):
        with pytest.raises(NotYours):
            growth.ask_for_fit(the_program(), ends={}, by=who.actor(), at=at)


def test_asking_puts_one_job_in_the_queue(loaded, at, monkeypatch):
    from procrastinate.contrib.django.models import ProcrastinateJob

    monkeypatch.setattr(reactions.timezone, "now", lambda: at)
    many(loaded, at, 201, weeks=2)
    growth.ask_for_fit(the_program(), ends={}, by=loaded.ed.actor(), at=at)
    growth.ask_for_fit(the_program(), ends={}, by=loaded.ed.actor(), at=at)
    jobs = ProcrastinateJob.objects.filter(task_name="measures.growth_asked")
    assert jobs.count() == 1 and Act.objects.filter(verb="growth.asked").count() == 2
    assert jobs.get().args["program"] == str(the_program().uid)


# -- fitting


def test_a_fit_is_a_row_and_an_act_and_the_next_course_is_held_against_it(loaded, at):
    episodes = many(loaded, at, 210)
    [made] = growth.fit_growth(the_program(), ends={}, at=at, quarter="2026-Q4")
    assert (made.converged, made.episodes, made.readings, made.score) == (True, 210, 1260, "total")
    assert made.coefficients["first_score"] == pytest.approx(0.7, abs=0.15)
    assert made.coefficients["ln_week"] == pytest.approx(-3, abs=0.5)
    assert (len(made.covariance), len(made.scatter)) == (3, 2)
    assert (made.instrument.code, made.instrument.edition) == ("phq9", "2001")
    assert made.starts_from == made.starts_until == (at - timedelta(days=180)).date()
    act = Act.objects.get(verb="growth.fitted")
    assert (act.about_uid, act.by_label, act.detail["episodes"]) == (the_program().uid, "clock", 210)
    found = reads.course_of(episodes[0], "phq9")
    assert (found.judged_by, found.episodes) == ("model", 210)
    shown = reads.course(episodes[0])[0]
    assert "210 episodes" in shown.series.rule and "80 % of this program's people" in shown.series.rule


def test_the_same_quarter_is_fitted_once(loaded, at):
    many(loaded, at, 205, weeks=3)
    assert growth.fit_due(ends={}, at=at) == 1
    assert growth.fit_due(ends={}, at=at + DAY) == 0
    assert GrowthFit.objects.count() == 1
    assert growth.fit_due(ends={}, at=at + 70 * DAY) == 1  # January
    assert set(GrowthFit.objects.values_list("quarter", flat=True)) == {"2026-Q4", "2027-Q1"}


def test_an_asked_fit_is_safe_to_run_twice(loaded, at, monkeypatch):
    many(loaded, at, 202, weeks=3)
    monkeypatch.setattr(reactions.timezone, "now", lambda: at + DAY)
    for _ in range(2):
        reactions.fit_growth_model(str(the_program().uid), at.isoformat(), loaded.ed.user.pk)
    [row] = GrowthFit.objects.all()
    assert (row.asked_by, row.quarter) == (loaded.ed.staff, "")


def test_a_fit_that_does_not_converge_is_kept_and_the_former_model_stays(loaded, at, monkeypatch):
    many(loaded, at, 202, weeks=3)
    [former] = growth.fit_growth(the_program(), ends={}, at=at)
    monkeypatch.setattr(growth, "fit_apart", lambda *_, **__: NotFitted("not_converged", 202, 606))
    [failed] = growth.fit_growth(the_program(), ends={}, at=at + DAY)
    assert (failed.converged, failed.trouble, failed.coefficients) == (False, "not_converged", None)
    assert program.fits([the_program().pk])[the_program().pk, "phq9", "2001"] == former
    [of] = program.standings(at + DAY)
    [standing] = of.measures
    assert (of.admitted, of.may_be_enough) == (202, True)
    assert (standing.in_force, standing.last, standing.failed) == (former, failed, True)
    weeks = dict(standing.example)
    assert standing.first_score == 20 and weeks[1].center > weeks[12].center and weeks[12].low >= 0


def test_people_with_one_later_reading_and_readings_after_the_end_do_not_count(loaded, at):
    episodes = many(loaded, at, 6, weeks=4)
    began = (at - timedelta(days=180)).date()
    assert [one.usable for one in program.gathered(the_program(), at, {})] == [6]
    ends = {episodes[0].pk: began + timedelta(days=10), episodes[1].pk: began + timedelta(days=15)}
    [of] = program.gathered(the_program(), at, ends)
    assert of.usable == 5  # the first has one later reading left, the second two
    assert sum(1 for one in of.observations if one.person == episodes[1].pk) == 2


def test_aftercare_is_not_part_of_the_course(loaded, at):
    [episode] = many(loaded, at, 1, weeks=2)
    with trail.act("test.sheet", by=SYSTEM, at=at, about=episode):
        late = _sheet(episode, shelf.current("phq9"), at - 100 * DAY, "followup")
        late.save()
        Score.objects.create(sheet=late, score="total", value=20, answered=9, items=9, at=late.finished_at)
    [line] = program.lines([episode.pk])
    assert len(line.readings) == 3


def test_the_clock_passes_by_where_there_are_too_few(loaded, at, django_assert_max_num_queries):
    many(loaded, at, 3)
    with django_assert_max_num_queries(8):
        clock.fit_growth_models(0)
    assert not GrowthFit.objects.exists()


def test_reading_many_lines_costs_the_same_number_of_queries(loaded, at, django_assert_num_queries):
    one = many(loaded, at, 1)
    three = many(loaded, at, 3, seed=9)
    with django_assert_num_queries(4):  # admissions, editions, the site's clock, scores
        program.lines([e.pk for e in one])
    with django_assert_num_queries(4):
        program.lines([e.pk for e in three])


# -- how good the alerts were


def _alerted(episode: Episode, on: date) -> None:
    at = datetime.combine(on, datetime.min.time(), tzinfo=timezone.get_default_timezone()) + timedelta(hours=18)
    with trail.act("course.alerted", by=SYSTEM, at=at, about=episode):
        sheet = episode.sheets.order_by("finished_at").first()
        CourseAlert.objects.create(
            episode=episode, sheet=sheet, color="yellow", reason="Slow.", raised_at=at, due_on=on + 7 * DAY
        )


def test_alerts_are_judged_by_what_came_of_the_people(loaded, at, django_assert_max_num_queries):
    episodes = many(loaded, at, 4, weeks=4)
    began = (at - timedelta(days=180)).date()
    with trail.act("test.totals", by=SYSTEM, at=at, about=loaded.ana.episode):
        for episode, last in zip(episodes, (18, 5, 18, 5), strict=True):
            scores = Score.objects.filter(sheet__episode=episode).order_by("sheet__finished_at")
            for place, score in enumerate(scores):
                score.value = Decimal(18) if place < 4 else Decimal(last)
                score.save()
    _alerted(episodes[0], began + timedelta(days=14))
    _alerted(episodes[1], began + timedelta(days=14))
    ends = {episode.pk: began + timedelta(days=40) for episode in episodes}
    ed = loaded.ed.actor()  # who asks is looked up before, as on every page
    with django_assert_max_num_queries(9):
        found = program.alert_precision(ed, ends)
    everything = found.everything
    assert (everything.found, everything.false_alarms, everything.missed, everything.quiet) == (1, 1, 1, 1)
    assert [one.finished for one in found.months] == [4]
    assert (found.not_yet, found.uncounted) == (0, 0)
    # somebody who is still in care is not judged yet, only counted
    fewer = {pk: day for pk, day in ends.items() if pk != episodes[0].pk}
    later = program.alert_precision(loaded.ed.actor(), fewer)
    assert (later.everything.found, later.not_yet) == (0, 1)
    # a therapist of others sees nothing of it
    assert program.alert_precision(loaded.cy.actor(), ends).everything.finished == 0


def test_the_discharge_tells_when_treatment_ended(loaded, at):
    assert transitions.ends() == {}
    assert isinstance(program.alert_precision(loaded.ed.actor(), {}).everything, progress.Precision)


def test_a_draft_fires_no_course_alert(loaded, at):
    edition = shelf.current("phq9")
    with trail.act("test.draft", by=SYSTEM, at=at, about=loaded.ana.episode):
        type(edition).objects.filter(pk=edition.pk).update(
            definition={**edition.definition, "verified_by": ""}, digest="a draft of it"
        )
    [episode] = many(loaded, at, 1)
    assert program.lines([episode.pk]) == []
    assert reads.course_of(episode, "phq9") is None
    assert actions is not None
