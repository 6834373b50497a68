"""The weeks of care: measures, sessions, practice, reviews, the way out and the calls afterwards."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from footbridge.care.aftercare import actions as aftercare
from footbridge.care.measures import actions as measures
from footbridge.care.medication import actions as medication
from footbridge.care.medication import reads as medication_reads
from footbridge.care.plan import reads as plans
from footbridge.care.practice import actions as practice
from footbridge.care.practice import reads as practice_reads
from footbridge.care.practice.skills import shelf
from footbridge.care.reviews import actions as reviews
from footbridge.care.reviews import reads as review_reads
from footbridge.care.safety import actions as safety
from footbridge.care.safety import reads as safety_reads
from footbridge.care.timetable import actions as timetable
from footbridge.care.transitions import actions as transitions
from footbridge.care.transitions import reads as transition_reads
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.instruments.models import Sheet

from . import words
from .clockwork import working_day
from .lives import score_at, spread

if TYPE_CHECKING:
    from .story import Story, Way

# Weekly forms that people leave unanswered: about one in eight, our own guess.
UNANSWERED = 0.12


def _fill(sheet: Sheet, total: int, items: int, by: object, at: datetime, story: Story, item9: int | None = None) -> None:
    if item9 is None:
        answers = spread(total, items, 3, story.random)
    else:
        answers = [*spread(max(0, total - item9), items - 1, 3, story.random), item9]
    measures.answer_all(sheet, {str(n): str(value) for n, value in enumerate(answers, 1)}, by=by, at=at)  # type: ignore[arg-type]
    measures.finish(sheet, by=by, at=at)  # type: ignore[arg-type]


def intake_measures(story: Story, way: Way, at: datetime) -> None:
    """At the screen: PHQ-9, GAD-7 and the suicide screen, read out and entered by intake."""
    assert way.client is not None
    ivy, life = story.team.actors["ivy"], way.life
    sheets, _token = instruments.give(
        way.client, ["phq9", "gad7", "cssrs_screener"], how="interview", occasion="screening", language=life.language, episode=way.episode, by=ivy, at=at
    )
    _fill(sheets[0], life.phq9, 9, ivy, at, story, item9=life.suicidal)
    _fill(sheets[1], life.gad7, 7, ivy, at, story)
    said = {"1": "yes" if life.suicidal else "no", "2": "yes" if life.suicidal == 2 else "no", "6": "no"}
    if life.suicidal == 2:
        said |= {"3": "yes", "4": "no", "5": "no"}
    measures.answer_all(sheets[2], said, by=ivy, at=at)
    measures.finish(sheets[2], by=ivy, at=at)


def into_the_track(story: Story, way: Way, at: datetime) -> None:
    """All groups of the track that fit, and an hour with the therapist."""
    assert way.episode is not None and way.starts_on is not None
    track, ivy = story.tracks[way.life.track], story.team.actors["ivy"]
    try:
        timetable.place_in_track(way.episode, track, way.starts_on, staff=story.team.staff[way.primary], by=ivy, at=at)
    except timetable.CannotJoin:
        pass  # no seat in a group that fits: the front desk's page shows them without a timetable
    except timetable.CannotVisit:
        timetable.place_in_track(way.episode, track, way.starts_on, individual=False, by=ivy, at=at)


def follow(story: Story, way: Way) -> None:
    """Put the weeks of one person on the clock, until they leave."""
    assert way.starts_on is not None
    life = way.life
    leaves = way.starts_on + timedelta(days=life.stay_days)
    way.left_on = leaves
    for week in range(1, life.stay_days // 7 + 1):
        day = way.starts_on + timedelta(weeks=week)
        if story.does("measures"):
            story.clock.at(day, "7:40", partial(weekly_measures, story, way, week))
    if story.does("practice"):
        story.clock.at(way.starts_on + timedelta(days=2), "16:45", lambda at: give_practice(story, way, at))
        for n in range(1, life.stay_days, 3):
            if story.random.random() < life.attends - 0.3:
                story.clock.at(way.starts_on + timedelta(days=n), "20:15", lambda at: practise(story, way, at))
    if story.does("reviews"):
        for n in (29, 58):
            if n < life.stay_days:
                # One in six reviews is late.
                late = story.random.choice([0, 0, 0, 0, 0, 9])
                story.clock.at(working_day(way.starts_on + timedelta(days=n + late)), "15:40", lambda at: review(story, way, at))
    if story.does("transitions"):
        story.clock.at(working_day(leaves - timedelta(days=4)), "16:10", lambda at: relapse_plan(story, way, at))
        story.clock.at(working_day(leaves), "16:30", lambda at: leave(story, way, at))


def _here(way: Way) -> bool:
    assert way.episode is not None
    return transition_reads.discharge_of(way.episode) is None


def weekly_measures(story: Story, way: Way, week: int, at: datetime) -> None:
    assert way.client is not None
    life, therapist = way.life, story.team.actors[way.primary]
    if not _here(way):
        return
    sheets, _token = instruments.give(
        way.client, ["phq9", "gad7"], how="portal", occasion="weekly", language=life.language, episode=way.episode, expires_at=at + timedelta(days=6), by=therapist, at=at
    )
    gone_quiet = life.ending == "left" and way.left_on is not None and at.date() > way.left_on - timedelta(days=8)
    if gone_quiet or story.random.random() < UNANSWERED:
        return
    phq9 = score_at(life, life.phq9, week, 27, story.random)
    gad7 = score_at(life, life.gad7, week, 21, story.random)
    thinks = life.suicidal and story.random.random() < (0.5 if life.course != "better" else max(0.05, 0.5 - week / 8))
    then = at + timedelta(minutes=story.random.randint(3, 40))
    _fill(sheets[0], phq9, 9, way.actor, then, story, item9=1 if thinks and phq9 else 0)
    _fill(sheets[1], gad7, 7, way.actor, then, story)
    if thinks:
        story.clock.when(then + timedelta(minutes=story.random.randint(10, 90)), lambda later: answer_alarm(story, way, later))


def worrying_evening(story: Story, way: Way, at: datetime) -> None:
    """Shortly before the story ends somebody answers item 9: an alarm stands open, with an owner and a due time."""
    if way.episode is None or way.client is None or not way.primary or not _here(way):
        return
    therapist = story.team.actors[way.primary]
    sheets, _token = instruments.give(way.client, ["phq9"], how="portal", occasion="weekly", episode=way.episode, by=therapist, at=at - timedelta(hours=3))
    _fill(sheets[0], min(27, way.life.phq9 + 1), 9, way.actor, at, story, item9=1)


def answer_alarm(story: Story, way: Way, at: datetime) -> None:
    """The therapist opens the alarm, speaks with the person, and closes it with what was done."""
    therapist = story.team.actors[way.primary]
    for alarm in safety_reads.open_alarms().filter(client=way.client):
        if safety_reads.alarm(therapist, alarm.uid) is None:
            continue
        safety.see(alarm, by=therapist, at=at)
        safety.close(
            alarm, "assessed_safe", "Called within the hour. Passing thoughts, no plan, no intent. Went over the safety plan; will speak tomorrow.",
            by=therapist, at=at + timedelta(minutes=18),
        )  # fmt: skip


def give_practice(story: Story, way: Way, at: datetime) -> None:
    assert way.episode is not None
    if not _here(way):
        return
    skills = ["slow_breathing", "five_senses"] if way.life.focus != "substance_use" else ["ride_the_urge", "slow_breathing"]
    for skill in skills:
        practice.assign(
            way.episode, skill=skill, times_a_week=3, instructions="Try it first on an easy day." if skill in shelf() else "", by=story.team.actors[way.primary], at=at
        )


def practise(story: Story, way: Way, at: datetime) -> None:
    assert way.episode is not None
    if not _here(way):
        return
    today = at.astimezone(story.clock.zone).date()
    given = list(practice_reads.open_assignments(way.episode))
    if not given:
        return
    before = story.random.randint(3, 8)
    practice.log(
        story.random.choice(given), practised_on=today, today=today, before=before, after=max(0, before - story.random.randint(0, 3)), by=way.actor, at=at
    )
    practice.check_in(way.episode, on=today, mood=story.random.randint(2, 8), urge=story.random.randint(0, 6), by=way.actor, at=at)


def review(story: Story, way: Way, at: datetime) -> None:
    assert way.episode is not None
    plan = plans.in_force(way.episode)
    if plan is None or not _here(way):
        return
    life = way.life
    state = {"better": "better", "same": "same", "worse": "worse"}[life.course]
    objectives = {o.uid: state for problem in plan.problems.all() for goal in problem.goals.all() for o in goal.objectives.all()}
    scores = review_reads.latest_scores(way.episode)
    unanswered = review_reads.without_score(way.episode, plan, scores, at)
    reviews.review(
        way.episode, decision="continue" if life.course == "better" else "change", progress="Comes to most sessions; practices between them. Scores in view.",
        reasons={"better": "Getting better on this plan.", "same": "No reliable change yet: add an hour and look at medication.", "worse": "Worse: prescriber sees the client this week."}[life.course],
        objectives=objectives, seen=[score["sheet"] for score in scores],
        missing=dict.fromkeys(unanswered, "Not answered yet; given again in the next session."),
        without_scores="" if scores else "No form answered yet.", by=story.team.actors[way.primary], at=at,
    )  # fmt: skip


def relapse_plan(story: Story, way: Way, at: datetime) -> None:
    assert way.episode is not None
    if way.life.ending not in ("completed", "transferred", "ended") or not _here(way):
        return
    transitions.write_relapse_plan(
        way.episode, triggers="Sundays alone. Arguments about money.", early_signs="I skip breakfast and stop answering messages.",
        what_i_do="Walk, call my sister, use slow breathing, go to the alumni group.", people="My sister, my therapist", risky_dates="The week of the anniversary",
        by=story.team.actors[way.primary], at=at,
    )  # fmt: skip


def leave(story: Story, way: Way, at: datetime) -> None:
    assert way.episode is not None and way.client is not None
    life = way.life
    therapist = story.team.actors[way.primary]
    if not _here(way):
        return
    taken = dict.fromkeys(medication_reads.taken_on(way.client, at.date()), ("continue", ""))
    if taken and life.ending in ("completed", "transferred"):
        pat = story.team.actors["pat"]
        medication.reconcile(way.episode, occasion="discharge", sources="Client and list", items=taken, by=pat, at=at)
    to_level = "php" if life.ending == "transferred" else "outpatient"
    why = {
        "completed": "Goals met; goes on with weekly therapy.", "transferred": "Needs more days a week than we can give.", "left": "Did not come back after several calls and a letter.",
        "ended": "The payer ended coverage; care goes on elsewhere.", "other": "Moved away.",
    }[life.ending]  # fmt: skip
    today = at.astimezone(story.clock.zone).date()
    transitions.discharge(
        way.episode, reason=life.ending, to_level=to_level, why=why, summary=words.SUMMARY[life.focus], effective_on=today,
        next_provider="Harbor Counseling" if life.ending in ("completed", "transferred") else "", by=therapist, at=at,
    )  # fmt: skip
    if story.does("aftercare"):
        _aftercare(story, way, today)


def _aftercare(story: Story, way: Way, left: date) -> None:
    """Calls on their days. One in five is not made yet."""
    for due_day in (7, 30):
        if story.random.random() < 0.2:
            continue
        day = working_day(left + timedelta(days=due_day))
        story.clock.at(day, f"{story.random.randint(9, 16)}:20", partial(call, story, way, due_day))


def call(story: Story, way: Way, due_day: int, at: datetime) -> None:
    assert way.episode is not None
    reached = story.random.random() < 0.7
    aftercare.record(
        way.episode, due_day=due_day, channel="call", outcome="reached" if reached else "not_reached", in_care="yes" if reached else "unknown",
        doing=story.random.choice(["better", "same", "same"]) if reached else "unknown", note="Goes to weekly therapy." if reached else "", by=story.team.actors["di"], at=at,
    )  # fmt: skip
