"""The page kit: parts, forms, drafts, charts, colors, and what no template may hold."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest, HttpResponse
from django.template import Context, RequestContext, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import include, path
from django.utils import translation
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from pytest_django.live_server_helper import LiveServer

from footbridge.kit import access, web
from footbridge.kit.web import charts, drafts, icons, sealing, shapes
from footbridge.kit.web.forms import Form, MemorableDateField, PhoneField, RadioCards, Scale10Field, national
from footbridge.kit.web.models import Draft
from footbridge.kit.web.shown import everything

from ..cast import NOW

pytestmark = pytest.mark.urls(__name__)

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "footbridge"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FRONT = PACKAGE / "kit" / "web" / "front"


def shown(words: str, **context: object) -> str:
    return Template("{% load parts %}" + words).render(Context(context))


# ---------------------------------------------------------------- parts


@pytest.mark.parametrize("tone", ["neutral", "info", "good", "warn", "danger", "now"])
def test_a_status_is_icon_word_and_color(tone: str) -> None:
    html = shown("{% tag 'Signed' tone %}", tone=tone)
    assert "<svg" in html and "<span>Signed</span>" in html and f"tag-{tone}" in html


def test_what_people_typed_is_escaped_in_every_part() -> None:
    bad = "<script>alert(1)</script>"
    person = shapes.Person(bad, [("Number", bad)], now=bad, tags=[(bad, "warn")], facts=[(bad, bad)])
    html = shown(
        "{% tag bad %}{% fact bad bad %}{% button bad %}{% empty bad bad %}{% person_header person %}"
        "{% card bad %}{{ bad }}{% endcard %}{% banner 'info' title=bad %}{{ bad }}{% endbanner %}",
        bad=bad,
        person=person,
    )
    assert "<script" not in html and html.count("&lt;script&gt;") >= 12


def test_an_empty_fact_says_so() -> None:
    assert "Not recorded" in shown("{% fact 'Allergies' '' %}")
    assert "Not recorded" not in shown("{% fact 'Missed' 0 %}")


def test_a_dialog_and_a_table_have_names() -> None:
    assert 'aria-labelledby="move-title"' in shown("{% dialog 'move' title='Move' %}x{% enddialog %}")
    html = shown("{% table 'Waiting' %}<tbody></tbody>{% endtable %}")
    assert "<caption>Waiting</caption>" in html and 'tabindex="0"' in html


def test_a_sorted_head_turns_round() -> None:
    request = RequestFactory().get("/x/?sort=name&page=2")
    html = shown("{% sort_head 'Name' 'name' %}", request=request)
    assert 'aria-sort="ascending"' in html and "sort=-name" in html and "page=2" in html


def test_the_week_is_a_table_and_the_same_as_day_lists() -> None:
    entry = shapes.Entry("Skills", ["Bo"])
    week = shapes.Timetable(
        "Week",
        [shapes.Day("Mon"), shapes.Day("Tue")],
        [shapes.TimeRow("9:00", [[entry], []]), shapes.TimeRow("10:00", [[], []])],
    )
    assert [len(blocks) for _, blocks in week.by_day] == [1, 0]
    html = shown("{% timetable week %}", week=week)
    assert html.count("Skills") == 2 and "Nothing this day" in html


def test_every_icon_draws() -> None:
    for name in icons.NAMES:
        assert '<path d="M' in icons.icon(name)
    assert shown("{% icon 'no-such' %}") == ""


@pytest.mark.django_db
@pytest.mark.parametrize("layout", ["public", "portal", "staff"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_of_parts_shows_them_all(client: Client, layout: str, language: str) -> None:
    client.cookies["django_language"] = language
    answer = client.get("/parts/", {"layout": layout})
    html = answer.content.decode()
    assert answer.status_code == 200 and f'<html lang="{language}"' in html
    parts = "button-primary care-now banner-warn person steps plot week roster-row question interruption"
    for kind in [*parts.split(), "error-summary", "drawer", "toast", "empty"]:
        assert f'class="{kind}' in html or f" {kind}" in html, kind
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    if layout != "staff":
        assert 'class="help-bar"' in html and 'rel="nofollow noreferrer"' in html
        assert re.search(r"<title>\s*Footbridge\s*</title>", html)


def test_the_shown_content_is_whole() -> None:
    context = everything(RequestFactory().get("/parts/"), "nonsense")
    assert context["layout"] == "web/public.html" and context["wrong"].errors


# ---------------------------------------------------------------- forms


class Contact(Form):
    name = forms.CharField(label="Name to use")
    phone = PhoneField(label="Phone number")
    born = MemorableDateField(label="Date of birth", required=False)
    mood = Scale10Field(label="Mood", required=False)
    track = forms.ChoiceField(
        label="Time of day", choices=[("am", "Morning"), ("pm", "Afternoon")], widget=RadioCards(notes={"am": "9:00"})
    )
    mail = forms.EmailField(label="Email", required=False)


BORN = {"born_month": "5", "born_day": "31", "born_year": "1990"}
GOOD = {"name": "Ana", "phone": "(555) 010-0199", "track": "am", "mood": "7", **BORN}


def test_a_good_form_is_read_into_typed_answers() -> None:
    form = Contact(GOOD)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["phone"] == "+15550100199"
    assert form.cleaned_data["born"] == date(1990, 5, 31)
    assert form.cleaned_data["mood"] == 7
    assert national("+15550100199") == "(555) 010-0199"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"phone": ""}, "Enter your phone number, like 555-010-0199"),
        ({"phone": "12"}, "Enter a phone number with its area code, like 555-010-0199"),
        ({"name": " "}, "“Name to use” is empty. Fill it in to go on."),
        ({"track": ""}, "“Time of day”: choose an answer."),
        ({"born_month": "2"}, "Enter a real date, like May 31 1990"),
        ({"born_year": ""}, "Enter the month, day and year, like May 31 1990"),
        ({"born_year": "x"}, "Enter a real date, like May 31 1990"),
        ({"mail": "ana"}, "Enter an email address, like name@example.com"),
    ],
)
def test_an_error_names_the_field_and_the_mend(wrong: dict[str, str], words: str) -> None:
    form = Contact({**GOOD, **wrong})
    assert not form.is_valid()
    assert [str(said) for said in next(iter(form.errors.values()))] == [words]


def test_an_author_s_own_words_are_kept() -> None:
    class Own(Form):
        name = forms.CharField(error_messages={"required": "Enter the name you go by"})

    assert Own({}).errors["name"] == ["Enter the name you go by"]


def test_the_summary_leads_to_each_field_and_fields_say_what_describes_them() -> None:
    form = Contact({**GOOD, "phone": "", "track": ""})
    html = shown("{% errors form %}{% field form.phone %}{% field form.track %}", form=form)
    assert 'href="#id_phone"' in html and 'href="#id_track_group"' in html and 'id="id_track_group"' in html
    assert "2 things to mend" in html
    assert (
        'aria-describedby="id_phone_error"' in html and 'id="id_phone_error"' in html and 'aria-invalid="true"' in html
    )
    assert 'autocomplete="tel"' in html and 'type="tel"' in html


class CannotBook(Exception):
    field = "track"


def ask(request: HttpRequest) -> HttpResponse:
    form = web.form(request, Contact)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["name"] == "Full":
            web.refused(form, CannotBook("The group is full: 8 of 8 places are taken."))
        else:
            return web.done(request, "/next/", "Saved.")
    return web.show(request, "web/parts/posting.html", {"form": form, "inside": form.render()})


def posted(data: dict[str, str] | None = None, user: object = None, path: str = "/ask/") -> HttpRequest:
    factory = RequestFactory()
    request = factory.get(path) if data is None else factory.post(path, data)
    request.user = user or AnonymousUser()
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


@pytest.mark.django_db
def test_a_refusal_and_an_invalid_form_answer_422_and_a_good_one_303() -> None:
    invalid = ask(posted({"name": ""}))
    assert invalid.status_code == 422 and "error-summary" in invalid.content.decode()
    refused = ask(posted({**GOOD, "name": "Full"}))
    assert refused.status_code == 422
    assert (
        "The group is full: 8 of 8 places are taken." in refused.content.decode()
        and "#id_track_group" in refused.content.decode()
    )
    good = ask(posted(GOOD))
    assert good.status_code == 303 and good["Location"] == "/next/"


# ---------------------------------------------------------------- drafts


@pytest.fixture
def ana(db: None) -> object:
    return get_user_model().objects.create(email="ana@example.com")


@pytest.fixture
def bo(db: None) -> object:
    return get_user_model().objects.create(email="bo@example.com")


def test_a_sealed_text_opens_only_where_it_was_sealed() -> None:
    sealed = sealing.seal({"words": ["I slept badly"]}, "web.draft:1:/note/")
    assert b"slept" not in sealed
    assert sealing.seal({"words": ["I slept badly"]}, "web.draft:1:/note/") != sealed
    assert sealing.open_sealed(sealed, "web.draft:1:/note/") == {"words": ["I slept badly"]}
    for bound_to in ["web.draft:2:/note/", "web.draft:1:/other/"]:
        with pytest.raises(sealing.Broken):
            sealing.open_sealed(sealed, bound_to)
    with pytest.raises(sealing.Broken):
        sealing.open_sealed(sealed[:-1] + bytes([sealed[-1] ^ 1]), "web.draft:1:/note/")


def test_a_draft_fills_the_form_again_and_goes_when_the_form_went_through(ana: object) -> None:
    born = {"born_month": ["5"], "born_day": ["31"], "born_year": ["19"]}
    drafts.keep(ana, "/ask/", {"name": ["Ana R"], "track": ["pm"], "password": ["secret"], **born}, NOW)
    row = Draft.objects.get()
    assert b"Ana" not in bytes(row.data) and "password" not in row.open()

    html = ask(posted(user=ana)).content.decode()
    assert 'value="Ana R"' in html and "We kept what you typed at" in html and "Discard it" in html
    assert re.search(r'value="pm"[^>]*checked', html) and 'value="19"' in html

    assert ask(posted({"name": ""}, user=ana)).status_code == 422
    assert Draft.objects.count() == 1  # a refused form keeps what was typed before
    assert ask(posted(GOOD, user=ana)).status_code == 303
    assert Draft.objects.count() == 0


def test_two_forms_of_a_page_keep_their_drafts_side_by_side(ana: object) -> None:
    drafts.keep(ana, "/ask/", {"name": ["Ana R"], "ok": ["on"]}, NOW, ["name", "ok"])
    drafts.keep(ana, "/ask/", {"other-note": ["x"]}, NOW, ["other-note"])
    drafts.keep(ana, "/ask/", {"name": ["Ana Reyes"]}, NOW, ["name", "ok"])  # and "ok" was unticked
    assert Draft.objects.get().open() == {"other-note": ["x"], "name": ["Ana Reyes"]}
    drafts.keep(ana, "/ask/", {"name": [""]}, NOW, ["name", "ok"])
    drafts.keep(ana, "/ask/", {"other-note": [""]}, NOW, ["other-note"])
    assert not Draft.objects.exists()  # all of it was taken back


def test_a_form_that_posts_elsewhere_drops_the_draft_of_its_page(ana: object) -> None:
    drafts.keep(ana, "/page/", {"name": ["Ana R"]}, NOW)
    assert ask(posted({**GOOD, "draft-path": "/page/"}, user=ana)).status_code == 303
    assert not Draft.objects.exists()


def test_a_draft_of_another_form_is_not_announced(ana: object) -> None:
    drafts.keep(ana, "/ask/", {"else": ["x"]}, NOW)
    assert "We kept what you typed" not in ask(posted(user=ana)).content.decode()


def test_a_draft_is_bound_to_its_row(ana: object, bo: object) -> None:
    drafts.keep(ana, "/ask/", {"name": ["Ana R"]}, NOW)
    Draft.objects.update(user=bo)
    html = ask(posted(user=bo)).content.decode()
    assert "Ana R" not in html and not Draft.objects.exists()


def test_the_middleware_drops_a_draft_only_for_a_form_that_went_through(ana: object) -> None:
    def went_through(request: HttpRequest) -> HttpResponse:
        web.form(request, Contact).is_valid()
        return HttpResponse(status=303, headers={"Location": "/"})

    def sent_to_the_lock(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=303, headers={"Location": "/unlock/"})

    drafts.keep(ana, "/ask/", {"name": ["Ana R"]}, NOW)
    drafts.DropWhenDone(sent_to_the_lock)(posted(GOOD, user=ana))
    assert Draft.objects.count() == 1
    drafts.DropWhenDone(went_through)(posted(GOOD, user=ana))
    assert Draft.objects.count() == 0


def test_too_much_nothing_or_a_strange_path_is_not_kept(ana: object) -> None:
    assert drafts.keep(ana, "/ask/", {"name": [""]}, NOW) is None
    assert drafts.keep(ana, "/ask/", {"name": ["x" * 70_000]}, NOW) is None
    assert drafts.keep(ana, "https://elsewhere/", {"name": ["x"]}, NOW) is None


def test_the_page_keeps_and_discards_drafts_of_the_signed_in_only(client: Client, ana: object) -> None:
    typed = {"path": "/ask/", "f:name": "Ana R", "f:password1": "secret", "f:days": ["mo", "we"]}
    assert client.post("/draft/", typed).status_code == 404
    client.force_login(ana, backend=BACKEND)
    assert client.post("/draft/", typed).json() == {"kept": True}
    assert Draft.objects.get().open() == {"name": ["Ana R"], "days": ["mo", "we"]}
    answer = client.post("/draft/", {"path": "/ask/", "discard": "1"})
    assert answer.status_code == 303 and answer["Location"] == "/ask/" and not Draft.objects.exists()
    assert client.get("/draft/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana, backend=BACKEND)
    assert strict.post("/draft/", typed).status_code == 403


# ---------------------------------------------------------------- the look, the way out, the worker


@pytest.mark.django_db
def test_the_look_is_a_cookie_and_never_leads_elsewhere(client: Client) -> None:
    answer = client.post("/look/", {"theme": "dark", "density": "huge", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/" and answer.cookies["theme"].value == "dark" and "density" not in answer.cookies
    assert 'data-theme="dark"' in client.get("/parts/").content.decode()
    client.cookies["theme"] = "<script>"
    assert "data-theme" not in client.get("/parts/").content.decode().split("<head>")[0]


@pytest.mark.django_db
def test_the_language_changes_and_the_page_stays(client: Client) -> None:
    page = client.get("/parts/?layout=portal").content.decode()
    assert 'lang="es"' in page and 'value="/parts/?layout=portal"' in page
    answer = client.post("/language/", {"language": "es", "next": "/parts/?layout=portal"})
    assert answer.status_code == 303 and answer["Location"] == "/parts/?layout=portal"
    assert '<html lang="es"' in client.get("/parts/").content.decode()
    assert client.post("/language/", {"language": "es", "next": "https://elsewhere.example/"})["Location"] == "/"


@pytest.mark.django_db
def test_the_way_out_tells_the_next_page_nothing(client: Client) -> None:
    answer = client.get("/exit/")
    assert (
        answer.status_code == 302
        and answer["Referrer-Policy"] == "no-referrer"
        and "no-store" in answer["Cache-Control"]
    )


@pytest.mark.django_db
def test_trouble_is_told_in_our_own_words(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404 and "We cannot find that page" in answer.content.decode()
    strict = Client(enforce_csrf_checks=True)
    assert "Please send that again" in strict.post("/look/", {"theme": "dark"}).content.decode()
    assert "Something broke on our side" in render_to_string("500.html")


# ---------------------------------------------------------------- charts

START = date(2026, 3, 2)


def weekly(*values: float | None) -> list[charts.Point]:
    return [charts.Point(START + timedelta(days=7 * n), value) for n, value in enumerate(values)]


def circles(svg: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r'<circle[^>]* cx="([\d.]+)" cy="([\d.]+)"', svg)]


def test_points_stand_where_the_numbers_say() -> None:
    plot = charts.plot_of(weekly(0, 27), 27)
    floor, ceiling = plot.height - plot.bottom, plot.top
    assert (plot.y(0), plot.y(27), plot.y(13.5)) == (floor, ceiling, (floor + ceiling) / 2)
    svg = charts.chart(weekly(0, 13.5, 27), 27)
    (x1, y1), (x2, y2), (x3, y3) = circles(svg)
    assert (y1, y2, y3) == (floor, (floor + ceiling) / 2, ceiling)
    assert x2 - x1 == pytest.approx(x3 - x2, abs=0.11)
    assert x1 == plot.left + 12 and x3 == plot.width - plot.right - 12


def test_a_gap_is_not_bridged() -> None:
    joined = charts.chart(weekly(10, 9, 8, 7), 27)
    assert len(re.findall("<polyline", joined)) == 1
    far = [*weekly(10, 9), charts.Point(START + timedelta(days=35), 8), charts.Point(START + timedelta(days=42), 7)]
    lines = re.findall(r'<polyline class="line" points="([^"]+)"', charts.chart(far, 27, gap_days=14))
    assert [len(line.split()) for line in lines] == [2, 2]
    unscored = re.findall(r'<polyline class="line" points="([^"]+)"', charts.chart(weekly(10, 9, None, 7, 6), 27))
    assert [len(line.split()) for line in unscored] == [2, 2]
    assert len(circles(charts.chart(weekly(10, 9, None, 7, 6), 27))) == 4


def test_the_band_lies_on_its_scores_and_ends_at_the_instrument_s_ends() -> None:
    points = weekly(19, 12)
    plot = charts.plot_of(points, 27)
    svg = charts.chart(points, 27, band=(13, 25))
    [(top, height)] = re.findall(r'class="band"[^>]* y="([\d.]+)"[^>]* height="([\d.]+)"', svg)
    assert float(top) == pytest.approx(plot.y(25), abs=0.06)
    assert float(top) + float(height) == pytest.approx(plot.y(13), abs=0.11)
    clipped = charts.chart(points, 27, band=(21, 33))
    assert re.findall(r'class="band"[^>]* y="([\d.]+)"', clipped) == [f"{plot.y(27):.1f}"]
    assert clipped.count("band-edge") == 1  # no edge where the instrument ends


def test_cut_lines_have_words_that_never_lie_on_one_another() -> None:
    cuts = [(5, "Mild"), (10, "Moderate"), (15, "Moderately severe"), (20, "Severe")]
    for narrow in (False, True):
        svg = charts.chart(weekly(19, 12), 27, band=(13, 25), band_label="No reliable change", cuts=cuts, narrow=narrow)
        heights = [float(y) for y in re.findall(r'<text class="(?:cut|band)-words" x="\d+" y="([\d.]+)"', svg)]
        assert all(b - a >= 16 for a, b in pairwise(sorted(heights)))
        assert "Severe 20" in svg


def test_a_partial_answer_is_hollow_and_the_table_stands_behind() -> None:
    points = [charts.Point(START, 12), charts.Point(START + timedelta(days=7), 11, partial=True)]
    assert charts.chart(points, 27).count("dot-partial") == 1
    html = shown("{% chart series %}", series=charts.Series("PHQ-9", points, 27, sentence="Too early to say."))
    assert "<figure" in html and "<details>" in html and "Partly answered" in html
    assert 'role="img"' in html and "<title>PHQ-9</title>" in html and "<desc>Too early to say.</desc>" in html


def test_one_point_is_drawn_and_none_is_refused() -> None:
    assert len(circles(charts.chart(weekly(4), 27))) == 1
    with pytest.raises(ValueError, match="at least one point"):
        charts.chart([], 27)


def test_a_sparkline_breaks_where_a_value_is_missing() -> None:
    svg = charts.sparkline([10, 9, None, 7, 6], 27, "falling")
    assert svg.count("<polyline") == 2 and 'aria-label="falling"' in svg
    assert "<polyline" not in charts.sparkline([None], 27)


# ---------------------------------------------------------------- what no template may hold

FORBIDDEN = {
    "a style attribute": r"<[^>{]*\sstyle\s*=",
    "an inline script": r"<script(?![^>]*\b(?:src=|type=.application/json))",
    "a style element": r"<style\b",
    "an event attribute": r"<[a-z][^>]*\son[a-z]+\s*=",
    "a javascript: link": r"javascript:",
    "something loaded from elsewhere": r"<(?:script|link|img|iframe)[^>]*\b(?:src|href)=[\"']?(?:https?:)?//",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what], re.IGNORECASE)
    guilty = [
        f"{path.relative_to(PACKAGE)}: {found.group(0)[:60]}"
        for path in sorted(PACKAGE.rglob("templates/**/*.html"))
        for found in pattern.finditer(path.read_text())
    ]
    assert guilty == []


# ---------------------------------------------------------------- colors


def tokens() -> dict[str, dict[str, str]]:
    css = (FRONT / "css" / "tokens.css").read_text()
    names = r"(:root|\[data-theme=\"dark\"\]|:root:not\(\[data-theme\]\))"
    blocks = re.findall(names + r" \{\s*color-scheme(.*?)\n\s*\}", css, re.DOTALL)
    return {name: dict(re.findall(r"(--[\w-]+): (#[0-9A-F]{6})", body)) for name, body in blocks}


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 relative luminance contrast."""

    def luminance(color: str) -> float:
        parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_the_two_dark_blocks_are_one() -> None:
    found = tokens()
    assert found['[data-theme="dark"]'] == found[":root:not([data-theme])"]
    assert set(found[":root"]) == set(found['[data-theme="dark"]'])


