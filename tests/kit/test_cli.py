"""The console command as an IT person meets it: help that reads, sentences for trouble, backups that come back."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from footbridge.cli import COMMANDS, cli
from footbridge.config import ConfigTrouble, config, load
from footbridge.ground.instruments.shelf import packaged
from footbridge.kit.embedded import APP, OWNER, Embedded
from footbridge.kit.embedded.cluster import grant_nothing_by_default

from ..database import address

PASSWORD = "correct horse battery"


def footbridge(*words: str, home: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "footbridge", *words], env=environment(home, env), capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip


def environment(home: Path, more: dict[str, str]) -> dict[str, str]:
    ours = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("FOOTBRIDGE_", "DATABASE_", "PYTEST_"))
    }
    return {**ours, "FOOTBRIDGE_HOME": str(home)} | more


@pytest.fixture(scope="module")
def home(django_db_modify_db_settings: None) -> Iterator[Path]:
    """One installation with its tables: copied from the tests' own, because making them all takes a while."""
    from django.conf import settings

    folder = Path(tempfile.mkdtemp(prefix="fb-", dir="/tmp"))
    folder.chmod(0o755)
    home = folder / "var"
    server = Embedded(home)
    template = address(config.urls()[1], settings.DATABASES["default"]["TEST"]["TEMPLATE"])
    with server.running():
        with psycopg.connect(server.urls()[1], autocommit=True) as db:
            grant_nothing_by_default(db, OWNER, APP)
        dump = folder / "tables.dump"
        for command in (
            ["pg_dump", "--format=custom", "--no-owner", f"--file={dump}", template],
            ["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={server.urls()[1]}", str(dump)],
        ):
            subprocess.run([server.bin / command[0], *command[1:]], check=True, capture_output=True, text=True)
        made = footbridge("migrate", home=home)
        assert made.returncode == 0, made.stderr
        assert "Tables  up to date" in made.stdout
    yield home
    shutil.rmtree(folder, ignore_errors=True)


# -- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [[], *([name] for name in COMMANDS if name != "django"), ["program", "import"]])
def test_help_reads_in_whole_sentences(name: list[str]) -> None:
    result = CliRunner().invoke(cli, [*name, "--help"])
    assert result.exit_code == 0
    assert "..." not in result.output.replace("[OPTIONS] COMMAND [ARGS]...", "").replace("[WORDS]...", "")


