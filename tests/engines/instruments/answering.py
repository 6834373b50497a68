"""Answer sheets for the tests of single instruments, and their results."""

from __future__ import annotations

from footbridge.engines import scoring
from tests.engines.shelf import instrument


def same(name: str, value: object, **changes: object) -> dict[str, scoring.Answer]:
    """Every item that takes a choice answered alike. `changes` by item, written i1=..., i1_2=..., or its own name; None
    leaves a gap and "declined" declines."""
    definition = instrument(name)
    answers = {i.code: scoring.answered(value) for i in definition.items if i.choices}
    for key, one in changes.items():
        code = key if definition.item(key) else key[1:]
        assert definition.item(code), f"{name} has no item {code}"
        answers[code] = scoring.DECLINED if one == "declined" else scoring.answered(one)
    return answers


def result(name: str, answers: dict[str, scoring.Answer], score: str | None = None, **more: str) -> scoring.Result:
    return scoring.score(instrument(name), answers, score, **more)


def seen(name: str, answers: dict[str, scoring.Answer], score: str | None = None, **more: str) -> tuple:
    """(value, code of the band) of a score, or (None, reason)."""
    found = result(name, answers, score, **more)
    if isinstance(found, scoring.Unscorable):
        return None, found.reason
    return found.value, found.band.code if found.band else None


def with_sum(name: str, total: int, *, items: list[str] | None = None) -> dict[str, scoring.Answer]:
    """A sheet whose scored items come to this sum: as even as the points allow, the rest on the first items."""
    definition = instrument(name)
    codes = items or list(definition.scores[0].items)
    answers, left = {}, total
    for place, code in enumerate(codes):
        item = definition.item(code)
        later = sum(definition.item(c).range()[0] for c in codes[place + 1 :])
        best = max(
            (c.code for c in item.choices if item.points(c.code) is not None and item.points(c.code) <= left - later),
            key=item.points,
        )
        answers[code] = scoring.answered(best)
        left -= item.points(best)
    assert left == 0, f"{name}: no sheet comes to {total}"
    return answers
