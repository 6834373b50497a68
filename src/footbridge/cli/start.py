"""`start` brings everything up on one machine; `web` and `worker` are its parts, for those with another supervisor."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import click
import psycopg

from footbridge.cli import ready
from footbridge.cli.children import Child, Supervisor
from footbridge.config import config
from footbridge.kit.embedded import Embedded

DEMO_PEOPLE = "demo-people.txt"  # below home; written by `footbridge demo`
DEMO_UNFINISHED = "demo-unfinished"  # stands there only while the demo is being made
STILL_AFTER = timedelta(minutes=5)  # as data/alarm_clocks.yaml says, which this small process does not read
STALLED_AFTER = 60.0  # seconds without a sign of life from the worker that held the job


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port for the web server. [default: FOOTBRIDGE_PORT or 8000]"
)
@click.option("--bind", help="Address to listen on. [default: FOOTBRIDGE_BIND or 127.0.0.1, this machine only]")
@click.option("--demo/--no-demo", default=None, help="Load the demo program into a new database. [default: yes]")
def start(port: int | None, bind: str | None, demo: bool | None) -> None:
    """Start Footbridge: database, tables, web server and worker. Ctrl-C stops all of it.

    The first start makes everything it needs below var/ and loads a demo program with invented people, unless you say
    --no-demo or use a database server (DATABASE_URL). Parts that die are started again.
    """
    for name, value in (("FOOTBRIDGE_PORT", port), ("FOOTBRIDGE_BIND", bind)):
        if value is not None:  # children read it there
            os.environ[name] = str(value)
    with _only_one():
        _wait_for_port(config.bind, config.port)
        supervisor = Supervisor([], lambda text: ready.console.print(f"[yellow]{text}[/yellow]"))
        supervisor.listen()
        with ready.database() as embedded:
            ready.done("Database", _database_words())
            _prepare(demo, supervisor, embedded)
            if supervisor.stopping:
                return
            worker = Child("worker", _own("worker", "--supervised"))
            supervisor.children += [Child("web server", web_command()), worker]
            if embedded:
                supervisor.every(1, lambda: _keep_database(embedded, supervisor, worker))
            supervisor.every(60, lambda: _tell_recovered(supervisor))
            watching = Watching(supervisor)
            supervisor.every(60, watching.look)
            supervisor.run(lambda: _announce(supervisor))
            ready.console.print("Stopping…")
    ready.console.print("Stopped. Everything that was saved is safe.")


@click.command(short_help="Run the web server alone, under your own supervisor.")
def web() -> None:
    """Run the web server alone (for your own process supervisor). See docs/install.md, Production."""
    with ready.database():
        if not config.embedded:
            os.execv(sys.executable, web_command())  # noqa: S606
        supervisor = Supervisor([Child("web server", web_command())], click.echo)
        supervisor.listen()
        supervisor.run(lambda: None)


@click.command(short_help="Run the worker alone, under your own supervisor.")
@click.option("--supervised", is_flag=True, hidden=True, help="footbridge start looks after stalled jobs itself.")
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(1, 32), help="Jobs done at the same time.")
def worker(supervised: bool, jobs: int) -> None:
    """Run the worker alone: it sends notices and does what is due (for your own process supervisor)."""
    with ready.django():
        from procrastinate.contrib.django import app

        async def work() -> None:
            with app.replace_connector(app.connector.get_worker_connector()) as ours:
                async with ours.open_async():
                    looking = None if supervised else asyncio.create_task(_keep_recovering(ours))
                    try:
                        await ours.run_worker_async(concurrency=jobs, shutdown_graceful_timeout=15)
                    finally:
                        if looking:
                            looking.cancel()

        asyncio.run(work())


def web_command() -> list[str]:
    return [
        sys.executable, "-m", "footbridge.wiring.serving", "footbridge.wiring.wsgi:application", "--interface", "wsgi",
        "--host", config.bind, "--port", str(config.port),
        "--workers", str(config.web_workers), "--blocking-threads", str(config.web_threads),
        "--blocking-threads-idle-timeout", "600",  # a thread that ends takes its database connection along
        "--respawn-failed-workers", "--workers-kill-timeout", "15", "--log-level", "warning", "--no-ws",
    ]  # fmt: skip


def _own(*words: str) -> list[str]:
    return [sys.executable, "-m", "footbridge", *words]


# -- getting there ---------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    path = config.ready_home() / "start.lock"
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        said = os.read(lock, 200).decode(errors="replace").strip()
        raise click.ClickException(f"Footbridge already runs from this folder ({said}).") from None
    os.truncate(lock, 0)
    os.write(lock, f"process {os.getpid()}, {config.base_url}\n".encode())
    try:
        yield
    finally:
        os.close(lock)


def _wait_for_port(host: str, port: int) -> None:
    """The port may be busy for a moment after a kill -9 of an earlier start."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for attempt in range(20):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                return
            except PermissionError:
                raise click.ClickException(
                    f"Port {port} needs more rights. Choose one from 1024: --port 8000."
                ) from None
            except OSError as error:
                if attempt == 19:
                    raise click.ClickException(
                        f"Port {port} on {host} cannot be used ({error.strerror}). Choose another with --port."
                    ) from None
        time.sleep(0.25)


def _database_words() -> str:
    if not config.embedded:
        from psycopg.conninfo import conninfo_to_dict

        parts = conninfo_to_dict(config.urls()[0])
        return f"{parts.get('dbname')} on {parts.get('host', 'this machine')}"
    return f"PostgreSQL 18 in {Embedded(config.home, fast=config.test).place.base}"


