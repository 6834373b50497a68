"""Questions about questionnaires: which there are, which are open, what was answered, how a score went over time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, When

from footbridge.data import parsed
from footbridge.engines import scoring
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Client
from footbridge.ground.program.days import zone
from footbridge.ground.program.models import Program
from footbridge.kit.access import Actor

from . import shelf
from .models import Answer, EarlierLink, InstrumentEdition, InstrumentRetired, Origin, OutsideScore, Score, Sheet

# A draft of the program's own never replaces a version that is verified: it waits beside it.
_WAITS = Case(When(origin=Origin.OWN, verified=False, then=1), default=0, output_field=IntegerField())


def current(code: str) -> InstrumentEdition | None:
    """The version of this code that is given: the newest, where there is one that is not just a draft of our own."""
    return InstrumentEdition.objects.filter(code=code).order_by(_WAITS, "-loaded_at", "-id").first()


def all_current() -> list[InstrumentEdition]:
    """The version of each questionnaire that is given, by title."""
    each = InstrumentEdition.objects.order_by("code", _WAITS, "-loaded_at", "-id").distinct("code")
    return sorted(each, key=lambda e: e.title.casefold())


def newest_version(code: str) -> InstrumentEdition | None:
    """The version stored last, drafts included."""
    return InstrumentEdition.objects.filter(code=code).order_by("-loaded_at", "-id").first()


def versions(code: str) -> list[InstrumentEdition]:
    """Every version of an instrument, newest first."""
    found = InstrumentEdition.objects.filter(code=code).select_related("loaded_by__person")
    return list(found.order_by("-loaded_at", "-id"))


def edition(actor: Actor, uid: UUID) -> InstrumentEdition | None:
    """A version by its outside name."""
    return InstrumentEdition.objects.select_related("loaded_by__person").filter(uid=uid).first()


def retired() -> dict[str, InstrumentRetired]:
    """What is retired now, by code."""
    return {one.code: one for one in InstrumentRetired.objects.filter(until_at=None).select_related("by__person")}


def is_retired(code: str) -> bool:
    return InstrumentRetired.objects.filter(code=code, until_at=None).exists()


def choosable() -> list[InstrumentEdition]:
    """The questionnaires that can be given now, by title: those with a text that are not retired."""
    away, current = retired(), all_current()
    forms = shelf.definitions(current)
    return [e for e in current if e.code not in away and forms[e.pk].wordings]


@dataclass(frozen=True)
class OnShelf:
    """An instrument as it stands on the shelf. `state`: ready, needs_text, draft, outside, retired. `waiting` is a newer
    draft of our own that nobody has verified yet."""

    edition: InstrumentEdition
    definition: scoring.Definition
    state: str
    open_sheets: int
    versions: int
    waiting: InstrumentEdition | None
    retired: InstrumentRetired | None

    @property
    def languages(self) -> list[scoring.Wording]:
        return list(self.definition.wordings.values())


def on_shelf(at: datetime) -> list[OnShelf]:
    """Every instrument there is, by title. Four queries, however many there are."""
    open_now = Sheet.objects.filter(finished_at=None, withdrawn_at=None).filter(Q(expires_at=None) | Q(expires_at__gt=at))
    counted = dict(open_now.order_by().values_list("instrument__code").annotate(Count("pk")))
    stored = dict(InstrumentEdition.objects.order_by().values_list("code").annotate(Count("pk")))
    newest = {e.code: e for e in InstrumentEdition.objects.order_by("code", "-loaded_at", "-id").distinct("code")}
    away, current = retired(), all_current()
    forms = shelf.definitions(current)
    rows = []
    for one in current:
        form = forms[one.pk]
        last = newest[one.code]
        waiting = last if last.pk != one.pk and last.origin == Origin.OWN and not last.verified else None
        rows.append(
            OnShelf(
                one,
                form,
                state(form, is_retired=one.code in away),
                counted.get(one.code, 0),
                stored[one.code],
                waiting,
                away.get(one.code),
            )
        )
    return rows


def state(form: scoring.Definition, *, is_retired: bool) -> str:
    """Where an instrument stands, in one word: retired, outside, needs_text, draft, ready."""
    if is_retired:
        return "retired"
    if not form.items:
        return "outside"
    if not form.wordings:
        return "needs_text"
    return "draft" if form.is_draft else "ready"


def definition(sheet: Sheet) -> scoring.Definition:
    return shelf.definition(sheet.instrument)


def answers(sheet: Sheet) -> dict[str, scoring.Answer]:
    """The newest answer of each item; an item without a row is not in it."""
    held: dict[str, scoring.Answer] = {}
    if sheet.pk is None:  # a form that is only looked at
        return held
    for answer in Answer.objects.filter(sheet=sheet).order_by("id"):
        gap = NOT_KNOWN if answer.not_known else scoring.DECLINED
        held[answer.item] = gap if answer.declined else scoring.answered(answer.value)
    return held


# Asked, and the person could not say: for a score a gap like declined, in the record a word of its own.
NOT_KNOWN = scoring.Answer(scoring.State.DECLINED, "not_known")


def triage_rule(episode: Episode | None) -> scoring.TriageRule:
    """By which rule a suicide screen is read: the one the director chose for the program the person is in; before an
    admission that of the first program that admits."""
    known = triage_rules()
    program = Program.objects.filter(tracks__admissions__episode=episode).first() if episode is not None else None
    program = program or Program.objects.filter(admits=True).order_by("id").first()
    return known[program.suicide_rule] if program else next(iter(known.values()))


@cache
def triage_rules() -> dict[str, scoring.TriageRule]:
    """The rules there are, the default first."""
    return scoring.triage_rules(parsed("suicide_triage"))


def open_sheets(client: Client, at: datetime | None = None) -> QuerySet[Sheet]:
    """Given, not finished, not taken back and, at `at`, not run out; in the order they are answered."""
    sheets = Sheet.objects.filter(client=client, finished_at=None, withdrawn_at=None).select_related("instrument").defer("instrument__definition")
    if at is not None:
        sheets = sheets.filter(Q(expires_at=None) | Q(expires_at__gt=at))
    return sheets.order_by("given_at", "bundle", "place")


def bundle(sheet: Sheet) -> list[Sheet]:
    """The sheets given together with this one, in their order, without those taken back."""
    return bundle_by_uid(str(sheet.bundle))


def bundle_by_uid(uid: str) -> list[Sheet]:
    """The sheets of a bundle, in their order, without those taken back."""
    return [sheet for sheet in whole_bundle_by_uid(uid) if sheet.withdrawn_at is None]


def sheets_by_token(token: str, at: datetime, *, finished_too: bool = False) -> list[Sheet]:
    """The bundle a link opens; empty for a link that is unknown, has run out or was replaced, and, unless
    `finished_too`, for one whose sheets are all finished."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    given = Sheet.objects.filter(token_hash=digest, expires_at__gt=at, withdrawn_at=None)
    sheets = _in_order(given)
    return sheets if finished_too or any(sheet.finished_at is None for sheet in sheets) else []


