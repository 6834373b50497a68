"""Why a person's week is as it is: for each thing in it a plain sentence, and for what is not in it the reason.

The same reasons in two voices: to the client ("your therapist") and about them to staff. Nothing in them says anything about others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from footbridge.care.plan import reads as plans
from footbridge.care.plan.models import Intervention
from footbridge.care.screening import reads as screening
from footbridge.engines.curriculum import Repeat
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode, TeamRole
from footbridge.ground.people.models import Staff
from footbridge.ground.program import reads as program
from footbridge.ground.program.models import Group, Meeting
from footbridge.ground.program.words import Mode

from . import reads, words
from .reads import Line
from .words import SessionKind


@dataclass(frozen=True, slots=True)
class Thing:
    """A group or a visit of the week: what, when, and why it is there."""

    title: str
    times: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Why:
    things: tuple[Thing, ...]
    missing: tuple[str, ...]


# code: (to the client, about them to staff)
_SAID: dict[str, tuple[Any, Any]] = {
    "process": (_("This is your process group."), _("Their process group.")),
    "condition": (_("It is for people who live with {condition}."), _("For people who live with {condition}.")),
    "skills": (_("Here you learn skills and try them out."), _("A skills group.")),
    "peer": (_("Here you meet people who have been there, too."), _("Peer support.")),
    "relapse_prevention": (_("Here you plan how to stay well."), _("Work on staying well.")),
    "family_group": (_("Here families learn how to help."), _("A group for families.")),
    "multi_family": (_("Here several families meet."), _("Several families together.")),
    "complementary": (_("Here you find calm in another way."), _("A complementary session.")),
    "curriculum": (_("It goes through {curriculum}, one lesson after the other."), _("It goes through {curriculum}.")),
    "lesson": (_("The next lesson is: {lesson}."), _("Next lesson: {lesson}.")),
    "track": (_("It is part of every week in your track."), _("Part of every week of the track {track}.")),
    "one_of": (_("Some groups meet at more than one time. This is your time."), _("One of the parallel groups of the track.")),
    "primary": (_("This is your own time with {name}, your therapist."), _("With {name}, their primary therapist.")),
    "individual": (_("This is your own time with {name}."), _("With {name}, who is not their primary therapist.")),
    "family": (_("Here you and your family meet with {name}."), _("A family session with {name}.")),
    "medication": (_("Here {name} looks at your medicine with you."), _("A medication visit with {name}.")),
    "free": (_("It fits the hours when you can come."), _("It lies within their free hours.")),
    "not_free": (_("It lies outside the hours you gave us. Tell us if you cannot come."), _("It lies outside the hours they gave.")),
    "hours": (_("You need it to reach {hours} hours this week."), _("Needed for the {hours} hours that the rule asks.")),
    "day": (_("Without it you would come on too few days."), _("Needed for the {days} days that the rule asks.")),
    # what is not there
    "cancelled": (_("{title} on {day} is cancelled. {why}."), _("{title} on {day} is cancelled: {why}.")),
    "closed": (_("On {day} we are not open."), _("On {day} the site is closed ({why}).")),
    "no_individual": (_("You have no time alone with a therapist this week. Ask us if you want one."), _("No individual hour this week.")),
    "no_individual_with": (
        _("You have no time alone with {name} this week. Ask {name} if you want one."), _("No individual hour with {name} this week."),
    ),
    "none_of": (_("Your plan asks for this every week, and it has no time yet: {kind}."), _("The plan asks for it weekly, and none is booked: {kind}.")),
    "full": (_("{title}: no place is free right now."), _("{title}: full.")),
    "not_when_free": (_("{title}: it meets on {day} at {time}, when you cannot come."), _("{title}: {day} at {time} is not one of their free hours.")),
    "other_mode": (_("{title}: it meets in another way than you asked for."), _("{title}: it meets {mode}, and they asked for another way.")),
    "other_language": (_("{title}: it is held in another language."), _("{title}: held in another language.")),
    "begun": (_("{title}: it has begun and takes nobody new now."), _("{title}: a closed group that has begun.")),
    "other_condition": (None, _("{title}: for another condition ({condition}).")),
    "not_yet": (_("{title}: you have no place in it yet."), _("{title}: they have no place in it; a place is free.")),
}  # fmt: skip
_ASKED = ngettext_lazy("Your plan asks for it once a week.", "Your plan asks for it {n} times a week.", "n")
_ASKED_STAFF = ngettext_lazy("The plan asks for it once a week.", "The plan asks for it {n} times a week.", "n")

CONDITIONS: dict[str, Any] = {
    "mood": _("depression or low mood"),
    "anxiety": _("anxiety"),
    "trauma": _("trauma"),
    "trauma_anxiety": _("trauma or anxiety"),
    "substance_use": _("alcohol or drug use"),
    "dual": _("mental health and substance use at once"),
    "eating": _("eating problems"),
}

# Which kind of service in a plan means which kind of group.
_PLAN_KIND = {"process": "group", "skills": "skills", "peer": "peer", "education": "education", "relapse_prevention": "education", "curriculum": "education"}


def condition_said(code: str) -> Any:
    """A condition in words a client reads; a site's own code as it is written."""
    return CONDITIONS.get(code, code.replace("_", " "))


