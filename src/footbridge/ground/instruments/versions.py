"""Verbs about the versions of an instrument: add its text, keep one's own, verify it, retire it and bring it back.

A version is never changed; every verb here stores a new one beside it. Sheets keep the version they were given in.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from footbridge.engines import scoring
from footbridge.engines.scoring.proofreading import Problem, proofread
from footbridge.ground.people.models import Staff
from footbridge.ground.people.words import Language
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import reads, rules, shelf
from .models import InstrumentEdition, InstrumentRetired, Origin


class CannotAddText(access.Refusal):
    """The text cannot be added so."""


class CannotKeep(access.Refusal):
    """This is no definition that can be kept. `problems` names every place with its mend."""

    def __init__(self, sentence: str, *, field: str | None = None, problems: Sequence[Problem] = ()) -> None:
        super().__init__(sentence, field=field)
        self.problems = tuple(problems)


class CannotVerify(access.Refusal):
    """This version cannot be verified."""


class CannotRetire(access.Refusal):
    """It is retired already, or is not retired."""


def add_text(
    edition: InstrumentEdition,
    *,
    language: str,
    title: str,
    items: Mapping[str, str],
    choices: Mapping[str, Mapping[str, str]],
    owner: str,
    basis: str,
    by: Actor,
    at: datetime,
    instruction: str = "",
    attribution: str = "",
    hints: Mapping[str, str] | None = None,
    groups: Mapping[str, str] | None = None,
) -> InstrumentEdition:
    """Add the words of one language to an instrument that came without (class B), and attest that this site may use them.

    `by` is who attests and who has laid the words beside the owner's form; both are stored with the text. Answers that
    were critical, scores and bands stay as they came.
    """
    access.require(by, rules.ADD_TEXT)
    _newest(edition, CannotAddText)
    definition = shelf.definition(edition)
    if edition.origin == Origin.OWN:
        raise CannotAddText(_("This is your own questionnaire. Change its words where you wrote it."))
    if not takes_text(edition):
        raise CannotAddText(_("The words of this questionnaire came with it and are locked."))
    if language not in Language.values:
        raise CannotAddText(_("Choose a language."), field="language")
    if not owner.strip():
        raise CannotAddText(_("Say who owns the words, as on the owner's form."), field="owner")
    if not basis.strip():
        raise CannotAddText(_("Say on what ground this site may use the words: a license, a letter, the owner's terms."), field="basis")
    attribution = attribution.strip() or definition.licence.attribution
    if not attribution:
        raise CannotAddText(_("Write the line that must stand under the questions, as the owner asks."), field="attribution")
    who = signature(by)
    day = day_of(at).isoformat()
    parsed = copy.deepcopy(edition.definition)
    parsed["licence"]["attribution"] = attribution
    parsed.setdefault("texts", {})
    parsed["texts"] = {
        **(parsed["texts"] or {}),
        language: {
            "title": title.strip() or definition.name,
            "instruction": instruction.strip(),
            "items": {code: words.strip() for code, words in items.items() if words.strip()},
            "choices": {name: {c: w.strip() for c, w in of.items() if w.strip()} for name, of in choices.items()},
            "hints": dict(hints or {}),
            "groups": dict(groups or {}),
            "source": basis.strip(),
            "verified_by": who,
            "verified_on": day,
            "attested": {"owner": owner.strip(), "basis": basis.strip(), "by": who, "on": day},
        },
    }
    if left := {k: v for k, v in (parsed.pop("proposed", None) or {}).items() if k != language}:
        parsed["proposed"] = left        # what was proposed in this language has been compared and is the text now
    problems = proofread(parsed)
    if problems:
        raise CannotAddText(" ".join(problem.sentence for problem in problems))
    note = _("Text in %(language)s added") % {"language": str(Language(language).label)}
    return _store(parsed, Origin.TEXT_ADDED, "instrument.text_added", note, by, at)


def takes_text(edition: InstrumentEdition) -> bool:
    """Whether a site may add words: those of class B, and any other that came without a word. What came with its words
    keeps them."""
    form = shelf.definition(edition)
    if edition.origin == Origin.OWN or not form.items:
        return False
    return form.licence.klass is scoring.LicenceClass.B or all(w.attested for w in form.wordings.values())


def add_own(parsed: Mapping[str, Any], *, by: Actor, at: datetime, note: str = "") -> InstrumentEdition:
    """Keep the program's own instrument: a new one, or a new version of one. It is a draft until it is verified, whatever
    the file says: a draft draws no band, but its critical answers fire.

    Raises CannotKeep, and keeps nothing, when there is a problem.
    """
    access.require(by, rules.WRITE_OWN)
    draft = _unverified(parsed)
    problems = proofread(draft)
    if problems:
        raise CannotKeep(" ".join(str(problem) for problem in problems), problems=problems)
    code = str(draft["id"])
    if code == "add":  # an address of the shelf
        problem = Problem(("id",), str(_("“%(code)s” cannot be used. Give yours another short name.") % {"code": code}))
        raise CannotKeep(problem.sentence, field="id", problems=[problem])
    before = reads.newest_version(code)
    if before is not None and before.origin != Origin.OWN:
        problem = Problem(("id",), str(_("“%(code)s” comes with Footbridge. Give yours another short name.") % {"code": code}))
        raise CannotKeep(problem.sentence, field="id", problems=[problem])
    if before is not None and shelf.digest(_unverified(before.definition)) == shelf.digest(draft):
        raise CannotKeep(_("Nothing is different from the version that is already here."))
    return _store(draft, Origin.OWN, "instrument.written", note, by, at)


def verify(edition: InstrumentEdition, *, languages: Sequence[str], by: Actor, at: datetime) -> InstrumentEdition:
    """Verify the newest draft of one's own instrument: scoring, bands, and the words in `languages`. From then on it is
    the version that is given, and its bands are drawn."""
    access.require(by, rules.VERIFY)
    if by.staff_id is None:
        raise access.NotYours("a clinical lead verifies in person")
    _newest(edition, CannotVerify)
    if edition.origin != Origin.OWN or edition.verified:
        raise CannotVerify(_("Only a draft of your own waits to be verified."))
    known = shelf.definition(edition).wordings
    if known and not set(languages) & set(known):
        raise CannotVerify(_("Choose the languages you have read, at least one."), field="languages")
    parsed = copy.deepcopy(edition.definition)
    mark = {"verified_by": signature(by), "verified_on": day_of(at).isoformat()}
    parsed |= mark
    for language in set(languages) & set(known):
        parsed["texts"][language] |= mark
    note = edition.change_note or _("Verified")
    return _store(parsed, Origin.OWN, "instrument.verified", note, by, at)


def retire(edition: InstrumentEdition, *, why: str, by: Actor, at: datetime) -> InstrumentRetired:
    """Give this instrument to nobody from now on. Open sheets stay open, answered ones stay on the chart."""
    access.require(by, rules.RETIRE)
    if not why.strip():
        raise CannotRetire(_("Say why it is retired."), field="why")
    with trail.act("instrument.retired", by=by, at=at, about=edition, why=why, detail={"code": edition.code}):
        if InstrumentRetired.objects.filter(code=edition.code, until_at=None).exists():
            raise CannotRetire(_("It is retired already."))
        return InstrumentRetired.objects.create(code=edition.code, from_at=at, why=why.strip()[:300], by_id=by.staff_id)


def bring_back(edition: InstrumentEdition, *, by: Actor, at: datetime) -> InstrumentRetired:
    """It can be given again."""
    access.require(by, rules.RETIRE)
    with trail.act("instrument.brought_back", by=by, at=at, about=edition, detail={"code": edition.code}):
        retired = InstrumentRetired.objects.filter(code=edition.code, until_at=None).first()
        if retired is None:
            raise CannotRetire(_("It is not retired."))
        retired.until_at = at
        retired.save(update_fields=["until_at"])
    return retired


def carried(parsed: Mapping[str, Any], before: InstrumentEdition | None) -> dict[str, Any] | None:
    """The packaged definition `parsed` with the texts this site has added to the version `before`; None when there is
    nothing to carry, or the questions are others now."""
    if before is None or before.origin != Origin.TEXT_ADDED:
        return None
    ours = {
        language: text
        for language, text in (before.definition.get("texts") or {}).items()
        if text.get("attested") and language not in (parsed.get("texts") or {})
    }
    made = copy.deepcopy(dict(parsed))
    made["texts"] = {**(made.get("texts") or {}), **ours}
    made["licence"]["attribution"] = before.definition["licence"].get("attribution", "")
    old, new = shelf.definition(before), None if proofread(made) else scoring.definition(made)
    if not ours or new is None or old.items != new.items:
        return None
    return made


def signature(by: Actor) -> str:
    """Who signs, as it is stored for ever: name and title."""
    staff = Staff.objects.select_related("person").filter(pk=by.staff_id).first() if by.staff_id else None
    return ", ".join(part for part in (staff.person.legal_name, staff.title) if part) if staff else by.name


def _unverified(parsed: Mapping[str, Any]) -> dict[str, Any]:
    draft = copy.deepcopy(dict(parsed))
    draft |= {"verified_by": "", "verified_on": ""}
    texts = draft.get("texts")
    for text in texts.values() if isinstance(texts, dict) else ():
        if isinstance(text, dict):
            text |= {"verified_by": "", "verified_on": ""}
            text.pop("attested", None)
    return draft


def _newest(edition: InstrumentEdition, refusal: type[access.Refusal]) -> None:
    newest = reads.newest_version(edition.code)
    if newest is None or newest.pk != edition.pk:
        raise refusal(_("There is a newer version. Open it and do it there."))


def _store(parsed: dict[str, Any], origin: Origin, verb: str, note: str, by: Actor, at: datetime) -> InstrumentEdition:
    definition = scoring.definition(parsed)
    digest = shelf.digest(parsed)
    # An older version taken up again is the newest again: its content is made new by saying when.
    if InstrumentEdition.objects.filter(code=definition.id, edition=definition.edition, digest=digest).exists():
        parsed = parsed | {"notes": f"{parsed.get('notes') or ''} Taken up again on {at.isoformat()}.".strip()}
        digest = shelf.digest(parsed)
    edition = InstrumentEdition(
        code=definition.id,
        edition=definition.edition,
        title=definition.name,
        definition=parsed,
        digest=digest,
        verified=not definition.is_draft,
        loaded_at=at,
        origin=origin,
        loaded_by_id=by.staff_id,
        change_note=note[:300],
    )
    with trail.act(
        verb, by=by, at=at, about=edition, why=note, detail={"code": definition.id, "edition": definition.edition}
    ):
        edition.save()
    shelf.know(digest, parsed)
    return edition
