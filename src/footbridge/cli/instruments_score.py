"""Files of answers scored and files of scores compared, line by line, without a database: anybody can check our numbers
against theirs.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from .lines import LONGEST, NOT_UTF8, Record, json_lines

if TYPE_CHECKING:
    from footbridge.ground.instruments.library import Library

IN = click.Path(exists=True, dir_okay=False, readable=True, allow_dash=True, path_type=Path)
DIR = click.Path(exists=True, file_okay=False, readable=True, path_type=Path)
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
ONE, TWO = (
    ("instrument", "edition", "score", "pre", "post"),
    ("instrument_2", "edition_2", "score_2", "pre_2", "post_2"),
)


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--definitions", type=DIR, help="A folder with definition files of your own."),
        click.option(
            "--format", "kind", type=click.Choice(["jsonl", "csv"]), help="Else by the name of FILE; jsonl for -."
        ),
        click.option("--output", type=OUT, help="Write here instead of to the screen."),
    ):
        command = option(command)
    return command


@click.command(short_help="Score a file of answers, line by line.")
@click.argument("file", type=IN, required=False)
@click.option("--list", "listed", is_flag=True, help="Name every instrument and edition, and stop.")
@_options
def score(file: Path | None, listed: bool, definitions: Path | None, kind: str | None, output: Path | None) -> None:
    """Score the answers in FILE (JSON Lines or CSV; - reads from the keyboard or a pipe) and write one JSON line for each:
    scores, bands, flags, and why there is no score where there is none.

    A line: {"instrument": "phq9", "edition": "2001", "responses": {"1": 2, "2": 1, ...}}. docs/formats.md has the rest.
    Lines that cannot be read are told with their number; the others are written all the same. Exit code 1 if any failed.
    """
    from footbridge.ground.instruments.rescoring import score_line

    library = _library(definitions)
    if listed:
        for name in library.instruments:
            click.echo(f"{name}: {', '.join(library.editions(name))}")
        return
    if file is None:
        raise click.UsageError("Name a FILE, or - to read from a pipe.")
    _run(file, kind, output, lambda line: score_line(library, line), _answers_of_row)


@click.command(short_help="Compare scores: change, recovery, course.")
@click.argument("file", type=IN)
@_options
def change(file: Path, definitions: Path | None, kind: str | None, output: Path | None) -> None:
    """Read pairs or series of scores from FILE (JSON Lines or CSV) and write one JSON line for each: whether the change is
    more than chance, by which threshold and from which source, clinical change, response, remission, the pair rule.

    A line: {"instrument": "phq9", "edition": "2001", "pre": 15, "post": 9}. docs/formats.md has the rest.
    """
    from footbridge.ground.instruments.rescoring import change_line

    library = _library(definitions)
    _run(file, kind, output, lambda line: change_line(library, line), _scores_of_row)


def _library(definitions: Path | None) -> Library:
    from footbridge.ground.instruments.library import Library, LibraryTrouble

    try:
        return Library(definitions)
    except LibraryTrouble as trouble:
        raise click.ClickException("\n".join(["These definitions have errors:", *trouble.problems])) from None


def _run(
    file: Path,
    kind: str | None,
    output: Path | None,
    do: Callable[[Mapping[str, Any]], dict[str, Any]],
    of_row: Callable[[dict[str, str]], dict[str, Any]],
) -> None:
    """Line in, line out; nothing is kept. Ends the process with 1 when a line failed."""
    from footbridge.ground.instruments.rescoring import LineTrouble

    kind = kind or ("csv" if file.suffix.lower() in (".csv", ".tsv") else "jsonl")
    done = failed = 0
    # What comes out is written to the byte: no newline translation, UTF-8 wherever it runs.
    source = sys.stdin.buffer if str(file) == "-" else file.open("rb")
    sink: IO[str] = output.open("w", encoding="utf-8", newline="\n") if output else sys.stdout
    if not output and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
    try:
        lines = (
            _rows(source, of_row, "\t" if file.suffix.lower() == ".tsv" else ",")
            if kind == "csv"
            else json_lines(source)
        )
        for number, line, field, trouble in lines:
            said: dict[str, Any] = {"line": number}
            if line is not None:
                if "id" in line:
                    said["id"] = line["id"]
                try:
                    said |= do(line)
                except LineTrouble as found:
                    line, field, trouble = None, found.field, found.message
            if line is None:
                failed += 1
                said["error"] = {"field": field, "message": trouble}
                click.echo(f"line {number}: {f'{field}: ' if field else ''}{trouble}", err=True)
            else:
                done += 1
            sink.write(encode(said) + "\n")
        sink.flush()
    except BrokenPipeError:  # whoever read it (head) has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    finally:
        if output:
            sink.close()
        if source is not sys.stdin.buffer:
            source.close()
    if failed:
        click.echo(f"{done} lines done, {failed} could not be read.", err=True)
        sys.exit(1)
    if not done:
        raise click.ClickException(f"{file}: there is no line in it.")


# -- reading


class _TextLines:
    """The lines of a file as text. Those of a row that is not done yet are kept: a quotation mark that is never closed takes
    everything to the end of the file for one cell, and the lines behind the first must then be read again."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source
        self.number = 0  # of the line given last
        self.row: list[tuple[int, str]] = []
        self.again: list[tuple[int, str]] = []
        self.broken: list[int] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.again:
            self.number, text = self.again.pop()
        else:
            raw = next(self.source)
            self.number += 1
            try:
                text = raw.decode("utf-8-sig" if self.number == 1 else "utf-8")
            except UnicodeDecodeError:
                self.broken.append(self.number)
                text = raw.decode("utf-8", "replace")
        self.row.append((self.number, text))
        return text

    def go_back(self) -> int:
        """Read on behind the first line of the row that failed; returns the number of that line."""
        (first, _text), *behind = self.row
        self.again += reversed(behind)
        self.row = []
        return first


