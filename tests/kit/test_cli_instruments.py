"""`footbridge instruments`: a definition file read on a bare machine, and kept as a draft."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

import footbridge
from footbridge.cli import cli, ready
from footbridge.ground.instruments import reads
from tests.actions.test_instruments import OWN

DEFINITIONS = Path(footbridge.__file__).parent / "ground" / "instruments" / "definitions"


def run(*words: str):
    return CliRunner().invoke(cli, ["instruments", *words])


def written(folder: Path, parsed) -> Path:
    file = folder / "mine.yaml"
    with file.open("w", encoding="utf-8") as out:
        YAML().dump(json.loads(json.dumps(parsed)), out)
    return file


@pytest.mark.parametrize("file", sorted(DEFINITIONS.glob("*.yaml")), ids=lambda file: file.stem)
def test_every_packaged_definition_is_in_order(file):
    told = run("check", str(file))
    assert told.exit_code == 0, told.output
    assert "is in order" in told.output


def test_mistakes_are_named_by_line_with_their_mend(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(
        "id: Mine\nedition: 1\nname: Mine\nlicence: {class: B, owner: us, basis: ours}\nchoice_sets:\n  two:\n    - {code: a, points: one}\n"
        "items:\n  - {code: '1', choices: two}\n  - {code: '2', chioces: two}\nscores:\n  - {id: total, method: summ, items: ['1', '7']}\n"
    )
    told = run("check", str(file))
    assert told.exit_code == 1
    for line in (
        "line 1: id: 'Mine' cannot be used here",
        "line 7: choice_sets, two, entry 1, points: 'one' is not a number",
        "line 10: items, entry 2, chioces: 'chioces' is not a field here; did you mean 'choices'?",
        "line 12: scores, entry 1, method: 'summ' is not one of",
    ):
        assert line in told.output, told.output
    file.write_text(
        "id: mine\nedition: 1\nname: Mine\nlicence: {class: B, owner: us, basis: ours}\nchoice_sets:\n  two: [{code: a, points: 1}]\n"
        "items:\n  - {code: '1', choices: two}\n  - {code: '1', choices: two}\nscores:\n  - {id: total, method: sum, items: ['1', '7']}\n"
    )
    told = run("check", str(file)).output
    assert "line 9: items, entry 2: '1' is there twice" in told and "line 11: scores, entry 1: item '7' is not under items" in told


@pytest.mark.parametrize("content", ["", "- 1", "{", "a: &x [*x]", "a: &a [1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 8)}]\n" for n in range(12)), "b: *x", "a: 1\na: 2", "\t", "id: [", "? [a]: b"])
def test_whatever_the_file_holds_the_answer_is_a_sentence(tmp_path, content):
    file = tmp_path / "mine.yaml"
    file.write_text(content)
    told = run("check", str(file))
    assert told.exit_code == 1 and "errors" in told.output and "Traceback" not in told.output


@pytest.mark.django_db
def test_load_keeps_a_draft_and_tells_when_nothing_is_new(tmp_path, monkeypatch, cast):
    monkeypatch.setattr(ready, "django", lambda: contextlib.nullcontext())
    file = written(tmp_path, OWN)
    told = run("load", str(file))
    assert told.exit_code == 0, told.output
    edition = reads.current("morning_check")
    assert edition.origin == "own" and not edition.verified
    again = run("load", str(file))
    assert again.exit_code == 1 and "Nothing is different" in again.output
