"""Dated facts that a payer, a state or a program can change, as YAML files; never code.

`parsed("hours_rules")` gives the plain mapping of one file. Engines turn such mappings into their own dataclasses;
none of them opens a file. docs/formats.md describes each file.
"""

from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML


@cache
def parsed(name: str) -> Any:
    """The content of `data/<name>.yaml`, read once: treat it as read-only. FileNotFoundError for an unknown name."""
    return YAML(typ="safe").load(text(name))


def text(name: str) -> str:
    """The text of `data/<name>.yaml`, for readers that need line numbers."""
    return files(__package__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")


def expires_on(name: str) -> date | None:
    """The day from which a file must have been reviewed again (crisis lines: 90 days); None when it does not expire."""
    content = parsed(name)
    if "expires_after_days" not in content:
        return None
    return date.fromisoformat(str(content["reviewed_on"])) + timedelta(days=content["expires_after_days"])
