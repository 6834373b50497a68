"""What is asked when: the windows of people's stays, gathered for the engine and put beside the forms that were given.

Nothing here is stored. A window follows from the program's schedule, the stay, the group days and the answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models.functions import TruncDate
from django.utils.translation import get_language

from footbridge.care.placement.models import Admission
from footbridge.care.safety.models import Alarm
from footbridge.care.timetable.models import Booking, Place
from footbridge.data import parsed
from footbridge.engines import due, scoring
from footbridge.ground.episodes.models import Episode
from footbridge.ground.instruments import reads as shelf
from footbridge.ground.instruments.models import GivenHow, Sheet
from footbridge.ground.instruments.shelf import definition
from footbridge.ground.program.days import day_of, zone
from footbridge.ground.program.models import Program

from . import words

BEFORE = timedelta(days=30)  # how long before the first day an answer can still count
AFTER = timedelta(days=120)  # how long after the discharge somebody is still asked
# Ways in which the person answers by themselves, and the sheet waits for them.
BY_THEMSELVES = (GivenHow.LINK, GivenHow.PORTAL, GivenHow.TABLET)


@dataclass(frozen=True)
class Shelf:
    """The forms that may be asked: loaded, verified, with a text. Read once for many people."""

    forms: Mapping[str, scoring.Definition]

    @property
    def min_repeat_days(self) -> dict[str, int]:
        return {code: form.min_repeat_days or 0 for code, form in self.forms.items()}

    def name(self, code: str) -> str:
        return self.forms[code].name if code in self.forms else code


def usable() -> Shelf:
    return Shelf({one.code: definition(one) for one in shelf.choosable() if one.verified})


def lines(program: Program | None, on: date, forms: Shelf) -> tuple[due.Asking, ...]:
    """The schedule that holds for a program on a day: its own, else the one that comes along, without what cannot be asked."""
    found = []
    for line in told(program, on):
        ask = tuple(code for code in line.ask if code in forms.forms)
        if ask:
            found.append(replace(line, ask=ask))
    return tuple(found)


def told(program: Program | None, on: date) -> tuple[due.Asking, ...]:
    """The schedule as it is written, whether or not every form of it can be asked here."""
    written = (program.measures if program else None) or parsed("measures")["schedule"]
    return due.in_force((due.asking(one) for one in written), on)


def of_many(episodes: Sequence[Episode], at: datetime, forms: Shelf | None = None) -> dict[int, tuple[due.Window, ...]]:
    """The windows of many stays, by episode id; a stay that has not been admitted has none. The number of queries does
    not depend on the number of people."""
    forms, here = forms or usable(), zone()
    today = at.astimezone(here).date()
    admitted = list(
        Admission.objects.filter(episode__in=episodes).select_related("track__program", "episode").order_by("id")
    )
    if not admitted or not forms.forms:
        return {}
    clients = {a.episode.client_id for a in admitted}
    first = min(a.starts_on for a in admitted) - BEFORE
    answered = _answered(clients, first, here)
    triggers = _triggers(clients, first)
    days = _group_days([a.episode_id for a in admitted], today, here)
    focus = _focus(admitted)
    by_program: dict[int, tuple[due.Asking, ...]] = {}
    told = {}
    for one in admitted:
        program = one.track.program
        if program.pk not in by_program:
            by_program[program.pk] = lines(program, today, forms)
        ended = one.episode.ended_at
        stay = due.Stay(
            starts_on=one.starts_on,
            ends_on=day_of(ended) if ended else None,
            track=one.track.code,
            focus=focus[one.episode_id],
            group_days=tuple(days.get(one.episode_id, ())),
            triggers=tuple(
                (when, on) for when, on in triggers.get(one.episode.client_id, ()) if on >= one.starts_on and (not ended or when <= ended)
            ),
        )
        told[one.episode_id] = due.windows(
            by_program[program.pk],
            stay,
            answered.get(one.episode.client_id, ()),
            today,
            min_repeat_days=forms.min_repeat_days,
        )
    return told


def of(episode: Episode, at: datetime, forms: Shelf | None = None) -> tuple[due.Window, ...]:
    return of_many([episode], at, forms).get(episode.pk, ())


def _answered(clients: Iterable[int], first: date, here: ZoneInfo) -> dict[int, list[due.Answered]]:
    rows = (
        Sheet.objects.filter(client_id__in=clients, finished_at__isnull=False, finished_at__date__gte=first, withdrawn_at__isnull=True)
        .annotate(on=TruncDate("finished_at", tzinfo=here))
        .values_list("client_id", "instrument__code", "finished_at", "on")
    )
    found: dict[int, list[due.Answered]] = defaultdict(list)
    for client, code, when, on in rows:
        if when is not None:
            found[client].append(due.Answered(code, when, on))
    return found


def _triggers(clients: Iterable[int], first: date) -> dict[int, list[tuple[datetime, date]]]:
    """The moments at which an answer showed danger."""
    rows = Alarm.objects.filter(
        client_id__in=clients, source_kind="sheet", kind="answer", urgency__in=("now", "today"), raised_at__date__gte=first
    ).values_list("client_id", "raised_at")
    found: dict[int, list[tuple[datetime, date]]] = defaultdict(list)
    for client, when in rows:
        found[client].append((when, day_of(when)))
    return found


def _group_days(episodes: Iterable[int], today: date, here: ZoneInfo) -> dict[int, list[date]]:
    rows = (
        Booking.objects.filter(
            episode_id__in=episodes,
            cancelled_at__isnull=True,
            session__kind="group",
            session__cancelled_at__isnull=True,
            starts_at__date__lte=today + timedelta(days=14),
        )
        .annotate(on=TruncDate("starts_at", tzinfo=here))  # a day holds several groups, a stay a hundred
        .order_by()
        .values_list("episode_id", "on")
        .distinct()
    )
    found: dict[int, list[date]] = defaultdict(list)
    for episode, on in rows:
        found[episode].append(on)
    return {episode: sorted(days) for episode, days in found.items()}


def _focus(admitted: Sequence[Admission]) -> dict[int, frozenset[str]]:
    """What a stay is about: the program's focus, and that of the groups the person goes to."""
    found = {a.episode_id: {a.track.program.focus} for a in admitted}
    groups = Place.objects.filter(episode_id__in=list(found), held_until__isnull=True).exclude(group__condition="")
    for episode, condition in groups.values_list("episode_id", "group__condition"):
        found[episode].add(condition)
    return {episode: frozenset(told - {""}) for episode, told in found.items()}


