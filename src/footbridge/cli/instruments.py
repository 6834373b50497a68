"""Questionnaires from the console: check or load a definition, score and compare files.

What scores and compares files stands in a file of its own beside this one, named in MORE, and is loaded when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from footbridge.cli import ready

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)

# name of the command -> (module beside this one, attribute)
MORE = {
    "score": ("instruments_score", "score"),
    "change": ("instruments_score", "change"),
}


class _Instruments(click.Group):
    """Loads the file of a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *MORE]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in MORE:
            return super().get_command(ctx, cmd_name)
        module, name = MORE[cmd_name]
        command: click.Command = getattr(import_module(f"footbridge.cli.{module}"), name)
        return command


@click.group(cls=_Instruments, short_help="Check or load a questionnaire's definition; score files.")
def instruments() -> None:
    """Check or load the definition of a questionnaire; score answers from a file, as anybody can check."""


@instruments.command(short_help="Read FILE and say what is wrong; change nothing.")
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Read the definition in FILE (YAML; docs/formats.md) and say what is wrong with it, by line. Changes nothing."""
    from footbridge.ground.instruments import files

    read = files.read(file.read_bytes())
    _tell(file, read.problems)
    definition = read.definition
    counted = f"{definition.name}, edition {definition.edition}: {len(definition.items)} items, {len(definition.scores)} scores"
    ready.done(f"{file.name} is in order", counted + ("; a draft: it draws no band" if definition.is_draft else ""))


@instruments.command(short_help="Load FILE as a new version of your own instrument.")
@click.argument("file", type=FILE)
def load(file: Path) -> None:
    """Load the definition in FILE as a new version. It is a draft until a clinical lead verifies it in the browser."""
    from footbridge.ground.instruments import files

    read = files.read(file.read_bytes())
    _tell(file, read.problems)
    with ready.django():
        from django.utils import timezone

        from footbridge.ground.instruments import versions
        from footbridge.kit import access

        try:
            edition = versions.add_own(read.parsed, by=access.SYSTEM, at=timezone.now())
        except access.Refusal as refusal:
            raise click.ClickException(f"{file}: {refusal.sentence}") from None
        ready.done(edition.title, "loaded as a draft; a clinical lead verifies it under Instruments")


def _tell(file: Path, problems: tuple[object, ...]) -> None:
    if problems:
        lines = [f"{file}: {one}" for one in problems]
        raise click.ClickException("\n".join(["The definition has errors; nothing was changed.", *lines]))
