"""Days for tests that cannot be foreseen and are never too far apart. The same seed gives the same days. No Django, no clock.

Random intervals rather than fixed days: ASAM's consensus on drug testing (2017) prefers them, weekly at the start.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import count


def _drawn(seed: int, number: int, least: int, most: int) -> int:
    """The `number`-th gap of this seed. Each gap has its own generator: one more test in between moves no later draw."""
    return random.Random(f"{seed}:{number}").randint(least, most)  # noqa: S311 - the same seed must give the same days


def days(seed: int, first: date, least: int, most: int) -> Iterator[date]:
    """Days without end: the first within `most` days of `first`, each next one `least` to `most` days after it.

    ValueError unless 1 <= least <= most.
    """
    if not 1 <= least <= most:
        raise ValueError("1 <= least <= most")
    day = first + timedelta(days=random.Random(f"{seed}:start").randint(0, most - 1))  # noqa: S311 - as above
    for number in count():
        yield day
        day += timedelta(days=_drawn(seed, number, least, most))


def next_day(seed: int, first: date, least: int, most: int, tested: Iterable[date]) -> date:
    """The day of the next test after those that were `tested`: never more than `most` days after the last one.

    A test outside the drawn days counts too: the next gap is drawn from it. Before any test it is the first of `days`.
    """
    done = sorted(day for day in tested if day >= first)
    if not done:
        return next(days(seed, first, least, most))
    if not 1 <= least <= most:
        raise ValueError("1 <= least <= most")
    return done[-1] + timedelta(days=_drawn(seed, len(done), least, most))
