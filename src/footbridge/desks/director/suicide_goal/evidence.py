"""Evidence for Joint Commission NPSG.15.01.01: per client, screened with a validated tool (EP 2), assessed (EP 3), level and
mitigation written down (EP 4), each with its day, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from footbridge.care.placement.models import Admission
from footbridge.care.safety.dispositions.models import Disposition
from footbridge.care.safety.dispositions.reads import GRAVE
from footbridge.care.safety.models import RiskAssessment, SafetyPlan
from footbridge.ground.instruments.models import Score
from footbridge.ground.instruments.reads import TRIAGE
from footbridge.ground.program.days import day_of

AGE_FROM = 12  # EP 2 asks for everybody of this age or older (SAF-05)
BEFORE = timedelta(days=30)  # a screen at intake counts for the admission that follows


@dataclass(frozen=True, slots=True)
class Line:
    """One admission. `screens` are (day, tool, result in words), `assessed` the clinician's assessments, both in order of days."""

    admission: Admission
    screens: list[tuple[date, str, str]]
    assessed: list[RiskAssessment]
    gaps: list[str]

    @property
    def is_whole(self) -> bool:
        return not self.gaps


def lines_of(found: Sequence[Admission]) -> list[Line]:
    """The evidence of these admissions: four queries, however many."""
    clients = [one.episode.client_id for one in found]
    screens: dict[int, list[Score]] = {}
    triaged = Score.objects.filter(sheet__client__in=clients, score=TRIAGE, sheet__finished_at__isnull=False, sheet__withdrawn_at__isnull=True)
    for score in triaged.select_related("sheet__instrument").defer("sheet__instrument__definition").order_by("sheet__finished_at", "pk"):
        screens.setdefault(score.sheet.client_id, []).append(score)
    assessed: dict[int, list[RiskAssessment]] = {}
    for row in RiskAssessment.objects.filter(client__in=clients).select_related("by__person").order_by("at", "pk"):
        assessed.setdefault(row.client_id, []).append(row)
    decided: dict[int, list[Disposition]] = {}
    for one in Disposition.objects.filter(client__in=clients).order_by("at", "pk"):
        decided.setdefault(one.client_id, []).append(one)
    planned = set(SafetyPlan.objects.filter(client__in=clients).values_list("client", flat=True))
    return [
        _line(one, screens.get(one.episode.client_id, []), assessed.get(one.episode.client_id, []), decided.get(one.episode.client_id, []),
              one.episode.client_id in planned)
        for one in found
    ]  # fmt: skip


def _line(one: Admission, scores: list[Score], assessed: list[RiskAssessment], decided: list[Disposition], has_plan: bool) -> Line:
    since = min(one.starts_on, day_of(one.episode.opened_at)) - BEFORE
    until = day_of(one.episode.ended_at) if one.episode.ended_at else date.max
    scores = [s for s in scores if since <= day_of(s.sheet.finished_at) <= until]  # type: ignore[arg-type]
    assessed = [a for a in assessed if since <= day_of(a.at) <= until]
    gaps = []
    born = one.episode.client.person.born_on
    if not scores and (born is None or _age(born, one.starts_on) >= AGE_FROM):
        gaps.append(_("EP 2: no finished suicide screen"))
    elif scores and not any(s.band for s in scores):
        gaps.append(_("EP 2: the screen has open questions"))
    for score in scores:
        if not score.band or score.band == "none":
            continue
        at = score.sheet.finished_at
        day = date_format(day_of(at), "M j, Y")  # type: ignore[arg-type]
        if not any(a.at >= at or a.sheet_id == score.sheet_id for a in assessed):  # type: ignore[operator]
            gaps.append(_("EP 3: not assessed after the screen of %(day)s") % {"day": day})
        if any(part in score.reason for part in GRAVE) and not any(d.at >= at for d in decided):  # type: ignore[operator]
            gaps.append(_("EP 4: no disposition after the screen of %(day)s") % {"day": day})
    if assessed and assessed[-1].level in ("moderate", "high") and not has_plan:
        gaps.append(_("EP 4: no safety plan at this level"))
    shown = [(day_of(s.sheet.finished_at), s.sheet.instrument.title, s.band or _("not complete")) for s in scores]  # type: ignore[arg-type]
    return Line(one, shown, assessed, gaps)


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
