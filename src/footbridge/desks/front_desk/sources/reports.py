"""What came of it, told to whoever sent somebody, as far as the person agreed; else a neutral answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from footbridge.care.inquiry import promises, reporting
from footbridge.care.inquiry.models import Inquiry, ReportBack
from footbridge.care.inquiry.words import Milestone
from footbridge.care.placement.models import Admission
from footbridge.care.transitions.hand_offs.models import HandOff
from footbridge.care.transitions.models import Transition
from footbridge.data import parsed
from footbridge.engines import disclosure
from footbridge.ground.consent import telling
from footbridge.ground.people import support
from footbridge.ground.people.models import ReferralSource
from footbridge.kit.access import Actor


@dataclass(frozen=True, slots=True)
class Event:
    """Something a source would want to know of one request. `may`: the consent that lets us say it; None: neutral only."""

    inquiry: Inquiry
    milestone: str
    on: date
    words: Any
    due_at: datetime
    verdict: disclosure.Verdict
    told: ReportBack | None = None

    @property
    def may(self) -> bool:
        return self.verdict.allowed

    @property
    def label(self) -> Any:
        return Milestone(self.milestone).label


def events(actor: Actor, at: datetime, at_site: promises.Calendar, only: Inquiry | None = None) -> list[Event]:
    """What can be reported of everybody sent by a professional, the longest due first; what was told stays in the list. Eight
    queries, however many people."""
    rule = parsed("report_back")
    today = at_site.today(at)
    asked = Inquiry.objects.visible_to(actor).filter(source__kind__in=rule["kinds"], received_at__gt=at - timedelta(days=rule["days_back"]))
    if only is not None:
        asked = Inquiry.objects.visible_to(actor).filter(pk=only.pk, source__kind__in=rule["kinds"])
    rows = list(asked.select_related("source", "closed", "episode__client__person").order_by("received_at"))
    ids = [one.episode_id for one in rows if one.episode_id]
    admitted = {one.episode_id: one for one in Admission.objects.filter(episode__in=ids)}
    left = {one.episode_id: one for one in Transition.objects.filter(episode__in=ids, kind="discharge")}
    away = {one.episode_id or -(one.inquiry_id or 0): one for one in HandOff.objects.filter(Q(episode__in=ids) | Q(inquiry__in=[one.pk for one in rows]))}
    told = {(one.inquiry_id, one.milestone): one for one in ReportBack.objects.filter(inquiry__in=[one.pk for one in rows]).select_related("by__person").order_by("at")}
    given, where = telling.of_clients(one.episode.client_id for one in rows if one.episode), support.Here.of_many()
    found: list[Event] = []
    for one in rows:
        allowed = reporting.verdict(one, today, given=given.get(one.episode.client_id, []) if one.episode else [], where=where)
        for milestone, happened, words in _of(one, admitted, left, away, at_site):
            due = promises.after(rule["milestones"][milestone], at_site.hours_of(happened)[1], at_site)
            found.append(Event(one, milestone, happened, words, due, allowed, told.get((one.pk, milestone))))
    return sorted(found, key=lambda event: (event.told is not None, not event.may, event.due_at, event.inquiry.pk))


def _of(one: Inquiry, admitted: Any, left: Any, away: Any, at_site: promises.Calendar) -> Iterable[tuple[str, date, Any]]:
    admission, gone = admitted.get(one.episode_id), left.get(one.episode_id)
    handed = away.get(one.episode_id) or away.get(-one.pk)
    if admission is not None:
        yield Milestone.OUTCOME, at_site.today(admission.at), _("They have started with us.")
    elif handed is not None:
        yield Milestone.OUTCOME, at_site.today(handed.at), _("We are helping them start at a program that fits better.")
    elif hasattr(one, "closed"):
        yield Milestone.OUTCOME, at_site.today(one.closed.at), _("They are not starting with us now.")
    if gone is not None:
        yield Milestone.DISCHARGE, gone.effective_on, _("Their treatment with us has ended.")


def event(actor: Actor, asked: Inquiry, milestone: str, at: datetime) -> Event | None:
    """One thing that can be told of a request."""
    return next((one for one in events(actor, at, promises.calendar(), only=asked) if one.milestone == milestone), None)


@dataclass(frozen=True, slots=True)
class Sender:
    source: ReferralSource
    sent: int
    started: int
    handed_over: int
    closed: int
    due: int


def senders(actor: Actor, found: list[Event], since: datetime) -> list[Sender]:
    """Who sends people here, and what came of it: counts, no names."""
    due = Counter(one.inquiry.source_id for one in found if one.told is None and one.may)
    rows = ReferralSource.objects.annotate(
        sent=Count("inquiries", filter=Q(inquiries__received_at__gt=since), distinct=True),
        started=Count("inquiries", filter=Q(inquiries__received_at__gt=since, inquiries__episode__admission__isnull=False), distinct=True),
        handed=Count("inquiries", filter=Q(inquiries__received_at__gt=since, inquiries__hand_offs__isnull=False), distinct=True),
        over=Count("inquiries", filter=Q(inquiries__received_at__gt=since, inquiries__closed__isnull=False), distinct=True),
    ).filter(sent__gt=0)  # fmt: skip
    return [
        Sender(row, row.sent, row.started, row.handed, row.over, due.get(row.pk, 0)) for row in rows.order_by("-sent", "name")
    ]
