"""What people wrote is shown, never carried out; the file is tagged, small, and the same twice."""

from __future__ import annotations

import re
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footbridge.kit.paper import Document, Facts, Heading, Picture, Table, Text, pdf

AT = datetime(2026, 11, 2, 15, 0, 7, 123456, tzinfo=UTC)
HOSTILE = [
    '#read("/etc/passwd")', "#{ panic() }", "$ x^2 $ `code` *bold* _thin_ = Head", '"]); #image("x")', "</svg><script>alert(1)</script>",
    "#sys.inputs", "\\u{1F600} \\ \\\\", "/* not closed", "// gone", "a\x00b\x1f", "\ud800", "=cmd|' /C calc'!A0", "<label> @ref", "🙂 ł ñ ≥ →",
]  # fmt: skip


def inside(made: bytes) -> bytes:
    """Everything of the file that is packed, unpacked."""
    out = [made]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL):
        try:
            out.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(out)


def of(words: str) -> Document:
    return Document(
        words or "Title", [Heading(words or "Head"), Text(words), Facts([(words, words)]), Table(words, [words, "n"], [[words, 1]], frozenset({1}))],
        lead=words, foot=words, facts=[(words, words)],
    )  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_only_words(words: str):
    made = pdf(of(words), made_at=AT)
    assert made.startswith(b"%PDF") and b"root:x:0" not in inside(made)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=60))
def test_any_words_can_be_printed(words: str):
    assert pdf(of(words), made_at=AT).startswith(b"%PDF")


def test_the_file_is_tagged_has_a_language_and_says_pictures_in_words():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><text x="1" y="5">9</text></svg>'
    made = inside(pdf(Document("Scores", [Picture(svg, "From 15 to 9")], language="es"), made_at=AT))
    for mark in (b"/StructTreeRoot", b"/Lang", b"/Figure", b"pdfuaid"):
        assert mark in made, mark


def test_the_same_document_gives_the_same_bytes():
    assert pdf(of("x"), made_at=AT) == pdf(of("x"), made_at=AT)


def test_a_row_too_short_or_too_long_keeps_its_columns():
    assert pdf(Document("T", [Table("T", ["a", "b"], [["1"], ["1", "2", "3"]])]), made_at=AT).startswith(b"%PDF")