@pytest.mark.parametrize("theme", [":root", '[data-theme="dark"]'])
def test_words_have_a_contrast_of_4_5_and_edges_of_3(theme: str) -> None:
    color = tokens()[theme]
    pairs = [
        (f"--{text}", f"--{under}")
        for text in ("text", "muted", "primary", "link", "visited", "success", "warning", "danger", "info", "now")
        for under in ("page", "surface", "sunken")
    ]
    pairs += [(f"--{tone}", f"--{tone}-subtle") for tone in ("primary", "success", "warning", "danger", "info", "now")]
    pairs += [("--text", f"--{tone}-subtle") for tone in ("primary", "success", "warning", "danger", "info", "now")]
    pairs += [("--muted", "--primary-subtle"), ("--on-primary", "--primary"), ("--on-primary", "--primary-hover")]
    pairs += [("--muted", f"--{tone}-subtle") for tone in ("info", "warning", "success")]
    measured = {(one, other): round(contrast(color[one], color[other]), 2) for one, other in pairs}
    assert {pair: ratio for pair, ratio in measured.items() if ratio < 4.5} == {}
    assert contrast(color["--border-strong"], color["--surface"]) >= 3
    assert contrast(color["--series-1"], color["--surface"]) >= 3
    assert contrast(color["--focus"], color["--focus-inner"]) >= 3


