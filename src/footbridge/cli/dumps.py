"""What backup and restore share: the shape of a backup file, and PostgreSQL's own dump programs.

A backup is one tar file with three members: ``manifest.json`` (what, when, sums, the last seal), ``KEYS.txt`` (a note:
the keys themselves are never inside) and ``database.dump`` (pg_dump's custom format, already compressed).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from psycopg.conninfo import conninfo_to_dict

from footbridge.config import config
from footbridge.kit.embedded import DATABASE, Embedded
from footbridge.kit.embedded.binaries import environment
from footbridge.kit.embedded.cluster import SUPERUSER

FORMAT = 1
MANIFEST, KEYS, DUMP = "manifest.json", "KEYS.txt", "database.dump"
CHUNK = 1024 * 1024

# pg_restore 18 sets this before it begins; servers older than 17 do not know it, and nothing is lost without.
OLD_SERVER = 'unrecognized configuration parameter "transaction_timeout"'


def embedded() -> Embedded:
    return Embedded(config.home, fast=config.test)


def full_url() -> str:
    """The role that sees every row: our own superuser, or the owner on a server."""
    return embedded().place.url(SUPERUSER, DATABASE) if config.embedded else config.urls()[1]


def key_mark() -> str:
    """Tells one field key from another without giving it away."""
    return hmac.new(config.field_key, b"footbridge field key", hashlib.sha256).hexdigest()[:16]


def run(program: str, url: str, words: list[str], counts: str, step: Callable[[int], None]) -> None:
    """Run pg_dump or pg_restore against ``url``; call ``step`` for each line of its report that holds ``counts``."""
    parts = conninfo_to_dict(url)
    env = environment()
    for name, variable in CONNECTION.items():
        if parts.get(name) is not None:
            env[variable] = str(parts[name])  # never on the command line: other users could read it there
    process = subprocess.Popen(
        [str(embedded().bin / program), "--verbose", "--no-password", *words],
        env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    last: list[str] = []
    done = 0
    assert process.stderr is not None
    for line in process.stderr:
        if counts in line:
            done += 1
            step(done)
        if "error:" in line.lower() or "fatal:" in line.lower():
            last.append(line.strip())
    if process.wait() and not (last and all(OLD_SERVER in line for line in last)):
        raise click.ClickException(f"{program} failed: {' / '.join(last[:3]) or 'it gave no reason'}")


CONNECTION = {
    "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}  # fmt: skip


def sum_of(path: Path) -> str:
    total = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            total.update(block)
    return total.hexdigest()


@contextmanager
def private_file(target: Path) -> Iterator[Path]:
    """Write beside the target, readable by its owner alone; move it there only when it is whole and on the disk."""
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield aside
        with aside.open("rb") as file:
            os.fsync(file.fileno())
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def member(tar: tarfile.TarFile, name: str) -> Any:
    try:
        file = tar.extractfile(name)
    except KeyError:
        file = None
    if file is None:
        raise click.ClickException(f"This is not a backup made by 'footbridge backup': it holds no {name}.")
    return file
