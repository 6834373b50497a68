"""Dated facts that a payer, a state or a program can change, as YAML files; never code.

`parsed("hours_rules")` gives the plain mapping of one file. Engines turn such mappings into their own dataclasses;
none of them opens a file. docs/formats.md describes each file.
"""

from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML


@cache
def parsed(name: str) -> Any:
    """The content of `data/<name>.yaml`. Read once; treat it as read-only. Raises FileNotFoundError for an unknown
    name.
    """
    return YAML(typ="safe").load(text(name))


def text(name: str) -> str:
    """The text of `data/<name>.yaml`, for readers that need line numbers."""
    return files(__package__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