def sheets_of_link(token: str) -> list[Sheet]:
    """The bundle a link was made for, whatever became of it and of the link; empty for one that is unknown. Opens nothing: it is for
    what a page that is still on somebody's screen sends."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    found = Sheet.objects.filter(Q(token_hash=digest) | Q(pk__in=EarlierLink.objects.filter(token_hash=digest).values("sheet_id")))
    return _in_order(found)


def whole_bundle(sheet: Sheet) -> list[Sheet]:
    """The sheets given together with this one, in their order, those taken back among them."""
    return whole_bundle_by_uid(str(sheet.bundle))


def whole_bundle_by_uid(uid: str) -> list[Sheet]:
    """The sheets of a bundle, in their order, those taken back among them."""
    return _in_order(Sheet.objects.filter(bundle=uid))


def _in_order(sheets: QuerySet[Sheet]) -> list[Sheet]:
    return list(sheets.select_related("instrument", "client__person").defer("instrument__definition").order_by("place"))


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
    return _points(_with_edition(scores).order_by("sheet__finished_at", "id"))


def _with_edition(scores: QuerySet[Score]) -> QuerySet[Score]:
    """With sheet and edition, but not the definition of every row."""
    return scores.select_related("sheet__instrument").defer("sheet__instrument__definition")


def all_series(client: Client, *, episode: Episode | None = None) -> dict[str, list[ScorePoint]]:
    """Every instrument's main score over time, by code, with one query."""
    scores = Score.objects.filter(sheet__client=client, sheet__withdrawn_at=None)
    if episode is not None:
        scores = scores.filter(sheet__episode=episode)
    rows = list(_with_edition(scores).order_by("sheet__finished_at", "id"))
    shelf.definitions({score.sheet.instrument.digest: score.sheet.instrument for score in rows}.values())
    found: dict[str, list[Score]] = {}
    for score in rows:
        if score.score == main_score(definition(score.sheet)):
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


def main_score(form: scoring.Definition) -> str:
    """The score an instrument is shown by: its first one, the first from outside, or the triage."""
    first = form.score_rule()
    if first is not None:
        return first.id
    return form.outside[0].id if form.outside else TRIAGE


def outside_scores(client: Client) -> QuerySet[OutsideScore]:
    """Scores of a client that were entered from outside, newest first, those taken back too."""
    return (
        OutsideScore.objects.filter(sheet__client=client)
        .select_related("sheet__instrument", "sheet__client", "sheet__entered_by__person", "taken_back_by__person")
        .prefetch_related("sheet__scores")
        .order_by("-sheet__finished_at", "-id")
    )


def outside_score(actor: Actor, uid: UUID) -> OutsideScore | None:
    """One of them, of a client whose existence the actor may know."""
    return (
        OutsideScore.objects.filter(sheet__client__in=Client.objects.visible_to(actor), uid=uid)
        .select_related("sheet__instrument", "sheet__client__person", "sheet__episode__client__person")
        .first()
    )


def item_words(sheet: Sheet, item: str, language: str = "") -> str:
    wording = wording_of(sheet, language)
    return wording.items[item] if wording else item


def wording_of(sheet: Sheet, language: str = "") -> scoring.Wording | None:
    """The text in the language asked for, else in the sheet's, else in English, else whatever there is."""
    return wording_in(definition(sheet), language, sheet.language)


def wording_in(form: scoring.Definition, *languages: str) -> scoring.Wording | None:
    """The text of a form in the first of these languages there is, else in English, else whatever there is."""
    for one in (*languages, "en", *form.wordings):
        if one in form.wordings:
            return form.wordings[one]
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
            said = wording.said(item, answer.value) if wording else str(answer.value)
        critical = answer.state is scoring.State.ANSWERED and scoring.critical(form, code, answer.value) is not None
        rows.append(
            {
                "code": code,
                "words": wording.items[code] if wording else code,
                "state": "not_known" if answer == NOT_KNOWN else answer.state,
                "said": said,
                "critical": critical,
            }
        )
    return rows


def finished(client: Client) -> QuerySet[Sheet]:
    return (
        Sheet.objects.filter(client=client, finished_at__isnull=False)
        .select_related("instrument").defer("instrument__definition")
        .order_by(F("finished_at").desc())
    )