def of_week(episode: Episode, monday: date, *, to_client: bool, lessons: Mapping[int, Any] | None = None, lines: list[Line] | None = None) -> Why:
    """The reasons of a week. `lessons` are the next lessons by session, from whoever knows what was taught."""
    found = _Reasons(episode, monday, 0 if to_client else 1, lessons or {}, reads.week_of(episode, monday) if lines is None else lines)
    return Why(tuple(found.things()), tuple(found.missing()))


def _times(lines: list[Line]) -> tuple[str, ...]:
    """Monday, Wednesday, Friday, 9:00 a.m. – 9:50 a.m."""
    days: dict[str, list[str]] = {}
    for one in lines:
        days.setdefault(words.span(one.starts, one.ends), []).append(str(words.WEEKDAYS[one.starts.weekday()]))
    return tuple(", ".join([*on, span]) for span, on in days.items())


class _Reasons:
    def __init__(self, episode: Episode, monday: date, voice: int, lessons: Mapping[int, Any], lines: list[Line]) -> None:
        self.episode, self.monday, self.voice, self.lessons, self.lines = episode, monday, voice, lessons, lines
        self.free = reads.free_hours(episode)
        self.primary = episodes.member(episode, TeamRole.PRIMARY)
        here = reads.program_of(episode)
        self.rule = program.rule_of(here, monday) if here else None
        self.asked = self._asked()
        admission = getattr(episode, "admission", None)
        self.track = admission.track if admission else None

    def say(self, code: str, **facts: Any) -> str:
        said = _SAID[code][self.voice]
        return str(said).format(**facts) if said is not None else ""

    def _asked(self) -> dict[str, int]:
        """How often a week the plan in force asks for each kind of service."""
        plan = plans.in_force(self.episode)
        asked: dict[str, int] = {}
        if plan is not None:
            for kind, times in Intervention.objects.filter(objective__goal__problem__plan=plan).values_list("kind", "times_a_week"):
                asked[kind] = max(asked.get(kind, 0), times)
        return asked

    # ------------------------------------------------------------------ what is there

    def things(self) -> Iterable[Thing]:
        by: dict[Any, list[Line]] = {}
        for line in self.lines:
            if not line.cancelled:
                s = line.session
                by.setdefault(("group", s.group_id) if s.group_id else (s.kind, s.leader_id), []).append(line)
        for lines in by.values():
            session = lines[0].session
            reasons = self._of_group(session.group, lines) if session.group else self._of_visit(session.kind, session.leader)
            reasons += self._of_time(lines)
            yield Thing(lines[0].title, _times(lines), tuple(r for r in reasons if r))

    def _of_group(self, group: Group, lines: list[Line]) -> list[str]:
        kind = group.type.kind
        out = [self.say(kind)] if kind in _SAID else []
        if group.condition and group.condition != "general":
            out.append(self.say("condition", condition=condition_said(group.condition)))
        if group.curriculum is not None and group.curriculum.repeat != Repeat.FREE:
            out.append(self.say("curriculum", curriculum=group.curriculum.title))
            lesson = next((self.lessons[one.session.pk] for one in lines if one.session.pk in self.lessons), None)
            if lesson is not None:
                out.append(self.say("lesson", lesson=lesson.title))
        times = self.asked.get(_PLAN_KIND.get(kind, ""))
        if times:
            out.append(str((_ASKED, _ASKED_STAFF)[self.voice] % {"n": times}).format(n=times))
        elif group.choose_one:
            out.append(self.say("one_of"))
        elif group.required and self.track is not None and self.track.program_id == group.track.program_id:
            out.append(self.say("track", track=self.track.name))
        return out

    def _of_visit(self, kind: str, leader: Staff) -> list[str]:
        own = self.primary is not None and leader.pk == self.primary.pk
        code = "primary" if kind == SessionKind.INDIVIDUAL and own else kind
        out = [self.say(code, name=leader.person.name_used)]
        if times := self.asked.get(kind):
            out.append(str((_ASKED, _ASKED_STAFF)[self.voice] % {"n": times}).format(n=times))
        return out

    def _of_time(self, lines: list[Line]) -> list[str]:
        out = []
        if self.free:
            inside = all(
                any(d == one.starts.weekday() and s <= one.starts.time() and one.ends.time() <= e for d, s, e in self.free) for one in lines
            )
            out.append(self.say("free" if inside else "not_free"))
        if self.rule is not None:
            rest = [one for one in self.lines if one not in lines]
            whole, less = (program.scheduled_verdict(reads.counted(of), self.rule) for of in (self.lines, rest))
            met = {c.code: c.met for c in whole.checks}
            lost = {c.code for c in less.checks if not c.met and met.get(c.code)}
            if "week_min" in lost or (not met.get("week_min", True) and reads.counted(lines).therapeutic_minutes):
                out.append(self.say("hours", hours=f"{self.rule.week_min_hours:g}"))
            elif "min_days" in lost:
                out.append(self.say("day", days=self.rule.min_days))
        return out

    # ------------------------------------------------------------------ what is not there

    def missing(self) -> list[str]:
        out = [
            self.say("cancelled", title=one.title, day=words.day(one.starts.date()), why=str(one.cancelled).rstrip("."))
            for one in self.lines
            if one.cancelled
        ]
        site = reads.site_of(self.episode)
        if site is not None and (self.lines or self.track):
            shut = program.closed_days(site, self.monday, self.monday + timedelta(days=6))
            out += [self.say("closed", day=words.WEEKDAYS[day.weekday()], why=why.rstrip(".")) for day, why in sorted(shut.items())]
        if not self.lines or self.episode.ended_at is not None:
            return out
        here = {one.session.kind for one in self.lines if not one.cancelled}
        if SessionKind.INDIVIDUAL not in here:
            out.append(self.say("no_individual_with", name=self.primary.person.name_used) if self.primary else self.say("no_individual"))
        for kind in (SessionKind.FAMILY, SessionKind.MEDICATION):
            if self.asked.get(kind) and kind not in here:
                out.append(self.say("none_of", kind=kind.label))
        return out + [said for said in self._groups_without_them() if said]

    def _groups_without_them(self) -> Iterable[str]:
        """Groups of the track that are part of every week, or that the plan asks for, and in which the person has no place."""
        if self.track is None:
            return
        groups = list(program.groups_of(self.track, self.monday))
        held = set(reads.places(self.episode, self.monday).values_list("group_id", flat=True))
        chosen = {g.choose_one for g in groups if g.choose_one and g.pk in held}
        lacking = [g for g in groups if g.pk not in held and g.choose_one not in chosen and (g.required or self.asked.get(_PLAN_KIND.get(g.type.kind, "")))]
        if not lacking:
            return
        has, used, screen = reads.conditions(self.episode), reads.taken(lacking, self.monday), screening.latest(self.episode)
        meetings: dict[int, list[Meeting]] = {}
        for meeting in Meeting.objects.filter(group__in=lacking, held_until__isnull=True).order_by("weekday", "starts"):
            meetings.setdefault(meeting.group_id, []).append(meeting)
        wished = screen.prefers_mode if screen else ""
        for group in lacking:
            if group.pk in meetings:
                yield self._why_without(group, meetings[group.pk], has, used.get(group.pk, 0), wished)

    def _why_without(self, group: Group, meetings: list[Meeting], has: list[str], taken: int, wished: str) -> str:
        facts = {"title": group.name}
        if not reads.for_their_condition(group, has):
            return self.say("other_condition", **facts, condition=condition_said(group.condition))
        if group.language not in (self.episode.client.person.language, "en"):
            return self.say("other_language", **facts)
        if wished and Mode.HYBRID not in (wished, group.mode) and wished != group.mode:
            return self.say("other_mode", **facts, mode=Mode(group.mode).label.lower())
        asked = [(m.weekday, m.starts, m.ends) for m in meetings]
        outside = [(d, s) for d, s, e in asked if self.free and not any(day == d and f <= s and e <= t for day, f, t in self.free)]
        if outside:
            return self.say("not_when_free", **facts, day=words.WEEKDAYS[outside[0][0]], time=words.clock(outside[0][1]))
        if taken >= group.most:
            return self.say("full", **facts)
        return self.say("begun" if not group.open_entry else "not_yet", **facts)
