"""Where the cluster lies, who owns it, and through which socket it is reached. Decides; touches nothing."""

from __future__ import annotations

import hashlib
import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

DATABASE = "footbridge"
OWNER = "footbridge_owner"  # owns the database and every table; migrations run as this role
APP = "footbridge_app"  # serves pages and jobs; owns nothing
SERVICE_USER = "footbridge"  # PostgreSQL refuses to run as root, so root starts it as this user
PORT = 5432  # only part of the socket's file name: nothing listens on TCP
SYSTEM_HOME = Path("/var/lib/footbridge")

# sun_path holds 108 bytes with the closing zero.
SOCKET_LIMIT = 107


class EmbeddedTrouble(Exception):
    """The embedded database cannot do what was asked; the message is a sentence for the person at the keyboard."""


@dataclass(frozen=True)
class Place:
    """The folders of one cluster and the operating-system user it belongs to."""

    home: Path
    base: Path  # holds everything below, 0700, owned by the user
    socket_dir: Path
    uid: int
    gid: int
    user: str

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def log(self) -> Path:
        return self.base / "server.log"

    @property
    def drops(self) -> bool:
        """True when we are root and the server must run as somebody else."""
        return os.geteuid() == 0 and self.uid != 0

    def url(self, role: str, database: str = DATABASE) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket_dir), safe='')}&port={PORT}"


def find(home: Path, fast: bool = False) -> Place:
    """The place of the cluster of this home. ``fast`` is a second cluster, for tests, that may lose data in a crash."""
    name = "pg-test" if fast else "pg"
    home = Path(os.path.abspath(home))  # noqa: PTH100 - a link in the path may be meant
    base = home / name
    if os.geteuid() != 0:
        me = pwd.getpwuid(os.geteuid())
        return _place(home, base, me)
    account = _service_account(base)
    if not reachable_by_others(home.parent):
        base = SYSTEM_HOME / _short(home) / name
        account = _service_account(base)
    return _place(home, base, account)


def reachable_by_others(path: Path) -> bool:
    """May any user walk down to this folder? (Folders that do not exist yet are made reachable.)"""
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents) if folder.exists())


def _service_account(base: Path) -> pwd.struct_passwd:
    """A cluster that exists keeps its owner; a new one goes to the service user (made later if missing) or nobody."""
    data = base / "data"
    if data.is_dir() and data.stat().st_uid != 0:
        try:
            return pwd.getpwuid(data.stat().st_uid)
        except KeyError:
            raise EmbeddedTrouble(f"{data} belongs to a user that no longer exists on this machine.") from None
    for name in (SERVICE_USER, "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedTrouble("PostgreSQL does not run as root, and there is no user 'footbridge' or 'nobody' to run it.")


def _place(home: Path, base: Path, account: pwd.struct_passwd) -> Place:
    return Place(home, base, _socket_dir(base), account.pw_uid, account.pw_gid, account.pw_name)


def _socket_dir(base: Path) -> Path:
    wished = base / "run"
    if fits(wished):
        return wished
    # A deep checkout: a short private folder instead. Whoever makes it checks that it is ours alone.
    name = f"footbridge-{_short(base)}"
    if os.geteuid() == 0:
        roots = [Path("/run")]
    else:
        roots = [Path(os.environ[key]) for key in ("XDG_RUNTIME_DIR",) if os.environ.get(key)]
    for root in (*roots, Path("/tmp")):  # noqa: S108
        if root.is_dir() and os.access(root, os.W_OK | os.X_OK) and fits(root / name):
            return root / name
    raise EmbeddedTrouble(f"The path {base} is too long for a database socket. Set FOOTBRIDGE_HOME to a shorter one.")


def fits(folder: Path) -> bool:
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}.lock")) <= SOCKET_LIMIT


def _short(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
