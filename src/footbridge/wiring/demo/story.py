"""The story of the demo program: each life goes its way by the product's own verbs, done by the people whose job it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from footbridge.care.inquiry import actions as inquiry
from footbridge.care.inquiry.models import Inquiry
from footbridge.care.medication import actions as medication
from footbridge.care.placement import actions as placement
from footbridge.care.placement.models import Decision
from footbridge.care.plan import actions as plan
from footbridge.care.plan.models import Plan
from footbridge.care.plan.tree import GoalSketch, InterventionSketch, ObjectiveSketch, ProblemSketch
from footbridge.care.safety import actions as safety
from footbridge.care.safety import reads as safety_reads
from footbridge.care.screening import actions as screening
from footbridge.care.timetable.models import Place
from footbridge.care.transitions.hand_offs import actions as hand_offs
from footbridge.ground.consent import actions as consent
from footbridge.ground.coverage import actions as coverage
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import actions as people
from footbridge.ground.people.models import Client, Person
from footbridge.ground.program.models import Track
from footbridge.kit.access import PUBLIC, SYSTEM, Actor
from footbridge.kit.access.models import User

from . import elsewhere, words
from .clockwork import Clock, working_day
from .lives import Life
from .staff import EVERYBODY, LEADERS, PASSWORD, Team, account

STAGES = [
    "inquiry", "screening", "placement", "plan", "medication", "timetable", "sessions", "practice", "measures", "reviews", "transitions", "aftercare",
]  # fmt: skip
FREE = {"morning": (time(8), time(13)), "afternoon": (time(12, 30), time(17)), "evening": (time(17), time(21, 30))}
HARD_STAGES = {"mood": "F33.1", "trauma_anxiety": "F41.1", "substance_use": "F10.20"}


@dataclass
class Way:
    """One life on its way: what it has become in the database."""

    life: Life
    inquiry: Inquiry | None = None
    client: Client | None = None
    episode: Episode | None = None
    actor: Actor = PUBLIC
    plan: Plan | None = None
    starts_on: date | None = None
    primary: str = ""
    left_on: date | None = None
    scores: list[int] = field(default_factory=list)


class Story:
    """Puts every life on the clock. `stage` is the last stage that happens for anybody."""

    def __init__(self, clock: Clock, team: Team, random: Random, stage: str, until: datetime) -> None:
        self.clock, self.team, self.random, self.until = clock, team, random, until
        self.by_episode: dict[int, Way] = {}
        self._leaders = {staff.pk: team.actors[key] for key, staff in team.staff.items()}
        self.last = STAGES.index(stage)
        self.tracks = {track.code: track for track in Track.objects.filter(program__code="riverside").select_related("program", "site")}
        self.ways: list[Way] = []
        self.load: dict[str, int] = dict.fromkeys(EVERYBODY, 0)

    def does(self, stage: str) -> bool:
        return STAGES.index(stage) <= self.last

    def leader(self, staff_id: int) -> Actor | None:
        return self._leaders.get(staff_id)

    def begin(self, life: Life) -> None:
        way = Way(life)
        self.ways.append(way)
        if life.is_max and self.does("measures"):
            from . import weeks

            self.clock.when(self.until - timedelta(minutes=40), lambda at: weeks.worrying_evening(self, way, at))
        hour = f"{self.random.randint(8, 17)}:{self.random.randint(0, 59):02d}"
        self.clock.at(life.asks_on, hour, lambda at: self.ask(way, at))

    # ------------------------------------------------------------------ inquiry

    def ask(self, way: Way, at: datetime) -> None:
        life = way.life
        professional = life.source in ("hospital", "therapist", "primary_care", "school", "court", "employer")
        source: dict[str, Any] = {}
        if professional:
            name = next(name for name, kind in words.REFERRERS if kind == life.source)
            source = {"source_name": name, "source_kind": life.source, "asker_name": "Referral desk", "asker_contact": "555-010-0190", "person_agrees": "yes"}
        elif life.source == "family":
            source = {"asker_name": "A family member", "asker_relation": "Family", "asker_contact": "555-010-0188", "person_agrees": "yes"}
        first = life.name.split()[0]
        way.inquiry = inquiry.receive(
            for_whom="professional" if professional else "other" if life.source == "family" else "self",
            name_used=first, legal_name=life.name, born_on=life.born_on, phone=f"555-010-{1000 + life.number:04d}"[:12],
            email=f"{first.lower()}.{life.number}@example.org", language=life.language, channel=self.random.choice(["call", "text", "mail"]),
            may_leave_message=self.random.random() < 0.6, may_say_who_we_are=self.random.random() < 0.4, best_times=self.random.choice(["", "after 5", "mornings"]),
            wishes=self.random.choice(words.WISHES[life.focus]), part_of_day=life.track, triage="urgent" if life.suicidal == 2 else "priority" if professional else "standard",
            form_key=UUID(int=self.random.getrandbits(128), version=4), by=PUBLIC, at=at, **source,
        )  # fmt: skip
        self._answer(way, at + timedelta(minutes=self.random.randint(12, 170)), tries=1)

    def _answer(self, way: Way, when: datetime, tries: int) -> None:
        if when.astimezone(self.clock.zone).hour >= 18:
            when = self.clock.moment(working_day(when.date() + timedelta(days=1)), f"8:{self.random.randint(10, 55)}")
        self.clock.when(when, lambda at: self.answer(way, at, tries))

    def answer(self, way: Way, at: datetime, tries: int) -> None:
        assert way.inquiry is not None
        life, di = way.life, self.team.actors["di"]
        never = life.before == "not_reached"
        reached = not never and tries >= life.tries
        inquiry.attempt_contact(
            way.inquiry, channel=way.inquiry.channel, outcome="reached" if reached else "message" if way.inquiry.may_leave_message else "no_answer", by=di, at=at
        )
        if not reached:
            if never and tries >= 3:
                inquiry.close(way.inquiry, because="not_reached", note="Three tries on three days; a letter was sent.", by=di, at=at)
            else:
                self._answer(way, self.clock.moment(working_day(at.date(), 1), f"{self.random.randint(9, 16)}:{self.random.randint(10, 59)}"), tries + 1)
            return
        if life.before == "declined":
            inquiry.close(way.inquiry, because="declined", note="Decided to try weekly therapy first.", by=di, at=at)
        elif life.before == "referred_out":
            self._hand_over(way, at)
        elif life.before == "waiting":
            inquiry.wait(
                way.inquiry, because="no_place", next_action="Call with the next open place", next_on=working_day(at.date(), 4),
                track=self.tracks["evening"], by=di, at=at,
            )  # fmt: skip
        elif self.does("screening"):
            day = working_day(at.date(), self.random.choice([1, 1, 2]))
            self.clock.at(day, f"{self.random.randint(9, 15)}:{self.random.randint(0, 5)}0", lambda then: self.screen(way, then))

    def _hand_over(self, way: Way, at: datetime) -> None:
        """More than we give is needed: called together, an appointment on the second day, and there on the third."""
        assert way.inquiry is not None
        di, day = self.team.actors["di"], at.date()
        away = hand_offs.hand_over(
            way.inquiry, level="php", why="level", words="Needs care every day", program=elsewhere.named("Lakeview Hospital day program"), by=di, at=at
        )
        hand_offs.step(away, kind="spoke_there", with_name="Sam, intake nurse", on_the_line=True, by=di, at=at)
        visit = self.clock.moment(working_day(day, 2), "10:00")
        hand_offs.step(away, kind="appointment", appointment_at=visit, by=di, at=at)

        def arrived(then: datetime) -> None:
            hand_offs.end(away, how="arrived", with_name="Sam, intake nurse", arrived_on=visit.date(), by=di, at=then)

        self.clock.at(working_day(day, 3), "11:00", arrived)

    def hold_sessions(self, first: date, last: date) -> None:
        """Every session of these days is held by its leader when its hour is over."""
        if not self.does("sessions"):
            return
        from . import sessions

        day = first
        while day <= last:
            self.clock.at(day, "6:00", lambda at: sessions.plan_day(self, at))
            day += timedelta(days=1)

    # ------------------------------------------------------------------ screening, placement

    def screen(self, way: Way, at: datetime) -> None:
        assert way.inquiry is not None
        life, ivy = way.life, self.team.actors["ivy"]
        way.episode = inquiry.take_up(way.inquiry, by=ivy, at=at)
        way.client = way.episode.client
        self.by_episode[way.episode.pk] = way
        person = way.client.person
        way.actor = Actor(person_id=person.pk, client_id=way.client.pk, name=person.name_used, roles=frozenset({"client"}), is_demo=True)
        if life.is_ana or life.is_max:
            user, _unused = _account_for(way, at)
            way.actor = Actor(user_id=user.pk, person_id=person.pk, client_id=way.client.pk, name=person.name_used, roles=frozenset({"client"}), is_demo=True)
        consent.give(way.client, kind="treatment", signed_name=life.name, how="portal", by=ivy, at=at)
        consent.give(way.client, kind="telehealth", signed_name=life.name, how="portal", by=ivy, at=at)
        consent.give(way.client, kind="tpo", signed_name=life.name, how="portal", recipient="My treating providers and health plans", purpose="For treatment, payment, and health care operations", by=ivy, at=at)  # fmt: skip
        if life.agrees_to_messages:
            consent.give(way.client, kind="messages", signed_name=life.name, how="portal", by=ivy, at=at)
        kind = self.random.choices(["commercial", "medicaid", "medicare", "self_pay"], [52, 30, 8, 10])[0]
        payer = {"commercial": "Prairie Health Plan", "medicaid": "State Medicaid", "medicare": "Medicare", "self_pay": ""}[kind]
        cover = coverage.record(way.client, kind=kind, payer=payer, member_number=f"M{100000 + life.number}" if payer else "", covered_from=date(at.year, 1, 1), by=self.team.actors["di"], at=at)
        if payer:
            coverage.check(cover, self.team.staff["di"], status="active", iop_covered="yes", needs_authorisation="yes" if kind == "commercial" else "no", by=self.team.actors["di"], at=at)
        yes, no = ("yes", ""), ("no", "")
        unsafe = life.suicidal == 2
        screening.take(
            way.episode, how="phone", concerns=self.random.choice(words.WISHES[life.focus]), strengths="Has people who care, and wants to work on it.",
            history="Weekly therapy for some months." if life.source != "hospital" else "Inpatient stay of nine days, discharged last week.",
            prefers_mode={"morning": "in_person", "afternoon": "hybrid", "evening": "video"}[life.track], prefers_part_of_day=life.track, money="",
            facts={
                "structure_needed": yes, "home_stable": yes, "home_supportive": ("partly", "") if self.random.random() < 0.3 else yes, "home_safe": yes,
                "medically_stable": yes, "withdrawal_risk": no, "self_care": yes, "functioning": yes,
                "safe_now": ("partly", "With a safety plan and daily contact") if unsafe else yes,
                "stepping_down": yes if life.source == "hospital" else no, "tried_outpatient": yes, "available": yes, "transport": yes,
                "substance_use": yes if life.focus == "substance_use" else no,
            },
            free_hours=[(day, *FREE[life.track]) for day in range(5)], by=ivy, at=at,
        )  # fmt: skip
        self.first_measures(way, at + timedelta(minutes=20))
        if self.does("placement"):
            self.clock.when(at + timedelta(minutes=50), lambda then: self.place(way, then))

    def first_measures(self, way: Way, at: datetime) -> None:
        """PHQ-9, GAD-7 and the suicide screen at intake; set by the weeks that follow."""
        from . import weeks

        weeks.intake_measures(self, way, at)

    def place(self, way: Way, at: datetime) -> None:
        assert way.episode is not None and way.client is not None
        life, ivy = way.life, self.team.actors["ivy"]
        level = "moderate" if life.suicidal == 2 else "low" if life.suicidal else "none"
        factors, protective, mitigation = words.RISK[level]
        safety.assess_risk(way.client, level=level, factors=factors, protective=protective, mitigation=mitigation, by=ivy, at=at)
        if life.suicidal:
            safety.write_safety_plan(way.client, words.SAFETY_PLAN, by=ivy, at=at)
        for alarm in safety_reads.open_alarms().filter(client=way.client):
            if safety_reads.alarm(ivy, alarm.uid) is not None:
                safety.see(alarm, by=ivy, at=at)
                safety.close(alarm, "safety_plan", "Spoke with the person, asked about plan and means, wrote the safety plan together.", by=ivy, at=at)
        mental = 3 if life.phq9 >= 20 else 2
        ratings = {
            "withdrawal": (0, "No withdrawal signs, no history of it."), "medical": (0, "No physical illness that needs care now."),
            "mental": (mental, f"PHQ-9 {life.phq9}, GAD-7 {life.gad7}; daily life is clearly affected."), "readiness": (1, "Wants help and came on their own."),
            "return": (2, "Got worse with weekly visits alone."), "surroundings": (1, "Stable home, some support."),
        }  # fmt: skip
        assessment = placement.assess(way.episode, ratings, by=ivy, at=at)
        decision = placement.decide(
            way.episode, assessment, indicated="iop", actual="iop", reasons="Needs more than weekly visits, is safe at home with a plan, can come three days a week.",
            by=ivy, at=at,
        )  # fmt: skip
        if not self.does("plan"):
            return
        self.clock.when(at + timedelta(minutes=30), lambda then: self.admit(way, decision, then))

    def admit(self, way: Way, decision: Decision, at: datetime) -> None:
        assert way.episode is not None and way.client is not None
        life = way.life
        track = self.tracks[life.track]
        meeting_days = {"morning": (0, 2, 4), "afternoon": (0, 2, 4), "evening": (0, 2, 3)}[life.track]
        day = at.astimezone(self.clock.zone).date() + timedelta(days=1)
        while day.weekday() not in meeting_days:
            day += timedelta(days=1)
        way.primary = "bo" if life.is_ana else "cy" if life.is_max else min(LEADERS[life.track], key=lambda key: (self.load[key], key))
        try:
            placement.admit(
                way.episode, decision, track=track, starts_on=day, primary=self.team.staff[way.primary],
                prescriber=self.team.staff["pat"] if life.on_medication else None, by=self.team.actors["ivy"], at=at,
            )  # fmt: skip
        except placement.CannotAdmit:
            # Full: they wait for a place, which is a stage of its own on the director's page.
            return
        self.load[way.primary] += 1
        way.starts_on = day
        if life.is_ana:
            _user, flo = account("Flo Soto", at=at)
            people.grant_supporter(
                way.client, flo, relation="parent", scope=["schedule", "safety", "progress"], granted_from=day, emergency_contact=True,
                by=self.team.actors["ivy"], at=at,
            )  # fmt: skip
            safety.write_safety_plan(way.client, words.SAFETY_PLAN, by=self.team.actors["ivy"], at=at)
        from . import weeks

        if self.does("timetable"):
            weeks.into_the_track(self, way, at + timedelta(minutes=5))
        self.clock.at(day, "8:15" if life.track == "morning" else "12:10" if life.track == "afternoon" else "16:30", lambda then: self.write_plan(way, then))
        if self.does("sessions"):
            weeks.follow(self, way)

    # ------------------------------------------------------------------ plan, medication

    def write_plan(self, way: Way, at: datetime) -> None:
        assert way.episode is not None and way.client is not None
        life, therapist = way.life, self.team.actors[way.primary]
        who = therapist.name
        title = {"mood": "Low mood and loss of interest", "trauma_anxiety": "Fear and avoidance that narrow life", "substance_use": "Return to use under stress"}[life.focus]
        measure = "gad7" if life.focus == "trauma_anxiety" else "phq9"
        # Everything the week of their track holds is in the plan: nobody is in a group that no goal asks for.
        sits_in = Place.objects.filter(episode=way.episode, held_until__isnull=True, group__type__code__in=("relapse_prevention", "staying_well"))
        prevention = sits_in.values_list("group__type__name", flat=True).first() or "Staying well"
        sketch = ProblemSketch(
            title=title, icd10=HARD_STAGES[life.focus], evidence=f"PHQ-9 {life.phq9}, GAD-7 {life.gad7} at intake.",
            goals=(
                GoalSketch(
                    own_words=words.GOALS[life.focus], measurable=f"{measure.upper()[:3]}-{measure[3:]} below 10 and kept there for two weeks.",
                    objectives=(
                        ObjectiveSketch(
                            text="Uses one skill a day when it gets hard, and writes down whether it helped.", measure=measure, target="A fall of 6 points or more",
                            target_on=at.date() + timedelta(days=42),
                            interventions=(
                                InterventionSketch("group", "Process group", 65, 3, 8, who), InterventionSketch("skills", "Skills group", 65, 3, 8, who),
                                InterventionSketch("education", "Psychoeducation", 65, 1, 8, who),
                                InterventionSketch("practice", "Skill practice at home", 10, 5, 8, life.name.split()[0]),
                            ),
                        ),
                        ObjectiveSketch(
                            text="Knows three early signs and whom to tell.",
                            interventions=(
                                InterventionSketch("group", prevention, 65, 1, 8, who), InterventionSketch("peer", "Peer group", 65, 1, 8, who),
                                InterventionSketch("individual", "Individual therapy", 50, 1, 8, who),
                            ),
                        ),
                    ),
                ),
            ),
        )  # fmt: skip
        way.plan = plan.draft(way.episode, [sketch], strengths="Has people who care, and wants to work on it.", by=therapist, at=at)
        therapist_person = self.team.staff[way.primary].person
        plan.sign(way.plan, therapist_person, "clinician", "password", by=therapist, at=at)
        # A few sign on the second visit; some plans stand unsigned when the story ends.
        wait = self.random.choice([1, 1, 2, 26, 50])
        self.clock.when(at + timedelta(hours=wait), lambda then: plan.sign(way.plan, way.client.person, "client", "password", by=way.actor, at=then))  # type: ignore[arg-type,union-attr]
        if self.does("medication"):
            self.clock.when(at + timedelta(minutes=20), lambda then: self.reconcile(way, then))

    def reconcile(self, way: Way, at: datetime) -> None:
        assert way.episode is not None and way.client is not None
        life = way.life
        if not life.on_medication:
            therapist = self.team.actors[way.primary]
            medication.state_list(way.client, about="medication", answer="none", by=therapist, at=at)
            medication.state_list(way.client, about="allergy", answer="none", by=therapist, at=at)
            medication.reconcile(way.episode, occasion="admission", sources="Client", items={}, by=therapist, at=at)
            return
        pat = self.team.actors["pat"]
        name, dose, how_often, why = self.random.choice(
            [("Sertraline", "50 mg", "once a day", "Depression"), ("Escitalopram", "10 mg", "once a day", "Anxiety"), ("Naltrexone", "50 mg", "once a day", "Alcohol use"), ("Bupropion XL", "150 mg", "each morning", "Depression")]
        )  # fmt: skip
        row = medication.add(
            way.client, name=name, dose=dose, how_often=how_often, route="by mouth", why=why, prescribed_by="Primary care", taken_from=at.date() - timedelta(days=40),
            by=pat, at=at,
        )  # fmt: skip
        if self.random.random() < 0.2:
            medication.add_allergy(way.client, substance="Penicillin", reaction="Rash", by=pat, at=at)
        else:
            medication.state_list(way.client, about="allergy", answer="none", by=pat, at=at)
        medication.reconcile(way.episode, occasion="admission", sources="Client and pharmacy list", items={row: ("continue", "")}, by=pat, at=at)


def _account_for(way: Way, at: datetime) -> tuple[User, Person]:
    """Ana and Max can sign in: first name at example.org."""
    assert way.client is not None
    first = way.life.name.split()[0].lower()
    user = User.objects.create_user(f"{first}@example.org", PASSWORD, is_demo=True)
    person = way.client.person
    people.correct_person(person, email=user.email, by=SYSTEM, at=at)
    return user, people.link_account(person, user, by=SYSTEM, at=at)

