"""The example on the page about file formats is a real one: it reads, and comes to its counts."""

import re
from pathlib import Path

from footbridge.engines.scoring.loading import _FIELDS
from footbridge.ground.program import format as program_format

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")


def test_the_example_program_reads_and_comes_to_its_counts():
    example = re.search(r"```yaml\n(.*?)```", PAGE, re.S)[1]
    program = program_format.read(example)
    assert program.program.code == "small"
    assert program_format.compare_with_published(program) == ()


def test_every_field_of_an_instrument_is_on_the_page():
    for part, fields in _FIELDS.items():
        for name in fields.split():
            assert name in ("notes", "choice_sets") or name in PAGE, (part, name)