def _prepare(demo: bool | None, supervisor: Supervisor, embedded: Embedded | None) -> None:
    """Tables as the owner, then demo data as the application: two processes, because a process keeps its role."""
    unfinished = config.home / DEMO_UNFINISHED
    if embedded and unfinished.exists():
        # Half a demo is no demo. But a database in which anybody real has an account is never thrown away.
        if not _anybody_real():
            supervisor.say("The demo program was interrupted the last time; beginning anew.")
            embedded.renew()
        unfinished.unlink()
    _run(supervisor, "migrate")
    wanted = demo if demo is not None else config.demo and config.embedded
    if wanted and not supervisor.stopping and not _anybody():
        _run(supervisor, "demo", "--silent")


def _anybody(demo: bool = False) -> bool:
    """Has the database any account (of the demo)? Asked without Django, so that the supervisor stays small."""
    with psycopg.connect(config.urls()[0]) as db:
        return db.execute("SELECT 1 FROM access_user WHERE is_demo OR NOT %s LIMIT 1", [demo]).fetchone() is not None


def _anybody_real() -> bool:
    with psycopg.connect(config.urls()[0]) as db:
        try:
            return db.execute("SELECT 1 FROM access_user WHERE NOT is_demo LIMIT 1").fetchone() is not None
        except psycopg.errors.UndefinedTable:
            return False


def _keep_database(embedded: Embedded, supervisor: Supervisor, worker: Child) -> None:
    if embedded.revive():
        supervisor.say("The database had ended and was started again.")
        worker.restart()  # it would go on, but no longer hear of new jobs at once


def _run(supervisor: Supervisor, *words: str) -> None:
    """One of our own commands, to its end or until we are asked to stop."""
    step = Child(words[0], _own(*words))
    step.start()
    assert step.process is not None
    while (code := step.process.poll()) is None:
        if supervisor.stopping:
            step.restart()
            return
        time.sleep(0.05)
    if code:
        raise click.exceptions.Exit(code if code > 0 else 1)


def _announce(supervisor: Supervisor) -> None:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(config.bind, config.bind)  # noqa: S104
    url = f"http://{host}:{config.port}/"
    until = time.monotonic() + 60
    while not supervisor.stopping:
        for child in supervisor.children:
            child.tend(supervisor.say)
        if code := _answers(url):
            break
        if time.monotonic() > until:
            ready.console.print("[red]The web server does not answer yet. Its messages above say why.[/red]")
            return
        time.sleep(0.1)
    else:
        return
    if code < 500:
        ready.done("Web server and worker")
    else:
        ready.console.print(f"[red]The web server answers with an error ({code}). Its messages above say why.[/red]")
    ready.console.print(f"\nFootbridge is open at [bold]{config.base_url}[/bold]")
    people = config.home / DEMO_PEOPLE
    if people.is_file() and _anybody(demo=True):
        ready.console.print(people.read_text().rstrip(), markup=False)
    ready.console.print("Ctrl-C stops it.\n")


def _answers(url: str) -> int:
    """The HTTP status of the first page, 0 while nobody answers. What it says to a stranger is its own affair."""
    name = config.hosts[0].lstrip(".") if config.hosts and config.hosts[0] != "*" else "localhost"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers={"Host": name}), timeout=10) as page:  # noqa: S310
            return int(page.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


# -- a worker that stands still ----------------------------------------------------------------------------------------


class Watching:
    """When the ladder of alarms stands still, `footbridge watch` does a round in a process of its own: this one stays small, and
    a mail server that does not answer must not hold it. Its first look comes late enough for a worker that begins."""

    def __init__(self, supervisor: Supervisor) -> None:
        self.say = supervisor.say
        self.round: subprocess.Popen[bytes] | None = None
        self.begun = datetime.now(UTC)

    def look(self) -> None:
        if self.round is not None and self.round.poll() is None:
            return
        try:
            since = self._still_since()
        except psycopg.Error as trouble:
            self.say(f"The worker could not be looked after: {type(trouble).__name__}.")
            return
        if since is not None:
            self.say(f"The worker has passed no alarm on since {since:%H:%M} UTC. Doing that in its place.")
            self.round = subprocess.Popen(_own("watch"), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def _still_since(self) -> datetime | None:
        with psycopg.connect(config.urls()[0]) as db:
            row = db.execute("SELECT at FROM work_beat WHERE name = 'ladder'").fetchone()
        # What the beat says of the time before this start is no news: the machine was off.
        last = max(row[0], self.begun) if row else self.begun
        return last if datetime.now(UTC) - last > STILL_AFTER else None


# -- jobs whose worker died --------------------------------------------------------------------------------------------


def _tell_recovered(supervisor: Supervisor) -> None:
    try:
        count = asyncio.run(_recover_at(config.urls()[0]))
    except Exception as trouble:  # the next round comes in a minute; the web must not stop for this
        supervisor.say(f"Stalled jobs could not be looked for: {type(trouble).__name__}.")
        return
    if count:
        supervisor.say(f"{count} jobs whose worker had died are done again.")


async def _recover_at(url: str) -> int:
    from procrastinate import App, PsycopgConnector

    app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=1))
    async with app.open_async():
        return await recover(app)


async def recover(app: Any) -> int:
    """Hand jobs of dead workers out again; every job is safe to run twice. Returns how many."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER))
    for job in stalled:
        await app.job_manager.retry_job(job)
    return len(stalled)


async def _keep_recovering(app: Any) -> None:
    while True:
        await asyncio.sleep(60)
        with contextlib.suppress(Exception):
            await recover(app)