def _rows(source: IO[bytes], of_row: Callable[[dict[str, str]], dict[str, Any]], delimiter: str) -> Iterator[Record]:
    """Rows of a table with a head. The line of a row is the one it ends on."""
    from footbridge.ground.instruments.rescoring import LineTrouble

    csv.field_size_limit(LONGEST)
    lines = _TextLines(source)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    head: list[str] | None = None
    while True:
        lines.row = []
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as trouble:
            if len(lines.row) > 1:
                yield lines.go_back(), None, "", "opens a quotation mark that no line closes; a mark inside a cell is written twice"
                rows = csv.reader(lines, delimiter=delimiter, strict=True)
            else:
                yield lines.number, None, "", f"is not a row of a table: {trouble}"
            continue
        number = lines.number
        if lines.broken:
            yield lines.broken[0], None, "", NOT_UTF8
            lines.broken.clear()
            continue
        if head is None:
            head = [name.strip() for name in row]
            if "instrument" not in head:
                yield number, None, "instrument", "the first line must name the columns, 'instrument' among them"
                return
            twice = next((name for name in head if name and head.count(name) > 1), None)
            if twice:
                yield number, None, twice, f"the column {twice!r} is there twice; leave one"
                return
            continue
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(head):
            yield number, None, "", f"has {len(row)} cells; the first line names {len(head)} columns"
            continue
        try:
            yield number, of_row({name: cell.strip() for name, cell in zip(head, row, strict=True) if name}), "", ""
        except LineTrouble as found:
            yield number, None, found.field, found.message


def _answers_of_row(row: dict[str, str]) -> dict[str, Any]:
    """Columns id, instrument, edition, language; every other column is an item (its code, or item_ and its code). A blank
    cell is a blank answer, or an item of another instrument."""
    line: dict[str, Any] = {}
    responses: dict[str, Any] = {}
    for name, cell in row.items():
        if name in ("id", "instrument", "edition", "language"):
            if cell:
                line[name] = cell
        elif cell:
            responses[name.removeprefix("item_")] = cell
    line["responses"] = responses
    return line


def _scores_of_row(row: dict[str, str]) -> dict[str, Any]:
    """Columns id, instrument, edition, pre, post, score; with _2 behind the name those of a second measure."""
    from footbridge.ground.instruments.rescoring import LineTrouble

    for name in row:
        if name not in ("id", *ONE, *TWO):
            raise LineTrouble(name, f"is not a column here; the columns are id, {', '.join((*ONE, *TWO))}")
    line: dict[str, Any] = {"id": row["id"]} if row.get("id") else {}
    first = {name: row[name] for name in ONE if row.get(name)}
    second = {name.removesuffix("_2"): row[name] for name in TWO if row.get(name)}
    return line | ({"measures": [first, second]} if second else first)
