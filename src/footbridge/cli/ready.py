"""What commands stand on: a database that answers, Django set up as the right role, one look for the console."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
import psycopg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from footbridge.config import config
from footbridge.kit.embedded import Embedded

OLDEST_SERVER = 150000
PLAIN_EVERY = 5.0  # seconds between two lines about long work when nobody watches

console = Console(highlight=False, soft_wrap=True)


def done(what: str, detail: str = "") -> None:
    """One finished step."""
    console.print(f"[green]✓[/green] {what}" + (f"  [dim]{detail}[/dim]" if detail else ""))


@contextmanager
def database() -> Iterator[Embedded | None]:
    """For as long as the block runs there is a database: our own (started if need be), or DATABASE_URL's."""
    if config.embedded:
        with Embedded(config.home, fast=config.test).running() as embedded:
            yield embedded
        return
    with psycopg.connect(config.urls()[0], connect_timeout=10) as db:
        if db.info.server_version < OLDEST_SERVER:
            raise click.ClickException(
                f"The database server is PostgreSQL {db.info.server_version // 10000}; Footbridge needs 15 or newer."
            )
    yield None


@contextmanager
def django(owner: bool = False) -> Iterator[None]:
    """A database and Django, as the application role; as the owner of the tables only where tables change."""
    if owner:
        os.environ["FOOTBRIDGE_AS_OWNER"] = "1"
    with database():
        import django as framework

        framework.setup()
        yield


@contextmanager
def progress(label: str) -> Iterator[Callable[..., None]]:
    """A bar for long work. Yields ``step(done, total, label="")``; prints plain lines when nobody watches."""
    if not console.is_terminal:
        last = [time.monotonic()]

        def tell(so_far: int, total: int, text: str = "") -> None:
            if time.monotonic() - last[0] > PLAIN_EVERY:
                last[0] = time.monotonic()
                percent = int(100 * so_far / total) if total else 100
                console.print(f"  {label}: {percent} %" + (f" ({text})" if text else ""))

        yield tell
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(label, total=None)

        def draw(so_far: int, total: int, text: str = "") -> None:
            bar.update(task, completed=so_far, total=total, description=f"{label}: {text}" if text else label)

        yield draw