# ------------------------------------------------------------------ what is due, beside what was given


@dataclass(frozen=True)
class Asked:
    """What somebody can answer now: forms that were given and wait, and forms that are due and begin with a tap."""

    sheets: tuple[Sheet, ...]
    new: tuple[due.Due, ...]
    titles: tuple[str, ...]
    until: date | None = None

    def __bool__(self) -> bool:
        return bool(self.sheets or self.new)

    @property
    def count(self) -> int:
        return len(self.sheets) + len(self.new)


def asked(episode: Episode | None, sheets: Sequence[Sheet], at: datetime) -> Asked:
    """For the person: the open `sheets` they may answer themselves, and what is due beside them."""
    mine = tuple(one for one in sheets if one.how in BY_THEMSELVES)
    if episode is None:
        return Asked(mine, (), ())
    forms = usable()
    new = to_give(of(episode, at, forms), sheets)
    return Asked(mine, new, tuple(_title(forms, one.instrument) for one in new), min((one.due_on for one in new), default=None))


def to_give(told: Iterable[due.Window], sheets: Iterable[Sheet]) -> tuple[due.Due, ...]:
    """What is due and answered by the person, and not waiting for them already."""
    waiting = {one.instrument.code for one in sheets}
    return tuple(one for one in due.due(told) if one.who is due.Who.SELF and one.instrument not in waiting)


def _title(forms: Shelf, code: str) -> str:
    wording = shelf.wording_in(forms.forms[code], get_language() or "en") if code in forms.forms else None
    return wording.title if wording else code


@dataclass(frozen=True)
class Line:
    """A row of the clinician's page: a form, what asked for it, where it stands, and the sheet that was given for it."""

    instrument: str
    title: str
    why: str
    word: str
    who: due.Who
    due_on: date
    closes_on: date
    answered_on: date | None = None
    sheet: Sheet | None = None

    @property
    def state(self) -> str:
        return str(words.WINDOW_STATES[self.word][0])

    @property
    def tone(self) -> str:
        return words.WINDOW_STATES[self.word][1]

    @property
    def until(self) -> date:
        """The last day on which it counts."""
        return self.closes_on - timedelta(days=1)

    @property
    def is_now(self) -> bool:
        return self.word in (due.State.DUE, due.State.LATE)

    @property
    def by_staff(self) -> bool:
        return self.who is due.Who.STAFF


def listed(episode: Episode, at: datetime, *, past: int = 12) -> list[Line]:
    """What is late and due first (a form once, whatever asks for it), then what comes, then the last windows that were
    answered or missed."""
    forms = usable()
    told = of(episode, at, forms)
    open_ones = {one.instrument.code: one for one in shelf.open_sheets(episode.client, at)}
    events = {w.code: str(words.ASKED_AT[w.event]) for w in told}
    now = [
        Line(
            one.instrument,
            forms.name(one.instrument),
            ", ".join(dict.fromkeys(events[code] for code in one.codes)),
            due.State.LATE if one.is_late else due.State.DUE,
            one.who,
            one.due_on,
            one.closes_on,
            sheet=open_ones.get(one.instrument),
        )
        for one in due.due(told)
    ]
    others = [
        Line(w.instrument, forms.name(w.instrument), events[w.code], w.state, w.who, w.due_on, w.closes_on, w.answered_on)
        for w in told
        if w.state not in (due.State.DUE, due.State.LATE)
    ]
    coming = [row for row in others if row.word == due.State.COMING]
    before = [row for row in others if row.word != due.State.COMING]
    return [*now, *coming, *reversed(before[-past:])]


def unanswered(episodes: Sequence[Episode], at: datetime) -> dict[int, list[str]]:
    """What is due now and not answered yet, by episode id: the names of the forms, for the roster before a session."""
    forms = usable()
    return {
        episode: [forms.name(one.instrument) for one in due.due(told)] for episode, told in of_many(episodes, at, forms).items()
    }
