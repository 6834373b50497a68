"""The order of questions in a bundle: which comes now, which before, how many there are. Nothing here knows how it
looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from footbridge.engines import scoring
from footbridge.ground.instruments import reads as shelf
from footbridge.ground.instruments.models import Sheet


@dataclass(frozen=True)
class Step:
    """One question of a bundle. `key` names it in an address: place of the sheet and code of the item."""

    sheet: Sheet
    item: scoring.Item
    answer: scoring.Answer

    @property
    def key(self) -> str:
        return f"{self.sheet.place}-{self.item.code}"

    @property
    def is_open(self) -> bool:
        return self.answer.state is scoring.State.UNANSWERED


@dataclass(frozen=True)
class Steps:
    """The questions a person is asked now, gates applied, in order."""

    all: tuple[Step, ...]

    def at(self, key: str) -> Step | None:
        return next((step for step in self.all if step.key == key), None)

    @property
    def next(self) -> Step | None:
        """The first question without an answer."""
        return next((step for step in self.all if step.is_open), None)

    def number(self, step: Step) -> int:
        return self.all.index(step) + 1

    def before(self, step: Step) -> Step | None:
        place = self.all.index(step)
        return self.all[place - 1] if place else None


def steps(sheets: Sequence[Sheet]) -> Steps:
    """The steps of the sheets that are not finished."""
    found = []
    for sheet in sheets:
        if sheet.finished_at is not None:
            continue
        form = shelf.definition(sheet)
        for code, answer in scoring.settle(form, shelf.answers(sheet)).items():
            item = form.item(code)
            if item is not None and answer.state is not scoring.State.NOT_ASKED:
                found.append(Step(sheet, item, answer))
    return Steps(tuple(found))
