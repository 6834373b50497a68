"""Days are written one way in each language, and where a rule comes from in words, never in letters nobody explained."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.formats import date_format

from footbridge.kit.web.formats.es.formats import INSTEAD
from footbridge.kit.web.sources import how_sure, sourced

SRC = Path(__file__).parents[2] / "src/footbridge"
DAY, MOMENT = date(2026, 11, 21), datetime(2026, 11, 21, 15, 5, tzinfo=UTC)
IN_TEMPLATE = re.compile(r"""\|date:"([^"]+)\"""")
IN_CODE = re.compile(r"""date_format\([^"'\n]+["']([^"'\n]+)["']\s*\)""")
NAMED = {"DATE_FORMAT", "DATETIME_FORMAT", "SHORT_DATE_FORMAT", "SHORT_DATETIME_FORMAT", "MONTH_DAY_FORMAT", "TIME_FORMAT", "AXIS_FORMAT"}


@pytest.mark.parametrize(
    ("way", "english", "spanish"),
    [
        ("DATE_FORMAT", "Nov 21, 2026", "21 de noviembre de 2026"),
        ("SHORT_DATE_FORMAT", "Nov 21, 2026", "21 de noviembre de 2026"),  # the tables under the charts
        ("M j, Y", "Nov 21, 2026", "21 de noviembre de 2026"),
        ("M j", "Nov 21", "21 de noviembre"),
        ("AXIS_FORMAT", "Nov 21", "21 nov"),
        ("l, F j", "Saturday, November 21", "sábado 21 de noviembre"),
        ("DATETIME_FORMAT", "Nov 21, 2026, 3:05 p.m.", "21 de noviembre de 2026, 3:05 p.m."),
    ],
)
def test_a_day_is_written_one_way_in_each_language(way, english, spanish):
    for language, said in (("en", english), ("es", spanish)):
        with translation.override(language):
            assert date_format(MOMENT, way).lower() == said.lower()


def test_what_is_due_in_the_course_of_a_day_is_due_on_that_day():
    page = Template("{% load parts tz %}{{ at|timezone:'America/Chicago'|due }}")
    assert page.render(Context({"at": datetime(2026, 11, 10, 6, 0, tzinfo=UTC)})) == "Mon, Nov 9"  # midnight there
    assert page.render(Context({"at": datetime(2026, 11, 10, 15, 30, tzinfo=UTC)})) == "Tue, Nov 10, 9:30 a.m."


def test_every_way_in_which_a_page_writes_a_day_has_its_spanish():
    missing = {}
    for path in [*SRC.rglob("*.html"), *SRC.rglob("*.py")]:
        text = path.read_text()
        for way in {*IN_TEMPLATE.findall(text), *(IN_CODE.findall(text) if path.suffix == ".py" else ())}:
            # Hours alone are written alike; years first are for machines (addresses, hidden fields).
            if re.search(r"[DlNMFbj]", way) and way not in NAMED and way not in INSTEAD:
                missing[str(path.relative_to(SRC))] = way
    assert missing == {}


def test_a_day_kept_as_json_is_written_like_any_other():
    page = Template("{% load parts %}{{ kept|day }}|{{ none|day }}|{{ typed|day }}")
    assert page.render(Context({"kept": "2026-11-21", "none": "", "typed": "last fall"})) == "Nov 21, 2026||last fall"


@pytest.mark.parametrize(
    ("source", "mark", "said"),
    [
        ("42 CFR 2.31", "V", "42 CFR 2.31"),
        ("42 CFR 2.31", "V2", "42 CFR 2.31"),
        ("Our own limit", "own", "Our own limit"),
        ("Our own limit", "", "Our own limit"),
        ("Program policy", "K", "Program policy"),
        ("Expert rule of this project [K]: safety first", "", "Expert rule of this project: safety first"),
        ("MLN 901705", "K", "MLN 901705 (not checked in a source yet)"),
        ("Told by hearsay.", "U", "Told by hearsay (not certain)"),
        # Stored with its mark, or said by an engine.
        ("A table [K]", "", "A table (not checked in a source yet)"),
        ("A parent may see the record. (45 CFR 164.502(g)) [K]", "", "A parent may see the record. (45 CFR 164.502(g); not checked in a source yet)"),
        ("Read. (42 CFR 2.51) [V]", "", "Read. (42 CFR 2.51)"),
        ("45 CFR 149.610(b)", "K", "45 CFR 149.610(b) (not checked in a source yet)"),  # its bracket belongs to the citation
        ("Told. (2.31(b)) [K]", "", "Told. (2.31(b); not checked in a source yet)"),
        ("One [V]\nTwo [K]", "", "One\nTwo (not checked in a source yet)"),
        ("", "K", ""),
    ],
)
def test_where_a_rule_comes_from_is_said_in_words(source, mark, said):
    assert sourced(source, mark) == said


def test_whoever_judges_a_rule_reads_the_mark_too():
    assert how_sure("V2") == "read in a second source (V2)" and how_sure("K") == "not checked in a source yet (K)" and how_sure("own") == ""
    with translation.override("es"):
        assert sourced("MLN 901705", "K") == "MLN 901705 (aún no comprobado en una fuente)"
