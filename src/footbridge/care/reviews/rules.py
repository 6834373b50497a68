from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.ground.episodes.rules import in_care
from footbridge.kit.access import Rule

SEE_REVIEWS = Rule(
    "reviews.see", _("See the plan reviews of a client in their care"), roles=("therapist", "prescriber", "director"), when=in_care
)
REVIEW = Rule("reviews.sign", _("Review and sign the plan of a client in their care, scores in view"), roles=("therapist", "director"), when=in_care)
