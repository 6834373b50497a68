"""The thresholds of the course, from data/course.yaml, as the engine takes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from footbridge.data import parsed
from footbridge.engines import progress


@cache
def rules() -> progress.CourseRules:
    said: dict[str, Any] = parsed("course")
    start, readings, fixed, expected = said["baseline"], said["readings"], said["fixed"], said["expected"]
    return progress.CourseRules(
        from_week=fixed["from_week"],
        expected_percent=Decimal(str(fixed["expected_percent"])),
        in_a_row=readings["in_a_row"],
        apart_days=readings["apart_days"],
        baseline_before_days=start["before_days"],
        baseline_after_days=start["after_days"],
        quiet_below_remission=fixed["quiet_below_remission"],
        middle_of_stay_percent=fixed["middle_of_stay_percent"],
        band_percent=expected["band_percent"],
        watch_percent=expected["watch_percent"],
        band_from_week=expected["from_week"],
        source=said["source"],
        mark=said["mark"],
        effective_from=date.fromisoformat(str(said["effective_from"])),
    )


@cache
def published() -> dict[tuple[str, str], progress.WeeklyCurve]:
    """Published curves by instrument and edition; only those whose owner permits their use. None ships."""
    found = {}
    for entry in parsed("course")["published_curves"]:
        if not entry.get("permission"):
            continue
        weeks = {
            int(week): progress.Equation(
                intercept=float(one["intercept"]),
                slope=float(one["slope"]),
                sd=float(one["sd"]),
                n=int(one["n"]),
                mean=None if one.get("mean") is None else float(one["mean"]),
                squares=None if one.get("squares") is None else float(one["squares"]),
            )
            for week, one in entry["weeks"].items()
        }
        curve = progress.WeeklyCurve(weeks, entry["source"], entry["mark"])
        found[str(entry["instrument"]), str(entry["edition"])] = curve
    return found
