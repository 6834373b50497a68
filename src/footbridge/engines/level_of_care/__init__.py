"""Levels of care: `advise` for clinicians with ratings and safety facts, `guide` for the public questions."""

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

__all__ = [
    "Advice",
    "NotEnough",
    "PlacementFacts",
    "PlacementRules",
    "Rating",
    "Verdict",
    "advise",
    "english",
    "placement_rules",
]
