"""The supervisor of `footbridge start`: keeps web server, worker and database alive, and stops them in order."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

PATIENCE = 20  # seconds a child may take to finish what it is doing
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process. A child that keeps dying is started again ever more slowly, at most once a minute."""

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started: float = 0.0
    next_start: float = 0.0

    def start(self) -> None:
        # Its own session: Ctrl-C reaches the supervisor alone, which then stops children in order.
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.env},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with(os.getpid()),
        )
        self.started = time.monotonic()

    def tend(self, say: Callable[[str], None]) -> None:
        now = time.monotonic()
        if self.process is None:
            if now >= self.next_start:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            if self.deaths and now - self.started > 60:
                self.deaths = 0
            return
        self.clear()
        self.deaths += 1
        wait = min(60, 2 ** (self.deaths - 1) - 1)
        self.next_start = now + wait
        say(
            f"The {self.name} ended unexpectedly ({_how(code)}); starting it again"
            + (f" in {wait} s." if wait else ".")
        )

    def clear(self) -> None:
        """End whatever the dead child left behind: a web worker without its parent would hold the port."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process = None

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def restart(self) -> None:
        """Ask it to end and wait, counting that as no failure; `tend` starts it again."""
        self.ask_to_stop()
        self.wait(time.monotonic() + PATIENCE)

    def wait(self, until: float) -> None:
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, until - time.monotonic()))
        self.clear()


class Supervisor:
    """Runs children until SIGINT or SIGTERM. ``each_second`` are further duties, each with its own period."""

    def __init__(self, children: list[Child], say: Callable[[str], None]) -> None:
        self.children = children
        self.say = say
        self.duties: list[tuple[float, Callable[[], None]]] = []
        self._stopping = False

    def every(self, seconds: float, duty: Callable[[], None]) -> None:
        self.duties.append((seconds, duty))

    def listen(self) -> None:
        for order in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(order, self._stop)

    @property
    def stopping(self) -> bool:
        return self._stopping

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def run(self, ready: Callable[[], None]) -> None:
        due = {index: time.monotonic() + seconds for index, (seconds, _) in enumerate(self.duties)}
        try:
            for child in self.children:
                child.start()
            ready()
            while not self._stopping:
                for child in self.children:
                    child.tend(self.say)
                for index, (seconds, duty) in enumerate(self.duties):
                    if time.monotonic() >= due[index]:
                        due[index] = time.monotonic() + seconds
                        duty()
                time.sleep(0.2)
        finally:
            until = time.monotonic() + PATIENCE
            for child in self.children:
                child.ask_to_stop()
            for child in self.children:
                child.wait(until)


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _die_with(parent: int) -> Callable[[], None]:
    """Linux: when the supervisor is killed, its children are asked to stop instead of living on with the port."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def prepare() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # killed in between
            os._exit(1)

    return prepare
