"""A clinic's program: sites, rooms, tracks, groups and curriculum in one readable YAML file."""

from __future__ import annotations

from pathlib import Path

import click

from footbridge.cli import ready

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.group(short_help="Load or check the file that describes your program.")
def program() -> None:
    """Load or check the file that describes your program (sites, tracks, groups, curriculum)."""


@program.command("import", short_help="Load FILE, or bring the database up to date with it.")
@click.argument("file", type=FILE)
def import_(file: Path) -> None:
    """Load FILE into the database, or bring the database up to date with it.

    Nothing that people have used is deleted: what the file no longer names is closed for new bookings. With an error
    in the file nothing is changed at all; each error names its line and how to mend it.
    """
    with ready.django():
        from django.utils import timezone

        from footbridge.ground.program import importing
        from footbridge.kit import access

        with ready.progress("Program") as step, _told(file):
            result = importing.load(file, by=access.SYSTEM, at=timezone.now(), progress=step)
        ready.done("Program", str(result) if result else f"{file.name} is loaded")


@program.command(short_help="Read FILE and say what is wrong; change nothing.")
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Read FILE and say what is wrong with it, without changing anything."""
    with ready.django():
        from footbridge.ground.program import importing

        with _told(file):
            result = importing.check(file)
        ready.done(f"{file.name} is in order", str(result) if result else "")


@program.command(short_help="Load the list of other programs people can be sent to.")
@click.argument("file", type=FILE)
def elsewhere(file: Path) -> None:
    """Load FILE (CSV, one row a program) into the list of other programs: where people go when the answer is "not here".

    A program of the same name is brought up to date, others are added; nothing is taken off. With an error in the file
    nothing is changed at all; the error names its row and column. docs/formats.md says which columns there are.
    """
    with ready.django():
        from django.utils import timezone

        from footbridge.ground.elsewhere import actions, reading
        from footbridge.kit import access

        try:
            n = actions.load(reading.programs(file.read_bytes()), by=access.SYSTEM, at=timezone.now())
        except (reading.FileTrouble, actions.CannotKeep) as trouble:
            raise click.ClickException(f"{file.name}: {trouble}") from None
        ready.done("Other programs", f"{n} read from {file.name}")


class _told:
    """Errors in the file become one line each."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, trouble: BaseException | None, _: object) -> None:
        from footbridge.ground.program import importing

        if isinstance(trouble, importing.ProgramErrors):
            lines = [f"{self.file}: {one}" for one in trouble.errors]
            raise click.ClickException("\n".join(["The program file has errors; nothing was changed.", *lines]))
