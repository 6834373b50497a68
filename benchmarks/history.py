"""N synthetic clients with a year of history each, loaded by set-based SQL. Benchmark data only, about nobody.

The shape is that of a program in steady state: seats in groups of ten that meet three hours on three days a week,
each seat taken by one client after another for ten weeks. One client in twelve is in care now (never fewer than 50,
so that a small load is still one whole site); the others were discharged, followed up and asked again for a year.
Everything is arithmetic on the client's number, so the same N on the same day loads the same rows. Today is always a
working day of the program, whatever the weekday.

How it gets past the guard: everything is written inside one act (`benchmark.loaded`). Where the role may (a
superuser, as in the embedded cluster), it also sets `session_replication_role = replica` for that transaction, so
that no before-and-after row is kept for millions of made-up rows and keys are not checked one by one, and it adds the
exclusion constraints again after the rows, which checks them all. Unique and exclusion constraints always hold. A
role that may not keeps every trigger and takes several times as long.
"""

from __future__ import annotations

import time as clock
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from footbridge.care.aftercare.models import FollowUp
from footbridge.care.inquiry.models import ContactAttempt, Inquiry, InquiryClosed, Waiting
from footbridge.care.measures.models import CourseAlert
from footbridge.care.medication.models import ListStatement, Medication, Reconciliation
from footbridge.care.placement.models import Admission, Assessment, Decision, DimensionRating
from footbridge.care.plan.models import Goal, Intervention, Objective, Plan, PlanSignature, Problem
from footbridge.care.practice.models import Assignment, CheckIn, PracticeLog
from footbridge.care.reviews.models import ObjectiveProgress, PlanReview
from footbridge.care.safety.models import Alarm, AlarmClosed, AlarmSeen, RiskAssessment, SafetyPlan, SafetyPlanLine
from footbridge.care.screening.models import FreeHours, Screen, ScreenFact
from footbridge.care.sessions.models import Attendance, NotePart, NoteSignature, SessionNote
from footbridge.care.timetable.models import Booking, Place, Session, WeeklyVisit
from footbridge.care.transitions.models import RelapsePreventionPlan, Transition
from footbridge.ground.consent.models import Consent
from footbridge.ground.coverage.models import BenefitCheck, Coverage
from footbridge.ground.episodes.models import CareTeamMember, Episode
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.instruments import reads as shelf
from footbridge.ground.instruments.models import Answer, Score, Sheet
from footbridge.ground.people.models import Client, ContactChoice, Person, ReferralSource, RoleHeld, Staff
from footbridge.ground.program.models import (
    Curriculum,
    Group,
    GroupType,
    Lesson,
    Meeting,
    Organisation,
    Program,
    Room,
    Site,
    Track,
)
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM
from footbridge.kit.access.models import User
from footbridge.kit.trail.models import Act

from . import PASSWORD, ZONE
from .filling import literal, put, reset_sequences, run, unhindered

STAY = 10  # weeks
AHEAD = 2  # weeks after this one that are published
LANES_A_SITE = 5  # a lane is ten seats that share their sessions
FIRST = [
    "Alma",
    "Bela",
    "Caro",
    "Dario",
    "Elio",
    "Fara",
    "Gio",
    "Hana",
    "Ivo",
    "Juno",
    "Kira",
    "Leo",
    "Mila",
    "Nilo",
    "Ona",
    "Pia",
    "Quin",
    "Rosa",
    "Sol",
    "Tomas",
    "Uma",
    "Vera",
    "Wim",
    "Xena",
    "Yara",
    "Zeno",
]
LAST = [
    "Abel",
    "Brook",
    "Cruz",
    "Dahl",
    "Ebert",
    "Frost",
    "Grant",
    "Hale",
    "Ines",
    "Jonas",
    "Kern",
    "Lund",
    "Moss",
    "Nash",
    "Olsen",
    "Pratt",
    "Quill",
    "Reed",
    "Stone",
    "Tran",
    "Unger",
    "Vogt",
    "Wells",
    "Yates",
    "Zander",
]
SENTENCE = "Came on time, spoke about the week, named one thing that helped and one that did not, and chose a skill to use before the next session. "