# ---------------------------------------------------------------- the build


@pytest.fixture(scope="module")
def dist() -> Path:
    """The built files; built now if the sources changed since."""
    subprocess.run([sys.executable, "-m", "footbridge", "assets"], check=True, cwd=ROOT)
    return PACKAGE / "kit" / "web" / "static" / "dist"


def test_scripts_and_styles_keep_their_budgets(dist: Path) -> None:
    sizes = json.loads((dist / "sizes.json").read_text())
    limits = {"public.js": 20, "portal.js": 35, "staff.js": 60, "board.js": 60, "harbor.css": 25}
    assert {name: size for name, size in sizes.items() if size > limits[name] * 1024} == {}
    assert (dist / "fonts" / "hyperlegible.woff2").stat().st_size < 60_000
    assert "SIL OPEN FONT LICENSE" in (dist / "fonts" / "OFL.txt").read_text().upper()


@pytest.mark.django_db
def test_the_worker_may_serve_the_whole_site_and_names_no_page_by_itself(client: Client, dist: Path) -> None:
    answer = client.get("/sw.js")
    assert answer["Service-Worker-Allowed"] == "/" and answer["Content-Type"].startswith("text/javascript")
    assert not re.search(r"/(messages|notes|questionnaires)", answer.content.decode())


def test_the_lock_file_names_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text()


