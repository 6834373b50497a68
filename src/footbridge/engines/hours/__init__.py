"""Hours of care counted the way each payer counts them, and checked against dated rules."""

from footbridge.engines.hours.rules import Check, HoursRule, HoursVerdict, check, in_force, rules
from footbridge.engines.hours.week import (
    Basis,
    Convention,
    Day,
    Floating,
    Service,
    Week,
    as_pattern,
    count_week,
    into_weeks,
    minutes_per_hour,
)

__all__ = [
    "Basis",
    "Check",
    "Convention",
    "Day",
    "Floating",
    "HoursRule",
    "HoursVerdict",
    "Service",
    "Week",
    "as_pattern",
    "check",
    "count_week",
    "in_force",
    "into_weeks",
    "minutes_per_hour",
    "rules",
]
