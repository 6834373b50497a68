"""The engine's sentences about standing, in the reader's language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext_lazy as _

from footbridge.engines.attention import Standing
from footbridge.engines.sentence import Sentence
from footbridge.engines.standing import Stage
from footbridge.ground.instruments.lines import plain

STAGES = {
    Stage.NONE: _("Nothing on record"), Stage.INQUIRY: _("Inquiry"), Stage.SCREENING: _("Screening"), Stage.PLACEMENT: _("Level of care"),
    Stage.ADMISSION: _("Admission"), Stage.PLAN: _("Plan"), Stage.TIMETABLE: _("Timetable"), Stage.FIRST_DAY: _("First day"),
    Stage.IN_CARE: _("In care"), Stage.REVIEW: _("Review due"), Stage.ON_HOLD: _("On hold"), Stage.AFTERCARE: _("Aftercare"), Stage.CLOSED: _("Closed"),
}  # fmt: skip
SENTENCES = {
    "standing.none": _("Nothing on record."),
    "standing.inquiry": _("Asked for help on %(since)s; waiting %(days)s days for an answer."),
    "standing.inquiry_closed": _("The request was closed on %(on)s without admission."),
    "standing.screening": _("Reached on %(since)s; screening comes next."),
    "standing.placement": _("Screened on %(since)s; the level of care is to be decided."),
    "standing.admission": _("Placed on %(since)s; admission comes next."),
    "standing.plan": _("Admitted on %(since)s; the plan is to be signed."),
    "standing.timetable": _("Plan signed on %(since)s; the timetable is to be made."),
    "standing.first_day": _("Ready since %(since)s; the first day comes next."),
    "standing.in_care": _("In care since %(since)s, week %(week)s."),
    "standing.in_care_without_plan": _("In care since %(since)s, week %(week)s, and no plan is signed."),
    "standing.in_care_away": _("In care, week %(week)s; last seen on %(last)s, %(days)s days ago."),
    "standing.review": _("The plan review is due today, %(due)s."),
    "standing.review_overdue": _("The plan review was due on %(due)s, %(days)s days ago."),
    "standing.on_hold": _("On hold since %(since)s."),
    "standing.on_hold_until": _("On hold since %(since)s, until %(until)s."),
    "standing.aftercare": _("Discharged on %(since)s; aftercare."),
    "standing.aftercare_due": _("Discharged on %(since)s; the next contact is due on %(due)s."),
    "standing.aftercare_overdue": _("The aftercare contact was due on %(due)s, %(days)s days ago."),
    "standing.closed": _("Aftercare ended on %(on)s."),
}
NEEDS = {
    "need.alarm_now": _("An alarm is open: now"),
    "need.alarm_today": _("An alarm is open: today"),
    "need.alarm_soon": _("An alarm is open"),
    "need.red": _("Scores off track: red"),
    "need.alert_overdue": _("A decision on the scores was due on %(on)s, %(days)s days ago"),
    "need.yellow": _("Scores off track: review"),
    "need.measures_late": _("Questionnaires late: %(count)s"),
    "need.review_late": _("The plan review was due on %(on)s, %(days)s days ago"),
    "need.review_today": _("The plan review is due today"),
    "need.ready": _("Ready to talk about a step down"),
}
HUDDLE = {
    "huddle.worse": _("%(measure)s went from %(first)s to %(latest)s: worse by more than chance (at least %(threshold)s)"),
    "huddle.better": _("%(measure)s went from %(first)s to %(latest)s: better by more than chance"),
    "huddle.well": _("%(measure)s on the well side of %(case)s in the last %(count)s scores"),
    "huddle.case": _("%(measure)s is %(latest)s; the line of a case is %(case)s"),
    "huddle.once": _("%(measure)s is %(latest)s, on the well side of %(case)s once so far"),
    "huddle.red": _("A red alert is open"),
    "huddle.yellow": _("A yellow alert is open"),
    "huddle.no_change": _("Week %(week)s, and no measure is better by more than chance"),
    "huddle.danger": _("An alarm is open"),
    "huddle.few": _("Fewer than two scores"),
}
STANDINGS = {
    Standing.WORSE: (_("Worse"), _("More care, a different plan, or a closer look.")),
    Standing.STUCK: (_("Stuck"), _("Not better by more than chance, and it is time to ask why.")),
    Standing.READY: (_("Ready"), _("A step down can be talked about.")),
    Standing.ON_THE_WAY: (_("On the way"), _("Neither ready nor stuck.")),
    Standing.UNKNOWN: (_("Not known"), _("Fewer than two scores: give questionnaires first.")),
}


def said(sentence: Sentence) -> str:
    """The sentence with its dates written out."""
    words: dict[str, Any] = {
        name: formats.date_format(value, "DATE_FORMAT") if isinstance(value, date) else plain(value) if isinstance(value, Decimal) else value
        for name, value in sentence.params.items()
    }
    return str({**SENTENCES, **NEEDS, **HUDDLE}[sentence.code]) % words
