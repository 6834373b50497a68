"""People of the cast before their screens, and the eyes that look at every page they open."""

from __future__ import annotations

import functools
import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve, reverse
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, expect

from ..cast import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LANGUAGES = ("en", "es")
THEMES = ("light", "dark")
WIDTHS = (320, 1440)
ABOUT_COLORS = ["color-contrast", "link-in-text-block"]
# For those who write steps: only the story, without looking at its pages.
QUICK = os.environ.get("JOURNEY_QUICK") == "1"
# Addresses that lead elsewhere or are no pages.
NOT_PAGES = {"exit_page", "worker", "stay", "lock", "draft", "look"}


@functools.cache
def axe() -> str:
    return (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def name_of(url: str) -> str:
    """The name of the page behind an address: `plan:show`."""
    try:
        return resolve(urlsplit(url).path).view_name or ""
    except Resolver404:
        return ""


# The innermost things that reach over the right edge and are not inside something that scrolls by itself.
WIDEST = """width => [...document.querySelectorAll('main *')].filter(one => one.getBoundingClientRect().right > width + 1
  && ![...one.children].some(child => child.getBoundingClientRect().right > width + 1) && !one.closest('nav'))
  .slice(0, 4).map(one => `${one.tagName.toLowerCase()}.${one.className.baseVal ?? one.className} to ${Math.round(one.getBoundingClientRect().right)}`).join('; ')"""


@dataclass
class Eyes:
    """Looks at each page once: axe, in both languages, both themes, on a small phone and on a desk. Keeps what it found."""

    browser: Browser
    seen: dict[str, str] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)
    spent: float = 0.0
    _tabs: dict[str, Page] = field(default_factory=dict)

    def tab(self, language: str) -> Page:
        """The window in one language. Its pages are not held to the content policy, as axe is brought in from outside."""
        if language not in self._tabs:
            context = self.browser.new_context(
                locale=language, bypass_csp=True, reduced_motion="reduce", service_workers="block"
            )
            context.set_default_timeout(20_000)
            self._tabs[language] = context.new_page()
        return self._tabs[language]

    def look(self, context: BrowserContext, url: str, *, as_: str = "") -> None:
        """Look at an address as the person whose browser this is, in other windows: theirs is left alone."""
        name = as_ or name_of(url)
        if QUICK or not name or name in self.seen or name in NOT_PAGES:
            return
        began = time.monotonic()
        self.seen[name] = url
        for language in LANGUAGES:
            tab = self.tab(language)
            tab.context.clear_cookies()
            theirs = [c for c in context.cookies() if c["name"] not in ("django_language", "theme", "density")]
            chosen = {"name": "django_language", "value": language, "url": url}
            tab.context.add_cookies([*theirs, chosen])  # type: ignore[list-item]
            answer = tab.goto(url)
            if answer is None or answer.status != 200:
                self.found.append(f"{name} [{language}]: answered {answer and answer.status} at {urlsplit(url).path}")
                break
            if name_of(tab.url) != name_of(url):
                del self.seen[name]  # led elsewhere: not this page
                break
            said = tab.evaluate("document.documentElement.lang")
            if said != language:
                self.found.append(f"{name} [{language}]: the page says it is in {said}")
            self._turn(tab, name, language)
        self.spent += time.monotonic() - began

    def look_here(self, page: Page, as_: str) -> None:
        """Look at what stands in a person's own window: the answer to a form, which no address leads to."""
        language = page.evaluate("document.documentElement.lang")
        if QUICK or f"{as_} {language}" in self.seen:
            return
        self.seen[f"{as_} {language}"] = page.url
        size, theme = page.viewport_size, page.locator("html").get_attribute("data-theme")
        self._turn(page, as_, language)
        if size:
            page.set_viewport_size(size)
        page.evaluate(
            "theme => theme ? document.documentElement.setAttribute('data-theme', theme) : document.documentElement.removeAttribute('data-theme')",
            theme,
        )

    def _turn(self, tab: Page, name: str, language: str) -> None:
        tab.evaluate(axe())
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 900})
            for theme in THEMES:
                tab.evaluate("theme => document.documentElement.setAttribute('data-theme', theme)", theme)
                self._judge(tab, f"{name} [{language}, {theme}, {width} px]", width, theme)

    def _judge(self, tab: Page, where: str, width: int, theme: str) -> None:
        wide = tab.evaluate("document.documentElement.scrollWidth")
        if wide > width + 1:
            self.found.append(f"{where}: the page is {wide} px wide and must be scrolled sideways: {tab.evaluate(WIDEST, width)}")
        # Dark changes nothing but colors: the rules about colors are asked again, the others have been answered.
        asked = {"type": "tag", "values": STANDARD} if theme == "light" else {"type": "rule", "values": ABOUT_COLORS}
        result = tab.evaluate("asked => axe.run(document, {runOnly: asked, resultTypes: ['violations']})", asked)
        for violation in result["violations"]:
            for node in violation["nodes"]:
                why = " ".join(node["failureSummary"].split())
                self.found.append(f"{where}: {violation['id']} at {node['target'][-1]}: {why[:300]}")

    def report(self) -> str:
        """What was found, once for each page and rule, with how often."""
        told: dict[tuple[str, str], list[str]] = {}
        for line in self.found:
            where, _, what = line.partition(": ")
            told.setdefault((where.partition(" [")[0], what), []).append(where)
        return "\n".join(f"{page}: {what} ({len(where)} of 8 ways to look)" for (page, what), where in told.items())


