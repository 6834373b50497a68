from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.ground.people import reads as people
from footbridge.ground.people.models import Client
from footbridge.ground.program.words import Level
from footbridge.kit.access.signing import SignForm
from footbridge.kit.web.forms import CheckCards, Form, RadioCards

from . import reads
from .anchors import ANCHORS, RATINGS
from .evidence import Evidence
from .words import EDITIONS, Difference, Dimension, Variant


class RatingsForm(Form):
    """Six dimensions, each 0 to 4 with the reason in the clinician's words. A dimension may be left for later."""

    deed = forms.CharField(widget=forms.HiddenInput, initial="assess")
    criteria = forms.ChoiceField(
        label=_("Names of the dimensions"), choices=EDITIONS, required=False, help_text=_("The edition your site rates by. Only names are shown; the criteria are yours.")
    )

    def __init__(self, *args: Any, known: dict[str, list[Evidence]] | None = None, criteria: str = "neutral", **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["criteria"].initial = criteria
        for dimension in Dimension:
            self.fields[f"rating_{dimension}"] = forms.TypedChoiceField(
                label=dimension.label,
                choices=RATINGS,
                coerce=int,
                empty_value=None,
                required=False,
                widget=RadioCards(columns=True, notes=dict(enumerate(ANCHORS[dimension]))),
            )
            self.fields[f"reason_{dimension}"] = forms.CharField(
                label=_("Why? What happened lately, and what before?"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"rests_{dimension}"] = forms.MultipleChoiceField(
                label=_("What it rests on"), required=False, widget=CheckCards,
                choices=[(one.code, one.says) for one in (known or {}).get(dimension, ())],
            )  # fmt: skip
            self.fields[f"rating_{dimension}"].label = reads.dimension_name(dimension, criteria)
        self.fields["wish"] = forms.ChoiceField(
            label=_("Which level would the person like?"),
            help_text=_("It never changes what is advised. It is answered, and kept."),
            choices=[("", _("Not said")), *Level.choices],
            required=False,
        )
        self._speak()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for dimension in Dimension:
            rating, reason = cleaned.get(f"rating_{dimension}"), cleaned.get(f"reason_{dimension}")
            if rating is not None and not reason:
                self.add_error(
                    f"reason_{dimension}",
                    _("%(dimension)s: write why you rate it so.") % {"dimension": dimension.label},
                )
            if rating is None and reason:
                self.add_error(
                    f"rating_{dimension}",
                    _("%(dimension)s: choose a rating, or take the reason away.") % {"dimension": dimension.label},
                )
        return cleaned

    @property
    def ratings(self) -> dict[str, tuple[int, str]]:
        data = self.cleaned_data
        return {
            dimension.value: (data[f"rating_{dimension}"], data[f"reason_{dimension}"])
            for dimension in Dimension
            if data[f"rating_{dimension}"] is not None
        }

    @property
    def rests_on(self) -> dict[str, list[str]]:
        return {dimension.value: self.cleaned_data[f"rests_{dimension}"] for dimension in Dimension if self.cleaned_data[f"rests_{dimension}"]}

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField | None]]:
        """Rating, reason and, where something is known, what it rests on."""
        return [
            (self[f"rating_{d}"], self[f"reason_{d}"], self[f"rests_{d}"] if self.fields[f"rests_{d}"].choices else None)  # type: ignore[attr-defined]
            for d in Dimension
        ]

    @staticmethod
    def start(ratings: dict[str, tuple[int, str]], wish: str = "") -> dict[str, Any]:
        start: dict[str, Any] = {"wish": wish}
        for name, (value, reason) in ratings.items():
            start[f"rating_{name}"], start[f"reason_{name}"] = value, reason
        return start


