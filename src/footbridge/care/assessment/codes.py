"""The dated table of ICD-10-CM codes (data/icd10cm_*.csv.gz) and the search over it."""

from __future__ import annotations

import csv
import gzip
import io
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from rapidfuzz import fuzz

EDITION = "2026-04"
HOLDS_FROM = date(2026, 4, 1)
# A new fiscal year brings new codes each October 1; a table of before is then to be replaced.
NEXT_EDITION_FROM = date(2026, 10, 1)

# Short words people type, for the words of the table.
SPELLED_OUT = {
    "ptsd": "post-traumatic stress disorder",
    "gad": "generalized anxiety disorder",
    "mdd": "major depressive disorder",
    "ocd": "obsessive-compulsive disorder",
    "adhd": "attention-deficit hyperactivity disorder",
    "bpd": "borderline personality disorder",
    "aud": "alcohol dependence",
    "oud": "opioid dependence",
    "asd": "autistic disorder",
    "homeless": "homelessness",
}
LIKE_ENOUGH = 78


@dataclass(frozen=True, slots=True)
class Code:
    """One billable code: its official name, its category, and the table's own other words for it."""

    code: str
    name: str
    category: str
    also: str
    words: str


@cache
def table() -> dict[str, Code]:
    """Every code of the table, in its order."""
    packed = files("footbridge.data").joinpath(f"icd10cm_{EDITION.replace('-', '_')}.csv.gz").read_bytes()
    rows = csv.DictReader(io.StringIO(gzip.decompress(packed).decode("utf-8")))
    return {
        row["code"]: Code(
            row["code"],
            row["name"],
            row["category"],
            row["also"],
            _plain(f"{row['name']} {row['category']} {row['also']}"),
        )
        for row in rows
    }


def find(code: str) -> Code | None:
    """The code however it is written: f331, F33.1."""
    bare = re.sub(r"[^A-Z0-9]", "", code.upper())
    return table().get(bare if len(bare) <= 3 else f"{bare[:3]}.{bare[3:]}")


def search(typed: str, limit: int = 20) -> list[Code]:
    """Codes that begin with what was typed, or whose words hold every word of it; a misspelled word finds its like."""
    asked = typed.strip()
    if not asked:
        return []
    if re.fullmatch(r"[A-Za-z]\d[\dA-Za-z.]*", asked):
        bare = re.sub(r"[^A-Z0-9]", "", asked.upper())
        return [one for one in table().values() if one.code.replace(".", "").startswith(bare)][:limit]
    words = _plain(" ".join(SPELLED_OUT.get(word, word) for word in asked.casefold().split())).split()
    every = list(table().values())
    held = [one for one in every if all(word in one.words for word in words)]
    if not held:
        scored = [(min((_likeness(word, one.words) for word in words), default=0.0), one) for one in every]
        held = [one for score, one in sorted(scored, key=lambda pair: -pair[0]) if score >= LIKE_ENOUGH]
    return sorted(held, key=lambda one: _rank(one, words))[:limit]


def _likeness(word: str, words: str) -> float:
    return max((fuzz.ratio(word, other) for other in words.split()), default=0.0)


def _rank(one: Code, words: list[str]) -> tuple[int, str]:
    """Names that hold every word before categories that do; then in the order of the table."""
    name = _plain(one.name)
    return (0 if all(word in name for word in words) else 1, one.code)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.casefold()).strip()
