from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.engines.curriculum import (
    Curriculum,
    Entry,
    Held,
    Lesson,
    Repeat,
    coming,
    english,
    meetings_to_finish,
    next_lesson,
    place,
    progress,
)

DAY = date(2026, 3, 2)


def of(count, **more):
    return Curriculum("rp", tuple(Lesson(n, f"Lesson {n}") for n in range(1, count + 1)), **more)


def given_lessons(*numbers):
    return [Held(number, DAY + timedelta(n)) for n, number in enumerate(numbers)]


@pytest.mark.parametrize(
    ("held", "following"),
    [((), 1), ((1,), 2), ((1, 2, 3), 4), ((8,), 1), ((7, 8, 1), 2), ((3, 1), 2), ((12,), 1)],
)
def test_the_group_walks_round(held, following):
    assert next_lesson(of(8), given_lessons(*held)).number == following


def test_what_is_coming():
    assert [lesson.number for lesson in coming(of(4), given_lessons(3), 6)] == [4, 1, 2, 3, 4, 1]
    assert coming(of(0), [], 3) == ()
    assert next_lesson(of(0), []) is None


def test_people_come_in_anywhere_and_each_lesson_counts_once():
    found = progress(of(4), [3, 4, 3, 1])
    assert [lesson.number for lesson in found.had] == [1, 3, 4]
    assert [lesson.number for lesson in found.lacking] == [2]
    assert [lesson.number for lesson in found.again] == [3]
    assert not found.complete
    assert english(found.sentence) == "3 of 4 lessons."
    assert progress(of(4), [2, 1, 4, 3]).complete
    assert progress(of(4), [9]).had == ()


def test_a_free_curriculum_counts_sessions():
    free = of(3, repeat=Repeat.FREE)
    found = progress(free, [1, 1])
    assert english(found.sentence) == "2 of 3 sessions."
    assert not found.complete
    assert progress(free, [5, 5, 5, 5]).complete
    assert meetings_to_finish(free, [], [1]) == 2


@pytest.mark.parametrize(
    ("repeat", "had", "number", "allowed", "new", "code"),
    [
        ("once", [], 5, True, True, "place.new"),
        ("once", [5], 5, True, False, "place.already"),
        ("again", [5], 5, True, False, "place.again"),
        ("free", [5], 5, True, True, "place.new"),
    ],
)
def test_how_a_lesson_fits_a_person(repeat, had, number, allowed, new, code):
    found = place(of(8, repeat=Repeat(repeat)), had, number)
    assert (found.allowed, found.new, found.sentence.code) == (allowed, new, code)
    assert english(found.sentence)


def test_a_group_that_begins_at_the_start():
    closed = of(8, entry=Entry.START)
    assert not place(closed, [], 5).allowed
    assert place(closed, [], 1).allowed
    assert place(closed, [1, 2], 5).allowed
    assert english(place(closed, [], 5).sentence) == "This group begins at lesson 1; lesson 5 comes later."
    with pytest.raises(ValueError):
        place(closed, [], 99)


def test_how_many_meetings_until_a_person_has_had_all():
    assert meetings_to_finish(of(4), given_lessons(2), []) == 4
    assert meetings_to_finish(of(4), given_lessons(2), [3, 4]) == 4  # 3, 4, 1, 2: waits for lesson 2
    assert meetings_to_finish(of(4), given_lessons(2), [1, 2, 4]) == 1
    assert meetings_to_finish(of(4), given_lessons(2), [1, 2, 3, 4]) == 0
    assert meetings_to_finish(of(1), [], [1]) == 0
    assert meetings_to_finish(of(0), [], []) is None


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 39))
def test_whoever_misses_none_has_all_after_one_round(count, last, missed):
    curriculum = of(count)
    held = given_lessons(min(last, count))
    heard = [lesson.number for lesson in coming(curriculum, held, count)]
    assert progress(curriculum, heard).complete
    attended = heard[: missed % count]
    rest = meetings_to_finish(curriculum, held + given_lessons(*attended), attended)
    assert rest <= count