def test_spanish_month_names_are_offered() -> None:
    with translation.override("es"):
        assert "mayo" in str(Contact()["born"]).lower()


# ---------------------------------------------------------------- in a browser


@access.open_page("A form of the test.")
def form_page(request: HttpRequest) -> HttpResponse:
    class Note(Form):
        words = forms.CharField(label="Note", widget=forms.Textarea)
        password = forms.CharField(label="Password", widget=forms.PasswordInput, required=False)

    form = web.form(request, Note)
    if request.method == "POST" and form.is_valid():
        return web.done(request, "/help/", "Saved.")
    page = Template(
        '{% extends "web/portal.html" %}{% load parts %}{% block heading %}Note{% endblock %}'
        '{% block content %}{% form form submit="Save" %}{% endblock %}'
    )
    context = {"form": form, "offline_urls": ["/help/", "/form/"]}
    return HttpResponse(page.render(RequestContext(request, context)), status=422 if form.errors else 200)


@access.open_page("The help page of the test.")
def help_page(request: HttpRequest) -> HttpResponse:
    page = Template('{% extends "web/public.html" %}{% block heading %}Help is here{% endblock %}')
    return HttpResponse(page.render(RequestContext(request, {})))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop runs in this thread; the tests are plain
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def window(browser: Browser, live_server: LiveServer, dist: Path, settings: Any) -> Iterator[Page]:
    settings.EXIT_URL = f"{live_server.url}/sw.js"  # a neutral page that needs no network
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    page.troubles = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda trouble: page.troubles.append(str(trouble)))  # type: ignore[attr-defined]
    page.on("console", lambda said: said.type == "error" and page.troubles.append(said.text))  # type: ignore[attr-defined]
    yield page
    context.close()


