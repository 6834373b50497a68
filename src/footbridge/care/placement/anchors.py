"""What a rating means, dimension by dimension, in plain words of our own. No criteria text of others is in here."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .words import Dimension

RATINGS = ((0, _("0 None")), (1, _("1 Mild")), (2, _("2 Moderate")), (3, _("3 Serious")), (4, _("4 Severe")))

ANCHORS = {
    Dimension.WITHDRAWAL: (
        _("No use that matters here; no withdrawal to expect."),
        _("Mild discomfort at most; home is enough."),
        _("Uncomfortable; the team must look several times a week."),
        _("Needs a nurse close by, day and night."),
        _("Severe; life could be at risk."),
    ),
    Dimension.MEDICAL: (
        _("Healthy, or well looked after."),
        _("A condition that is treated and steady."),
        _("A condition the team must watch during treatment."),
        _("Needs nursing day and night."),
        _("Needs hospital care now."),
    ),
    Dimension.MENTAL: (
        _("Nothing that gets in the way."),
        _("Symptoms are there; daily life holds."),
        _("In the way on most days; weekly visits are not enough."),
        _("Takes over the day; needs care every day."),
        _("Danger or confusion that needs hospital care."),
    ),
    Dimension.READINESS: (
        _("Wants this and takes part."),
        _("Unsure, yet comes and takes part."),
        _("Of two minds; stays with steady support."),
        _("Sees little reason; stays only with daily support."),
        _("Can take part only with care around the clock."),
    ),
    Dimension.RETURN: (
        _("Knows the early signs and copes."),
        _("Some risk; weekly help is enough."),
        _("Likely without several contacts a week."),
        _("Likely within days without daily support."),
        _("Would happen at once outside a protected place."),
    ),
    Dimension.SURROUNDINGS: (
        _("A safe home and people who support."),
        _("Little support, nothing that harms."),
        _("Stress or people that make treatment harder."),
        _("Unsteady or harmful; holds only with daily support."),
        _("Dangerous, or no place to stay."),
    ),
}
