"""The good-faith estimate for somebody who pays without insurance: when it is due, what it says, and that it was given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

from footbridge.care.assessment.models import Diagnosis
from footbridge.care.inquiry import promises
from footbridge.care.timetable.models import Booking
from footbridge.data import parsed
from footbridge.ground.coverage import actions as coverage
from footbridge.ground.coverage.models import Estimate, EstimateHow
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.models import Organisation, Program
from footbridge.kit import access, paper, trail, web
from footbridge.kit.access import Actor, Request
from footbridge.kit.web import files
from footbridge.kit.web.forms import Form, RadioCards, national

from . import rules
from .reads import pays_alone

LINES = 6


def dollars(cents: int) -> str:
    return f"${cents / 100:,.2f}"


# ------------------------------------------------------------------ when it is due


@dataclass(frozen=True, slots=True)
class Due:
    """Something is booked that no estimate covers yet. `late`: the day has passed."""

    by: date
    booked_for: date
    late: bool


def due(episode: Episode, at: datetime, at_site: promises.Calendar) -> Due | None:
    """By when the next estimate must be given, from what is booked and lies ahead (data/self_pay.yaml). None: nothing booked asks for one. The caller knows
    that they pay alone. Two queries."""
    covered = list(episode.client.estimates.values_list("for_from", "for_until"))
    steps = parsed("self_pay")["estimate"]["booked"]
    first: Due | None = None
    ahead_of_us = Booking.objects.filter(episode=episode, cancelled_at__isnull=True, starts_at__gt=at).order_by("starts_at")
    for booked_at, starts_at in ahead_of_us.values_list("booked_at", "starts_at"):
        on = at_site.today(starts_at)
        if any(begin <= on <= end for begin, end in covered):
            continue
        ahead = _working_days(at_site.today(booked_at), on, at_site)
        within = next((one["within"] for one in steps if ahead >= one["days_ahead"]), None)
        if within is None:
            continue
        by = at_site.today(promises.after({"working_days": within}, booked_at, at_site))
        if first is None or by < first.by:
            first = Due(by, on, by < at_site.today(at))
    return first


def _working_days(start: date, until: date, at_site: promises.Calendar) -> int:
    return sum(at_site.is_open_on(start + timedelta(days=n)) for n in range(1, (until - start).days + 1))


# ------------------------------------------------------------------ pages


class EstimateForm(Form):
    """What is expected, line by line; blank lines are left out."""

    for_from = forms.DateField(label=lazy("For care from"))
    for_until = forms.DateField(label=lazy("Until"))
    diagnosis = forms.CharField(label=lazy("Diagnosis, where one is known"), required=False, max_length=200)
    numbers = forms.CharField(label=lazy("NPI and tax number of the program"), required=False, max_length=120)
    asked_on = forms.DateField(label=lazy("They asked for it on"), required=False, help_text=lazy("Only when they asked themselves."))
    how = forms.ChoiceField(label=lazy("How was it given?"), choices=EstimateHow.choices, widget=RadioCards(columns=True), initial=EstimateHow.PAPER)
    given_on = forms.DateField(label=lazy("Given on"))

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        for n in range(1, LINES + 1):
            self.fields[f"what_{n}"] = forms.CharField(label=_("Service"), required=n == 1, max_length=120)
            self.fields[f"code_{n}"] = forms.CharField(label=_("Code"), required=False, max_length=20)
            self.fields[f"times_{n}"] = forms.IntegerField(label=_("How often"), required=n == 1, min_value=1, max_value=999)
            self.fields[f"price_{n}"] = forms.DecimalField(label=_("Price each, in dollars"), required=n == 1, min_value=0, max_digits=9, decimal_places=2)
            for name in ("what", "code", "times", "price"):
                self.fields[f"{name}_{n}"].says_nothing = True  # type: ignore[attr-defined]  # blank lines are no question

    def rows(self) -> list[list[Any]]:
        return [[self[f"{name}_{n}"] for name in ("what", "code", "times", "price")] for n in range(1, LINES + 1)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for n in range(2, LINES + 1):
            said = [given.get(f"{name}_{n}") not in (None, "") for name in ("what", "times", "price")]
            if any(said) and not all(said):
                self.add_error(f"what_{n}", _("Write the service, how often, and its price; or leave the line blank."))
        return given

    def typed(self) -> dict[str, Any]:
        """As the verb takes it: money in cents."""
        given = self.cleaned_data
        lines = [
            {"what": given[f"what_{n}"], "code": given[f"code_{n}"], "times": given[f"times_{n}"], "cents": round(given[f"price_{n}"] * 100)}
            for n in range(1, LINES + 1) if given[f"what_{n}"]
        ]  # fmt: skip
        return {"lines": lines} | {name: given[name] for name in ("for_from", "for_until", "diagnosis", "numbers", "asked_on", "how", "given_on")}


def _start(episode: Episode, actor: Actor, today: date) -> dict[str, Any]:
    """What is known already: the program's days and weeks, the lines of this person's last estimate, and, for whoever may know it anyway, the
    diagnosis. Of somebody else's estimate only what is the house's own: its numbers, and the price of a day. What another person was to
    receive is theirs."""
    program = Program.objects.filter(admits=True).order_by("-weeks", "id").first()
    weeks = program.weeks if program else 8
    days = (program.days_a_week if program else parsed("self_pay")["days_a_week"]) * weeks
    named = None
    if actor.has("intake", "biller", "director"):
        named = Diagnosis.objects.filter(client=episode.client, ended__isnull=True, replaced_by__isnull=True).first()
    found: dict[str, Any] = {
        "for_from": today, "for_until": today + timedelta(weeks=weeks), "given_on": today, "diagnosis": str(named) if named else "",
        "what_1": _("A day in the program"), "times_1": days,
    }  # fmt: skip
    last = episode.client.estimates.first()
    if last is None:
        other = Estimate.objects.order_by("-at").first()
        days_price = next((line for line in other.lines if line["what"] == found["what_1"]), None) if other else None
        found |= {"numbers": other.numbers} if other else {}
        found |= {"code_1": days_price["code"], "price_1": f"{days_price['cents'] / 100:.2f}"} if days_price else {}
    else:
        found["numbers"] = last.numbers
        for n, line in enumerate(last.lines[:LINES], 1):
            found |= {f"what_{n}": line["what"], f"code_{n}": line["code"], f"times_{n}": line["times"], f"price_{n}": f"{line['cents'] / 100:.2f}"}
    return found


@access.page(rules.KEEP_PAPERS, of=episodes.episode)
def give(request: Request, episode: Episode) -> HttpResponse:
    at_site = promises.calendar()
    today = at_site.today(request.at)
    form = web.form(request, EstimateForm, initial=_start(episode, request.actor, today))
    if request.method == "POST" and form.is_valid():
        try:
            coverage.estimate(episode.client, **form.typed(), today=today, by=request.actor, at=request.at)
            return web.done(request, "front_desk:papers", _("The estimate is written down. Print it and hand it over."), uid=episode.uid)
        except coverage.CannotEstimate as refusal:
            web.refused(form, refusal)
    context = {"episode": episode, "form": form, "due": shown(episode, request.at, at_site)["estimate_due"], "rule": parsed("self_pay")["estimate"]}
    return web.show(request, "desks/front_desk/estimate.html", context)


def _given(actor: Actor, uid: UUID, estimate: UUID) -> tuple[Episode, Estimate] | None:
    episode = episodes.episode(actor, uid)
    found = episode and episode.client.estimates.filter(uid=estimate).first()
    return (episode, found) if episode and found else None


@access.page(rules.KEEP_PAPERS, of=_given)
def letter(request: Request, both: tuple[Episode, Estimate]) -> HttpResponse:
    """The estimate on paper, for the person themselves, in their language."""
    episode, row = both
    trail.looked(episode.client, by=request.actor, at=request.at, what="estimate, for the client")
    return files.hand_out(paper.pdf(written(episode, row), made_at=request.at), "estimate.pdf")


def written(episode: Episode, row: Estimate) -> paper.Document:
    person, rule = episode.client.person, parsed("self_pay")["estimate"]
    with override(person.language):
        organisation = Organisation.objects.first()
        site = Program.objects.filter(admits=True).values_list("tracks__site__address", flat=True).first() or ""
        facts: list[tuple[Any, Any]] = [
            (_("Name"), person.legal_name), *([(_("Born"), date_format(person.born_on, "DATE_FORMAT"))] if person.born_on else []),
            (_("For care from"), f"{date_format(row.for_from, 'DATE_FORMAT')} – {date_format(row.for_until, 'DATE_FORMAT')}"),
            (_("Diagnosis"), row.diagnosis or _("not known yet")),
        ]  # fmt: skip
        ours = [organisation.name, national(organisation.phone)] if organisation else []
        rows = [[line["what"], line["code"] or "–", str(line["times"]), dollars(line["cents"]), dollars(line["times"] * line["cents"])] for line in row.lines]
        return paper.Document(
            _("Good-faith estimate"),
            [
                paper.Facts(facts),
                paper.Table(_("What we expect"), [_("Service"), _("Code"), _("How often"), _("Price each"), _("Together")], rows, frozenset({2, 3, 4}), (4, 1.3, 1.2, 1.5, 1.6)),
                paper.Text(_("All together: %(total)s") % {"total": dollars(row.total_cents)}, strong=True),
                paper.Heading(_("What you should know")),
                paper.Text(_("This is what we expect today. What is done and what it costs can turn out differently.")),
                paper.Text(_("We may advise other services that are booked separately. They are not in this estimate.")),
                paper.Text(
                    _("If your bill is $%(dollars)s or more above this estimate, you can dispute it. Your care stays the same. How to begin: %(help)s.")
                    % {"dollars": rule["dispute_from_dollars"], "help": rule["help"]}
                ),
                paper.Text(_("This is not a contract. You do not have to take these services, or take them from us.")),
                paper.Text(_("Keep this paper. You may need it if you are billed more.")),
            ],
            facts=[(_("From"), ", ".join(filter(None, [*ours, site, row.numbers]))), (_("Given on"), date_format(row.given_on, "DATE_FORMAT"))],
            language=person.language,
        )  # fmt: skip


def shown(episode: Episode, at: datetime, at_site: promises.Calendar) -> dict[str, Any]:
    """For the page of the papers: the estimates given, and what is due. Asked of everybody; only who pays alone is owed one."""
    alone = pays_alone(episode.client)
    rows = [(one, dollars(one.total_cents)) for one in episode.client.estimates.select_related("by__person")[:20]]
    return {"estimates": rows, "estimate_due": due(episode, at, at_site) if alone else None, "pays_alone": alone}
