"""The letter to the other program. It says only what the person agreed to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from footbridge.care.assessment.models import Diagnosis
from footbridge.care.inquiry import guide_words
from footbridge.care.placement import advice
from footbridge.care.placement import reads as placement
from footbridge.care.safety import reads as safety
from footbridge.care.screening import reads as screening
from footbridge.care.timetable import reads as timetable
from footbridge.engines.disclosure import DataClass
from footbridge.ground.consent.telling import NOTICE
from footbridge.ground.coverage import reads as coverage
from footbridge.ground.program.days import zone
from footbridge.ground.program.models import Organisation
from footbridge.kit import paper
from footbridge.kit.web.forms import national

from . import reads
from .forms import TELLS
from .models import HandOff, HandOffAgreed


def _day(on: date | None) -> str:
    return date_format(on, "M j, Y") if on else _("not known")


def _moment(at: datetime) -> str:
    return date_format(at.astimezone(zone()), "l, F j, Y, g:i a")


def there(row: HandOff, agreed: HandOffAgreed, classes: frozenset[DataClass], *, by: str, at: datetime) -> paper.Document:
    """The letter to the other program, in English. Every part of it is one class of data that may be told there today (`reads.tellable`)."""
    with override("en"):
        who, organisation = reads.reach(row), Organisation.objects.first()
        blocks: list[paper.Block] = [
            paper.Text(_("We refer this person to you with their agreement. Please tell us when they have arrived, or call us when you cannot take them.")),
            paper.Heading(_("Who it is")),
            paper.Facts(_who(row, who)),
        ]
        made = reads.appointment(row)
        if made is not None:
            blocks.append(paper.Text(_("Appointment with you: %(when)s.") % {"when": _moment(made)}, strong=True))
        if DataClass.CLINICAL in classes:  # the level and the reasons are what they agreed to by this class
            blocks += [paper.Heading(_("Why")), paper.Facts([
                (_("Level of care needed"), reads.level_said(row.level)), (_("Why not with us"), row.get_why_display()),
                *([(_("In our words"), row.words)] if row.words else []),
            ])]  # fmt: skip
        for name, tell in ((DataClass.CLINICAL, _clinical), (DataClass.SCREENING, _screening), (DataClass.SAFETY, _safety), (DataClass.BILLING, _billing), (DataClass.SCHEDULE, _schedule)):
            if name in classes:
                blocks += tell(row, at)
        blocks += [
            paper.Heading(_("What they agreed to")),
            paper.Text(
                _("%(name)s agreed %(how)s on %(on)s that we tell %(to)s: %(what)s. Purpose: %(purpose)s. They may take it back at any time.")
                % {
                    "name": agreed.signed_name, "how": _("on paper") if agreed.how == "paper" else _("by voice"), "on": date_format(agreed.at.astimezone(zone()), "M j, Y"),
                    "to": row.to_name, "what": "; ".join(str(TELLS[one]).lower() for one in TELLS if one in classes), "purpose": str(reads.PURPOSE).lower(),
                }
            ),
            paper.Text(NOTICE, strong=True),
        ]
        ours = [organisation.name, organisation.phone] if organisation else []
        return paper.Document(
            _("Referral"), blocks, lead=" · ".join(part for part in (row.to_name, row.to_phone, _day(at.astimezone(zone()).date())) if part),
            facts=[(_("From"), ", ".join([by, *ours]))], foot=NOTICE, language="en",
        )  # fmt: skip


def _who(row: HandOff, who: reads.Reach) -> list[tuple[Any, Any]]:
    person = row.episode.client.person if row.episode else None
    legal = person.legal_name if person else (row.inquiry.legal_name if row.inquiry else "")
    born = person.born_on if person else (row.inquiry.born_on if row.inquiry else None)
    return [
        (_("Name"), legal or who.name), *([(_("Goes by"), who.name)] if legal and legal != who.name else []), (_("Born"), _day(born)),
        (_("Phone"), national(who.phone) if who.phone else _("none of their own")), *([(_("Email"), who.email)] if who.email and not who.phone else []),
        # Who asked for them is not ours to tell: only where they cannot be reached in any other way.
        *([(_("Reach them through"), who.through)] if who.through else []),
        (_("How to reach them safely"), " · ".join([
            str(who.channel), _("OK to leave a message") if who.may_leave_message else _("do not leave a message"),
            _("OK to say who we are") if who.may_say_who_we_are else _("do not say who we are"), *([who.best_times] if who.best_times else []),
        ])),
        (_("Language"), reads.language_said(who.language)),
    ]  # fmt: skip


def _clinical(row: HandOff, at: datetime) -> list[paper.Block]:
    if row.episode is None:
        return []
    decision, assessed = placement.decision(row.episode), placement.newest(row.episode)
    named = Diagnosis.objects.filter(client=row.client, ended__isnull=True, replaced_by__isnull=True)
    blocks: list[paper.Block] = [paper.Heading(_("Level of care and diagnosis"))]
    if decision is not None:
        blocks.append(paper.Text(_("We find that %(level)s is needed. %(reasons)s") % {"level": advice.level(decision.indicated), "reasons": decision.reasons}))
    if assessed is not None:
        shown = placement.shown(assessed)
        blocks += [paper.Text(said, quiet=True) for said in shown.reasons]
    told = [str(one) for one in named]
    blocks.append(paper.Text(_("Diagnoses: %(codes)s.") % {"codes": "; ".join(told)} if told else _("No diagnosis is recorded with us.")))
    return blocks


def _screening(row: HandOff, at: datetime) -> list[paper.Block]:
    blocks: list[paper.Block] = [paper.Heading(_("What they said"))]
    screen = screening.latest(row.episode) if row.episode else None
    if screen is not None:
        blocks += [paper.Text(screen.concerns)] if screen.concerns else []
        said = [(one.label, f"{one.answer}{f' ({one.note})' if one.note else ''}") for _section, lines in screening.said(screen) for one in lines if one.known]
        blocks += [paper.Facts(said)] if said else []
    elif row.inquiry is not None:
        told = [(question, answer) for question, answer, _danger in guide_words.told(row.inquiry.guide_answers, row.inquiry.for_whom != "self")]
        blocks += [paper.Text(row.inquiry.wishes)] if row.inquiry.wishes else []
        blocks += [paper.Facts(told)] if told else []
    return blocks if len(blocks) > 1 else []


def _safety(row: HandOff, at: datetime) -> list[paper.Block]:
    blocks: list[paper.Block] = [paper.Heading(_("Safety"))]
    if row.episode is None:
        triage = row.inquiry.get_triage_display() if row.inquiry else ""
        return [*blocks, paper.Text(_("Urgency of the request: %(triage)s. No risk assessment was made with us.") % {"triage": triage})]
    client = row.episode.client
    screen, risk, plan = screening.suicide_screen(client), safety.latest_risk(client), safety.current_plan(client)
    blocks.append(paper.Text(
        _("Suicide screen (C-SSRS), %(on)s: %(risk)s.") % {"on": _day(screen.at.astimezone(zone()).date()), "risk": advice.answer(advice.SUICIDE, screen.risk)}
        if screen else _("No suicide screen was made with us.")
    ))  # fmt: skip
    if risk is not None:
        blocks.append(paper.Text(_("Risk as a clinician saw it, %(on)s: %(level)s.") % {"on": _day(risk.at.astimezone(zone()).date()), "level": risk.get_level_display()}))
    blocks.append(paper.Text(
        _("They have a safety plan (version %(n)s). Ask them for it: it is theirs to show.") % {"n": plan.version} if plan else _("There is no safety plan with us yet.")
    ))  # fmt: skip
    return blocks


def _billing(row: HandOff, at: datetime) -> list[paper.Block]:
    paid = coverage.on(row.episode.client, at.astimezone(zone()).date()) if row.episode else None
    if paid is None:
        return []
    told = " · ".join(part for part in (paid.get_kind_display(), paid.payer, paid.member_number) if part)
    return [paper.Heading(_("Coverage")), paper.Text(told)]


def _schedule(row: HandOff, at: datetime) -> list[paper.Block]:
    lines = timetable.coming(row.episode, at) if row.episode else []
    if not lines:
        return []
    return [paper.Heading(_("Their days with us")), paper.Facts([(date_format(one.starts, "l, F j, g:i a"), one.title) for one in lines])]
