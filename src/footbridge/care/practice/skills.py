"""The shelf of skills, read once from data/skills.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language

from footbridge.data import parsed


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill; `title` and `steps` answer in the reader's language."""

    code: str
    minutes: int
    titles: dict[str, str]
    all_steps: dict[str, tuple[str, ...]]

    @property
    def title(self) -> str:
        return self.titles.get((get_language() or "en")[:2], self.titles["en"])

    @property
    def steps(self) -> tuple[str, ...]:
        return self.all_steps.get((get_language() or "en")[:2], self.all_steps["en"])


@cache
def shelf() -> dict[str, Skill]:
    """Every skill by code, in the order of the file."""
    return {
        row["code"]: Skill(row["code"], row["minutes"], dict(row["title"]), {k: tuple(v) for k, v in row["steps"].items()})
        for row in parsed("skills")["skills"]
    }
