"""Lessons of groups that people join at any time: what comes next in the group, what each person has had, what is
lacking.

The group walks through its lessons in order and begins again after the last. A person may come in at any number; each
lesson counts once. `repeat`: "once" (hearing it again is said, not refused), "again" (may be repeated on purpose, as
early recovery skills are), "free" (numbers only count sessions; topics are chosen by the group).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice

from footbridge.engines.sentence import Sentence, render


class Repeat(StrEnum):
    ONCE = "once"
    AGAIN = "again"
    FREE = "free"


class Entry(StrEnum):
    ANY = "any"
    START = "start"


@dataclass(frozen=True, slots=True)
class Lesson:
    number: int
    title: str
    module: str = ""


@dataclass(frozen=True, slots=True)
class Curriculum:
    """Lessons numbered from 1 in their order."""

    code: str
    lessons: tuple[Lesson, ...]
    entry: Entry = Entry.ANY
    repeat: Repeat = Repeat.ONCE

    def lesson(self, number: int) -> Lesson | None:
        return next((lesson for lesson in self.lessons if lesson.number == number), None)


@dataclass(frozen=True, slots=True)
class Held:
    """A lesson that was given, and when."""

    number: int
    on: date


def next_lesson(curriculum: Curriculum, held: Sequence[Held]) -> Lesson | None:
    """The group's next lesson: after the one given last, or the first. None without lessons.

    A lesson given out of turn moves the group on from there. Numbers that are no longer in the curriculum are passed
    over.
    """
    return next(iter(coming(curriculum, held, 1)), None)


def coming(curriculum: Curriculum, held: Sequence[Held], count: int) -> tuple[Lesson, ...]:
    """The next `count` lessons of the group, going round."""
    if not curriculum.lessons:
        return ()
    order = sorted(curriculum.lessons, key=lambda lesson: lesson.number)
    last = max(held, key=lambda h: (h.on, h.number), default=None)
    start = 0
    if last is not None:
        start = next((n for n, lesson in enumerate(order) if lesson.number > last.number), 0)
    return tuple(islice(_round(order, start), count))


@dataclass(frozen=True, slots=True)
class Progress:
    """What one person has had. `lacking` is in the order of the curriculum; `again` are lessons heard more than
    once.
    """

    had: tuple[Lesson, ...]
    lacking: tuple[Lesson, ...]
    again: tuple[Lesson, ...]
    complete: bool
    sentence: Sentence


def progress(curriculum: Curriculum, attended: Iterable[int]) -> Progress:
    """What a person has had of a curriculum, each lesson counted once. A "free" curriculum counts sessions and lacks
    nothing of them until as many were attended as it has numbers."""
    numbers = [n for n in attended if curriculum.repeat is Repeat.FREE or curriculum.lesson(n) is not None]
    of = len(curriculum.lessons)
    if curriculum.repeat is Repeat.FREE:
        done = min(len(numbers), of)
        order = sorted(curriculum.lessons, key=lambda lesson: lesson.number)
        said = Sentence("progress.sessions", {"had": len(numbers), "of": of})
        return Progress(tuple(order[:done]), tuple(order[done:]), (), of > 0 and done == of, said)
    had = tuple(lesson for lesson in curriculum.lessons if lesson.number in numbers)
    lacking = tuple(lesson for lesson in curriculum.lessons if lesson.number not in numbers)
    again = tuple(lesson for lesson in had if numbers.count(lesson.number) > 1)
    said = Sentence("progress.lessons", {"had": len(had), "of": of})
    return Progress(had, lacking, again, of > 0 and not lacking, said)


@dataclass(frozen=True, slots=True)
class Place:
    """Whether a person takes something new from a lesson. `allowed` is False only when entry is at the start and they
    have not begun.
    """

    allowed: bool
    new: bool
    sentence: Sentence


def place(curriculum: Curriculum, attended: Iterable[int], number: int) -> Place:
    """How lesson `number` fits a person who attended those lessons. Raises ValueError for a number the curriculum
    does not have.
    """
    lesson = curriculum.lesson(number)
    if lesson is None:
        raise ValueError(f"{curriculum.code} has no lesson {number}")
    had = set(attended)
    params = {"number": number, "title": lesson.title}
    first = min(lesson.number for lesson in curriculum.lessons)
    if curriculum.entry is Entry.START and not had and number != first:
        return Place(False, True, Sentence("place.not_yet", {**params, "first": first}))
    if number not in had or curriculum.repeat is Repeat.FREE:
        return Place(True, True, Sentence("place.new", params))
    code = "place.again" if curriculum.repeat is Repeat.AGAIN else "place.already"
    return Place(True, False, Sentence(code, params))


def meetings_to_finish(curriculum: Curriculum, held: Sequence[Held], attended: Sequence[int]) -> int | None:
    """How many meetings of the group from now until a person who misses none has had every lesson; None without
    lessons.
    """
    if not curriculum.lessons:
        return None
    lacking = {lesson.number for lesson in progress(curriculum, attended).lacking}
    if not lacking or curriculum.repeat is Repeat.FREE:
        return len(lacking)
    for meetings, lesson in enumerate(coming(curriculum, held, len(curriculum.lessons)), start=1):
        lacking.discard(lesson.number)
        if not lacking:
            return meetings
    return None


def _round(order: Sequence[Lesson], start: int) -> Iterable[Lesson]:
    while True:
        yield order[start % len(order)]
        start += 1


_ENGLISH = {
    "progress.lessons": "{had} of {of} lessons.",
    "progress.sessions": "{had} of {of} sessions.",
    "place.new": "Lesson {number}, {title}: new.",
    "place.again": "Lesson {number}, {title}: a repeat, which is welcome here.",
    "place.already": "Lesson {number}, {title}: already had; it counts once.",
    "place.not_yet": "This group begins at lesson {first}; lesson {number} comes later.",
}


def english(sentence: Sentence) -> str:
    return render(sentence, _ENGLISH)