def sign_in(window: Page, user: object, live_server: LiveServer) -> None:
    client = Client()
    client.force_login(user, backend=BACKEND)
    window.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])


def until(window: Page, expression: str) -> None:
    """Wait for an asynchronous fact of the page, ten seconds at most."""
    for _ in range(100):
        with suppress(PlaywrightError):  # the page may be on its way to another
            if window.evaluate(expression):
                return
        window.wait_for_timeout(100)
    raise AssertionError(f"never came true: {expression}")


def test_shift_three_times_leaves_and_back_does_not_return(window: Page) -> None:
    window.goto("/help/")
    window.goto("/parts/")
    window.keyboard.press("Shift+A")  # a capital letter is not a press of Shift
    for _ in range(2):
        window.keyboard.press("Shift")
    assert "1 more time" in window.locator(".exit-count").inner_text()
    window.keyboard.press("Shift")
    window.wait_for_url("**/sw.js")
    assert window.evaluate("document.referrer") == ""
    window.go_back()
    window.wait_for_url("**/sw.js")
    window.goto("/help/")  # who comes by themselves is let in
    assert window.locator("h1").inner_text() == "Help is here"


def test_without_scripts_the_way_out_the_colors_and_the_form_still_work(
    browser: Browser, live_server: LiveServer, settings: Any
) -> None:
    settings.EXIT_URL = f"{live_server.url}/sw.js"
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/form/")
    page.get_by_role("button", name="Dark colors").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.get_by_role("button", name="Save").click()
    assert page.locator(".error-summary").is_visible()
    page.get_by_label("Note").fill("I slept well")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/help/")
    assert page.get_by_text("Saved.").is_visible()
    page.get_by_role("link", name="Exit this page").click()
    page.wait_for_url("**/sw.js")
    context.close()


