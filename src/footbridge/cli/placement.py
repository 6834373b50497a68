"""Cases tried against the rules of placement, line by line, without a database: anybody can check our advice."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import IO

import click

IN = click.Path(exists=True, dir_okay=False, readable=True, allow_dash=True, path_type=Path)
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group(short_help="Try cases against the level-of-care rules.")
def placement() -> None:
    """The rules that say which level of care the facts point to. A clinician decides; these rules only advise."""


@placement.command(short_help="Advise a level for each case of a file.")
@click.argument("file", type=IN)
@click.option("--rules", type=IN, help="A file of rules of your own, in the shape of data/levels.yaml.")
@click.option("--output", type=OUT, help="Write here instead of to the screen.")
def advise(file: Path, rules: Path | None, output: Path | None) -> None:
    """Read cases from FILE (JSON Lines; - reads from the keyboard or a pipe) and write one JSON line for each: the level the
    facts point to, every reason, what would change it, what is missing, what a payer asks, and whether a stay goes on.

    A line: {"id": "1", "ratings": {"mental": {"rating": 2, "reason": "..."}, ...}, "safety": {"safe_now": "yes", ...}}.
    docs/formats.md has the rest. Lines that cannot be read are told with their number; the others are written all the same.
    Exit code 1 if any failed.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    from footbridge.data import parsed
    from footbridge.engines.level_of_care import payers, placement_rules
    from footbridge.engines.level_of_care.cases import CaseTrouble, advise_case

    from .lines import json_lines

    try:
        content = YAML(typ="safe").load(rules.read_text(encoding="utf-8")) if rules else parsed("levels")
        known = placement_rules(content)
    except (YAMLError, KeyError, TypeError, ValueError) as trouble:
        raise click.ClickException(f"{rules}: these rules cannot be read: {trouble}") from None
    ways = payers(parsed("eligibility"))
    done = failed = 0
    source = sys.stdin.buffer if str(file) == "-" else file.open("rb")
    sink: IO[str] = (
        output.open("w", encoding="utf-8", newline="\n") if output else sys.stdout
    )
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    try:
        for number, case, field, why in json_lines(source):
            said: dict[str, object] = {"line": number}
            if case is not None:
                if "id" in case:
                    said["id"] = case["id"]
                try:
                    said |= advise_case(case, known, ways)
                    done += 1
                except CaseTrouble as found:
                    field, why, case = found.field, found.message, None
            if case is None:
                failed += 1
                said["error"] = {"field": field, "message": why}
                click.echo(f"line {number}: {f'{field}: ' if field else ''}{why}", err=True)
            sink.write(encode(said) + "\n")
    finally:
        if output:
            sink.close()
        if source is not sys.stdin.buffer:
            source.close()
    if failed:
        click.echo(f"{done} cases advised, {failed} could not be read.", err=True)
        sys.exit(1)
    if not done:
        raise click.ClickException(f"{file}: there is no case in it.")
