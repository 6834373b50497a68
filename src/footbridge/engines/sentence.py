"""A sentence as a code and its parameters. Engines say what they mean; pages say it in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Sentence:
    """`code` names the sentence; `params` are the numbers, codes and dates in it."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


def render(sentence: Sentence, words: Mapping[str, str]) -> str:
    """The sentence in the given words (templates by code). Raises KeyError for a code without words."""
    return words[sentence.code].format(**{name: _shown(value) for name, value in sentence.params.items()})


def _shown(value: object) -> str:
    if isinstance(value, Decimal):
        return str(int(value)) if value == value.to_integral_value() else format(value.normalize(), "f")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return ", ".join(_shown(v) for v in value)
    return str(value)