def test_what_is_typed_is_kept_without_the_password(window: Page, live_server: LiveServer, ana: object) -> None:
    sign_in(window, ana, live_server)
    window.goto("/form/")
    window.get_by_label("Password").fill("secret")
    window.get_by_label("Note").fill("I slept badly")
    window.get_by_text("Kept", exact=True).wait_for()
    assert Draft.objects.get().open() == {"words": ["I slept badly"]}
    window.reload()
    assert window.get_by_label("Note").input_value() == "I slept badly"
    assert window.get_by_text("We kept what you typed at").is_visible()
    window.get_by_role("button", name="Save").click()
    window.wait_for_url("**/help/")
    assert not Draft.objects.exists()
    assert window.troubles == []  # type: ignore[attr-defined]


def test_the_summary_takes_the_focus_and_leads_into_the_field(window: Page) -> None:
    window.goto("/form/")
    window.get_by_role("button", name="Save").click()
    window.wait_for_function("document.activeElement.className === 'error-summary'")
    window.get_by_role("link", name="“Note” is empty. Fill it in to go on.").click()
    assert window.evaluate("document.activeElement.id") == "id_words"


def test_the_page_warns_before_it_locks_and_loses_nothing(window: Page, live_server: LiveServer, ana: object) -> None:
    sign_in(window, ana, live_server)
    window.clock.install()
    window.goto("/form/")
    window.get_by_label("Note").fill("half a sentence")
    window.clock.run_for("27:50")
    assert not window.get_by_text("Are you still there?").is_visible()
    window.clock.run_for("00:20")
    window.get_by_role("button", name="Stay signed in").click()
    assert not window.get_by_text("Are you still there?").is_visible()
    window.clock.run_for("31:00")
    window.wait_for_url("**/unlock/?next=%2Fform%2F")
    assert Draft.objects.get().open() == {"words": ["half a sentence"]}


