"""Files a page hands out: tables as CSV, papers as PDF. Names are neutral: a file on a phone says nothing about its owner."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

# A spreadsheet runs a cell that begins like this; with a quote before it, it is only text.
_RUNS = ("=", "+", "-", "@", "\t", "\r")


def cell(value: Any) -> str:
    """What a cell may say: nothing that a spreadsheet would carry out. Numbers stay numbers, also negative ones."""
    words = "" if value is None else str(value)
    if isinstance(value, int | float) or not words.startswith(_RUNS):
        return words
    try:
        float(words)
    except ValueError:
        return f"'{words}"
    return words


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV as RFC 4180 says, UTF-8."""
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(head)
    write.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def hand_out(content: str | bytes, name: str) -> HttpResponse:
    """As a file to keep. The kind follows from the name: .csv or .pdf."""
    kind = "application/pdf" if name.endswith(".pdf") else "text/csv; charset=utf-8"
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
