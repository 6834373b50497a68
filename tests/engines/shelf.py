"""Shipped definition files, built once for the tests of the engines."""

from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

import footbridge
from footbridge.engines import scoring

DEFINITIONS = Path(footbridge.__file__).parent / "ground" / "instruments" / "definitions"


def parsed(name: str) -> dict[str, Any]:
    return YAML(typ="safe").load((DEFINITIONS / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def instrument(name: str) -> scoring.Definition:
    return scoring.definition(parsed(name))


def every_instrument() -> list[str]:
    return sorted(path.stem for path in DEFINITIONS.glob("*.yaml"))


def row(values: str) -> dict[str, scoring.Answer]:
    """ "2 2 1 - d" → items 1, 2, 3 answered, 4 blank, 5 declined."""
    answers = {}
    for number, value in enumerate(values.split(), start=1):
        answers[str(number)] = {"-": scoring.UNANSWERED, "d": scoring.DECLINED}.get(value, scoring.answered(value))
    return answers
