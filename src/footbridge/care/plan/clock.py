"""By which clock the plans of an episode are gone over again: what the state of its site asks for."""

from __future__ import annotations

from functools import cache

from footbridge.care.placement.models import Admission
from footbridge.data import parsed
from footbridge.engines import review_clock
from footbridge.engines.review_clock import ReviewRule
from footbridge.ground.episodes.models import Episode


@cache
def rules() -> tuple[ReviewRule, ...]:
    return review_clock.rules(parsed("review_clocks"))


def rule_of(episode: Episode) -> ReviewRule:
    """The rule a new plan of this episode begins with: by the state of the site it is admitted to."""
    admission = Admission.objects.filter(episode=episode).select_related("track__site").first()
    site = admission.track.site if admission else None
    return review_clock.rule_for(rules(), site.state if site else "")


def gap_days() -> int:
    """After how many days without anything an objective is shown as a gap."""
    return int(parsed("review_clocks")["thread_gap_days"])
