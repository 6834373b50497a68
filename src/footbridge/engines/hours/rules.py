"""Rules about hours: who asks for how many, counted how. Rules are dated data with a source; the verdict names each
part with a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from footbridge.engines.hours.week import Basis, Convention, Week, minutes_per_hour


@dataclass(frozen=True, slots=True)
class HoursRule:
    """What one payer, state or standard asks. Hours are hours of the convention. None: it asks nothing about that.

    `max_days_off` counts whole days without service between two service days. `services_on_day` is how many services
    a day needs.
    """

    code: str
    name: str
    population: str = "adult"
    convention: Convention = Convention.THERAPEUTIC
    basis: Basis = Basis.SCHEDULED
    week_min_hours: float | None = None
    week_max_hours: float | None = None
    day_min_hours: float | None = None
    min_days: int | None = None
    max_days_off: int | None = None
    week_min_services: int | None = None
    week_starts: int = 0
    source: str = ""
    mark: str = ""
    effective_from: date | None = None
    effective_until: date | None = None

    def in_force(self, on: date) -> bool:
        return (self.effective_from is None or self.effective_from <= on) and (
            self.effective_until is None or on < self.effective_until
        )


@dataclass(frozen=True, slots=True)
class Check:
    """One part of a rule. `measured` and `required` are minutes, days or services (`unit`). `short_by` is 0 when
    met.
    """

    code: str
    met: bool
    measured: int
    required: int
    unit: str
    short_by: int
    weekday: int | None = None
    hour: int = 60

    @property
    def sentence(self) -> str:
        m, r = self.measured, self.required

        def _hours(minutes: int) -> str:
            return _in_words(minutes, self.hour)

        match self.code:
            case "week_min":
                more = "" if self.met else f", {_hours(self.short_by)} short"
                return f"{_hours(m)} this week; at least {_hours(r)}{more}."
            case "week_max":
                return f"{_hours(m)} this week; at most {_hours(r)}."
            case "day_min":
                return f"{_DAYS[self.weekday or 0]}: {_hours(m)}; at least {_hours(r)} on a day of service."
            case "min_days":
                return f"{m} days with service; at least {r}."
            case "max_days_off":
                return f"{m} days in a row without service; at most {r}."
            case _:
                return f"{m} services this week; at least {r}."


@dataclass(frozen=True, slots=True)
class HoursVerdict:
    """`met` is true when every part is. `source` and `mark` stand beside every verdict that a person reads."""

    rule: str
    name: str
    met: bool
    checks: tuple[Check, ...]
    convention: Convention
    basis: Basis
    source: str
    mark: str

    @property
    def unmet(self) -> tuple[Check, ...]:
        return tuple(c for c in self.checks if not c.met)

    @property
    def short_by_minutes(self) -> int:
        """Minutes missing to the weekly minimum."""
        return next((c.short_by for c in self.checks if c.code == "week_min"), 0)


def check(week: Week, rule: HoursRule) -> HoursVerdict:
    """One week against one rule. The week must have been counted on the basis the rule asks for (ValueError
    otherwise).
    """
    if week.basis is not rule.basis:
        raise ValueError(f"{rule.code} asks for {rule.basis} minutes, the week was counted by {week.basis}")
    hour = minutes_per_hour(rule.convention)
    total = week.minutes(rule.convention)
    checks: list[Check] = []
    if rule.week_min_hours is not None:
        checks.append(_at_least("week_min", total, round(rule.week_min_hours * hour), "minutes"))
    if rule.week_max_hours is not None:
        checks.append(_at_most("week_max", total, round(rule.week_max_hours * hour), "minutes"))
    if rule.day_min_hours is not None:
        needed = round(rule.day_min_hours * hour)
        checks += [_at_least("day_min", d.minutes(rule.convention), needed, "minutes", d.weekday) for d in week.days]
        if not week.days:
            checks.append(_at_least("day_min", 0, needed, "minutes"))
    if rule.min_days is not None:
        checks.append(_at_least("min_days", week.service_days, rule.min_days, "days"))
    if rule.max_days_off is not None:
        checks.append(_at_most("max_days_off", week.longest_gap, rule.max_days_off, "days"))
    if rule.week_min_services is not None:
        checks.append(_at_least("week_services", week.services, rule.week_min_services, "services"))
    checks = [replace(c, hour=hour) for c in checks]
    met = all(c.met for c in checks)
    return HoursVerdict(rule.code, rule.name, met, tuple(checks), rule.convention, rule.basis, rule.source, rule.mark)


def rules(parsed: Mapping[str, Any]) -> tuple[HoursRule, ...]:
    """The rules of a parsed hours_rules.yaml. Raises ValueError naming the rule that is wrong."""
    built = []
    for entry in parsed["rules"]:
        try:
            built.append(_rule(entry))
        except (KeyError, ValueError, TypeError) as error:
            raise ValueError(f"hours rule {entry.get('code', '?')}: {error}") from error
    return tuple(built)


def in_force(all_rules: Iterable[HoursRule], code: str, on: date) -> HoursRule | None:
    """The rule of that code valid on a day, newest first."""
    found = [r for r in all_rules if r.code == code and r.in_force(on)]
    return max(found, key=lambda r: r.effective_from or date.min, default=None)


def _rule(entry: Mapping[str, Any]) -> HoursRule:
    fields = dict(entry)
    fields["convention"] = Convention(fields.get("convention", Convention.THERAPEUTIC))
    fields["basis"] = Basis(fields.get("basis", Basis.SCHEDULED))
    for name in ("effective_from", "effective_until"):
        if isinstance(fields.get(name), str):
            fields[name] = date.fromisoformat(fields[name])
    fields.pop("note", None)
    return HoursRule(**fields)


def _at_least(code: str, measured: int, required: int, unit: str, weekday: int | None = None) -> Check:
    return Check(code, measured >= required, measured, required, unit, max(0, required - measured), weekday)


def _at_most(code: str, measured: int, required: int, unit: str) -> Check:
    return Check(code, measured <= required, measured, required, unit, 0)


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _in_words(minutes: int, hour: int) -> str:
    if hour != 60:
        return f"{minutes / hour:g} hours of {hour} minutes"
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"
