"""What is known already, and from where: the request and its guide, the screen, questionnaires, the person's own record.

Nothing is asked twice. A carried answer is a start that names its origin; whoever writes the section confirms or corrects it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from footbridge.care.inquiry import guide_words
from footbridge.care.inquiry.words import ForWhom
from footbridge.care.safety.reads import latest_risk
from footbridge.care.screening import reads as screening
from footbridge.care.screening.words import Fact, Known
from footbridge.engines.level_of_care import guide
from footbridge.ground.episodes.models import Episode
from footbridge.ground.instruments import reads as instruments
from footbridge.ground.people.models import Supporter
from footbridge.ground.program.days import day_of
from footbridge.ground.program.words import Weekday

from .sections import Question


@dataclass(frozen=True, slots=True)
class Carried:
    """Text that is known already, where it comes from in words, and of which day its newest part is."""

    value: str
    source: str
    on: date | None


class AlreadyKnown:
    """Everything known about one person on one day, asked for once. `of(question)` finds what belongs to a question."""

    def __init__(self, episode: Episode, today: date) -> None:
        self.episode, self.today, self.client = episode, today, episode.client
        self.inquiry = getattr(episode, "inquiry", None)
        self.screen = screening.latest(episode)
        self.facts = screening.answers(self.screen) if self.screen else {}
        self.scores = instruments.latest_scores(self.client)
        self._once: dict[str, Carried | None] = {}

    def of(self, question: Question) -> Carried | None:
        """What is known for the question; several sources stand on lines of their own."""
        found = [said for places in question.sources if (said := self._first(places)) is not None]
        if not found:
            return None
        days = [said.on for said in found if said.on]
        sources = dict.fromkeys(said.source for said in found)
        return Carried("\n".join(said.value for said in found), " · ".join(sources), max(days, default=None))

    def _first(self, places: tuple[str, ...]) -> Carried | None:
        return next((said for place in places if (said := self._at(place)) is not None), None)

    def _at(self, place: str) -> Carried | None:
        if place not in self._once:
            kind, _dot, name = place.partition(".")
            ask: Callable[[str], Carried | None] = getattr(self, f"_{kind}")
            self._once[place] = ask(name)
        return self._once[place]

    # ------------------------------------------------------------------ places

    def _request(self, name: str) -> Carried | None:
        if self.inquiry is None:
            return None
        shown = getattr(self.inquiry, f"get_{name}_display", None)
        value = str(shown() if shown else getattr(self.inquiry, name))
        return self._said(value, _("the request"), day_of(self.inquiry.received_at))

    def _guide(self, name: str) -> Carried | None:
        given = self.inquiry.guide_answers.get(name) if self.inquiry else None
        options = next((question.options for question in guide.QUESTIONS if question.code == name), ())
        if self.inquiry is None or given not in options:
            return None
        other = self.inquiry.for_whom != ForWhom.SELF
        words = guide_words.ASKED[name]
        return self._said(
            f"{words.short}: {words.answer(given, other)}", _("the online guide"), day_of(self.inquiry.received_at)
        )

    def _screen(self, name: str) -> Carried | None:
        if self.screen is None:
            return None
        if name == "hours":
            value = "; ".join(
                f"{Weekday(day).label} {time_format(starts, 'g:i a')}–{time_format(ends, 'g:i a')}"
                for day, starts, ends in screening.hours(self.screen)
            )
        else:
            shown = getattr(self.screen, f"get_{name}_display", None)
            value = str(shown() if shown else getattr(self.screen, name))
        return self._said(value, self._screen_words(), day_of(self.screen.at))

    def _fact(self, name: str) -> Carried | None:
        answer, note = self.facts.get(name, (Known.UNKNOWN.value, ""))
        if self.screen is None or answer == Known.UNKNOWN:
            return None
        value = f"{Fact(name).label}: {Known(answer).label}" + (f" ({note})" if note else "")
        return self._said(value, self._screen_words(), day_of(self.screen.at))

    def _screen_words(self) -> str:
        return _("the screen by %(name)s") % {"name": self.screen.by.person.name_used} if self.screen else ""

    def _score(self, code: str) -> Carried | None:
        point = self.scores.get(code)
        if point is None or point.value is None:
            return None
        title = point.sheet.instrument.title
        value = f"{title}: {point.value.normalize():f}" + (f", {point.band}" if point.band else "")
        return self._said(value, _("a questionnaire"), point.on)

    def _person(self, name: str) -> Carried | None:
        shown = getattr(self.client.person, f"get_{name}_display", None)
        return self._said(str(shown() if shown else getattr(self.client.person, name)), _("the record"), None)

    def _coverage(self, _name: str) -> Carried | None:
        holds = self.client.coverages.filter(covered_from__lte=self.today).filter(
            Q(covered_until__isnull=True) | Q(covered_until__gt=self.today)
        )
        newest = holds.order_by("-covered_from", "-id").first()
        if newest is None:
            return None
        return self._said(
            " · ".join(part for part in (newest.get_kind_display(), newest.payer) if part), _("the papers"), None
        )

    def _supporters(self, _name: str) -> Carried | None:
        rows = Supporter.objects.filter(client=self.client).select_related("person").order_by("pk")
        names = [f"{row.person.name_used} ({row.get_relation_display()})" for row in rows if row.holds_on(self.today)]
        return self._said(", ".join(names), _("the record"), None)

    def _suicide_screen(self, _name: str) -> Carried | None:
        asked = screening.suicide_screen(self.client)
        if asked is None:
            return None
        because = "; ".join(str(part) for part in asked.because)
        return self._said(
            f"{asked.title}" + (f" ({because})" if because else ""), _("the suicide screen"), day_of(asked.at)
        )

    def _risk(self, _name: str) -> Carried | None:
        risk = latest_risk(self.client)
        if risk is None:
            return None
        value = _("Risk judged as: %(level)s") % {"level": risk.get_level_display()}
        return self._said(
            value + (f". {risk.factors}" if risk.factors else ""), _("the risk assessment"), day_of(risk.at)
        )

    @staticmethod
    def _said(value: str, source: str, on: date | None) -> Carried | None:
        if not value.strip():
            return None
        return Carried(value.strip(), f"{source}, {date_format(on, 'M j, Y')}" if on else source, on)


def carried(episode: Episode, today: date) -> AlreadyKnown:
    return AlreadyKnown(episode, today)


def is_same(value: Any, known: Carried | None) -> bool:
    """Whether what was sent is what was carried in, line endings aside."""
    return known is not None and isinstance(value, str) and value.replace("\r\n", "\n").strip() == known.value
