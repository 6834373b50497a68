"""`watch`: does the worker live? If not, its most urgent duty is done from here."""

from __future__ import annotations

import click

from footbridge.cli import ready


@click.command(short_help="Do the worker's round of alarms when the worker stands still.")
def watch() -> None:
    """Look whether alarms are passed on. When nothing was for minutes, raise that as an alarm, pass them on and send their
    letters from here.

    `footbridge start` does this by itself. Where web and worker run under your own supervisor, let a timer call it every minute.
    Exit code 1 when the worker stands still.
    """
    with ready.django():
        from django.utils import timezone

        from footbridge.wiring.watch import round_in_its_place

        done = round_in_its_place(timezone.now())
    if done is None:
        ready.done("The worker", "alarms are passed on")
        return
    click.secho("✗ ", fg="red", nl=False)
    click.echo(
        f"The worker has passed nothing on since {done.since:%Y-%m-%d %H:%M} UTC. Done in its place: "
        f"{done.passed_on} alarms passed on, {done.letters} letters sent. Start the worker again."
    )
    raise click.exceptions.Exit(1)