class Somebody:
    """One person of the cast with a browser of their own."""

    def __init__(
        self, browser: Browser, base: str, eyes: Eyes, name: str, *, phone: bool = False, **options: Any
    ) -> None:
        self.name, self.base, self.eyes = name, base, eyes
        self.context = browser.new_context(
            base_url=base,
            viewport=PHONE if phone else DESK,
            has_touch=phone,
            is_mobile=phone,
            reduced_motion="reduce",
            locale="en-US",
            **options,
        )  # type: ignore[arg-type]
        self.context.set_default_timeout(8000)
        self.troubles: list[str] = []
        self.elsewhere: list[str] = []
        self.taps = 0
        self.page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.on(
            "console", lambda said: self.troubles.append(f"{page.url}: {said.text}") if said.type == "error" else None
        )
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("request", lambda asked: self._watch(asked.url))
        page.on("response", self._answered)
        return page

    def _watch(self, url: str) -> None:
        if not url.startswith((self.base, "data:", "blob:", "about:")):
            self.elsewhere.append(url)

    def _answered(self, answer: Response) -> None:
        if answer.status >= 500:
            self.troubles.append(f"{answer.request.method} {answer.url} answered {answer.status}")

    # ---------------------------------------------------------------- going about

    def signs_in(self, email: str = "", password: str = PASSWORD) -> Somebody:
        self.goes("account_login")
        self.page.get_by_label("Email").fill(email or f"{self.name}@example.org")
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)
        self.looks()
        return self

    def goes(self, where: str, **words: Any) -> Somebody:
        """To a page by its name or address, as by a bookmark."""
        self.page.goto(where if where.startswith(("/", "http")) else reverse(where, kwargs=words or None))
        return self.looks()

    def looks(self, as_: str = "") -> Somebody:
        """Whatever page stands there now is looked at, if nobody has before."""
        self.eyes.look(self.context, self.page.url, as_=as_)
        return self

    def looks_here(self, as_: str) -> Somebody:
        """What stands there now is the answer to a form; it is looked at where it stands."""
        self.eyes.look_here(self.page, as_)
        return self

    def clicks(
        self,
        name: str | re.Pattern[str],
        role: str = "",
        *,
        within: Locator | None = None,
        nth: int = 0,
        exact: bool = False,
    ) -> Somebody:
        """A link or a button by the words on it."""
        place: Any = within if within is not None else self.page
        kinds = [role] if role else ["button", "link"]
        found = place.get_by_role(kinds[0], name=name, exact=exact)
        for kind in kinds[1:]:
            found = found.or_(place.get_by_role(kind, name=name, exact=exact))
        found.nth(nth).click()
        self.taps += 1
        self.page.wait_for_load_state()
        return self.looks()

    def chooses(self, *labels: str | re.Pattern[str], within: Locator | None = None, exact: bool = True) -> Somebody:
        """Radios and check boxes by their label."""
        place: Any = within if within is not None else self.page
        for label in labels:
            self._choice(place, label, exact).check(force=True)
            self.taps += 1
        return self

    def _choice(self, place: Any, label: str | re.Pattern[str], exact: bool = True) -> Locator:
        """A radio or check box by its label; by the first words of a big target that has a quiet second line."""
        found = place.get_by_label(label, exact=exact)
        if exact and isinstance(label, str):
            words = place.locator(
                "label.choice",
                has=self.page.locator(".choice-words > span:first-child", has_text=re.compile(f"^{re.escape(label)}$")),
            )
            found = found.or_(words.locator("input"))
        return found.first

    def taps_answer(self, answer: str) -> Somebody:
        """One answer to the one question of a page; the tap goes on by itself."""
        with self.page.expect_navigation():
            self._choice(self.page, answer).locator("xpath=ancestor::label").click()
        self.taps += 1
        return self

    def answers(self, question: str | re.Pattern[str], answer: str) -> Somebody:
        """One answer in the group of answers under a question."""
        group = (
            self.page.get_by_role("group", name=question).or_(self.page.get_by_role("radiogroup", name=question)).first
        )
        self._choice(group, answer).check(force=True)
        self.taps += 1
        return self

    def writes(self, words: dict[str, str], *, within: Locator | None = None) -> Somebody:
        """Text into fields, by label."""
        place: Any = within if within is not None else self.page
        for label, text in words.items():
            place.get_by_label(label, exact=False).first.fill(text)
        return self

    def picks(self, label: str, option: str) -> Somebody:
        """An option of a list, by label."""
        self.page.get_by_label(label).first.select_option(label=option)
        return self

    def proves(self) -> Somebody:
        """A signature is the password once more."""
        first = self.page.get_by_role("link", name=re.compile("show that it is you|es usted", re.I))
        if first.count():
            first.first.click()
            self.looks()
            self.page.locator("input[type=password]").fill(PASSWORD)
            self.page.get_by_role("main").get_by_role("button").last.click()
            self.page.wait_for_load_state()
        if self.page.locator("main input[type=password]").count():
            self.page.locator("main input[type=password]").fill(PASSWORD)
        return self

    def born(self, month: str, day: str, year: str) -> Somebody:
        date = self.page.locator(".memorable").first
        date.get_by_label("Month").select_option(label=month)
        return self.writes({"Day": day, "Year": year}, within=date)

    # ---------------------------------------------------------------- seeing

    def sees(self, *words: str | re.Pattern[str], exact: bool = False) -> Somebody:
        for said in words:
            expect(self.page.get_by_text(said, exact=exact).filter(visible=True).first).to_be_visible(timeout=5000)
        return self

    def does_not_see(self, *words: str | re.Pattern[str]) -> Somebody:
        for said in words:
            expect(self.page.get_by_text(said)).to_have_count(0)
        return self

    def heading(self) -> str:
        return self.page.locator("h1").first.inner_text()

    def is_on(self, name: str) -> bool:
        return name_of(self.page.url) == name

    def must_be_on(self, name: str) -> Somebody:
        said = self.page.locator(".error-summary, .messages").all_inner_texts()
        assert self.is_on(name), f"{self.name} is on {self.page.url} ({name_of(self.page.url)}), not on {name}. {said}"
        return self

    def refused(self) -> str:
        """What the error summary of a refused form says."""
        return self.page.locator(".error-summary").inner_text()
