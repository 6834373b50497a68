"""JSON Lines read one by one: a line that cannot be read is told with its number and the way to mend it; the rest go on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

LONGEST = 1_000_000  # characters of one line
NOT_UTF8 = "is not UTF-8 text; save the file as UTF-8"

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
            if "\\ud" in text.lower() and _is_broken(line):
                yield number, None, "", "has half of a character in it (\\ud800 to \\udfff alone); write the character itself or both halves"
                continue
        except UnicodeDecodeError:
            yield number, None, "", NOT_UTF8
            continue
        except _Twice as twice:
            yield number, None, str(twice), "is there twice; leave one"
            continue
        except json.JSONDecodeError as trouble:
            yield number, None, "", f"is not JSON: {trouble.msg} at character {trouble.colno}"
            continue
        except RecursionError:
            yield number, None, "", "is not JSON that can be read here: it is nested too deeply"
            continue
        except _NoNumber as trouble:
            yield number, None, "", f"is not JSON that can be read here: {trouble}"
            continue
        except ValueError:  # all that is left: a whole number longer than Python reads
            yield number, None, "", "is not JSON that can be read here: a whole number has more than 4,300 digits"
            continue
        if isinstance(line, dict):
            yield number, line, "", ""
        else:
            yield number, None, "", "must be an object: {...}"


def _is_broken(line: Any) -> bool:
    """Whether a text in it cannot be written down again."""
    try:
        json.dumps(line, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


class _NoNumber(ValueError):
    """A word where a number belongs."""


class _Twice(ValueError):
    """A name stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return found


def _no_constant(name: str) -> None:
    raise _NoNumber(f"{name} is not a number; leave a blank answer out, or write null")
