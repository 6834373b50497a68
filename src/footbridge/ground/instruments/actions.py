"""Verbs about questionnaires as things: load a definition, give a sheet, give its link anew, take it back.

Answers are taken by one verb only, in care.measures, which raises the alarm in the same transaction.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from footbridge.engines import scoring
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Client
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import reads, rules, shelf, versions
from .models import EarlierLink, GivenHow, InstrumentEdition, Origin, Sheet

LINK_DAYS = 7


class CannotLoad(access.Refusal):
    """The definition is not one."""


class CannotGive(access.Refusal):
    """This questionnaire cannot be given so."""


def load_definitions(*, by: Actor, at: datetime) -> list[InstrumentEdition]:
    """Load the packaged definitions that are not loaded in this content yet. Returns those that are new; safe to run
    again. Texts that this site has added stay with a new edition of the same questions."""
    access.require(by, rules.LOAD)
    made = []
    known = set(InstrumentEdition.objects.values_list("digest", flat=True))
    for parsed in shelf.packaged():
        if shelf.digest(parsed) in known:
            continue
        before = reads.newest_version(str(parsed.get("id")))
        loaded = _load(parsed, by=by, at=at)
        if loaded is None:
            continue
        made.append(loaded)
        with_texts = versions.carried(parsed, before)
        if with_texts is not None:
            carried = _load(with_texts, by=by, at=at, origin=Origin.TEXT_ADDED)
            made += [carried] if carried else []
    return made


def _load(
    parsed: dict[str, Any], *, by: Actor, at: datetime, origin: str = Origin.PACKAGED
) -> InstrumentEdition | None:
    try:
        definition = scoring.definition(parsed)
    except scoring.DefinitionError as error:
        raise CannotLoad(" ".join(error.problems)) from error
    digest = shelf.digest(parsed)
    if InstrumentEdition.objects.filter(code=definition.id, edition=definition.edition, digest=digest).exists():
        return None
    edition = InstrumentEdition(
        code=definition.id,
        edition=definition.edition,
        title=definition.name,
        definition=parsed,
        digest=digest,
        verified=not definition.is_draft,
        loaded_at=at,
        origin=origin,
    )
    with trail.act(
        "instrument.loaded", by=by, at=at, about=edition, detail={"code": definition.id, "edition": definition.edition}
    ):
        edition.save()
    shelf.know(digest, parsed)
    return edition


def give(
    client: Client,
    codes: Sequence[str],
    *,
    how: str,
    occasion: str,
    by: Actor,
    at: datetime,
    language: str = "",
    episode: Episode | None = None,
    due_on: date | None = None,
    expires_at: datetime | None = None,
    bundle: uuid.UUID | None = None,
) -> tuple[list[Sheet], str | None]:
    """Give questionnaires together, in this order. Returns the sheets and, for `how="link"`, the token; only its hash
    is stored.

    A link lives seven days unless `expires_at` says otherwise. The same `bundle` twice gives one bundle (its token is
    then None:
    use `renew_link`). What follows the act finds the token in `act.carries["token"]`.
    """
    access.require(by, rules.GIVE, client)
    language = language or client.person.language
    editions = []
    for code in dict.fromkeys(codes):
        edition = reads.current(code)
        if edition is None:
            raise CannotGive(_("There is no questionnaire “%(code)s” here.") % {"code": code}, field="codes")
        if reads.is_retired(code):
            raise CannotGive(_("%(title)s is retired and is given to nobody.") % {"title": edition.title}, field="codes")
        if not shelf.definition(edition).wordings:
            raise CannotGive(
                _("%(title)s has no text here yet. Add the text first.") % {"title": edition.title}, field="codes"
            )
        editions.append(edition)
    if not editions:
        raise CannotGive(_("Choose at least one questionnaire."), field="codes")
    if how not in GivenHow.values:
        raise CannotGive(_("Choose how the questions are asked."), field="how")
    if how == GivenHow.LINK:
        expires_at = expires_at or at + timedelta(days=LINK_DAYS)
        if expires_at <= at:
            raise CannotGive(_("The link would have run out already."), field="expires_at")
    bundle = bundle or uuid.uuid4()
    token = secrets.token_urlsafe(32) if how == GivenHow.LINK else None
    with trail.act(
        "sheets.given",
        by=by,
        at=at,
        about=client,
        client=client,
        detail={"codes": [e.code for e in editions], "how": how},
    ) as act:
        known = list(Sheet.objects.filter(bundle=bundle).order_by("place"))
        if known:
            if any(sheet.client_id != client.pk for sheet in known):
                raise CannotGive(_("These questions were given to somebody else. Open the page again."))
            return known, None
        sheets = [
            Sheet(
                client=client,
                episode=episode,
                instrument=edition,
                bundle=bundle,
                place=place,
                how=how,
                occasion=occasion,
                language=language,
                token_hash=hashed(token) if token else "",
                given_at=at,
                due_on=due_on,
                expires_at=expires_at,
            )
            for place, edition in enumerate(editions)
        ]
        for sheet in sheets:
            sheet.save()
        act.carries.update(token=token, sheets=sheets)
    return sheets, token


def renew_link(sheet: Sheet, *, by: Actor, at: datetime) -> str:
    """A new link for the open sheets of this bundle; the one before opens nothing any more."""
    access.require(by, rules.GIVE, sheet.client)
    token = secrets.token_urlsafe(32)
    with trail.act("sheets.link_renewed", by=by, at=at, about=sheet, client=sheet.client) as act:
        open_ones = list(
            Sheet.objects.filter(bundle=sheet.bundle, finished_at=None, withdrawn_at=None).order_by("place")
        )
        if not open_ones:
            raise CannotGive(_("These questions are answered or taken back. Give them anew."))
        end_link(open_ones, at=at)
        for one in open_ones:
            one.how, one.token_hash, one.expires_at = GivenHow.LINK, hashed(token), at + timedelta(days=LINK_DAYS)
            one.save(update_fields=["how", "token_hash", "expires_at"])
        act.carries.update(token=token, sheets=open_ones)
    return token


def end_link(sheets: Sequence[Sheet], *, at: datetime) -> None:
    """Inside the act that takes the link away: it is remembered as one that was, so that danger told on its old page is heard. It opens
    nothing."""
    for one in sheets:
        if one.token_hash:
            EarlierLink.objects.get_or_create(sheet=one, token_hash=one.token_hash, defaults={"until_at": at})


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
