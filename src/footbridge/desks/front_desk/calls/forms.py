from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.care.inquiry import danger_words
from footbridge.care.inquiry.forms import CallTakenForm, yes_no
from footbridge.care.inquiry.models import Inquiry
from footbridge.care.inquiry.reads import Likeness
from footbridge.care.inquiry.words import ALIKE, TRIAGE_SAYS, Outcome, Triage
from footbridge.ground.coverage.models import BenefitCheck, PayerKind
from footbridge.kit.web.forms import RadioCards

from .slots import Slot

# What a request says: these fields are received, or put right.
REQUEST = (
    "for_whom", "asker_name", "asker_relation", "asker_contact", "person_agrees", "name_used", "legal_name", "born_on", "language", "channel", "phone",
    "may_leave_message", "may_say_who_we_are", "email", "best_times", "part_of_day", "wishes", "payer_kind", "payer", "member_number",
)  # fmt: skip
CHECK = ("iop_covered", "needs_authorisation", "copay", "spoke_with", "reference", "covers")
UNKNOWN = [("unknown", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]


class CallForm(CallTakenForm):
    """One call: who it is, what is safe, what is wrong, how soon, who pays, and the assessment. Only what was said need be filled in."""

    outcome = forms.ChoiceField(label=_("Did you reach them?"), choices=Outcome.choices, widget=RadioCards(columns=True))
    note = forms.CharField(label=_("Note of the call"), required=False, max_length=300)
    triage = forms.ChoiceField(label=_("How soon?"), choices=Triage.choices, widget=RadioCards(notes=TRIAGE_SAYS), initial=Triage.STANDARD, required=False)
    triage_reason = forms.CharField(label=_("Why so soon, in a few words"), required=False, max_length=200)
    payer_kind = forms.ChoiceField(label=_("Who pays?"), choices=[("", _("Not asked yet")), *PayerKind.choices], required=False)
    payer = forms.CharField(label=_("Name of the health plan"), required=False, max_length=120)
    member_number = forms.CharField(label=_("Member number"), required=False, max_length=40)
    checked = forms.ChoiceField(
        label=_("What did the health plan say?"), required=False,
        choices=[("", _("Not asked yet")), *(BenefitCheck._meta.get_field("status").choices or ())],
    )  # fmt: skip
    iop_covered = forms.ChoiceField(label=_("Is an IOP covered?"), choices=UNKNOWN, required=False)
    needs_authorisation = forms.ChoiceField(label=_("Do they need to approve it first?"), choices=UNKNOWN, required=False)
    copay = forms.DecimalField(label=_("Copay for a day, in dollars"), required=False, min_value=0, max_digits=8, decimal_places=2)
    spoke_with = forms.CharField(label=_("Who said it there"), required=False, max_length=120)
    reference = forms.CharField(label=_("Reference number"), required=False, max_length=60)
    covers = forms.CharField(label=_("What is covered, in words"), required=False, max_length=300)
    client = forms.ChoiceField(label=_("Who is this?"), required=False, widget=RadioCards)
    appointment = forms.ChoiceField(label=_("Assessment"), required=False, widget=RadioCards(columns=True))

    def __init__(self, *args: Any, inquiry: Inquiry | None = None, slots: list[Slot], likely: list[Likeness] | None = None, **kw: Any) -> None:
        if inquiry is not None:
            known = {name: getattr(inquiry, name) for name in REQUEST}
            for name in ("may_leave_message", "may_say_who_we_are"):
                known[name] = "yes" if known[name] else "no"
            kw["initial"] = {**known, "triage": inquiry.triage, "form_key": inquiry.uid, **(kw.get("initial") or {})}
        super().__init__(*args, **kw)
        self.inquiry, self.slots = inquiry, {one.code: one for one in slots}
        self.likely = {str(one.client.uid): one for one in likely or ()}
        # A call in has reached them by itself; of a request it is said.
        if inquiry is None:
            del self.fields["outcome"]
        else:
            if not inquiry.may_leave_message:
                # What must not be done is not offered. One that was left all the same is logged on the page of the request, with why.
                outcome: Any = self.fields["outcome"]
                outcome.choices = [choice for choice in Outcome.choices if choice[0] != Outcome.MESSAGE]
                outcome.widget.choices = outcome.choices
                outcome.error_messages["invalid_choice"] = _("They asked us not to leave a message. Choose what else came of it.")
            self.fields["danger"] = yes_no(_("Is anyone in danger right now?"), required=False)
            for name in ("source_kind", "source_name"):
                del self.fields[name]
        appointment: Any = self.fields["appointment"]
        appointment.choices = [("", _("No appointment yet")), *((one.code, "") for one in slots)]
        appointment.widget.choices = appointment.choices
        appointment.error_messages["invalid_choice"] = _("That hour was taken meanwhile. Choose another.")
        client: Any = self.fields["client"]
        client.choices = [("new", _("A new client")), *((uid, f"{one.client.person.legal_name}, {one.client.number}") for uid, one in self.likely.items())]
        client.widget.choices = client.choices
        client.widget.notes = {uid: " · ".join(str(ALIKE[reason]) for reason in one.reasons) for uid, one in self.likely.items()}
        client.error_messages["invalid_choice"] = _("Choose who this is.")
        for name in ("danger", "triage", "appointment", "client"):
            self.fields[name].says_nothing = True  # type: ignore[attr-defined]  # no "(optional)" beside a question that is always asked
        self._speak()

    @property
    def reached(self) -> bool:
        return self.inquiry is None or self.cleaned_data.get("outcome") == Outcome.REACHED

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.errors or not self.reached:
            return given
        if self.inquiry is not None and self.data.get("danger", "") == "":
            self.add_error("danger", _("Ask it on every call, and say the answer here."))
        if given.get("danger"):
            return given
        books = bool(given.get("appointment"))
        own = self.inquiry.triage if self.inquiry else Triage.STANDARD
        given["triage"] = given.get("triage") or own
        changed = given["triage"] != own
        if changed and not given.get("triage_reason"):
            self.add_error("triage_reason", _("Say in a few words why this urgency fits."))
        if books and not given.get("legal_name") and given.get("client") in ("", "new", None):
            self.add_error("legal_name", _("Write the person's legal name. Papers and the health plan need it."))
        if books and self.strong and not given.get("client"):
            self.add_error("client", _("Somebody we know may be the same person. Compare, then choose."))
        if given.get("checked") and not books:
            self.add_error("checked", _("What the plan said is kept with their papers. Choose an appointment, or leave it for now."))
        if given.get("checked") and not given.get("payer_kind"):
            self.add_error("payer_kind", _("Say who pays, when the plan was asked."))
        if given.get("payer_kind") in (PayerKind.COMMERCIAL, PayerKind.MEDICAID, PayerKind.MEDICARE) and given.get("checked") and not given.get("payer"):
            self.add_error("payer", _("Write the name of the health plan, as on the card."))
        return given

    @property
    def strong(self) -> bool:
        return any(one.is_strong for one in self.likely.values())

    @property
    def in_danger(self) -> bool:
        """Whether what was sent tells of danger: ticked, chosen as the urgency, or typed. Read also when the rest of the form is refused."""
        given = self.cleaned_data if hasattr(self, "cleaned_data") else {}
        if given.get("danger"):
            return True
        known = self.inquiry
        if given.get("triage") == Triage.CRISIS and (known is None or known.triage != Triage.CRISIS):
            return True
        typed = [given.get(name) or "" for name in ("wishes", "best_times") if known is None or given.get(name) != getattr(known, name)]
        return bool(danger_words.found(" ".join(typed)))

    def reach(self) -> str:
        """Whom to call, of what could be read so far."""
        told = [str(self.data.get(name, "")).strip() for name in ("name_used", "phone", "email", "asker_name", "asker_contact")]
        return " · ".join(word for word in told if word)

    def said(self) -> dict[str, Any]:
        """As keeping.keep takes it."""
        given = self.cleaned_data
        request = {name: given[name] for name in REQUEST}
        if self.inquiry is None:
            request |= {name: given[name] for name in ("form_key", "source_kind", "source_name")}
        chosen = self.likely.get(given.get("client") or "")
        return {
            "request": request, "outcome": given.get("outcome", Outcome.REACHED), "note": given["note"], "danger": bool(given.get("danger")),
            "triage": given.get("triage") or Triage.STANDARD, "triage_reason": given["triage_reason"], "client": chosen.client if chosen else None,
            "check": self._check(), "slot": self.slots.get(given.get("appointment") or ""),
        }  # fmt: skip

    def _check(self) -> dict[str, Any] | None:
        given = self.cleaned_data
        if not given.get("checked"):
            return None
        said = {name: given[name] or ("unknown" if name in ("iop_covered", "needs_authorisation") else "") for name in CHECK if name != "copay"}
        return {**said, "status": given["checked"], "copay_cents": round(given["copay"] * 100) if given["copay"] is not None else None}


