"""The first steps of the way, made with the product's own verbs, for tests of the steps after them."""

from __future__ import annotations

from datetime import date, datetime, time

from footbridge.care.medication import actions as medication  # noqa: F401
from footbridge.care.placement import actions as placement
from footbridge.care.placement.models import Admission, Assessment, Decision
from footbridge.care.plan import actions as plans
from footbridge.care.plan.models import Plan
from footbridge.care.plan.tree import GoalSketch, InterventionSketch, ObjectiveSketch, ProblemSketch
from footbridge.care.screening import actions as screening
from footbridge.care.screening.models import Screen
from footbridge.ground.consent import actions as consents
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.instruments.models import Answer, Sheet
from footbridge.ground.people.models import Client
from footbridge.ground.program.days import day_of
from footbridge.ground.program.models import Program, Site, Track
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM
from tests.cast import NOW, Cast

NO_RISK = {"1": "no", "2": "no", "6": "no"}
HIGH_RISK = {"1": "yes", "2": "yes", "3": "yes", "4": "yes", "5": "yes", "6": "no"}
SAFE_FACTS = {
    "safe_now": ("yes", ""),
    "medically_stable": ("yes", ""),
    "withdrawal_risk": ("no", ""),
    "self_care": ("partly", "skips meals"),
    "home_safe": ("yes", ""),
    "structure_needed": ("yes", ""),
}
RATINGS = {
    "withdrawal": (0, "No use."),
    "medical": (1, "Thyroid, treated."),
    "mental": (2, "Low on most days, misses work twice a week."),
    "readiness": (1, "Wants this, unsure about groups."),
    "return": (2, "Was in hospital in August."),
    "surroundings": (1, "Lives with her mother."),
}
PROBLEM = ProblemSketch(
    "Low mood",
    "F33.1",
    "PHQ-9 of 17.",
    (
        GoalSketch(
            "I want to get up and see my friends again.",
            "PHQ-9 below 10",
            (
                ObjectiveSketch(
                    "Does three planned activities a week.",
                    "phq9",
                    "below 10",
                    date(2026, 12, 14),
                    (
                        InterventionSketch("skills", "Skills group", 50, 3, 8, "Cy Okafor"),
                        InterventionSketch("practice", "Activity log", 15, 5, 8, "Ana"),
                    ),
                ),
            ),
        ),
    ),
)


def track(places: int = 8, *, code: str = "morning", level: str = "iop", at: datetime = NOW) -> Track:
    with trail.act("program.imported", by=SYSTEM, at=at, about=Site(code="x", name="x", time_zone="UTC")):
        site, _ = Site.objects.get_or_create(
            code="main", defaults={"name": "Main site", "time_zone": "America/Chicago"}
        )
        program, _ = Program.objects.get_or_create(
            code=f"adult-{level}", defaults={"name": "Adult program", "level": level, "weeks": 8, "minutes_a_week": 540}
        )
        return Track.objects.create(
            program=program,
            site=site,
            code=code,
            name=code.title(),
            part_of_day="morning",
            mode="in_person",
            places=places,
        )


def suicide_screen(client: Client, answers: dict[str, str], *, at: datetime = NOW) -> Sheet:
    """A C-SSRS screener with these answers; the alarm it raises is care.measures' deed and not made here."""
    instruments.load_definitions(by=SYSTEM, at=at)
    sheets, _ = instruments.give(client, ["cssrs_screener"], how="interview", occasion="screening", by=SYSTEM, at=at)
    sheet = sheets[0]
    with trail.act("sheet.answered", by=SYSTEM, at=at, about=sheet, client=client):
        for item, value in answers.items():
            Answer.objects.create(sheet=sheet, item=item, value=value, at=at)
        sheet.started_at = sheet.finished_at = at
        sheet.save(update_fields=["started_at", "finished_at"])
    return sheet


def screened(cast: Cast, *, at: datetime = NOW, **more: object) -> Screen:
    said = {
        "how": "phone",
        "concerns": "I cannot get up.",
        "facts": SAFE_FACTS,
        "free_hours": [(0, time(9), time(12)), (2, time(9), time(12))],
        **more,
    }
    return screening.take(cast.ana.episode, **said, by=cast.ivy.actor(at), at=at)


def assessed(cast: Cast, *, at: datetime = NOW) -> Assessment:
    screened(cast, at=at)
    suicide_screen(cast.ana.client, NO_RISK, at=at)
    return placement.assess(cast.ana.episode, RATINGS, by=cast.ivy.actor(at), at=at)


def decided(cast: Cast, *, at: datetime = NOW) -> Decision:
    return placement.decide(
        cast.ana.episode,
        assessed(cast, at=at),
        indicated="iop",
        actual="iop",
        reasons="Fits.",
        by=cast.ivy.actor(at),
        at=at,
    )


def consented(cast: Cast, *kinds: str, at: datetime = NOW) -> None:
    """What the checklist of consents asks before an admission."""
    for kind in kinds or ("treatment", "telehealth"):
        consents.give(cast.ana.client, kind=kind, signed_name="Ana Soto", how="paper", by=cast.di.actor(at), at=at)


def admitted(cast: Cast, *, at: datetime = NOW) -> Admission:
    consented(cast, at=at)
    return placement.admit(
        cast.ana.episode,
        decided(cast, at=at),
        track=track(at=at),
        starts_on=max(date(2026, 11, 4), day_of(at)),
        primary=cast.bo.staff,
        prescriber=cast.pat.staff,
        by=cast.ivy.actor(at),
        at=at,
    )


def drafted(cast: Cast, *, at: datetime = NOW) -> Plan:
    return plans.draft(cast.ana.episode, [PROBLEM], strengths="Stubborn, funny.", by=cast.bo.actor(at), at=at)


def signed(cast: Cast, *, at: datetime = NOW) -> Plan:
    plan = drafted(cast, at=at)
    plans.sign(plan, cast.bo.person, "clinician", "password", by=cast.bo.actor(at), at=at)
    plans.sign(plan, cast.ana.person, "client", "password", by=cast.ana.actor(at), at=at)
    return plan
