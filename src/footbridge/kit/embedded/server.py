"""The supervisor: starts the server, waits until it answers, finds it again, stops it, recovers after a kill."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from footbridge.kit.embedded import binaries, cluster, places
from footbridge.kit.embedded.places import APP, OWNER, PORT, EmbeddedTrouble, Place

LOG_LIMIT = 10 * 1024 * 1024  # bytes; an older log is kept once, as server.log.1


class Embedded:
    """One PostgreSQL cluster below ``home``. ``fast`` is the separate cluster for tests: quick, not crash-safe."""

    def __init__(self, home: Path | str, fast: bool = False) -> None:
        self.home = Path(home)
        self.fast = fast
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def place(self) -> Place:
        return places.find(self.home, self.fast)

    def urls(self) -> tuple[str, str]:
        """(address for the application role, address for the owner role). Does not start anything."""
        place = self.place
        return place.url(APP), place.url(OWNER)

    @property
    def bin(self) -> Path:
        """The folder with psql, pg_dump and pg_restore of the same version as the server."""
        return binaries.installed() / "bin"

    # -- making ------------------------------------------------------------------------------------------------------

    def ensure(self) -> None:
        """Make folders and cluster where missing, and bring its settings up to date."""
        place = self._provide()
        if not (place.data / "PG_VERSION").is_file():
            cluster.make(place, self._programs(place), self.fast)
        version = (place.data / "PG_VERSION").read_text().strip()
        if version != "18":
            raise EmbeddedTrouble(
                f"The data in {place.data} was written by PostgreSQL {version}; this Footbridge brings PostgreSQL 18. "
                "Restore a backup into a new home, as docs/install.md describes under Upgrading."
            )
        cluster.configure(place, self.fast)

    def _provide(self) -> Place:
        """The account and the folders, one process at a time: two test workers who begin together on a new machine would
        make two accounts, or find each other's folder half made."""
        turn = os.open(tempfile.gettempdir(), os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(turn, fcntl.LOCK_EX)
            _provide_service_user()
            place = self.place
            _provide_folders(place)
        finally:
            os.close(turn)
        return place

    def _programs(self, place: Place) -> Path:
        return binaries.for_user(place.drops)

    # -- starting and stopping -----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the server as a child, after whatever is left of an earlier one has gone. Returns before it answers."""
        place = self.place
        if self.pid():
            return
        if self._child is not None:
            self._child.wait()  # dead already: this only clears its entry
        _wait_for_remnants(place)
        # We hold the lock and nothing of ours runs: files that say otherwise are left over from a kill.
        for stale in (place.data / "postmaster.pid", *place.socket_dir.glob(f".s.PGSQL.{PORT}*")):
            stale.unlink(missing_ok=True)
        if place.log.exists() and place.log.stat().st_size > LOG_LIMIT:
            place.log.replace(place.log.with_suffix(".log.1"))
        with open(os.open(place.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            if place.drops:
                os.fchown(log.fileno(), place.uid, place.gid)
            # Its own session: Ctrl-C in the terminal must reach us, not the database under the feet of the web server.
            self._child = subprocess.Popen(
                [str(self._programs(place) / "bin" / "postgres"), "-D", str(place.data)],
                stdout=log,
                stderr=log,
                start_new_session=True,
                **cluster.as_user(place),
            )

    def wait_ready(self, seconds: float = 60) -> None:
        """Poll until the server answers. After a crash it first replays its log, which may take a while."""
        place = self.place
        until = time.monotonic() + seconds
        while True:
            try:
                psycopg.connect(place.url(cluster.SUPERUSER, "postgres"), connect_timeout=5).close()
                return
            except psycopg.OperationalError as error:
                if self._child is not None and self._child.poll() is not None:
                    raise EmbeddedTrouble(f"The database did not start. {self._last_words()}") from None
                if time.monotonic() > until:
                    said = f"The database does not answer after {seconds:.0f} s: {error}"
                    raise EmbeddedTrouble(said.strip()) from None
            time.sleep(0.02)

    def stop(self, seconds: float = 60) -> None:
        """Ask for a fast, clean stop and wait for it; cut it off (crash-safe) only if it does not come."""
        place = self.place
        for order, patience in ((signal.SIGINT, seconds), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0)):
            pid = self.pid()
            if pid is None:
                break
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, order)
            until = time.monotonic() + patience
            while self.pid() and time.monotonic() < until:
                if self._child is not None:
                    self._child.poll()
                time.sleep(0.01)
        _wait_for_remnants(place)
        if self._child is not None:
            self._child.wait(timeout=5)
            self._child = None

    def pid(self) -> int | None:
        """The process id of this cluster's running server, whoever started it; None when it does not run."""
        place = self.place
        try:
            pid = int((place.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            # Started a moment ago and not yet written, or gone.
            if self._child is not None and self._child.poll() is None:
                return self._child.pid
            return None
        return pid if _runs_in(pid, place.data) else None

    def revive(self) -> bool:
        """Start the server again if it died; True when that was needed. The supervisor calls this in its loop."""
        if self._child is not None and self._child.poll() is not None:
            self._child = None
        if self.pid():
            return False
        with self._locked():
            if self.pid():
                return False
            self.start()
            self.wait_ready()
        return True

    def renew(self) -> None:
        """Throw the database away and make an empty one. The server must run; whoever is connected is put out."""
        cluster.drop_database(self.place)
        cluster.provide_roles(self.place, self.fast)

    # -- sharing -----------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def running(self) -> Iterator[Embedded]:
        """Use the server, starting it if nobody has. Processes agree through two lock files; the last one stops it."""
        place = self._provide()
        with self._locked():
            using = _open_lock(place, "users")
            fcntl.flock(using, fcntl.LOCK_SH)
            try:
                if not self.pid():
                    self.ensure()
                    self.start()
                    self.wait_ready()
                    cluster.provide_roles(place, self.fast)
                else:
                    self.wait_ready()
            except BaseException:
                os.close(using)
                raise
        try:
            yield self
        finally:
            with self._locked():
                try:
                    fcntl.flock(using, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass  # somebody else still works with it
                else:
                    self.stop()
                os.close(using)

    def share(self) -> None:
        """Like ``running()``, until this process ends. For programs that cannot be wrapped, such as a test run."""
        stack = contextlib.ExitStack()
        stack.enter_context(self.running())
        atexit.register(stack.close)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        lock = _open_lock(self.place, "lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _last_words(self) -> str:
        try:
            lines = self.place.log.read_text(errors="replace").strip().splitlines()[-3:]
        except OSError:
            lines = []
        return " / ".join(lines) or f"See {self.place.log}."


def _provide_service_user() -> None:
    if os.geteuid() != 0:
        return
    with contextlib.suppress(KeyError):
        pwd.getpwnam(places.SERVICE_USER)
        return
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd:  # without it the cluster goes to 'nobody'
        subprocess.run(
            [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", str(places.SYSTEM_HOME),
             "--shell", "/usr/sbin/nologin", places.SERVICE_USER],
            capture_output=True, check=False,
        )  # fmt: skip


def _provide_folders(place: Place) -> None:
    try:
        place.home.mkdir(mode=0o711 if place.drops else 0o700, parents=True, exist_ok=True)
        if place.drops:
            if place.base.is_relative_to(place.home):
                # The server's user must walk through our home to its own folder; it may not list it.
                place.home.chmod(stat.S_IMODE(place.home.stat().st_mode) | 0o111)
            else:
                place.base.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
                for folder in (place.base.parent, places.SYSTEM_HOME):
                    folder.chmod(0o755)
        for folder in (place.base, place.socket_dir):
            _private(folder, place)
    except PermissionError as error:
        raise EmbeddedTrouble(f"{error.filename} may not be used by you; who started Footbridge here before?") from None


def _private(folder: Path, place: Place) -> None:
    """A folder of the server's user that nobody else may enter. Refuses one that another user laid in the way."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if place.drops:
            os.chown(folder, place.uid, place.gid)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != place.uid:
        raise EmbeddedTrouble(
            f"{folder} does not belong to the user {place.user}. "
            "Start Footbridge as the user who did before, or as root."
        )
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)


def _open_lock(place: Place, name: str) -> int:
    lock = os.open(place.base / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if place.drops:
        os.fchown(lock, place.uid, place.gid)
    return lock


def _runs_in(pid: int, data: Path) -> bool:
    """Is this process one of our cluster's? A number in a file is not enough: numbers are used again."""
    process = Path("/proc") / str(pid)
    if not Path("/proc/self").exists():
        try:
            os.kill(pid, 0)
        except OSError:
            return False
        return True
    try:
        return (process / "cwd").readlink().samefile(data)  # a zombie has no cwd
    except OSError:
        return False


def _remnants(data: Path) -> list[int]:
    if not data.exists():
        return []
    numbers = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in numbers if pid != os.getpid() and _runs_in(pid, data) and _is_postgres(pid)]


def _is_postgres(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/exe").readlink().name.startswith("postgres")
    except OSError:
        return False


def _wait_for_remnants(place: Place, seconds: float = 20) -> None:
    """After kill -9 of the postmaster its children take a moment to notice; a new server must not start before."""
    began = time.monotonic()
    while left := _remnants(place.data):
        waited = time.monotonic() - began
        if waited > seconds + 5:
            raise EmbeddedTrouble(f"An earlier database still runs (process {left[0]}) and does not end.")
        if waited > 3:
            # They lost their postmaster: their work cannot be acknowledged any more, so ending them loses nothing.
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGQUIT if waited < seconds else signal.SIGKILL)
        time.sleep(0.05)
