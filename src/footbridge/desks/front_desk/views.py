"""The front desk: the list of requests, a request taken by phone, and a client's papers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from footbridge.care.inquiry.promises import calendar
from footbridge.care.inquiry.words import ALIKE
from footbridge.care.sessions import first_visits
from footbridge.care.timetable import rules as timetable_rules
from footbridge.care.transitions.hand_offs import reads as hand_offs
from footbridge.engines import same_person
from footbridge.ground.consent import actions as consent
from footbridge.ground.consent import elements, telling
from footbridge.ground.consent import reads as consents
from footbridge.ground.consent import rules as consent_rules
from footbridge.ground.consent.models import Consent, ConsentKind
from footbridge.ground.coverage import actions as coverage
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import actions as people
from footbridge.ground.people import merging, support
from footbridge.ground.people import reads as people_reads
from footbridge.ground.people import rules as people_rules
from footbridge.ground.people.models import Staff
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request, accounts

from . import estimates, forms, reads, rules
from .words import DeskStep

ACCOUNT = 50  # rows of what was told to others, on the page of the papers


@access.page(rules.SEE_LIST)
def requests(request: Request) -> HttpResponse:
    """Every request on its way in, the broken promise first."""
    show = request.GET.get("show", "open")
    show = show if show in reads.FILTERS else "open"
    listed = reads.listed(request.actor, request.at, show, request.GET.get("page", "1"))
    labels = {"open": _("To do"), "new": _("New"), **{name: DeskStep(name).label for name in reads.FILTERS[2:]}}
    context = {
        "rows": listed.rows,
        "page": listed.page,
        "show": show,
        "kept": f"show={show}&",
        "filters": [(name, labels[name], listed.counts.get(name)) for name in reads.FILTERS],
        "zone": calendar().zone,
        "may_mend": access.may(request.actor, timetable_rules.MEND),
        "may_merge": access.may(request.actor, people_rules.MERGE),
        "broken": listed.broken,
        "headline": first_visits.headline(request.at) if show == "open" else None,
        "hand_offs_late": hand_offs.late(request.actor, request.at) if show == "open" else 0,
        "last": reads.last_request(request.actor, request.at) if not listed.rows else "",
    }
    return web.show(request, "desks/front_desk/list.html", context)


@access.page(people_rules.MERGE)
def doubles(request: Request) -> HttpResponse:
    """Records that may be of one person, the likeliest first."""
    pairs = [(pair, [ALIKE[reason] for reason in pair.likeness.reasons]) for pair in people_reads.doubles(request.actor)]
    return web.show(request, "desks/front_desk/doubles.html", {"pairs": pairs, "strong": same_person.STRONG_FROM})


@access.page(people_rules.MERGE, of=people_reads.pair)
def double(request: Request, pair: people_reads.Pair) -> HttpResponse:
    """Two records side by side: merge them into one of the two, or keep them apart."""
    if request.method == "GET":
        for client in (pair.one, pair.other):
            trail.looked(client, by=request.actor, at=request.at, what="record, to compare")
    sides = [reads.side(client) for client in (pair.one, pair.other)]
    form = web.form(request, forms.MergeForm, pair=pair, both_open=all(side.is_open for side in sides))
    try:
        if request.method == "POST" and "apart" in request.POST:
            merging.keep_apart(pair.one, pair.other, by=request.actor, at=request.at)
            return web.done(request, "front_desk:doubles", _("Kept apart. They are two people."))
        if request.method == "POST" and form.is_valid():
            kept = form.cleaned_data["keep"]
            gone = pair.other if kept == pair.one else pair.one
            ends = bool(form.cleaned_data.get("end_episode"))
            merging.merge_clients(kept, gone, why=form.cleaned_data["why"], end_episode=ends, by=request.actor, at=request.at)
            said = _("Merged. Everything stands under record %(number)s; the old number still finds the person.")
            return web.done(request, "front_desk:doubles", said % {"number": kept.number})
    except merging.CannotMerge as refusal:
        web.refused(form, refusal)
    context = {
        "pair": pair,
        "reasons": [ALIKE[reason] for reason in pair.likeness.reasons],
        "sides": sides,
        "form": form,
        "zone": calendar().zone,
    }
    return web.show(request, "desks/front_desk/double.html", context)


@access.page(rules.KEEP_PAPERS, of=episodes.episode)
def papers(request: Request, episode: Episode) -> HttpResponse:
    trail.looked(episode.client, by=request.actor, at=request.at, what="papers")
    at_site = calendar()
    context = {
        "episode": episode,
        "papers": reads.papers(episode),
        "account": [(one, elements.words_of(one.data_classes)) for one in telling.account(episode.client)[:ACCOUNT]],
        "checklist": reads.checklist(episode, at_site.today(request.at)),
        "today": at_site.today(request.at),
        "zone": at_site.zone,
        **estimates.shown(episode, request.at, at_site),
        "may_order": access.may(request.actor, consent_rules.KEEP_ORDERS, episode.client),
        "orders": [(one, elements.words_of(one.data_classes)) for one in episode.client.court_orders.select_related("by__person")],
    }
    return web.show(request, "desks/front_desk/papers.html", context)


@access.page(rules.KEEP_PAPERS, of=episodes.episode)
def record_coverage(request: Request, episode: Episode) -> HttpResponse:
    form = web.form(request, forms.CoverageForm, initial={"covered_from": calendar().today(request.at)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        # An impatient click writes nothing twice.
        if not episode.client.coverages.filter(**given).exists():
            coverage.record(episode.client, by=request.actor, at=request.at, **given)
        return web.done(request, "front_desk:papers", _("The coverage is recorded."), uid=episode.uid)
    return web.show(request, "desks/front_desk/coverage.html", {"episode": episode, "form": form})


@access.page(rules.KEEP_PAPERS, of=episodes.episode)
def check_benefits(request: Request, episode: Episode) -> HttpResponse:
    form = web.form(request, forms.BenefitForm, client=episode.client)
    if request.method == "POST" and form.is_valid():
        given = form.typed()
        of = given.pop("coverage")
        last = of.checks.first()
        same = last is not None and all(getattr(last, name) == value for name, value in given.items())
        if not (same and last is not None and (request.at - last.checked_at).total_seconds() < 60):
            staff = Staff.objects.get(pk=request.actor.as_staff)
            coverage.check(of, staff, by=request.actor, at=request.at, **given)
        return web.done(request, "front_desk:papers", _("The answer of the health plan is recorded."), uid=episode.uid)
    return web.show(request, "desks/front_desk/benefits.html", {"episode": episode, "form": form})


@access.page(rules.KEEP_PAPERS, of=episodes.episode)
def take_consent(request: Request, episode: Episode) -> HttpResponse:
    kind = request.GET.get("kind", "")
    start = {"signed_name": episode.client.person.legal_name, **({"kind": kind} if kind in ConsentKind.values else {})}
    form = web.form(request, forms.ConsentForm, initial=start)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        today = calendar().today(request.at)
        same = consents.in_force(episode.client, today).filter(
            kind=given["kind"],
            recipient=given["recipient"],
            purpose=given["purpose"],
            data_classes=given["data_classes"],
            expires_on=given["expires_on"],
        )
        if not same.exists():
            witness = Staff.objects.filter(pk=request.actor.as_staff).first()
            try:
                consent.give(episode.client, witnessed_by=witness, by=request.actor, at=request.at, **given)
            except consent.CannotConsent as refusal:
                web.refused(form, refusal)
                return web.show(request, "desks/front_desk/consent.html", {"episode": episode, "form": form, **_who_signs(episode, request)})
        return web.done(request, "front_desk:papers", _("The consent is recorded."), uid=episode.uid)
    return web.show(request, "desks/front_desk/consent.html", {"episode": episode, "form": form, **_who_signs(episode, request)})


def _who_signs(episode: Episode, request: Request) -> dict[str, Any]:
    who = support.standing(episode.client, calendar().today(request.at))
    return {"law": who, "law_says": [support.said(one) for one in who.reasons], "law_notes": [one.note for one in who.rules if one.note], "state": support.state()}


@access.page(rules.KEEP_PAPERS, of=episodes.episode)
def invite(request: Request, episode: Episode) -> HttpResponse:
    """An account for the portal. The link is shown once, here, and mailed when the client agreed to messages."""
    person = episode.client.person
    form = web.form(request, forms.PortalForm, initial={"email": person.email})
    link, is_sent = "", False
    if request.method == "POST" and form.is_valid():
        try:
            user, token = people.invite_to_portal(person, email=form.cleaned_data["email"], by=request.actor, at=request.at)
            link = accounts.link_of(token)
            is_sent = consents.channel(episode.client, calendar().today(request.at)) == "mail"  # what they said last holds
            if is_sent:
                accounts.letter(user, token).send()
        except people.CannotInvitePerson as refusal:
            web.refused(form, refusal)
    context = {"episode": episode, "form": form, "link": link, "is_sent": is_sent}
    return web.show(request, "desks/front_desk/portal.html", context)


def _consent(actor: access.Actor, uid: UUID, consent_uid: UUID) -> tuple[Episode, Consent] | None:
    episode = episodes.episode(actor, uid)
    found = episode and episode.client.consents.filter(uid=consent_uid).first()
    return (episode, found) if episode and found else None


@access.page(rules.KEEP_PAPERS, of=_consent)
def revoke_consent(request: Request, both: tuple[Episode, Consent]) -> HttpResponse:
    episode, given = both
    form = web.form(request, forms.RevokeForm)
    if request.method == "POST" and form.is_valid():
        try:
            consent.revoke(given, by=request.actor, at=request.at, how=form.cleaned_data["how"])
            return web.done(request, "front_desk:papers", _("Taken back. It holds from now on."), uid=episode.uid)
        except consent.CannotRevoke as refusal:
            web.refused(form, refusal)
    return web.show(request, "desks/front_desk/revoke.html", {"episode": episode, "consent": given, "form": form})
