"""Short ways to write answers and expectations of an instrument."""

from __future__ import annotations

from footbridge.engines import scoring
from footbridge.engines.scoring import Scored, Unscorable
from tests.engines.shelf import row


def all_of(count: int, value: str) -> dict[str, scoring.Answer]:
    """Items 1 to `count`, each answered with `value`."""
    return row(" ".join([value] * count))


def summing(count: int, total: int, highest: int, lowest: int = 0) -> dict[str, scoring.Answer]:
    """Items 1 to `count` with answers that come to `total`, from `lowest` to `highest` each."""
    values, left = [], total - lowest * count
    assert 0 <= left <= (highest - lowest) * count
    for _ in range(count):
        more = min(left, highest - lowest)
        values.append(str(lowest + more))
        left -= more
    return row(" ".join(values))


def total_and_band(
    definition: scoring.Definition, answers: dict[str, scoring.Answer], score: str = "total", **how: str
) -> tuple[int, str]:
    """The score and the code of its band ("" for none)."""
    result = scoring.score(definition, answers, score, **how)
    assert isinstance(result, Scored), result
    return int(result.value), result.band.code if result.band else ""


def reason(definition: scoring.Definition, answers: dict[str, scoring.Answer], score: str = "total") -> str:
    result = scoring.score(definition, answers, score)
    assert isinstance(result, Unscorable), result
    return result.reason


def outcome(definition: scoring.Definition, answers: dict[str, scoring.Answer], score: str = "algorithm") -> str:
    """What a rule score says; the reason where it cannot say."""
    result = scoring.score(definition, answers, score)
    return result.outcome if isinstance(result, Scored) else result.reason


def without(answers: dict[str, scoring.Answer], *items: str) -> dict[str, scoring.Answer]:
    return {code: answer for code, answer in answers.items() if code not in items}
