"""The audit trail from outside: is it whole, and its seals for another machine to keep."""

from __future__ import annotations

from pathlib import Path

import click

from footbridge.cli import ready


@click.group(short_help="Verify the record of who did what; export its seals.")
def audit() -> None:
    """Verify that nobody changed the record of who did what, and export its seals."""


@audit.command(short_help="Find any edit, gap or missing guard in the trail.")
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Seals exported earlier and kept elsewhere.",
)
def verify(against: Path | None) -> None:
    """Read the whole trail and report every edit, gap or missing guard. Exit code 1 when something is wrong.

    Somebody with full power over the database could make a new trail that fits together. Comparing with seals that
    were kept on another machine (--against) finds that too.
    """
    with ready.django():
        from footbridge.kit import trail

        try:
            with ready.progress("Audit trail") as step:
                verdict = trail.verify(against=against, progress=step)
        except ValueError as wrong:
            raise click.ClickException(str(wrong)) from None
        counted = f"{verdict.acts} acts under {verdict.seals} seals, {verdict.unsealed} not sealed yet"
        if verdict.whole:
            ready.done("The audit trail is whole", counted)
            return
        click.secho(f"The audit trail is not whole ({counted}):", fg="red", err=True)
        for fault in verdict.faults:
            click.echo(f"  {fault}", err=True)
        raise click.exceptions.Exit(1)


@audit.command("export-seals")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def export_seals(file: Path) -> None:
    """Write all seals to FILE. Keep it on another machine, for `audit verify --against`."""
    with ready.django():
        from django.utils import timezone

        from footbridge.kit import trail

        trail.seal(timezone.now())
        count = trail.export(file)
        ready.done("Seals", f"{count} written to {file}")