class DecisionForm(Form):
    deed = forms.CharField(widget=forms.HiddenInput, initial="decide")
    indicated = forms.ChoiceField(
        label=_("Indicated level"),
        help_text=_("What this person needs."),
        choices=[("", _("Choose a level")), *Level.choices],
    )
    authorised = forms.ChoiceField(
        label=_("Authorized level"),
        help_text=_("What the payer grants, when it is known."),
        required=False,
        choices=[("", _("Not known yet")), *Level.choices],
    )
    actual = forms.ChoiceField(
        label=_("Actual level"), help_text=_("What will happen."), choices=[("", _("Choose a level")), *Level.choices]
    )
    authorised_because = forms.CharField(label=_("If the payer grants another level: what it says"), required=False, max_length=200)
    variant = forms.ChoiceField(label=_("Given in a special way?"), required=False, choices=[("", _("No, as usual")), *Variant.choices])
    difference = forms.ChoiceField(label=_("If indicated and actual differ: why?"), choices=Difference.choices)
    reasons = forms.CharField(label=_("Reasons for the decision"), widget=forms.Textarea(attrs={"rows": 4}))


class OutsideForm(Form):
    """A result of licensed criteria, as the site's own copy gave it."""

    criteria = forms.ChoiceField(label=_("Which criteria?"), choices=())
    version = forms.CharField(label=_("Version"), max_length=40)
    score = forms.IntegerField(label=_("Score"), required=False, min_value=0, max_value=999, help_text=_("LOCUS and CALOCUS-CASII: 7 to 35."))
    level_said = forms.CharField(label=_("Level it names"), required=False, max_length=80)
    met = forms.ChoiceField(label=_("Are the criteria met?"), required=False, choices=[("", _("Not said")), ("yes", _("Met")), ("no", _("Not met"))])
    reviewer = forms.CharField(label=_("Who rated"), max_length=120)
    on = forms.DateField(label=_("On which day"))

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["criteria"].choices = [(code, one["label"]) for code, one in reads.outside_criteria().items()]  # type: ignore[attr-defined]


class LicenceForm(Form):
    criteria = forms.ChoiceField(label=_("Which criteria?"), choices=())
    version = forms.CharField(label=_("Version"), max_length=40)
    holder = forms.CharField(label=_("Who holds the license"), max_length=120)
    number = forms.CharField(label=_("License number"), required=False, max_length=60)
    where = forms.CharField(label=_("Where staff find your copy"), max_length=200, help_text=_("A link or a shelf. Their text does not come in here."))
    valid_until = forms.DateField(label=_("Valid until"), required=False)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["criteria"].choices = [(code, one["label"]) for code, one in reads.outside_criteria().items()]  # type: ignore[attr-defined]


class SignRulesForm(SignForm, Form):  # type: ignore[misc]  # two form bases, one renderer
    """A clinical lead signs the rules they have just read."""

    digest = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(label=_("A note, if there is something to add"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class AdmissionForm(Form):
    """Only tracks of the decided level, for people of this age, with a place left."""

    deed = forms.CharField(widget=forms.HiddenInput, initial="admit")
    track: forms.ModelChoiceField[Any] = forms.ModelChoiceField(label=_("Track"), queryset=None, empty_label=_("Choose a track"))
    starts_on = forms.DateField(label=_("First day"))
    primary: forms.ModelChoiceField[Any] = forms.ModelChoiceField(label=_("Primary therapist"), queryset=None, empty_label=_("Choose a therapist"))
    prescriber: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Prescriber"), queryset=None, empty_label=_("Nobody yet"), required=False
    )

    def __init__(self, *args: Any, level: str, client: Client, on: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        track: Any = self.fields["track"]
        track.queryset = reads.tracks_with_places(level, reads.populations(client, on))
        track.label_from_instance = lambda t: (
            _("%(track)s, %(site)s: %(free)d of %(places)d places free")
            % {
                "track": t.name,
                "site": t.site or t.program,
                "free": t.free,
                "places": t.places,
            }
        )
        for name, role in (("primary", "therapist"), ("prescriber", "prescriber")):
            field: Any = self.fields[name]
            field.queryset = people.staff_with_role(role, on)
            field.label_from_instance = lambda s: f"{s.person.name_used}, {s.title}" if s.title else s.person.name_used
