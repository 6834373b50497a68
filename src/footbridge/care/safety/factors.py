"""The lists a risk assessment is made with, from the dated file data/risk_factors.yaml. They count nothing and decide nothing."""

from __future__ import annotations

from collections.abc import Iterable

from footbridge.data import parsed


def edition() -> str:
    return str(parsed("risk_factors")["edition"])


def risk() -> list[tuple[str, list[tuple[str, str]]]]:
    """(group, [(code, label)]): choices for a form."""
    return [(one["group"], [(item["code"], item["label"]) for item in one["items"]]) for one in parsed("risk_factors")["factors"]]


def protective() -> list[tuple[str, str]]:
    return [(item["code"], item["label"]) for item in parsed("risk_factors")["protective"]]


def labels() -> dict[str, str]:
    """Code → label, of both lists."""
    return {code: label for _group, items in risk() for code, label in items} | dict(protective())


def said(codes: Iterable[str]) -> list[str]:
    """The chosen factors in words. A code of an older edition that is gone is shown as it was stored."""
    known = labels()
    return [known.get(code, code.replace("_", " ")) for code in codes]
