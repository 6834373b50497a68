"""JSON Lines read one by one: a line that cannot be read is told with its number and the way to mend it; the rest go on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

LONGEST = 1_000_000  # characters of one line

# line, what it says (None when it cannot be read), then the field and the sentence of its trouble
Record = tuple[int, Mapping[str, Any] | None, "str", "str"]


def json_lines(source: IO[bytes]) -> Iterator[Record]:
    read = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant).decode
    number = 0
    while raw := source.readline(LONGEST + 1):
        number += 1
        if len(raw) > LONGEST and not raw.endswith(b"\n"):
            while raw and not raw.endswith(b"\n"):  # leave the rest of it unread
                raw = source.readline(LONGEST)
            yield number, None, "", f"is longer than {LONGEST:,} characters"
            continue
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            if not text:
                continue
            line = read(text)
        except UnicodeDecodeError:
            yield number, None, "", "is not UTF-8 text"
            continue
        except _Twice as twice:
            yield number, None, str(twice), "is there twice; leave one"
            continue
        except json.JSONDecodeError as trouble:
            yield number, None, "", f"is not JSON: {trouble.msg} at character {trouble.colno}"
            continue
        except (ValueError, RecursionError) as trouble:
            yield number, None, "", f"is not JSON that can be read here: {str(trouble)[:80]}"
            continue
        if isinstance(line, dict):
            yield number, line, "", ""
        else:
            yield number, None, "", "must be an object: {...}"


class _Twice(ValueError):
    """A name stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")
