"""Staff: who stands by a client, what each may see and why not more."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import actions, support
from footbridge.ground.people.forms import WHO, SignedForm, SupporterForm
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request, accounts

from . import reads, rules
from .forms import EndForm, InviteForm
from .reads import OfEpisode


def _law(episode: Episode, request: Request) -> dict[str, Any]:
    """Who signs for this person, in sentences with their sources."""
    who = support.standing(episode.client, day_of(request.at))
    return {"law": who, "law_says": [support.said(one) for one in who.reasons], "law_notes": [one.note for one in who.rules if one.note], "state": support.state()}


@access.page(rules.KEEP_SUPPORTERS, of=episodes.episode)
def listed(request: Request, episode: Episode) -> HttpResponse:
    trail.looked(episode.client, by=request.actor, at=request.at, what="supporters")
    may_invite = access.may(request.actor, rules.INVITE_SUPPORTER)
    found = support.shown(episode.client, day_of(request.at))
    return web.show(request, "desks/family/supporters.html", {"episode": episode, "found": found, "may_invite": may_invite, **_law(episode, request)})


@access.page(rules.KEEP_SUPPORTERS, of=episodes.episode)
def add(request: Request, episode: Episode) -> HttpResponse:
    client, today = episode.client, day_of(request.at)
    form = web.form(request, SupporterForm, initial={"granted_from": today})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        who = {name: given.pop(name) for name in WHO}
        try:
            with trail.act("supporter.named", by=request.actor, at=request.at, about=client, client=client):
                person = actions.person_close(client, **who, by=request.actor, at=request.at)
                actions.grant_supporter(client, person, **given, by=request.actor, at=request.at)
            return web.done(request, "family:supporters", _("It is on record, from the day you chose."), uid=episode.uid)
        except actions.CannotGrant as refusal:
            web.refused(form, refusal)
    return web.show(request, "desks/family/add.html", {"episode": episode, "form": form, **_law(episode, request)})


@access.page(rules.KEEP_SUPPORTERS, of=reads.of_episode)
def change(request: Request, of: OfEpisode) -> HttpResponse:
    row = of.supporter
    names = ("scope", "granted_until", "emergency_contact", "signed_how", "court_order", "denied_by_court")
    initial = {name: getattr(row, name) for name in names}
    form = web.form(request, SignedForm, initial={**initial, "signed_how": "paper"})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_supporter(row, **form.cleaned_data, by=request.actor, at=request.at)
            return web.done(request, "family:supporters", _("Changed. It holds from now on."), uid=of.episode.uid)
        except actions.CannotGrant as refusal:
            web.refused(form, refusal)
            row.refresh_from_db()
    context = {"episode": of.episode, "row": row, "form": form, **_law(of.episode, request)}
    return web.show(request, "desks/family/change.html", context)


@access.page(rules.KEEP_SUPPORTERS, of=reads.of_episode)
def end(request: Request, of: OfEpisode) -> HttpResponse:
    form = web.form(request, EndForm)
    if request.method == "POST" and form.is_valid():
        actions.end_supporter(of.supporter, on=day_of(request.at), why=form.cleaned_data["why"], by=request.actor, at=request.at)
        return web.done(request, "family:supporters", _("Ended. They see nothing any more."), uid=of.episode.uid)
    return web.show(request, "desks/family/end.html", {"episode": of.episode, "row": of.supporter, "form": form})


@access.page(rules.INVITE_SUPPORTER, of=reads.of_episode)
def invite(request: Request, of: OfEpisode) -> HttpResponse:
    """An account of their own. The letter says that there is one, and nothing about care."""
    person = of.supporter.person
    form = web.form(request, InviteForm, initial={"email": person.email})
    if request.method == "POST" and form.is_valid():
        try:
            user, token = actions.invite_to_portal(person, email=form.cleaned_data["email"], by=request.actor, at=request.at)
            accounts.letter(user, token).send()
            return web.done(request, "family:supporters", _("The letter is on its way."), uid=of.episode.uid)
        except actions.CannotInvitePerson as refusal:
            web.refused(form, refusal)
    return web.show(request, "desks/family/invite.html", {"episode": of.episode, "row": of.supporter, "form": form})
