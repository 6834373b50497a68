"""`footbridge timetable`: solve and check a week that is written in a file. Needs no database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from footbridge.cli import ready


@click.group(short_help="Solve a week from a file, or check one.")
def timetable() -> None:
    """Solve or check a week that stands in a JSON file (docs/formats.md, "A week to be solved")."""


@timetable.command(short_help="Build a week for everybody in FILE.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seconds", type=click.FloatRange(min=0), default=10.0, show_default=True, help="How long to search.")
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed takes the same steps.")
@click.option("--rounds", type=click.IntRange(min=0), help="Stop after so many steps: the same week on every machine.")
@click.option("--again", is_flag=True, help="Begin anew; otherwise a week in FILE is where the search starts.")
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Instead of stdout."
)
def solve(file: Path, seconds: float, seed: int, rounds: int | None, again: bool, output: Path | None) -> None:
    """Read FILE and write it again with the week: who goes where, what it costs, how good it could be at best, and
    which wishes are not met and why."""
    from footbridge.engines import timetabling
    from footbridge.engines.timetabling.words import english

    parsed, facts, present = _read(file)
    with click.progressbar(length=1000, label="Timetable", file=_stderr()) as bar:
        shown = 0

        def progress(p: timetabling.Progress) -> None:
            nonlocal shown
            now = min(1000, int(1000 * p.seconds / max(seconds, 0.001)))
            bar.update(max(0, now - shown))
            shown = max(shown, now)

        answer = timetabling.solve(
            facts,
            seconds=seconds,
            seed=seed,
            rounds=rounds,
            start=present if present.meetings and not again else None,
            progress=progress,
        )
    breaches = timetabling.check(facts, answer.week)
    if breaches:  # a fault of ours; never hand out a week that breaks a rule
        raise click.ClickException("The week breaks a rule: " + "; ".join(english(b.sentence) for b in breaches[:5]))
    parsed["week"] = timetabling.write(answer.week)
    parsed["answer"] = {
        "how": answer.how,
        "why_greedy": answer.why_greedy,
        "seconds": round(answer.seconds, 2),
        "first_seconds": round(answer.first_seconds, 2),
        "steps": answer.rounds,
        "seed": answer.seed,
        "levels": [
            {"level": level, "price": price, "bound": bound}
            for level, price, bound in zip(answer.order, answer.prices, answer.bounds, strict=True)
        ],
        "gap": round(answer.gap, 4),
        "proven": answer.proven,
        "unmet": [
            {"goal": p.goal, "price": p.price, "about": p.about, "says": english(p.sentence)}
            for p in answer.unmet
            if p.level != "economy"
        ],
    }
    text = json.dumps(parsed, indent=1, ensure_ascii=False) + "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
    if answer.how == "greedy":
        click.secho(f"By hand's rules, without the solver: {answer.why_greedy}.", fg="yellow", err=True)
    told = ", ".join(
        f"{n} {p}" + (f" (at least {b})" if b < p else "")
        for n, p, b in zip(answer.order, answer.prices, answer.bounds, strict=True)
    )
    click.echo(f"{len(facts.clients)} people in {answer.seconds:.1f} s. Not met, by level: {told}.", err=True)


@timetable.command(short_help="Check every hard rule of the week in FILE.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Read the week in FILE against every hard rule, by a reading of the rules that the solver does not share. Exit
    code 1 when a rule is broken."""
    from footbridge.engines import timetabling
    from footbridge.engines.timetabling.words import english

    _, facts, week = _read(file)
    if not week.meetings and not week.visits:
        raise click.ClickException(f"{file}: there is no week in this file. 'footbridge timetable solve' writes one.")
    breaches = timetabling.check(facts, week)
    if not breaches:
        ready.done(
            "No rule is broken", f"{len(week.meetings)} meetings, {len(week.members)} seats, {len(week.visits)} visits"
        )
        return
    click.secho(f"{len(breaches)} times a rule is broken:", fg="red", err=True)
    for breach in breaches:
        click.echo(f"  {breach.rule}: {english(breach.sentence)}", err=True)
    raise click.exceptions.Exit(1)


def _read(file: Path) -> tuple[dict[str, Any], Any, Any]:
    from footbridge.engines import timetabling

    try:
        parsed = json.loads(file.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as wrong:
        raise click.ClickException(f"{file}: this is no JSON: {wrong}") from None
    try:
        facts, week = timetabling.read(parsed)
    except timetabling.WrongFile as wrong:
        lines = "\n".join(f"  {path}: {sentence}" for path, sentence in wrong.faults)
        raise click.ClickException(f"{file}:\n{lines}") from None
    return parsed, facts, week


def _stderr() -> Any:
    import sys

    return sys.stderr
