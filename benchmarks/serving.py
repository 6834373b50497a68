"""The product as it runs: web server and worker as child processes, what they cost, and people who ask for pages."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
PATIENCE = 30  # seconds one request may take


@dataclass
class Served:
    """A running web server (master and workers) and worker on one database."""

    port: int
    web: subprocess.Popen
    worker: subprocess.Popen
    log: Path

    def web_processes(self) -> list[int]:
        return family(self.web.pid)


@contextlib.contextmanager
def served(env: dict[str, str], log: Path, ready_path: str = "/sign-in/") -> Iterator[Served]:
    """`footbridge web` and `footbridge worker` on a free port of the loopback, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**env, "FOOTBRIDGE_PORT": str(port), "FOOTBRIDGE_BIND": "127.0.0.1", "FOOTBRIDGE_BASE_URL": ""}
    with log.open("ab") as out:
        children = [
            subprocess.Popen(
                [sys.executable, "-m", "footbridge", part], env=env, stdout=out, stderr=out, start_new_session=True
            )
            for part in ("web", "worker")
        ]
    running = Served(port, children[0], children[1], log)
    try:
        _wait(running, ready_path)
        yield running
    finally:
        for child in children:
            child.terminate()
        for child in children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(20)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)


def _wait(running: Served, path: str, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if running.web.poll() is not None:
            break
        with contextlib.suppress(OSError, http.client.HTTPException):
            ask = http.client.HTTPConnection("127.0.0.1", running.port, timeout=5)
            ask.request("GET", path)
            if ask.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise SystemExit(f"The web server does not answer; see {running.log}.")


# -- what processes cost ---------------------------------------------------------------------------------------------


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                found += family(int(child))
    return found


def cpu_ms(pids: list[int]) -> float:
    """CPU time (user and system) these processes have taken so far, in milliseconds."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
    return total * TICK_MS


def memory_mib(pids: list[int]) -> tuple[float, float]:
    """(PSS, RSS) of these processes together in MiB. PSS counts shared pages once, RSS once for each process."""
    pss = rss = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    pss += int(line.split()[1])
                elif line.startswith("Rss:"):
                    rss += int(line.split()[1])
    return pss / 1024, rss / 1024


# -- people ----------------------------------------------------------------------------------------------------------


class Person:
    """Somebody signed in with a browser that keeps its connection and cookies."""

    def __init__(self, port: int, email: str, password: str) -> None:
        self.port, self.cookies = port, {"language": "en"}
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        _status, page = self.get("/sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        if token is None:
            raise SystemExit("The sign-in page has no form.")
        form = {"csrfmiddlewaretoken": token.group(1), "login": email, "password": password}
        status, _page = self.ask("POST", "/sign-in/", urlencode(form))
        if status not in (302, 303):
            raise SystemExit(f"{email} could not sign in (status {status}).")

    def again(self) -> Person:
        """The same person with a connection of their own, for another thread."""
        twin = object.__new__(Person)
        twin.port, twin.cookies = self.port, dict(self.cookies)
        twin.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        return twin

    def get(self, path: str) -> tuple[int, str]:
        return self.ask("GET", path)

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept": "text/html",
            "Accept-Language": "en",
        }
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"http://localhost:{self.port}/sign-in/",
            }
        try:
            self.line.request(method, path, body, headers)
            answer = self.line.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.line.close()  # idle too long: browsers open a new connection and so do we
            self.line.request(method, path, body, headers)
            answer = self.line.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for header in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = header.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        return answer.status, text


def timed(person: Person, path: str) -> tuple[float, int, int]:
    """(milliseconds on the loopback until the whole page is read, status, size in bytes)."""
    began = time.perf_counter()
    status, text = person.get(path)
    return (time.perf_counter() - began) * 1000, status, len(text)


def together(calls: list[tuple[Person, str]], users: int, seconds: float) -> list[tuple[float, int, int]]:
    """The calls shared out among `users` who ask at the same time, stopped after `seconds`."""
    found: list[tuple[float, int, int]] = []
    until = time.monotonic() + seconds

    def ask(mine: list[tuple[Person, str]]) -> None:
        own: dict[int, Person] = {}
        for person, path in mine:
            if time.monotonic() > until:
                return
            found.append(timed(own.setdefault(id(person), person.again()), path))

    threads = [threading.Thread(target=ask, args=(calls[n::users],)) for n in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
