"""Junk in an address or a form is answered with words, never with a crash: every page, by whoever works with it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from .test_every_page import OF_EPISODE, OWN_PAGES, browser, life  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

JUNK = ["\x00", "²", "9" * 40, "9999-12-31", "0001-01-01", "-1", "' OR 1=1 --", "\U0001f600 ÿ‮" + "x" * 3000, "nan", "[]", "٣"]
ASKED = [
    "page", "week", "on", "track", "site", "leader", "room", "show", "q", "at", "all", "version", "newer", "older", "codes", "how",
    "language", "next", "only", "closed", "program", "from", "until", "since", "month", "condition", "sort", "number", "step", "kind",
]  # fmt: skip


class Fields(HTMLParser):
    """The names of every field of a page's forms."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in ("input", "textarea", "select", "button") and said.get("name"):
            self.names[str(said["name"])] = said.get("value") or ""


def turned(names: list[str], by: int) -> dict[str, str]:
    return {name: JUNK[(n + by) % len(JUNK)] for n, name in enumerate(names)}


def test_no_page_breaks_on_junk(life):  # noqa: F811 - the fixture
    pages = [(name, words, who) for name, (words, who) in life.words.items()]
    pages += [(name, {}, who) for who, names in OWN_PAGES.items() for name in names.split()]
    assert len(pages) > len(OF_EPISODE["bo"].split()) + 60
    hands = {who: browser(life.cast, who) for who in {who for _name, _words, who in pages}}
    broken: dict[str, str] = {}
    for name, words, who in pages:
        url, one = reverse(name, kwargs=words or None), hands[who]
        one.raise_request_exception = False
        with transaction.atomic():
            answers = [("get", "", one.get(url))]
            fields = Fields()
            if answers[0][2].status_code == 200 and "html" in answers[0][2].headers.get("Content-Type", ""):
                fields.feed(answers[0][2].content.decode())
            for by in (0, 3):
                asked = urlencode(turned(ASKED, by), errors="surrogatepass")
                answers.append(("get", str(by), one.get(f"{url}?{asked}")))
                names = [field for field in fields.names if field != "csrfmiddlewaretoken"]
                # Hidden fields keep their values in one of the rounds, so that the form behind them is reached.
                kept = {field: value for field, value in fields.names.items() if by == 3 and re.search("deed|which|form", field)}
                body = urlencode(turned(names, by) | kept, errors="surrogatepass")
                answers.append(("post", str(by), one.post(url, body, content_type="application/x-www-form-urlencoded")))
            transaction.set_rollback(True)
        cache.clear()  # limits on asking count in the cache
        broken |= {f"{method} {name} as {who} ({by})": str(a.status_code) for method, by, a in answers if a.status_code >= 500}
    assert broken == {}
