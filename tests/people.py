"""Many people in a program with scores, quickly: rows in bulk, inside one act. For tests of pages about many people."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from footbridge.care.placement.models import Admission, Assessment, Decision
from footbridge.care.transitions.models import Transition
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import CareTeamMember, Episode, TeamRole
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.instruments.models import InstrumentEdition, Score, Sheet
from footbridge.ground.people import actions as people
from footbridge.ground.people.models import Client, Person
from footbridge.ground.program.models import Track
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM
from tests.cast import Cast

Scores = Sequence[tuple[int, float]]  # (day since the start, score)


def many(
    cast: Cast, track: Track, lives: Sequence[tuple[Scores, Scores, str]], *, now: datetime, started_days_ago: int = 60, primary: bool = True
) -> list[Episode]:
    """An admission for each of `lives`: PHQ-9 scores, GAD-7 scores, and how it ended ("" goes on, else a discharge reason), ten days ago."""
    instruments.load_definitions(by=SYSTEM, at=now)
    editions = {code: InstrumentEdition.objects.filter(code=code).latest("id") for code in ("phq9", "gad7")}
    start = now - timedelta(days=started_days_ago)
    day = start.date()
    with trail.act("history.imported", by=SYSTEM, at=now, about=track):
        persons = Person.objects.bulk_create(Person(legal_name=f"Person {n}", name_used=f"Person {n}", created_at=start) for n in range(len(lives)))
        last = Client.objects.count()
        clients = Client.objects.bulk_create(Client(person=p, number=f"T{last + n:06}", since=start) for n, p in enumerate(persons))
        found = Episode.objects.bulk_create(Episode(client=c, opened_at=start - timedelta(days=5)) for c in clients)
        by = cast.ivy.staff
        asked = Assessment.objects.bulk_create(
            Assessment(episode=e, by=by, facts={}, advice={}, rules_edition="test", at=start) for e in found
        )
        decided = Decision.objects.bulk_create(
            Decision(assessment=a, episode=a.episode, by=by, indicated="iop", actual="iop", reasons="Fits.", at=start) for a in asked
        )
        Admission.objects.bulk_create(Admission(episode=d.episode, decision=d, track=track, starts_on=day, by=by, at=start) for d in decided)
        if primary:
            CareTeamMember.objects.bulk_create(CareTeamMember(episode=e, staff=cast.bo.staff, role=TeamRole.PRIMARY, joined_at=start) for e in found)
        rows = []
        for episode, (phq, gad, _ending) in zip(found, lives, strict=True):
            for code, points in (("phq9", phq), ("gad7", gad)):
                for days, value in points:
                    rows.append((episode, code, datetime.combine(day + timedelta(days=days), time(18), start.tzinfo), value))
        sheets = Sheet.objects.bulk_create(
            Sheet(client=e.client, episode=e, instrument=editions[code], bundle=uuid.uuid4(), how="portal", occasion="weekly", given_at=at, started_at=at, finished_at=at)
            for e, code, at, _value in rows
        )
        Score.objects.bulk_create(
            Score(sheet=s, score="total", value=Decimal(str(value)), answered=9 if code == "phq9" else 7, items=9 if code == "phq9" else 7, at=at)
            for s, (_e, code, at, value) in zip(sheets, rows, strict=True)
        )
        left = now - timedelta(days=10)
        Transition.objects.bulk_create(
            Transition(episode=e, kind="discharge", from_level="iop", to_level="outpatient", reason=ending, why="Ends.", effective_on=left.date(), by=by, at=left)
            for e, (_phq, _gad, ending) in zip(found, lives, strict=True)
            if ending
        )
    return list(Episode.objects.filter(pk__in=[e.pk for e in found]).order_by("pk"))


BETTER: Scores = ((0, 18), (14, 12), (28, 8), (46, 6))
SAME: Scores = ((0, 15), (14, 14), (28, 15), (46, 14))
WORSE: Scores = ((0, 10), (14, 14), (28, 17))
ONE: Scores = ((0, 12),)
NONE: Scores = ()
CALM: Scores = ((0, 12), (28, 6), (46, 5))


def somebody(name: str, at: datetime | None = None) -> Episode:
    at = at or timezone.now()
    return episodes.open_episode(people.make_client(people.add_person(legal_name=name, by=SYSTEM, at=at), by=SYSTEM, at=at), by=SYSTEM, at=at)
