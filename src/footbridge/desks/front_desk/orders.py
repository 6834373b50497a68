"""Orders of a court about a client's record: written down by the director after somebody who knows the law has read them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from footbridge.care.inquiry.promises import calendar
from footbridge.engines.disclosure import DataClass
from footbridge.ground.consent import actions, elements
from footbridge.ground.consent import rules as consent_rules
from footbridge.ground.consent.models import CourtOrder
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.kit import access, web
from footbridge.kit.access import Actor, Request
from footbridge.kit.web.forms import CheckCards, Form


class OrderForm(Form):
    court = forms.CharField(label=lazy("Court"), max_length=160)
    number = forms.CharField(label=lazy("Number of the order"), max_length=80)
    recipient = forms.CharField(label=lazy("Who may receive it"), max_length=160, help_text=lazy("As the order says: a court, an office, a person by name."))
    data_classes = forms.MultipleChoiceField(
        label=lazy("What the order names"), widget=CheckCards,
        choices=[*((one.value, words) for one, words in elements.CLASS_WORDS.items()), (DataClass.COUNSELING_NOTES.value, lazy("Substance use counseling notes"))],
        help_text=lazy("Nothing more may be told, even when more is asked."),
    )  # fmt: skip
    ordered_on = forms.DateField(label=lazy("Day of the order"))
    until = forms.DateField(label=lazy("First day on which it holds no more"), required=False)
    read_by = forms.CharField(
        label=lazy("Who read it and knows the law"), max_length=120,
        help_text=lazy("A subpoena alone is not enough. An order under 42 CFR part 2, subpart E says so itself. Ask your lawyer first."),
    )  # fmt: skip


class EndForm(Form):
    why = forms.CharField(label=lazy("Why does it hold no more?"), max_length=200)


@access.page(consent_rules.KEEP_ORDERS, of=episodes.episode)
def keep(request: Request, episode: Episode) -> HttpResponse:
    form = web.form(request, OrderForm)
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_order(episode.client, **form.cleaned_data, today=calendar().today(request.at), by=request.actor, at=request.at)
            return web.done(request, "front_desk:papers", _("The order is written down. It opens what it names, for whom it names."), uid=episode.uid)
        except actions.CannotKeepOrder as refusal:
            web.refused(form, refusal)
    return _show(request, episode, form, _("An order of a court"), _("Write it down"))


def _order(actor: Actor, uid: UUID, order: UUID) -> tuple[Episode, CourtOrder] | None:
    episode = episodes.episode(actor, uid)
    found = episode and episode.client.court_orders.select_related("client__person").filter(uid=order).first()
    return (episode, found) if episode and found else None


@access.page(consent_rules.KEEP_ORDERS, of=_order)
def end(request: Request, both: tuple[Episode, CourtOrder]) -> HttpResponse:
    episode, order = both
    form = web.form(request, EndForm)
    if request.method == "POST" and form.is_valid():
        actions.end_order(order, why=form.cleaned_data["why"], by=request.actor, at=request.at)
        return web.done(request, "front_desk:papers", _("The order holds no more."), uid=episode.uid)
    return _show(request, episode, form, _("End the order of %(court)s") % {"court": order.court}, _("End it"))


def _show(request: Request, episode: Episode, form: Any, title: str, submit: str) -> HttpResponse:
    return web.show(request, "desks/front_desk/order.html", {"episode": episode, "form": form, "title": title, "submit": submit})
