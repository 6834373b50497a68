"""Levels of care: `advise` for clinicians with ratings and safety facts, `review_stay` at each review, `eligibility` for what a
payer asks, `guide` for the public questions."""

from footbridge.engines.level_of_care.advise import (
    Advice,
    NotEnough,
    PlacementFacts,
    PlacementRules,
    Rating,
    Verdict,
    advise,
    english,
    placement_rules,
)
from footbridge.engines.level_of_care.dangers import Dangers, dangers
from footbridge.engines.level_of_care.eligibility import Eligibility, Payer, State, eligibility, payers
from footbridge.engines.level_of_care.stay import Stay, StayFacts, english_stay, review_stay

__all__ = [
    "Advice",
    "Dangers",
    "Eligibility",
    "NotEnough",
    "Payer",
    "PlacementFacts",
    "PlacementRules",
    "Rating",
    "State",
    "Stay",
    "StayFacts",
    "Verdict",
    "advise",
    "dangers",
    "eligibility",
    "english",
    "english_stay",
    "payers",
    "placement_rules",
    "review_stay",
]