def load(clients: int, say: Callable[[str], None], caseload: int = 0) -> dict[str, int]:
    """Fill an empty, migrated database. Returns the number of rows by table and the sizes that were chosen.

    With `caseload`, every therapist also covers for colleagues until so many people in care stand on their list.
    """
    now = timezone.now()
    today = now.astimezone(ZoneInfo(ZONE)).date()
    seats = max(50, -(-clients // 12))
    lanes = -(-seats // 10)
    size = {
        "clients": clients, "seats": seats, "lanes": lanes, "sites": -(-lanes // LANES_A_SITE),
        "therapists": -(-seats // 12), "prescribers": -(-seats // 60), "caseload": caseload,
    }  # fmt: skip
    Organisation.objects.exists()  # opens the connection
    with transaction.atomic():
        with trail.act("organisation.named", by=SYSTEM, at=now, about=Organisation()):
            organisation = Organisation.objects.create(
                name="Riverside IOP", neutral_name="Riverside", phone="+13125550100"
            )
        instruments.load_definitions(by=SYSTEM, at=now)
        with trail.act("benchmark.loaded", by=SYSTEM, at=now, about=organisation, detail=size):
            size["triggers"] = int(not _without_triggers())
            _Load(size, today, now, say).all()
    run("VACUUM (ANALYZE)")
    return size


def _without_triggers() -> bool:
    try:
        with transaction.atomic():
            run("SET LOCAL session_replication_role = replica")
    except ProgrammingError:
        return False
    run("SET LOCAL session_replication_role = replica")
    return True


class _Load:
    """One load. Numbers of rows are arithmetic on the client's number `i`, so that no step has to look anything up."""

    def __init__(self, size: dict[str, int], today: date, now: datetime, say: Callable[[str], None]) -> None:
        self.n, self.seats, self.lanes, self.sites = size["clients"], size["seats"], size["lanes"], size["sites"]
        self.triggers_off = not size["triggers"]
        self.therapists, self.prescribers = size["therapists"], size["prescribers"]
        self.caseload = size["caseload"]
        self.today, self.now, self.say = f"date '{today}'", f"timestamptz '{now.isoformat()}'", say
        self.desk = (
            self.therapists + self.prescribers + 1
        )  # number of the first front desk; then intake, director, biller
        self.staff = self.desk + 3
        self.first_week = -((self.n - 1) // self.seats * STAY + STAY - 1)
        self.group_sessions = (AHEAD - self.first_week + 1) * self.lanes * 9

    def all(self) -> None:
        for step in (
            self.sizes, self.program, self.people, self.inquiries, self.front_of_the_way, self.plans, self.sessions, self.bookings,
            self.notes, self.between_sessions, self.measures, self.safety, self.ends, self.trail,
        ):  # fmt: skip
            began = clock.monotonic()
            with (
                unhindered(Session if step == self.sessions else Booking)
                if self.triggers_off and step in (self.sessions, self.bookings)
                else nullcontext()
            ):
                step()
            self.say(f"{step.__name__.replace('_', ' ')}: {clock.monotonic() - began:.1f} s")
        reset_sequences()

    def sizes(self) -> None:
        """Each client's place in time: `sw` is the week the stay began (0 is this week), `rank` the hour with the therapist."""
        run("CREATE FUNCTION pg_temp.moment(day date, minute int) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS "
            f"$$ SELECT (day + minute * interval '1 minute') AT TIME ZONE '{ZONE}' $$")  # fmt: skip
        run("CREATE FUNCTION pg_temp.dice(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS "
            "$$ SELECT abs(hashint4(a * 31 + b * 7919) % 100) $$")  # fmt: skip
        run(
            f"CREATE TEMP TABLE lane AS SELECT l, l % 6 % 3 AS part, l % 6 / 3 AS dayset, l / {LANES_A_SITE} + 1 AS site,"
            f" (ARRAY[540, 780, 1050])[l % 6 % 3 + 1] AS minute, l * {self.therapists} / {self.lanes} + 1 AS leader"
            f" FROM generate_series(0, {self.lanes - 1}) l"
        )
        run(
            f"""CREATE TEMP TABLE c AS
            SELECT b.*, sw * 7 + {self.today} AS starts, CASE WHEN gen > 0 THEN (sw + {STAY}) * 7 - 2 + {self.today} END AS ends,
                   md5('client' || i)::uuid AS client_uid, (ARRAY[480, 720, 970])[rank / 6 + 1] AS visit_minute, rank % 6 AS visit_day
            FROM (SELECT i, seat, gen, seat / 10 AS l, -(seat % 10 + gen * {STAY}) AS sw,
                         seat * {self.therapists} / {self.seats} + 1 AS therapist,
                         seat * {self.prescribers} / {self.seats} + 1 + {self.therapists} AS prescriber,
                         row_number() OVER (PARTITION BY gen, seat * {self.therapists} / {self.seats} ORDER BY seat)::int - 1 AS rank
                  FROM (SELECT i, (i - 1) % {self.seats} AS seat, (i - 1) / {self.seats} AS gen FROM generate_series(1, {self.n}) i) a) b"""
        )
        run("CREATE UNIQUE INDEX ON c (i)")
        run("ANALYZE c, lane")

    def program(self) -> None:
        put(
            Site,
            f"generate_series(1, {self.sites}) s",
            id="s",
            code="'site-' || s",
            name="'Riverside ' || s",
            time_zone=f"'{ZONE}'",
            state="'IL'",
        )
        put(
            Program, "(SELECT 1) one", id="1", code="'riverside'", name="'Riverside IOP'", weeks=STAY, minutes_a_week=540,
            hours_rule="'iop_adult_9h'",
        )  # fmt: skip
        put(
            Track, f"generate_series(1, {self.sites}) s, generate_series(0, 2) p", id="(s - 1) * 3 + p + 1", program="1", site="s",
            code="'site-' || s || '-' || (ARRAY['morning', 'afternoon', 'evening'])[p + 1]",
            name="initcap((ARRAY['morning', 'afternoon', 'evening'])[p + 1]) || ' ' || s", mode="'in_person'",
            part_of_day="(ARRAY['morning', 'afternoon', 'evening'])[p + 1]", places="40",
        )  # fmt: skip
        put(
            GroupType, "generate_series(0, 2) h", id="h + 1", code="(ARRAY['process', 'skills', 'education'])[h + 1]",
            name="(ARRAY['Process group', 'Skills group', 'Education'])[h + 1]", most="10",
        )  # fmt: skip
        put(Curriculum, "(SELECT 1) one", id="1", program="1", code="'skills'", title="'Skills'")
        put(Lesson, "generate_series(1, 12) n", id="n", curriculum="1", number="n", title="'Lesson ' || n")
        put(
            Room, "lane", id="l + 1", site="site", code="'group-' || l", name="'Room ' || l", kind="'group'", seats="10"
        )
        put(
            Room, f"generate_series(1, {self.therapists}) t", id=f"{self.lanes} + t", kind="'office'", seats="3",
            site=f"((t - 1) * {self.seats} / {self.therapists} / 10) / {LANES_A_SITE} + 1", code="'office-' || t", name="'Office ' || t",
        )  # fmt: skip
        put(
            Group, "lane, generate_series(0, 2) h", id="l * 3 + h + 1", track="(site - 1) * 3 + part + 1", type="h + 1",
            code="'group-' || l || '-' || h", name="(ARRAY['Process group', 'Skills group', 'Education'])[h + 1] || ' ' || l", most="10",
            mode="'in_person'", curriculum="1",
        )  # fmt: skip
        put(
            Meeting, "lane, generate_series(0, 2) h, generate_series(0, 2) d", id="l * 9 + h * 3 + d + 1", group="l * 3 + h + 1",
            weekday=f"extract(isodow FROM {self.today} + dayset + 2 * d) - 1", starts="time '0:00' + (minute + 60 * h) * interval '1 minute'",
            ends="time '0:00' + (minute + 60 * h + 50) * interval '1 minute'", leader="leader", room="l + 1",
        )  # fmt: skip

    def people(self) -> None:
        first, last = literal(FIRST), literal(LAST)
        password = literal(make_password(PASSWORD))
        name = f"{first}[i % {len(FIRST)} + 1]"
        family = f"{last}[i / {len(FIRST)} % {len(LAST)} + 1]"
        everybody = f"generate_series(1, {self.staff + self.n}) p"
        mail = (
            f"CASE WHEN p <= {self.therapists} THEN 'therapist' || p WHEN p < {self.desk} THEN 'prescriber' || p - {self.therapists}"
            f" WHEN p <= {self.staff} THEN (ARRAY['desk', 'intake', 'director', 'biller'])[p - {self.desk} + 1] ELSE 'client' || p - {self.staff} END || '@example.org'"
        )
        put(User, everybody, id="p", email=mail, password=password, is_demo="true", created_at=self.now)
        put(
            Person, f"(SELECT p, p * 7 AS i FROM {everybody}) who", id="p", user="p", legal_name=f"{name} || ' ' || {family}", name_used=name,
            born_on="date '1958-03-01' + p * 37 % 16000", phone="'+1312555' || lpad((p % 10000)::text, 4, '0')", email=mail,
            created_at=f"{self.now} - interval '4 years'",
        )  # fmt: skip
        old = f"{self.today} - 1500"
        put(Staff, f"generate_series(1, {self.staff}) p", id="p", person="p", started_on=old)
        put(
            RoleHeld, f"generate_series(1, {self.staff}) p", id="p", staff="p", held_from=old,
            role=f"CASE WHEN p <= {self.therapists} THEN 'therapist' WHEN p < {self.desk} THEN 'prescriber'"
                 f" ELSE (ARRAY['front_desk', 'intake', 'director', 'biller'])[p - {self.desk} + 1] END",
        )  # fmt: skip
        put(
            Client,
            "c",
            id="i",
            uid="client_uid",
            person=f"{self.staff} + i",
            number="'R' || lpad(i::text, 6, '0')",
            since="pg_temp.moment(starts - 11, 600)",
        )
        put(
            ContactChoice, "c", id="i", person=f"{self.staff} + i", channel="'call'", may_leave_message="i % 3 > 0",
            chosen_at="pg_temp.moment(starts - 12, 600)",
        )  # fmt: skip
        put(
            Episode,
            "c",
            id="i",
            client="i",
            opened_at="pg_temp.moment(starts - 11, 600)",
            ended_at="pg_temp.moment(ends, 960)",
        )
        put(
            CareTeamMember, "c, generate_series(0, 1) r", id="i * 2 + r", episode="i", staff="CASE r WHEN 0 THEN therapist ELSE prescriber END",
            role="CASE r WHEN 0 THEN 'primary' ELSE 'prescriber' END", joined_at="pg_temp.moment(starts - 3, 600)",
        )  # fmt: skip
        if self.caseload:
            put(
                CareTeamMember,
                f"""(SELECT i, starts, t, row_number() OVER (PARTITION BY t ORDER BY (i + t * 17) % {self.seats}) AS place,
                            (SELECT count(*) FROM c own WHERE own.gen = 0 AND own.therapist = t) AS own
                     FROM c, generate_series(1, {self.therapists}) t WHERE gen = 0 AND therapist <> t) x
                    WHERE place <= {self.caseload} - own""",
                id=f"{self.n} * 2 + 1 + (t - 1) * {self.caseload} + place",
                episode="i",
                staff="t",
                role="'cover'",
                joined_at="pg_temp.moment(starts, 600)",
            )

    def inquiries(self) -> None:
        """Taken up (each client's), closed without care (35 %), and unfinished (1 %, at least 60: the desk's list is never short)."""
        put(
            ReferralSource,
            "generate_series(1, 20) s",
            id="s",
            name="'Source ' || s",
            kind="(ARRAY['hospital', 'therapist', 'primary_care', 'school'])[s % 4 + 1]",
        )
        closed, waiting = self.n * 35 // 100, max(60, self.n // 100)
        span = -self.first_week * 7
        name = f"{literal(FIRST)}[i % {len(FIRST)} + 1]"
        common = {
            "for_whom": "(ARRAY['self', 'other', 'professional'])[i % 3 + 1]", "name_used": name, "born_on": "date '1958-03-01' + i * 37 % 16000",
            "phone": "'+1312555' || lpad((i % 10000)::text, 4, '0')", "channel": "'call'", "source": "i % 20 + 1",
            "triage": "(ARRAY['standard', 'priority', 'urgent'])[i % 3 + 1]",
        }  # fmt: skip
        put(
            Inquiry, "c", id="i", received_at="pg_temp.moment(starts - 12, 540 + i % 400)", episode="i",
            taken_up_at="pg_temp.moment(starts - 11, 600)", **common,
        )  # fmt: skip
        put(
            Inquiry,
            f"generate_series({self.n + 1}, {self.n + closed}) i",
            id="i",
            received_at=f"pg_temp.moment({self.today} - 10 - i % {span}, 600)",
            **common,
        )
        first = self.n + closed + 1
        put(
            Inquiry,
            f"generate_series({first}, {first + waiting - 1}) i",
            id="i",
            received_at=f"pg_temp.moment({self.today} - 1 - i % 6, 480 + i * 7 % 500)",
            **common,
        )
        put(
            ContactAttempt, "care_inquiry q", inquiry="q.id", by=self.desk, channel="'call'", at="least(q.received_at + interval '2 hours', now())",
            outcome=f"CASE WHEN q.id < {first} THEN 'reached' WHEN q.id % 3 = 0 THEN 'no_answer' ELSE 'reached' END",
        )  # fmt: skip
        put(
            InquiryClosed, f"care_inquiry q WHERE q.id BETWEEN {self.n + 1} AND {self.n + closed}", inquiry="q.id", by=self.desk,
            because="(ARRAY['not_reached', 'declined', 'referred_out'])[q.id % 3 + 1]", at="q.received_at + interval '3 days'",
        )  # fmt: skip
        put(
            Waiting, f"care_inquiry q WHERE q.id >= {first} AND q.id % 5 = 0", inquiry="q.id", reason="'The track is full'",
            next_action="'Call with the next place'", next_on=f"{self.today} + q.id::int % 5 - 1", since="q.received_at + interval '3 hours'",
        )  # fmt: skip

    def front_of_the_way(self) -> None:
        at = "pg_temp.moment(starts - 10, 660)"
        intake = self.desk + 1
        put(
            Coverage,
            "c",
            id="i",
            client="i",
            kind="(ARRAY['commercial', 'medicaid', 'self_pay'])[i % 3 + 1]",
            payer="'Prairie Health Plan'",
            covered_from="starts - 200",
        )
        put(BenefitCheck, "c", id="i", coverage="i", status="'active'", checked_at=at, checked_by=self.desk)
        put(
            Consent, "c, generate_series(0, 2) k", client="i", kind="(ARRAY['treatment', 'messages', 'tpo'])[k + 1]", wording="'2026-11'",
            signed_name="'Signed'", signed_at=at, signed_how="'portal'",
        )  # fmt: skip
        put(Screen, "c", id="i", episode="i", by=intake, how="'phone'", concerns=literal(SENTENCE), at=at)
        facts = literal([
            "structure_needed", "home_stable", "home_supportive", "home_safe", "medically_stable", "withdrawal_risk", "self_care", "functioning",
            "safe_now", "stepping_down", "tried_outpatient", "available", "transport", "substance_use",
        ])  # fmt: skip
        put(
            ScreenFact,
            "c, generate_series(1, 14) k",
            screen="i",
            fact=f"{facts}[k]",
            answer="CASE WHEN k IN (6, 10, 14) THEN 'no' ELSE 'yes' END",
        )
        put(FreeHours, "c, generate_series(0, 4) k", screen="i", weekday="k", starts="time '8:00'", ends="time '21:00'")
        put(
            Assessment,
            "c",
            id="i",
            episode="i",
            by=intake,
            facts="'{}'",
            advised_level="'iop'",
            advice="'{\"reasons\": [], \"would_change\": [], \"missing\": []}'",
            rules_edition="'2026-11'",
            at=at,
        )
        put(
            DimensionRating, "c, generate_series(1, 6) k", assessment="i", rating="pg_temp.dice(i, k) % 3", reason="'As told at the screen.'",
            dimension="(ARRAY['withdrawal', 'medical', 'mental', 'readiness', 'return', 'surroundings'])[k]",
        )  # fmt: skip
        put(
            Decision,
            "c",
            id="i",
            assessment="i",
            episode="i",
            by=intake,
            indicated="'iop'",
            actual="'iop'",
            reasons="'Needs more than weekly visits.'",
            at=at,
        )
        put(
            Admission, "c JOIN lane USING (l)", id="i", episode="i", decision="i", track="(site - 1) * 3 + part + 1", starts_on="starts",
            by=intake, at="pg_temp.moment(starts - 3, 600)",
        )  # fmt: skip

    def plans(self) -> None:
        at = "pg_temp.moment(starts, 600)"
        put(
            Plan,
            "c",
            id="i",
            episode="i",
            version="1",
            drafted_by="therapist",
            drafted_at=at,
            strengths="'Wants to work on it.'",
            weekly_minutes="540",
        )
        put(
            Problem,
            "c, generate_series(0, 1) k",
            id="i * 2 + k",
            plan="i",
            place="k",
            title="(ARRAY['Low mood', 'Fear and avoidance'])[k + 1]",
            icd10="(ARRAY['F33.1', 'F41.1'])[k + 1]",
        )
        put(
            Goal,
            "c, generate_series(0, 1) k",
            id="i * 2 + k",
            problem="i * 2 + k",
            own_words="'I want to get up in the morning and see people.'",
        )
        put(
            Objective, "c, generate_series(0, 1) k, generate_series(0, 1) o", id="(i * 2 + k) * 2 + o", goal="i * 2 + k", place="o",
            text="'Three planned activities a week.'", measure="(ARRAY['phq9', 'gad7'])[k + 1]", target_on="starts + 42",
        )  # fmt: skip
        put(
            Intervention, "c, generate_series(0, 1) k, generate_series(0, 1) o, generate_series(0, 1) n", objective="(i * 2 + k) * 2 + o",
            kind="(ARRAY['group', 'individual'])[n + 1]", what="(ARRAY['Process group', 'Individual therapy'])[n + 1]", amount_minutes="50",
            times_a_week="1", weeks=STAY, who="'Primary therapist'",
        )  # fmt: skip
        put(
            PlanSignature, f"c, generate_series(0, 1) k WHERE i % 12 <> 5 OR starts < {self.today} - 7", plan="i",
            person=f"CASE k WHEN 0 THEN {self.staff} + i ELSE therapist END", capacity="(ARRAY['client', 'clinician'])[k + 1]", how="'password'",
            at="pg_temp.moment(starts + 1, 600)",
        )  # fmt: skip
        put(
            Medication, "c, generate_series(0, 1) k", client="i", name="(ARRAY['Sertraline', 'Hydroxyzine'])[k + 1]", dose="'50 mg'",
            how_often="'once a day'", taken_from="starts - 40", recorded_by="prescriber", recorded_at=at,
        )  # fmt: skip
        put(ListStatement, "c", client="i", about="'allergy'", answer="'none'", by="prescriber", at=at)
        put(
            Reconciliation,
            "c",
            id="i",
            client="i",
            episode="i",
            occasion="'admission'",
            sources="'Client and pharmacy'",
            by="prescriber",
            at=at,
        )
        put(
            PlanReview, f"c WHERE starts + 30 < {self.today}", id="i", episode="i", plan="i", decision="'continue'", progress=literal(SENTENCE),
            reasons="'Scores fall.'", scores_seen="'{}'", by="therapist", at="pg_temp.moment(starts + 30, 900)",
        )  # fmt: skip
        put(
            ObjectiveProgress, f"c, generate_series(0, 3) o WHERE starts + 30 < {self.today}", review="i", objective="i * 4 + o", state="'better'",
        )  # fmt: skip

    def sessions(self) -> None:
        day = f"{self.today} + 7 * w + dayset + 2 * d"
        put(
            Session, f"generate_series({self.first_week}, {AHEAD}) w, lane, generate_series(0, 2) d, generate_series(0, 2) h",
            id=f"((w - ({self.first_week})) * {self.lanes} + l) * 9 + d * 3 + h + 1", kind="'group'", site="site", meeting="l * 9 + h * 3 + d + 1",
            group="l * 3 + h + 1", leader="leader", room="l + 1", mode="'in_person'", starts_at=f"pg_temp.moment({day}, minute + 60 * h)",
            ends_at=f"pg_temp.moment({day}, minute + 60 * h + 50)", seats="10", published_at=f"pg_temp.moment({day} - 21, 600)",
        )  # fmt: skip
        put(
            WeeklyVisit, "c", id="i", episode="i", kind="'individual'", staff="therapist", room=f"{self.lanes} + therapist", mode="'in_person'",
            weekday=f"extract(isodow FROM {self.today} + visit_day) - 1", starts="time '0:00' + visit_minute * interval '1 minute'",
            ends="time '0:00' + (visit_minute + 50) * interval '1 minute'", held_from="starts", held_until="ends + 1", at="pg_temp.moment(starts - 3, 600)",
        )  # fmt: skip
        day = f"{self.today} + 7 * (sw + k) + visit_day"
        put(
            Session, f"c JOIN lane USING (l), generate_series(0, {STAY - 1}) k WHERE sw + k <= {AHEAD}", id=f"{self.group_sessions} + (i - 1) * {STAY} + k + 1",
            kind="'individual'", site="site", visit="i", leader="therapist", room=f"{self.lanes} + therapist", mode="'in_person'",
            starts_at=f"pg_temp.moment({day}, visit_minute)", ends_at=f"pg_temp.moment({day}, visit_minute + 50)", seats="1",
            published_at=f"pg_temp.moment({day} - 21, 600)",
        )  # fmt: skip

    def bookings(self) -> None:
        put(
            Place, "c, generate_series(0, 2) h", id="i * 3 + h", episode="i", group="l * 3 + h + 1", held_from="starts", held_until="ends + 1",
            at="pg_temp.moment(starts - 3, 600)",
        )  # fmt: skip
        day = f"{self.today} + 7 * (sw + k) + dayset + 2 * d"
        put(
            Booking, f"c JOIN lane USING (l), generate_series(0, {STAY - 1}) k, generate_series(0, 2) d, generate_series(0, 2) h WHERE sw + k <= {AHEAD}",
            id="(i - 1) * 100 + k * 9 + d * 3 + h + 1", episode="i", place="i * 3 + h", seat="seat % 10 + 1", seats="10",
            session=f"((sw + k - ({self.first_week})) * {self.lanes} + l) * 9 + d * 3 + h + 1", starts_at=f"pg_temp.moment({day}, minute + 60 * h)",
            ends_at=f"pg_temp.moment({day}, minute + 60 * h + 50)", booked_at="pg_temp.moment(starts - 3, 600)",
        )  # fmt: skip
        day = f"{self.today} + 7 * (sw + k) + visit_day"
        put(
            Booking, f"c, generate_series(0, {STAY - 1}) k WHERE sw + k <= {AHEAD}", id="(i - 1) * 100 + 91 + k", episode="i", seat="1", seats="1",
            session=f"{self.group_sessions} + (i - 1) * {STAY} + k + 1", starts_at=f"pg_temp.moment({day}, visit_minute)",
            ends_at=f"pg_temp.moment({day}, visit_minute + 50)", booked_at="pg_temp.moment(starts - 3, 600)",
        )  # fmt: skip

    def notes(self) -> None:
        """What was before today was held; of yesterday's and the day before's sessions every tenth note is not signed yet."""
        midnight = f"pg_temp.moment({self.today}, 0)"
        put(
            Attendance, f"care_booking b JOIN c ON c.i = b.episode_id WHERE b.starts_at < {midnight}", id="b.id", booking="b.id",
            came="CASE WHEN pg_temp.dice(b.id::int, 1) < 91 THEN 'present' WHEN pg_temp.dice(b.id::int, 1) < 96 THEN 'excused' ELSE 'absent' END",
            minutes_attended="CASE WHEN pg_temp.dice(b.id::int, 1) < 91 THEN 50 ELSE 0 END", by="therapist", at="b.ends_at",
        )  # fmt: skip
        put(
            SessionNote, f"care_session s WHERE s.starts_at < {midnight}", id="s.id", session="s.id",
            lesson="CASE WHEN s.kind = 'group' THEN s.id % 12 + 1 END", topic="'Naming feelings'", text=literal(SENTENCE), by="s.leader_id", at="s.ends_at",
        )  # fmt: skip
        put(
            NotePart, f"care_booking b JOIN c ON c.i = b.episode_id WHERE b.starts_at < {midnight} AND pg_temp.dice(b.id::int, 1) < 91", note="b.session_id",
            booking="b.id", participation="'active'", text=literal(SENTENCE), by="therapist", objective="i * 4 + b.id % 4", at="b.ends_at",
        )  # fmt: skip
        put(
            NoteSignature, f"care_session s WHERE s.starts_at < {midnight} AND NOT (s.starts_at > {midnight} - interval '2 days' AND s.id % 10 = 0)",
            note="s.id", by="s.leader_id", digest="md5(s.id::text) || md5(s.starts_at::text)", at="s.ends_at + interval '20 minutes'",
        )  # fmt: skip

    def between_sessions(self) -> None:
        put(
            Assignment, "c, generate_series(0, 2) k", id="i * 3 + k", episode="i", skill="(ARRAY['slow_breathing', 'five_senses', 'ride_the_urge'])[k + 1]",
            by="therapist", at="pg_temp.moment(starts + 3 + k * 14, 900)", ended_at="pg_temp.moment(ends, 900)",
        )  # fmt: skip
        put(
            PracticeLog, f"c, generate_series(0, 19) k WHERE starts + 4 + k * 3 <= {self.today}", assignment="i * 3 + k % 3", before="7", after="4",
            practised_on="starts + 4 + k * 3", at="pg_temp.moment(starts + 4 + k * 3, 1200)",
        )  # fmt: skip
        put(
            CheckIn, f"c, generate_series(0, {STAY * 7 - 1}) k WHERE starts + k < {self.today} AND pg_temp.dice(i, k) < 70", episode="i",
            on="starts + k", mood="pg_temp.dice(i, k) % 11", at="pg_temp.moment(starts + k, 1260)",
        )  # fmt: skip

    def measures(self) -> None:
        """PHQ-9 and GAD-7 at intake, weekly, and after discharge up to a year; this week's is open for every other person in care."""
        run(
            f"""CREATE TEMP TABLE b AS
            SELECT *, greatest(2, 9 + pg_temp.dice(i, 3) % 13 - n) AS phq, greatest(1, 6 + pg_temp.dice(i, 4) % 11 - n) AS gad,
                   NOT (gen = 0 AND day = {self.today} AND i % 2 = 0) AS done, md5(i || 'b' || n)::uuid AS bundle
            FROM (SELECT i, gen, therapist, n, CASE WHEN n = 0 THEN starts - 5 WHEN n <= {STAY} THEN starts + 7 * (n - 1)
                         ELSE ends + (ARRAY[30, 90, 180, 270])[n - {STAY}] END AS day,
                         CASE WHEN n = 0 THEN 'screening' WHEN n <= {STAY} THEN 'weekly' ELSE 'followup' END AS occasion
                  FROM c, generate_series(0, {STAY + 4}) n) x WHERE day <= {self.today}"""
        )
        phq, gad = shelf.current("phq9"), shelf.current("gad7")
        assert phq is not None and gad is not None
        key = "(b.i * 15 + n) * 2 + p"
        put(
            Sheet, "b, generate_series(0, 1) p", id=key, client="i", episode="i", instrument=f"CASE p WHEN 0 THEN {phq.pk} ELSE {gad.pk} END",
            bundle="bundle", place="p", how="'portal'", occasion="occasion", given_at="pg_temp.moment(day, 480)", due_on="day + 6",
            started_at="CASE WHEN done THEN pg_temp.moment(day, 485) END", finished_at="CASE WHEN done THEN pg_temp.moment(day, 490) END",
        )  # fmt: skip
        # Sums spread evenly over the items; the last item of the PHQ-9 gets the smallest share.
        put(
            Answer, "b, generate_series(1, 9) k WHERE done", sheet="(b.i * 15 + n) * 2", item="(10 - k)::text", at="pg_temp.moment(day, 486)",
            value="(phq * k / 9 - phq * (k - 1) / 9)::text",
        )  # fmt: skip
        put(
            Answer, "b, generate_series(1, 7) k WHERE done", sheet="(b.i * 15 + n) * 2 + 1", item="k::text", at="pg_temp.moment(day, 488)",
            value="(gad * k / 7 - gad * (k - 1) / 7)::text",
        )  # fmt: skip
        bands = {
            "phq": "CASE WHEN phq < 5 THEN 'None or minimal' WHEN phq < 10 THEN 'Mild' WHEN phq < 15 THEN 'Moderate' WHEN phq < 20 THEN 'Moderately severe' ELSE 'Severe' END",
            "gad": "CASE WHEN gad < 5 THEN 'None or minimal' WHEN gad < 10 THEN 'Mild' WHEN gad < 15 THEN 'Moderate' ELSE 'Severe' END",
        }  # fmt: skip
        for place, (name, items) in enumerate((("phq", 9), ("gad", 7))):
            put(
                Score, "b WHERE done", sheet=f"(b.i * 15 + n) * 2 + {place}", score="'total'", value=name, answered=items, items=items,
                band=bands[name], at="pg_temp.moment(day, 490)",
            )  # fmt: skip
        put(
            Score,
            "b WHERE done",
            sheet="(b.i * 15 + n) * 2",
            score="'algorithm'",
            value="phq / 12",
            answered=9,
            items=9,
            at="pg_temp.moment(day, 490)",
        )
        put(
            CourseAlert, f"b WHERE gen = 0 AND i % 15 = 2 AND day = {self.today} - 7", episode="i", sheet="(b.i * 15 + n) * 2",
            color="CASE i % 2 WHEN 0 THEN 'red' ELSE 'yellow' END", reason="'PHQ-9: no better after four weeks.'", owner="therapist",
            raised_at="pg_temp.moment(day, 490)", due_on="day + 7",
        )  # fmt: skip

    def safety(self) -> None:
        at = "pg_temp.moment(starts - 9, 700)"
        put(
            RiskAssessment,
            "c",
            client="i",
            by=self.desk + 1,
            level="(ARRAY['none', 'low', 'moderate'])[i % 3 + 1]",
            mitigation="'Safety plan, weekly look.'",
            at=at,
        )
        put(SafetyPlan, "c", id="i", client="i", version="1", written_at=at, written_with=self.desk + 1)
        put(
            SafetyPlanLine,
            "c, generate_series(0, 7) k",
            plan="i",
            step="least(k + 1, 6)",
            place="k",
            text="'Go for a walk by the river'",
        )
        put(
            Alarm, "c WHERE i % 4 = 0", id="i", client="i", kind="'answer'", urgency="'today'", reason="'PHQ-9, question 9: Several days'",
            source_kind="'benchmark'", source_key="i", owner="therapist", raised_at="pg_temp.moment(starts - 5, 490)", due_at="pg_temp.moment(starts - 5, 730)",
        )  # fmt: skip
        put(AlarmSeen, "c WHERE i % 4 = 0", alarm="i", by="therapist", at="pg_temp.moment(starts - 5, 520)")
        put(
            AlarmClosed, "c WHERE i % 4 = 0", alarm="i", by="therapist", action="'assessed_safe'", note="'Spoke with the person; safe with a plan.'",
            at="pg_temp.moment(starts - 5, 600)",
        )  # fmt: skip
        put(
            Alarm, f"c WHERE gen = 0 AND seat % {max(1, min(20, self.seats // 12))} = 1", id=f"{self.n} + i", client="i", kind="'answer'",
            urgency="(ARRAY['now', 'today', 'soon'])[i % 3 + 1]", reason="'PHQ-9, question 9: Several days'", source_kind="'benchmark-open'",
            source_key="i", owner="therapist", raised_at=f"{self.now} - interval '50 minutes'", due_at=f"{self.now} + interval '3 hours'",
        )  # fmt: skip

    def ends(self) -> None:
        put(
            Transition, "c WHERE gen > 0", id="i", episode="i", kind="'discharge'", from_level="'iop'", to_level="'outpatient'", effective_on="ends",
            reason="(ARRAY['completed', 'transferred', 'left'])[i % 3 + 1]", why="'Goals reached.'", summary=literal(SENTENCE), by="therapist",
            at="pg_temp.moment(ends, 960)",
        )  # fmt: skip
        put(
            RelapsePreventionPlan, "c WHERE gen > 0", episode="i", version="1", triggers="'Alone at night'", early_signs="'No sleep'",
            what_i_do="'Call my sister'", at="pg_temp.moment(ends - 3, 900)",
        )  # fmt: skip
        # Two in three contacts of the last ten days are still to be made; nine in ten older ones were.
        put(
            FollowUp,
            f"(SELECT *, ends + (ARRAY[7, 30, 90])[k] AS due FROM c, generate_series(1, 3) k WHERE gen > 0) x"
            f" WHERE due < {self.today} AND pg_temp.dice(i, k) < CASE WHEN due < {self.today} - 10 THEN 99 ELSE 33 END",
            episode="i", due_day="(ARRAY[7, 30, 90])[k]", by="therapist", channel="'call'", outcome="'reached'", doing="'better'",
            at="pg_temp.moment(due, 660)",
        )  # fmt: skip

    def trail(self) -> None:
        """Forty acts for each client (most of them looks), under one seal: the history page and the sealing job meet a full table."""
        put(
            Act, "c, generate_series(1, 40) k", verb="CASE WHEN k % 3 > 0 THEN 'chart.looked' ELSE 'attendance.recorded' END", by="therapist",
            by_label="'Therapist'", at="pg_temp.moment(starts + k, 600)", about_kind="'ground.client'", about_uid="client_uid",
            client_uid="client_uid", detail="'{\"what\": \"chart\"}'", digest="sha256(uuid_send(client_uid))", recorded_at=self.now,
        )  # fmt: skip
        run(
            f"INSERT INTO trail_seal (made_at, acts, previous, hash) VALUES ({self.now}, {self.n * 40}, '\\x00', sha256('benchmark'))"
        )
        run("INSERT INTO trail_sealed (act_id, seal_id) SELECT a.id, s.id FROM trail_act a, trail_seal s ORDER BY 1")