def test_the_stages_of_the_demo_are_those_the_help_names() -> None:
    from footbridge.cli.people import STAGES
    from footbridge.wiring.demo.story import STAGES as BUILT

    assert list(STAGES) == list(BUILT)


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ({"DATABASE_URL": "mysql://somewhere/db"}, "DATABASE_URL must start with postgresql://"),
        ({"DATABASE_URL": "postgresql://host"}, "names no database"),
        ({"FOOTBRIDGE_PORT": "many"}, "FOOTBRIDGE_PORT"),
        ({"FOOTBRIDGE_FIELD_KEY": "c2hvcnQ="}, "32 bytes"),
        ({"FOOTBRIDGE_SECRET_KEY": "short"}, "too short"),
        ({"FOOTBRIDGE_BASE_URL": "care.example.org"}, "must look like https://"),
        ({"DATABASE_OWNER_URL": "postgresql://host/db"}, "give both or neither"),
    ],
)
def test_a_wrong_setting_is_told_in_a_sentence(
    env: dict[str, str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigTrouble, match=says):
        load(home=tmp_path)


def test_keys_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    first, second = load(home=tmp_path / "var"), load(home=tmp_path / "var")
    assert first.secret_key == second.secret_key
    assert first.field_key == second.field_key
    assert len(first.field_key) == 32
    for name in ("secret.key", "field.key"):
        assert (tmp_path / "var" / name).stat().st_mode & 0o777 == 0o600


def test_a_server_that_is_away_is_no_traceback(tmp_path: Path) -> None:
    done = footbridge("migrate", home=tmp_path / "var", DATABASE_URL="postgresql://a@127.0.0.1:9/db?connect_timeout=2")
    assert done.returncode == 1
    assert done.stderr.startswith("The database does not answer:")
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_backup_is_no_traceback(tmp_path: Path) -> None:
    wrong = tmp_path / "letter.tar"
    wrong.write_text("Dear Sir")
    done = footbridge("restore", "--yes", str(wrong), home=tmp_path / "var")
    assert done.returncode == 1
    assert "is not a backup made by" in done.stderr
    assert "Traceback" not in done.stderr


# -- deeds ------------------------------------------------------------------------------------------------------------


def test_check_names_what_is_missing(home: Path) -> None:
    done = footbridge("check", "--deploy", home=home, FOOTBRIDGE_DEBUG="1", FOOTBRIDGE_HOSTS="*")
    assert done.returncode == 1
    for word in ("TLS:", "Hosts:", "Debug:", "Database: DATABASE_URL", "Mail:", "Backups:", "Program:"):
        assert word in done.stdout, word
    assert "Tables:" not in done.stdout


def test_the_first_administrator_a_backup_and_the_way_back(home: Path) -> None:
    made = footbridge(
        "create-admin",
        "--email",
        "Ann@Example.org",
        "--name",
        "Ann Example",
        home=home,
        FOOTBRIDGE_ADMIN_PASSWORD=PASSWORD,
    )
    assert made.returncode == 0, made.stderr
    again = footbridge("create-admin", "--email", "ann@example.org", "--name", "A", "--password", PASSWORD, home=home)
    assert again.returncode == 1
    assert "already" in again.stderr

    backup = home.parent / "kept.tar"
    saved = footbridge("backup", str(backup), home=home)
    assert saved.returncode == 0, saved.stderr
    assert backup.stat().st_mode & 0o777 == 0o600
    with tarfile.open(backup) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))  # type: ignore[arg-type]
        assert tar.getnames() == ["manifest.json", "KEYS.txt", "database.dump"]
        assert (home / "field.key").read_text().strip().encode() not in backup.read_bytes()
    # Three for the administrator, one for each questionnaire that came with this version.
    assert manifest["acts"] == 3 + len(list(packaged()))
    assert manifest["roles"] == ["footbridge_app"]

    server = Embedded(home)
    with server.running(), psycopg.connect(server.urls()[1], autocommit=True) as db:
        db.execute("UPDATE access_user SET is_active = false")
    back = footbridge("restore", "--yes", str(backup), home=home)
    assert back.returncode == 0, back.stderr + back.stdout
    with server.running(), psycopg.connect(server.urls()[0], autocommit=True) as db:
        assert db.execute("SELECT email, is_active FROM access_user").fetchall() == [("ann@example.org", True)]
        # What the application may not do, it may not do after a restore either.
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("DELETE FROM trail_act")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("CREATE TABLE mine (id int)")
        kept = db.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'footbridge_before_%'").fetchone()
        assert kept == (1,)

    damaged = bytearray(backup.read_bytes())
    damaged[-20000] ^= 1
    backup.write_bytes(bytes(damaged))
    refused = footbridge("restore", "--yes", str(backup), home=home)
    assert refused.returncode == 1
    assert "damaged" in refused.stderr


def test_start_serves_and_stops_on_a_signal(home: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = home.parent / "start.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "footbridge", "start", "--no-demo", "--port", str(port)],
            env=environment(home, {}), stdout=out, stderr=out,
        )  # fmt: skip
        try:
            until = time.monotonic() + 60
            while "is open at" not in log.read_text():
                assert process.poll() is None and time.monotonic() < until, log.read_text()
                time.sleep(0.1)
            with pytest.raises(urllib.error.HTTPError) as answer:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/no-such-page/", timeout=10)
            assert answer.value.code in {403, 404}
            answer.value.close()
            second = footbridge("start", home=home)
            assert second.returncode == 1
            assert "already runs" in second.stderr
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(40)
    assert process.returncode == 0, log.read_text()
    assert "Everything that was saved is safe" in log.read_text()
    assert Embedded(home).pid() is None
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", port))