def test_kept_pages_open_without_a_network_and_go_on_sign_out(
    window: Page, live_server: LiveServer, ana: object
) -> None:
    sign_in(window, ana, live_server)
    window.goto("/form/")
    until(window, "async () => Boolean(await caches.match('/.kept'))")
    window.context.set_offline(True)
    window.goto("/help/")
    assert window.locator("h1").inner_text() == "Help is here"
    assert window.evaluate("getComputedStyle(document.body).fontFamily").startswith("Hyperlegible")
    window.context.set_offline(False)
    window.goto("/form/")
    window.get_by_role("button", name="Sign out").click()
    until(window, "async () => !(await caches.has('own-1'))")


def test_a_roster_is_marked_by_keys_and_a_chart_read_by_arrows(window: Page) -> None:
    window.goto("/parts/?layout=staff")
    rows = window.locator(".roster-row")
    rows.nth(0).locator("input[type=radio]").first.focus()
    for key in ["a", "]", "x", "ArrowDown", "l"]:
        window.keyboard.press(key)
    chosen = [rows.nth(n).locator("input:checked").get_attribute("value") for n in range(3)]
    assert chosen == ["absent", "excused", "late"]
    chart = window.locator("chart-hover").first
    chart.focus()
    window.keyboard.press("ArrowRight")
    assert "19" in chart.locator(".chart-tip").inner_text()
    window.keyboard.press("ArrowRight")
    assert "17" in chart.locator(".chart-tip").inner_text()


