"""Questions about questionnaires: which there are, which are open, what was answered, how a score went over time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet

from footbridge.engines import scoring
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Client
from footbridge.ground.program.days import zone

from . import shelf
from .models import Answer, InstrumentEdition, Score, Sheet


def current(code: str) -> InstrumentEdition | None:
    """The edition of this code that was loaded last."""
    return InstrumentEdition.objects.filter(code=code).order_by("-loaded_at", "-id").first()


def choosable() -> list[InstrumentEdition]:
    """The newest edition of each questionnaire that has a text, by title."""
    newest = InstrumentEdition.objects.order_by("code", "-loaded_at", "-id").distinct("code")
    return sorted((e for e in newest if shelf.definition(e).wordings), key=lambda e: e.title)


def definition(sheet: Sheet) -> scoring.Definition:
    return shelf.definition(sheet.instrument)


def answers(sheet: Sheet) -> dict[str, scoring.Answer]:
    """The newest answer of each item; an item without a row is not in it."""
    held: dict[str, scoring.Answer] = {}
    for answer in Answer.objects.filter(sheet=sheet).order_by("id"):
        held[answer.item] = scoring.DECLINED if answer.declined else scoring.answered(answer.value)
    return held


def open_sheets(client: Client, at: datetime | None = None) -> QuerySet[Sheet]:
    """Given, not finished, not taken back and, at `at`, not run out; in the order they are answered."""
    sheets = Sheet.objects.filter(client=client, finished_at=None, withdrawn_at=None).select_related("instrument")
    if at is not None:
        sheets = sheets.filter(Q(expires_at=None) | Q(expires_at__gt=at))
    return sheets.order_by("given_at", "bundle", "place")


def bundle(sheet: Sheet) -> list[Sheet]:
    """The sheets given together with this one, in their order, without those taken back."""
    return list(
        Sheet.objects.filter(bundle=sheet.bundle, withdrawn_at=None)
        .select_related("instrument", "client__person")
        .order_by("place")
    )


def sheets_by_token(token: str, at: datetime, *, finished_too: bool = False) -> list[Sheet]:
    """The bundle a link opens; empty for a link that is unknown, has run out or was replaced, and, unless
    `finished_too`, for one whose sheets are all finished."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    given = Sheet.objects.filter(token_hash=digest, expires_at__gt=at, withdrawn_at=None)
    sheets = list(given.select_related("instrument", "client__person").order_by("place"))
    return sheets if finished_too or any(sheet.finished_at is None for sheet in sheets) else []


def sheet_by_token(token: str, at: datetime) -> Sheet | None:
    """The first sheet of the link that is not finished, or None when the link opens nothing."""
    return next((sheet for sheet in sheets_by_token(token, at) if sheet.finished_at is None), None)


@dataclass(frozen=True)
class ScorePoint:
    """One finished sheet on the line of a score. `value` is None when it could not be scored; `reason` then says
    why."""

    on: date
    value: Decimal | None
    answered: int
    items: int
    prorated: bool
    band: str
    reason: str
    sheet: Sheet

    @property
    def is_partial(self) -> bool:
        return self.value is not None and self.answered < self.items


def _points(scores: Iterable[Score]) -> list[ScorePoint]:
    here = zone()
    return [
        ScorePoint(
            on=score.sheet.finished_at.astimezone(here).date(),  # type: ignore[union-attr]
            value=score.value,
            answered=score.answered,
            items=score.items,
            prorated=score.prorated,
            band=score.band,
            reason=score.reason,
            sheet=score.sheet,
        )
        for score in scores
    ]


def series(client: Client, code: str, score: str = "total", *, episode: Episode | None = None) -> list[ScorePoint]:
    """A score over time, oldest first."""
    scores = Score.objects.filter(
        sheet__client=client, sheet__instrument__code=code, score=score, sheet__withdrawn_at=None
    )
    if episode is not None:
        scores = scores.filter(sheet__episode=episode)
    return _points(scores.select_related("sheet__instrument").order_by("sheet__finished_at", "id"))


def all_series(client: Client, *, episode: Episode | None = None) -> dict[str, list[ScorePoint]]:
    """Every instrument's main score over time, by code, with one query."""
    scores = Score.objects.filter(sheet__client=client, sheet__withdrawn_at=None)
    if episode is not None:
        scores = scores.filter(sheet__episode=episode)
    found: dict[str, list[Score]] = {}
    for score in scores.select_related("sheet__instrument").order_by("sheet__finished_at", "id"):
        main = definition(score.sheet).score_rule()
        if score.score == (main.id if main else TRIAGE):
            found.setdefault(score.sheet.instrument.code, []).append(score)
    return {code: _points(rows) for code, rows in found.items()}


def latest_scores(client: Client, codes: Iterable[str] | None = None) -> dict[str, ScorePoint]:
    """The newest main score of each instrument (for C-SSRS: the triage), by code."""
    found = {code: points[-1] for code, points in all_series(client).items()}
    return found if codes is None else {code: found[code] for code in codes if code in found}


def latest(client: Client, code: str) -> ScorePoint | None:
    return latest_scores(client, [code]).get(code)


# The name under which a triage verdict (C-SSRS) is stored among the scores: value 0 none … 3 high, band the level.
TRIAGE = "triage"


def item_words(sheet: Sheet, item: str, language: str = "") -> str:
    wording = wording_of(sheet, language)
    return wording.items[item] if wording else item


def wording_of(sheet: Sheet, language: str = "") -> scoring.Wording | None:
    """The text in the language asked for, else in the sheet's, else in English, else whatever there is."""
    wordings = definition(sheet).wordings
    for one in (language, sheet.language, "en", *wordings):
        if one in wordings:
            return wordings[one]
    return None


def answered_rows(sheet: Sheet) -> list[dict[str, Any]]:
    """Every item with its words and what was answered, for a clinician: blank, declined and not asked are told
    apart."""
    form = definition(sheet)
    wording = wording_of(sheet)
    rows = []
    for code, answer in scoring.settle(form, answers(sheet)).items():
        item = form.item(code)
        said = ""
        if answer.state is scoring.State.ANSWERED and item is not None:
            words = wording.choices.get(item.choice_set, {}) if wording else {}
            said = words.get(str(answer.value), str(answer.value))
        critical = answer.state is scoring.State.ANSWERED and scoring.critical(form, code, answer.value) is not None
        rows.append(
            {
                "code": code,
                "words": wording.items[code] if wording else code,
                "state": answer.state,
                "said": said,
                "critical": critical,
            }
        )
    return rows


def finished(client: Client) -> QuerySet[Sheet]:
    return (
        Sheet.objects.filter(client=client, finished_at__isnull=False)
        .select_related("instrument")
        .order_by(F("finished_at").desc())
    )
