"""The console command ``footbridge``. Each file beside this one holds the commands of one subject.

Commands import what they need when they run: ``footbridge --help`` must answer at once, also on a machine where
nothing is set up yet. Expected trouble ends in a sentence and exit code 1, never in a traceback.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

import click

# name of the command -> (module, attribute). Read top to bottom, this is also the order of `footbridge --help`.
COMMANDS = {
    "start": ("start", "start"),
    "check": ("checks", "check"),
    "create-admin": ("people", "create_admin"),
    "program": ("program", "program"),
    "instruments": ("instruments", "instruments"),
    "placement": ("placement", "placement"),
    "timetable": ("timetable", "timetable"),
    "demo": ("people", "demo"),
    "backup": ("backup", "backup"),
    "restore": ("restore", "restore"),
    "audit": ("audit", "audit"),
    "migrate": ("tables", "migrate"),
    "web": ("start", "web"),
    "worker": ("start", "worker"),
    "watch": ("watch", "watch"),
    "messages": ("messages", "messages"),
    "assets": ("assets", "assets"),
    "django": ("tables", "django"),
}


class Commands(click.Group):
    """Loads the file of a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"footbridge.cli.{module}"), name)
        return command


def _version() -> str:
    try:
        return version("footbridge")
    except PackageNotFoundError:
        return "from a checkout"


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(_version(), prog_name="Footbridge")
def cli() -> None:
    """Footbridge runs an Intensive Outpatient Program: from the first question to the last aftercare call.

    On a new machine, `footbridge start` is enough: it makes a database, loads a demo program with invented people and
    prints the address to open. For real work, read docs/install.md and run `footbridge check --deploy` first.

    Settings come from the environment: DATABASE_URL and names that begin with FOOTBRIDGE_ (docs/install.md lists all).
    """


def main() -> None:
    """Run a command; tell expected trouble in sentences."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "footbridge.settings")
    try:
        code = cli.main(prog_name="footbridge", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("\nStopped.", err=True)
        sys.exit(130)
    except click.ClickException as trouble:
        trouble.show()
        sys.exit(trouble.exit_code)
    except Exception as trouble:
        said = sentence(trouble)
        if said is None or os.environ.get("FOOTBRIDGE_TRACEBACK"):
            raise
        click.secho(said, fg="red", err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def sentence(trouble: BaseException) -> str | None:
    """What to tell the person at the keyboard, or None when this is a bug that a programmer must see whole."""
    import psycopg
    from pydantic import ValidationError

    from footbridge.config import ConfigTrouble
    from footbridge.kit.embedded import EmbeddedTrouble

    if isinstance(trouble, ConfigTrouble | EmbeddedTrouble):
        return str(trouble)
    if isinstance(trouble, ValidationError):
        return None
    found: BaseException | None = trouble
    while found is not None:  # Django wraps the driver's errors
        if isinstance(found, psycopg.OperationalError):
            first = (str(found).strip() or "no reason given").splitlines()[0]
            return f"The database does not answer: {first}"
        if isinstance(found, psycopg.errors.InsufficientPrivilege) and "No act" not in str(found):
            return f"The database refuses: {str(found).splitlines()[0]}. Is DATABASE_OWNER_URL the owner of the tables?"
        if isinstance(found, psycopg.errors.UndefinedTable):
            return "The database has no tables yet, or old ones. Run 'footbridge migrate' first."
        found = found.__cause__
    if isinstance(trouble, FileNotFoundError | PermissionError | IsADirectoryError) and trouble.filename:
        return f"{trouble.filename}: {trouble.strerror}."
    if isinstance(trouble, OSError) and trouble.errno == 28:
        return "The disk is full."
    return None
