"""The definitions that come with Footbridge, and stored ones turned into what the engine reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from footbridge.engines import scoring

if TYPE_CHECKING:
    from .models import InstrumentEdition

_built: dict[str, scoring.Definition] = {}


def packaged() -> Iterator[dict[str, Any]]:
    """The mapping of each packaged definition file, by name; each call gives its own, which may be changed."""
    for text in _read():
        yield json.loads(text)


@cache
def _read() -> tuple[str, ...]:
    """The packaged files as JSON, read once a process: YAML takes 25 ms a file, and there are many."""
    named = sorted((files(__package__) / "definitions").iterdir(), key=lambda f: f.name)
    texts = (file.read_text(encoding="utf-8") for file in named if file.name.endswith(".yaml"))
    return tuple(json.dumps(YAML(typ="safe").load(text), default=str) for text in texts)


def packaged_codes() -> set[str]:
    """The codes of the packaged definitions: each file is named by its code, so none is read."""
    return {
        file.name.removesuffix(".yaml")
        for file in (files(__package__) / "definitions").iterdir()
        if file.name.endswith(".yaml")
    }


def digest(definition: dict[str, Any]) -> str:
    """One content, one digest: sha256 of the JSON with sorted keys."""
    return hashlib.sha256(json.dumps(definition, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def definition(edition: InstrumentEdition) -> scoring.Definition:
    """The engine's form of a stored edition. Built once a content: an edition is never changed."""
    built = _built.get(edition.digest)
    if built is None:
        built = know(edition.digest, edition.definition)
    return built


def know(digest: str, definition: dict[str, Any]) -> scoring.Definition:
    """Build a definition and keep it for this process."""
    built = _built[digest] = scoring.definition(definition)
    return built


def definitions(editions: Iterable[InstrumentEdition]) -> dict[int, scoring.Definition]:
    """The same for many, by the edition's id: what this process has not built yet is read with one query."""
    rows = list(editions)
    unknown = {one.pk for one in rows if one.digest not in _built and "definition" in one.get_deferred_fields()}
    if unknown:
        for digest, told in type(rows[0]).objects.filter(pk__in=unknown).values_list("digest", "definition"):
            know(digest, told)
    return {one.pk: definition(one) for one in rows}
