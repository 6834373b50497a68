"""The typesetter: a document becomes PDF/UA-1 (tagged, with language, title and words for every picture)."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from .document import Block, Document, Facts, Heading, NewPage, Picture, Slot, Table, Text, Week

HERE = Path(__file__).parent
# Letters XML cannot carry (and nobody can see) would make a picture unreadable; text drops them too.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LANGUAGE = re.compile(r"^[a-z]{2}$")
SIZES = ("us-letter", "a4", "a3")


def pdf(document: Document, *, made_at: datetime) -> bytes:
    """The document as PDF. `made_at` is written into the file; the same document at the same moment gives the same bytes."""
    import typst  # here, not above: the typesetter is loaded by whoever prints, not by every process

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(HERE / "fonts")])
    compiler = typst.Compiler(root=str(HERE), font_paths=fonts)
    made_at = made_at.replace(microsecond=0)  # a file knows seconds
    form, content = (HERE / "paper.typ").read_bytes(), json.dumps(_content(document), ensure_ascii=False)
    try:
        return _bytes(compiler.compile(form, format="pdf", pdf_standards="ua-1", timestamp=made_at, sys_inputs={"document": content}))
    except typst.TypstError as trouble:
        if "could not be displayed" not in str(trouble):
            raise
    # A letter none of our fonts has (an emoji in a name): still tagged, but it may not call itself PDF/UA.
    return _bytes(compiler.compile(form, format="pdf", timestamp=made_at, sys_inputs={"document": content}))


def _bytes(made: Any) -> bytes:
    return bytes(made)


def _said(words: Any) -> str:
    return _UNSEEN.sub("", str(words))


def _named(words: Any) -> str:
    """Titles, heads and pictures need a name: a blank one has no place in a tagged file."""
    return _said(words).strip() or "–"


def _content(document: Document) -> dict[str, Any]:
    return {
        "title": _named(document.title), "lead": _said(document.lead), "foot": _said(document.foot),
        "language": document.language if _LANGUAGE.match(document.language) else "en",
        "size": document.size if document.size in SIZES else SIZES[0], "wide": document.wide,
        "facts": [[_said(name), _said(value)] for name, value in document.facts],
        "blocks": [_block(one) for one in document.blocks],
    }  # fmt: skip


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text):
            return {"kind": "heading", "text": _named(text)}
        case Text(text, quiet, strong):
            return {"kind": "text", "text": _said(text), "quiet": quiet, "strong": strong}
        case Facts(pairs):
            return {"kind": "facts", "pairs": [[_said(name), _said(value)] for name, value in pairs]}
        case Picture(svg, alt, width):
            return {"kind": "picture", "svg": _said(svg), "alt": _named(alt), "width": max(10, min(100, width))}
        case NewPage():
            return {"kind": "page"}
        case Week(caption, head, rows, corner):
            days = len(head)
            return {
                "kind": "week", "caption": _named(caption), "corner": _said(corner), "head": [_said(day) for day in head],
                "rows": [
                    {"label": _named(label), "cells": [[_slot(one) for one in cell] for cell in [*cells, *[()] * days][:days]]} for label, cells in rows
                ],
            }  # fmt: skip
        case Table(caption, head, rows, numeric, widths):
            columns = len(head)
            return {
                "kind": "table", "caption": _said(caption), "head": [_said(cell) for cell in head],
                "rows": [[_said(cell) for cell in [*row, *[""] * columns][:columns]] for row in rows],
                "numeric": sorted(numeric), "widths": list(widths) or [1] * columns,
            }  # fmt: skip


def _slot(slot: Slot) -> dict[str, Any]:
    return {"title": _said(slot.title), "lines": [_said(line) for line in slot.lines if _said(line).strip()]}