@pytest.mark.parametrize("layout", ["public", "portal", "staff"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1440])
def test_axe_finds_nothing_on_the_parts(
    browser: Browser, live_server: LiveServer, layout: str, theme: str, width: int
) -> None:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": width, "height": 900}, bypass_csp=True, reduced_motion="reduce"
    )
    context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"/parts/?layout={layout}")
    page.add_script_tag(path=str(ROOT / "node_modules" / "axe-core" / "axe.min.js"))
    found = page.evaluate("axe.run().then((run) => run.violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))")
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    context.close()


urlpatterns = [
    path("", include("footbridge.kit.web.urls")),
    path("", include("footbridge.kit.access.urls")),
    path("help/", help_page, name="help_now"),
    path("form/", form_page, name="form"),
]


def test_our_select_is_django_s_to_the_letter():
    from django import forms as django_forms

    from footbridge.kit.web.forms import Form

    choices = [("", "–"), ("a&b", "A & B"), ("Days", [("1", "<one>"), (2, "two")])]

    class Ours(Form):
        one = django_forms.ChoiceField(choices=choices, required=False, widget=django_forms.Select(attrs={"data-x": 'a"b', "disabled": True}))

    def flat(html):
        return " ".join(str(html).split())

    form = Ours({"one": "2"})
    plain = django_forms.Select(attrs={"data-x": 'a"b', "disabled": True}, choices=choices)
    assert flat(form["one"]) == flat(plain.render("one", "2", {"id": "id_one"}))
    assert form.fields["one"].widget.template_name == "web/forms/select.html"
