"""Where a rule comes from, as a person reads it.

Data keep a mark of how sure we are: V read in the source, V2 in a secondary one, K general knowledge, U uncertain, own a program's own
rule. Nobody who cares for people should have to learn these letters. What was read needs no further word; what was not says so, because
trust hangs on it; a rule of a program's own or of an expert says itself on whom it rests. The letter itself is shown only where somebody
judges the rule, in a line about its source.
"""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

# Sources that were stored together with their mark, and engines' sentences, end in it: "42 CFR 2.14 [K]".
_OWN = ("expert rule", "program policy", "our own")
_MARK = re.compile(r"\s*\[(V2|V|K|U|own)\]")


def _doubt(mark: str) -> str:
    return {"K": _("not checked in a source yet"), "U": _("not certain")}.get(mark, "")


def sourced(source: Any, mark: str = "") -> str:
    """The source without its mark, and in words whether somebody still has to check it."""
    text = str(source or "")
    if "\n" in text:
        return "\n".join(sourced(line, mark) for line in text.splitlines())
    marks = {*_MARK.findall(text), mark}
    doubt = _doubt("U" if "U" in marks else "K" if "K" in marks else "")
    plain = _MARK.sub("", text).strip()
    if not doubt or not plain or plain.casefold().startswith(_OWN):
        return plain
    plain = plain.removesuffix(".")
    # A source that ends in a bracket takes the words into it: "(42 CFR 2.14; not checked in a source yet)".
    return f"{plain[:-1]}; {doubt})" if _in_brackets(plain) else f"{plain} ({doubt})"


def _in_brackets(text: str) -> bool:
    """Whether it ends in a bracket of words; the bracket of "149.610(b)" is part of a citation."""
    if not text.endswith(")") or text.count("(") != text.count(")"):
        return False
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(text[place], 0)
        if depth == 0:
            return place == 0 or text[place - 1].isspace()
    return False


def how_sure(mark: str) -> str:
    """The mark in words and as its letter, for whoever judges a rule."""
    said = {
        "V": _("read in the source"), "V2": _("read in a second source"), "K": _("not checked in a source yet"), "U": _("not certain"),
    }.get(mark)  # fmt: skip
    return f"{said} ({mark})" if said else ""
