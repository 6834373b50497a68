"""The embedded database: who may reach it, what the two roles may do, and that a kill loses nothing acknowledged."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from footbridge.kit.embedded import Embedded, EmbeddedTrouble, places


@pytest.fixture
def home() -> Iterator[Path]:
    # Not tmp_path: pytest closes its folders to others, and a root's server runs as another user.
    folder = Path(tempfile.mkdtemp(prefix="fb-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder / "var"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def running() -> Iterator[Embedded]:
    """One real cluster (fsync on) for the tests that only look."""
    folder = Path(tempfile.mkdtemp(prefix="fb-", dir="/tmp"))
    folder.chmod(0o755)
    with Embedded(folder / "var").running() as server:
        yield server
    shutil.rmtree(folder, ignore_errors=True)


def ask(url: str, query: str) -> object:
    with psycopg.connect(url) as db:
        row = db.execute(query).fetchone()
        return row[0] if row else None


def test_only_a_private_socket_leads_to_it(running: Embedded) -> None:
    app, _ = running.urls()
    place = running.place
    for folder in (place.base, place.data, place.socket_dir):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
        assert folder.stat().st_uid == place.uid != 0
    assert ask(app, "SHOW listen_addresses") == ""
    assert ask(app, "SHOW fsync") == ask(app, "SHOW full_page_writes") == ask(app, "SHOW data_checksums") == "on"
    locale = "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = current_database()"
    assert ask(app, locale) == "bC.UTF-8"
    hba = (place.data / "pg_hba.conf").read_text()
    assert "trust" not in hba and "host   all  all  all   reject" in hba


def test_the_server_is_not_root(running: Embedded) -> None:
    pid = running.pid()
    assert pid and Path(f"/proc/{pid}").stat().st_uid == running.place.uid != 0


def test_the_application_uses_tables_but_owns_none(running: Embedded) -> None:
    app, owner = running.urls()
    with psycopg.connect(owner, autocommit=True) as db:
        db.execute("CREATE TABLE notes (id bigserial PRIMARY KEY, said text)")
    with psycopg.connect(app, autocommit=True) as db:
        db.execute("INSERT INTO notes (said) VALUES ('hello')")
        db.execute("UPDATE notes SET said = 'Hello'")
        for forbidden in (
            "CREATE TABLE mine (id int)",
            "ALTER TABLE notes ADD COLUMN more text",
            "DROP TABLE notes",
            "TRUNCATE notes",
            "SET ROLE footbridge_owner",
            "CREATE ROLE another",
            "CREATE DATABASE another",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(forbidden)
        rights = db.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert rights == (False, False, False, False)
    assert ask(app, "SELECT count(*) FROM pg_tables WHERE tableowner = 'footbridge_app'") == 0
    with psycopg.connect(owner, autocommit=True) as db:
        db.execute("DROP TABLE notes")


def test_a_second_process_shares_the_server_and_the_last_one_stops_it(home: Path) -> None:
    script = textwrap.dedent(f"""
        import sys
        from footbridge.kit.embedded import Embedded
        with Embedded({str(home)!r}, fast=True).running() as server:
            print(server.pid(), flush=True)
            sys.stdin.readline()
    """)
    both = [
        subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    pids = {process.stdout.readline() for process in both}  # type: ignore[union-attr]
    assert len(pids) == 1
    server = Embedded(home, fast=True)
    both[0].communicate("\n", timeout=20)
    assert server.pid() == int(pids.pop()), "it must serve on while somebody uses it"
    both[1].communicate("\n", timeout=20)
    assert server.pid() is None
    assert [process.returncode for process in both] == [0, 0]


def test_kill_9_loses_no_acknowledged_commit(home: Path) -> None:
    server = Embedded(home)
    with server.running():
        app, owner = server.urls()
        with psycopg.connect(owner, autocommit=True) as db:
            db.execute("CREATE TABLE acknowledged (n bigint PRIMARY KEY)")
        written: list[int] = []
        finished = threading.Event()

        def write() -> None:
            number = 0
            while not finished.is_set():
                try:
                    with psycopg.connect(app, autocommit=True) as db:
                        while not finished.is_set():
                            number += 1
                            db.execute("INSERT INTO acknowledged VALUES (%s)", [number])
                            written.append(number)
                except psycopg.OperationalError:
                    time.sleep(0.01)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for _ in range(4):
                time.sleep(0.4)
                pid = server.pid()
                assert pid
                os.kill(pid, signal.SIGKILL)
                until = time.monotonic() + 20
                while not server.revive():  # the killed process is not gone at once
                    assert time.monotonic() < until
                    time.sleep(0.01)
        finally:
            finished.set()
            writer.join()
        with psycopg.connect(app) as db:
            kept = {number for (number,) in db.execute("SELECT n FROM acknowledged")}
    assert len(written) > 50
    assert set(written) <= kept
    assert server.pid() is None


def test_a_left_over_pid_file_of_another_process_does_not_stop_the_start(home: Path) -> None:
    server = Embedded(home, fast=True)
    with server.running():
        pass
    place = server.place
    # The number of a process that lives, but is not ours: as after a restart of the machine.
    lines = [os.getpid(), place.data, 0, 5432, place.socket_dir, "", "0 0", "ready"]
    (place.data / "postmaster.pid").write_text("\n".join(map(str, lines)) + "\n")
    (place.socket_dir / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")
    with server.running():
        assert ask(server.urls()[0], "SELECT 1") == 1


def test_a_deep_folder_gets_a_short_socket(home: Path) -> None:
    deep = home.joinpath(*["a-folder-with-a-long-name"] * 4)
    server = Embedded(deep, fast=True)
    with server.running():
        place = server.place
        assert not place.socket_dir.is_relative_to(deep)
        assert places.fits(place.socket_dir)
        assert stat.S_IMODE(place.socket_dir.stat().st_mode) == 0o700
        assert ask(server.urls()[0], "SELECT 1") == 1
    shutil.rmtree(place.socket_dir)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
def test_roots_closed_folders_put_the_data_where_the_service_user_may_go(home: Path) -> None:
    closed = home.parent / "closed"
    closed.mkdir(mode=0o700)
    server = Embedded(closed / "var", fast=True)
    with server.running():
        assert server.place.base.is_relative_to(places.SYSTEM_HOME)
        assert ask(server.urls()[1], "SELECT current_user") == "footbridge_owner"
    shutil.rmtree(server.place.base.parent)


def test_a_folder_of_somebody_else_is_refused(home: Path) -> None:
    place = Embedded(home, fast=True).place
    home.mkdir(mode=0o711)
    place.base.mkdir()
    os.chown(place.base, 12345, -1) if os.geteuid() == 0 else pytest.skip("only root can give a folder away")
    with pytest.raises(EmbeddedTrouble, match="does not belong to"), Embedded(home, fast=True).running():
        pass
