"""Who asks for help, when, and how it goes. Drawn from a seeded random source, so that the same day builds the same program.

Proportions follow published figures where there are some:
- how stays end: completed 38 %, transferred 18 %, left 23 %, ended by the program 14 %, other 7 % (TEDS-D 2004, intensive outpatient);
  length of stay, median 41 days for all, 50 for those who complete, 26 for those who leave (same, table 4.11);
- attendance: median 91 % of scheduled groups (Gliske 2022), lower in those who leave early;
- course of scores: two thirds to three quarters reliably better, about a quarter without reliable change, 1 to 3 % worse (Wise 2016);
  mean change of the PHQ-9 about 6 points (Evans-Chase 2023).
Referral sources have no published split for IOPs; ours is marked as invented.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from . import words

# Share of those admitted (TEDS-D 2004): (reason, weight, days of stay).
ENDINGS = [("completed", 38, 50), ("transferred", 18, 42), ("left", 23, 24), ("ended", 14, 36), ("other", 7, 33)]
COURSES = [("better", 71), ("same", 26), ("worse", 3)]
# Invented split; about half hear of the program from professionals.
SOURCES = [("self", 34), ("family", 14), ("hospital", 20), ("therapist", 14), ("primary_care", 8), ("school", 4), ("court", 3), ("employer", 3)]
FOCI = [("mood", 42), ("trauma_anxiety", 30), ("substance_use", 28)]
TRACKS = [("morning", 38), ("afternoon", 27), ("evening", 35)]
# What becomes of requests before admission.
BEFORE = [("admitted", 74), ("not_reached", 8), ("declined", 7), ("referred_out", 8), ("waiting", 3)]


@dataclass(frozen=True)
class Life:
    """One invented way through care. Days are counted from the request."""

    number: int
    name: str
    born_on: date
    language: str
    asks_on: date
    source: str
    focus: str
    track: str
    before: str
    ending: str
    stay_days: int
    course: str
    attends: float
    phq9: int
    gad7: int
    suicidal: int
    tries: int
    on_medication: bool
    agrees_to_messages: bool
    is_ana: bool = False
    is_max: bool = False


def _pick(random: Random, weighted: list[tuple[str, int]]) -> str:
    return random.choices([name for name, _w in weighted], [weight for _n, weight in weighted])[0]


def lives(people: int, first: date, last: date, random: Random) -> list[Life]:
    """`people` lives whose requests come on working days from `first` to `last`, Ana's and Max's among the early ones."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    working = [day for day in days if day.weekday() < 5]
    names = [f"{a} {b}" for a in words.FIRST for b in words.LAST]
    random.shuffle(names)
    made = []
    for number in range(people):
        # Evenly over the weeks; the last few all in the last days, so that every early stage has somebody.
        asks_on = working[min(len(working) - 1, int(number * len(working) / people))]
        ending, _weight, stay = random.choices(ENDINGS, [weight for _reason, weight, _days in ENDINGS])[0]
        phq9 = round(random.triangular(8, 24, 16))
        made.append(
            Life(
                number=number,
                name=names[number],
                born_on=date(random.randint(1958, 2004), random.randint(1, 12), random.randint(1, 28)),
                language="es" if random.random() < 0.15 else "en",
                asks_on=asks_on,
                source=_pick(random, SOURCES),
                focus=_pick(random, FOCI),
                track=_pick(random, TRACKS),
                before=_pick(random, BEFORE),
                ending=ending,
                stay_days=max(10, round(random.gauss(stay, stay / 5))),
                course=_pick(random, COURSES),
                attends=min(1.0, max(0.4, random.gauss(0.9 if ending != "left" else 0.72, 0.08))),
                phq9=phq9,
                gad7=min(21, max(4, phq9 + random.randint(-5, 3))),
                suicidal=random.choices([0, 1, 2], [68, 25, 7])[0],
                tries=random.choices([1, 2, 3], [62, 26, 12])[0],
                on_medication=random.random() < 0.7,
                agrees_to_messages=random.random() < 0.85,
            )
        )
    return _with_cast(made, working)


def _with_cast(made: list[Life], working: list[date]) -> list[Life]:
    """Ana and Max have fixed lives, so that docs, tests and visitors find them where they expect them."""
    if len(made) >= 4:
        made[2] = replace(
            made[2], name="Ana Soto", born_on=date(1994, 5, 17), language="en", asks_on=working[8 if len(working) > 8 else 0], source="self",
            focus="mood", track="morning", before="admitted", ending="completed", stay_days=70, course="better", attends=0.93, phq9=17, gad7=13,
            suicidal=0, tries=1, on_medication=True, agrees_to_messages=True, is_ana=True,
        )  # fmt: skip
        made[3] = replace(
            made[3], name="Max Weber", born_on=date(1988, 2, 3), language="en", asks_on=working[6 if len(working) > 6 else 0], source="hospital",
            focus="substance_use", track="evening", before="admitted", ending="completed", stay_days=75, course="same", attends=0.85, phq9=14, gad7=11,
            suicidal=1, tries=2, on_medication=True, agrees_to_messages=True, is_max=True,
        )  # fmt: skip
    return made


def score_at(life: Life, start: int, week: int, most: int, random: Random) -> int:
    """The questionnaire's sum in a week of care: a course with noise of about two points (the instrument's own error)."""
    drop = {"better": 0.48, "same": 0.08, "worse": -0.3}[life.course]
    expected = start * (1 - drop * min(1.0, (week / 6) ** 0.7)) if week else start
    return max(0, min(most, round(expected + random.gauss(0, 1.6))))


def spread(total: int, items: int, most: int, random: Random) -> list[int]:
    """Answers of `items` items that sum to `total`, each from 0 to `most`."""
    answers = [0] * items
    left = min(total, items * most)
    while left:
        place = random.randrange(items)
        if answers[place] < most:
            answers[place] += 1
            left -= 1
    return answers
