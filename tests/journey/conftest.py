"""One life in a real browser: one database, one server and one Chromium for all modules of this folder.

The tests tell one story and run in their order on one worker. When a step fails, the steps after it are skipped: they would
only repeat the same sentence.
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest
from django.core.management import call_command
from django.core.signals import got_request_exception
from django.db import connections
from django.test.testcases import LiveServerThread, _StaticFilesHandler
from django.utils import timezone
from playwright.sync_api import Browser, sync_playwright

from . import program
from .browser import Eyes, Somebody
from .people import Cast, build

T = TypeVar("T")
HERE = str(Path(__file__).parent)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "step: a step of the story; the steps after a failed one are skipped")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if str(item.path).startswith(HERE):
            item.add_marker(pytest.mark.django_db(transaction=True))
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.xdist_group("journey"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.when == "call" and report.failed and item.get_closest_marker("step"):
        life = item.funcargs.get("life")  # type: ignore[attr-defined]
        if life is not None:
            life.stopped_at = life.stopped_at or item.name
            report.sections += [("a bug of the server", bug) for bug in life.bugs[-2:]]
            for person in life.people.values():
                report.sections.append((person.name, f"{person.page.url}\n" + "\n".join(person.troubles[-5:])))


@pytest.fixture
def _django_db_helper() -> None:
    """In place of pytest-django's, which empties the database after each test: here it is emptied after the last."""


def apart(deed: Callable[[], T]) -> T:
    """Ask the database in a thread of its own: the browser's driver keeps an event loop in this one."""
    box: list[Any] = []

    def run() -> None:
        try:
            box.append(deed())
        except BaseException as error:
            box.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(box[0], BaseException):
        raise box[0]
    return box[0]


@pytest.fixture(scope="package")
def cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The staff, a program that meets today, and nobody in care but Max; emptied again when the last step is done."""
    with django_db_blocker.unblock():
        yield apart(build)
        apart(lambda: call_command("flush", verbosity=0, interactive=False, allow_cascade=True))
        connections.close_all()


@pytest.fixture(scope="package")
def server(cast: Cast) -> Iterator[str]:
    thread = LiveServerThread("localhost", _StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://localhost:{thread.port}"
    thread.terminate()


@pytest.fixture(scope="package")
def bugs(server: str) -> Iterator[list[str]]:
    """What the server's pages broke on, so that a failed step says it."""
    found: list[str] = []

    def keep(request: Any = None, **_: Any) -> None:
        found.append(f"{request and request.path}\n{traceback.format_exc(limit=-6)}")

    got_request_exception.connect(keep, weak=False)
    yield found
    got_request_exception.disconnect(keep)


@pytest.fixture(scope="package")
def chromium(server: str) -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def eyes(chromium: Browser) -> Eyes:
    return Eyes(chromium)


class Life(SimpleNamespace):
    """What the steps of the story hand on to each other, and who has sat down before a screen so far."""

    browser: Browser
    server: str
    eyes: Eyes
    people: dict[str, Somebody]
    stopped_at: str
    ahead: timedelta
    bugs: list[str]
    troubles: list[str]
    elsewhere: list[str]

    def somebody(self, name: str, *, phone: bool = False, **options: Any) -> Somebody:
        """The browser of a person; opened when they are first needed."""
        if name not in self.people:
            self.people[name] = Somebody(self.browser, self.server, self.eyes, name, phone=phone, **options)
        return self.people[name]

    def signed_in(self, name: str, *, phone: bool = False) -> Somebody:
        """A person with an account, signed in."""
        known = name in self.people
        who = self.somebody(name, phone=phone)
        return who if known else who.signs_in()

    staff = signed_in

    @property
    def now(self) -> datetime:
        """What time it is for the pages."""
        return program.now() + self.ahead

    def days_pass(self, days: int) -> None:
        """The pages' clock goes on; everybody has gone home and signs in again when they are needed."""
        self.ahead += timedelta(days=days)
        for person in self.people.values():
            self.troubles += person.troubles
            self.elsewhere += person.elsewhere
            person.context.close()
        self.people.clear()


class Clock:
    """Stands in for `timezone` where the middleware reads the hour a page works with."""

    def __init__(self, life: Life) -> None:
        self.life = life

    def now(self) -> datetime:
        return self.life.now

    def __getattr__(self, name: str) -> Any:
        return getattr(timezone, name)


@pytest.fixture(scope="package")
def story(chromium: Browser, server: str, eyes: Eyes, cast: Cast, bugs: list[str]) -> Iterator[Life]:
    life = Life(
        bugs=bugs,
        browser=chromium,
        server=server,
        eyes=eyes,
        cast=cast,
        people={},
        stopped_at="",
        today=program.today(program.now()),
    )
    life.ahead, life.troubles, life.elsewhere = timedelta(), [], []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("footbridge.wiring.middleware.timezone", Clock(life))
        yield life
    for person in life.people.values():
        person.context.close()


@pytest.fixture
def life(story: Life, request: pytest.FixtureRequest) -> Life:
    if story.stopped_at and request.node.get_closest_marker("step"):
        pytest.skip(f"the story stopped at {story.stopped_at}")
    return story
