"""Why something cannot be had: the smallest set of rules that clash, and the cheapest single changes that would mend
it.

The question is asked for one person beside the week as it stands. Each rule is a switch; the smallest set of switches
that cannot all be on is found by turns of two questions: which smallest set meets every way out found so far, and is
there yet another way out? When there is none, that set is the answer, and no smaller one exists.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from footbridge.engines.sentence import Sentence
from footbridge.engines.timetabling.facts import VISIT_KINDS, Client, Facts, Group, Pattern, Span, Week
from footbridge.engines.timetabling.fit import Fit
from footbridge.engines.timetabling.model import cliques, cp_model, solver_missing
from footbridge.engines.timetabling.placing import leave
from footbridge.engines.timetabling.price import of_client

# What a change costs, to rank changes. An hour more of a person's own time is asked last.
COSTS: Mapping[str, int] = {"seat": 1, "caseload": 2, "staff": 3, "office": 3, "client": 4, "hold": 6}


@dataclass(frozen=True, slots=True)
class Change:
    """Single things to change (usually one), the cost that ranks them, in words."""

    cost: int
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """`possible`: the wish can be met as things are, there is nothing to explain. `rules` all clash together and would
    not without any one of them; `smallest`: no set with fewer rules clashes. `changes` are cheapest first."""

    client: str
    wants: tuple[str, ...]
    possible: bool
    rules: tuple[Sentence, ...]
    smallest: bool
    changes: tuple[Change, ...]
    how: str = "solver"
    names: tuple[str, ...] = ()  # the rules by name, in the order of `rules`


def explain(
    facts: Facts, week: Week, client: str, wants: Sequence[str] | None = None, *, changes: int = 3, seconds: float = 2.0
) -> Explanation:
    """Why a client cannot have `wants` (kinds of care, "hours", "days") while everybody else keeps their week.

    Without `wants`: everything they have now and the dearest thing they miss.
    """
    who = facts.client[client]
    asked = tuple(wants) if wants is not None else _asked(facts, week, who)
    if solver_missing():
        return Explanation(client, asked, False, tuple(_blockers(facts, week, who, asked)), False, (), "greedy")
    question = _Question(facts, leave(week, client), who, asked)
    until = time.monotonic() + seconds
    clash, smallest = question.smallest_clash(until)
    if clash is None:
        return Explanation(client, asked, True, (), True, ())
    sentences = tuple(question.rules[name] for name in clash)
    return Explanation(client, asked, False, sentences, smallest, tuple(question.changes(changes, until)), names=clash)


def _asked(facts: Facts, week: Week, who: Client) -> tuple[str, ...]:
    missing = [p for p in of_client(facts, week, who) if p.level == "needs" and p.price]
    names = [p.goal.partition(".")[2] for p in missing]
    have = [n.kind for n in who.needs if n.kind not in names]
    have += [x for x, wanted in (("hours", who.minutes_a_week), ("days", who.days_a_week)) if wanted and x not in names]
    kinds = {n.kind for n in who.needs} | {"hours", "days"}
    dearest = sorted((p for p in missing if p.goal.partition(".")[2] in kinds), key=lambda p: (-p.price, p.goal))
    return (*have, *[p.goal.partition(".")[2] for p in dearest[:1]])


def _blockers(facts: Facts, week: Week, who: Client, wants: Iterable[str]) -> Iterable[Sentence]:
    """Without a solver: what stands before each group of the wanted kinds."""
    fit = Fit(facts)
    for g in facts.groups:
        if g.kind not in wants or g.site != who.site:
            continue
        reason = fit.why_not(who.code, g.code)
        people = len(week.members_of.get(g.code, ()))
        if reason is not None:
            yield reason
        elif people >= g.most:
            yield Sentence("rule.full", {"group": g.code, "people": people, "seats": g.most})


class _Question:
    """One person's week as switches (rules) and choices (groups and visits), each choice with what stands before
    it."""

    def __init__(self, facts: Facts, week: Week, who: Client, wants: Sequence[str]) -> None:
        self.facts, self.week, self.who, self.wants = facts, week, who, wants
        self.fit = Fit(facts)
        self.cp = cp_model()
        self.rules: dict[str, Sentence] = {}
        # choices: (kind, spans, mode, counts, what stands before it: rule -> atoms, group or None)
        self.choices: list[_Choice] = []
        self._groups()
        self._visits()
        self.choices = _distinct(self.choices)
        self.known: dict[frozenset[str], frozenset[str] | None] = {}
        self._shared_rules()

    # -- choices ---------------------------------------------------------------------------------------------------

    def _rule(self, name: str, code: str, **params: object) -> str:
        self.rules.setdefault(name, Sentence(code, params))
        return name

    def _listed(self, name: str, code: str, which: str, **params: object) -> str:
        """One rule for all groups or staff of a kind, which it names."""
        had = self.rules.get(name)
        listed = had.params["which"] if had is not None else ()
        assert isinstance(listed, tuple)
        which_ = listed if which in listed else (*listed, which)
        self.rules[name] = Sentence(code, {**params, "which": which_})
        return name

    def _before_person(self, spans: Iterable[Span]) -> list[tuple[str, tuple[object, ...]]]:
        """Hours at which the person cannot come."""
        out: list[tuple[str, tuple[object, ...]]] = []
        for span in spans:
            if not self.fit.free("client", self.who.code, span):
                days = {s.day for s in self.fit.free_spans("client", self.who.code)}
                code = "rule.free" if span.day in days else "rule.away"
                rule = self._rule(f"free.{span.day}", code, client=self.who.code, weekday=span.day)
                out.append((rule, ("client", span)))
        return out

    def _groups(self) -> None:
        who, facts = self.who, self.facts
        kinds = {n.kind for n in who.needs}
        for g in facts.groups:
            if g.kind not in kinds or not self.fit.joinable(who, g):
                continue
            held = self.week.meetings_of.get(g.code, ())
            times: list[Pattern] = [tuple(m.span for m in held)] if held else list(g.patterns)
            for pattern in times:
                spans = [s for s in pattern if s is not None]
                before = self._before_person(spans)
                if not held:
                    rule = self._listed(f"not_held.{g.kind}", "rule.not_held", g.code, kind=g.kind)
                    before.append((rule, ("hold", g.code) if self._could_hold(g, pattern) else ("never",)))
                people = len(self.week.members_of.get(g.code, ()))
                rooms = [facts.room[m.room].seats for m in held if m.room]
                seats = min([g.most, *rooms])
                if people >= seats:
                    rule = self._listed(f"full.{g.kind}", "rule.full", g.code, kind=g.kind)
                    roomy = all(facts.room[m.room].seats > people for m in held if m.room)
                    before.append((rule, ("seat", g.code) if roomy else ("never",)))
                if set(self.week.members_of.get(g.code, ())) & facts.kept_apart.get(who.code, frozenset()):
                    before.append(
                        (self._rule(f"apart.{g.code}", "rule.apart", client=who.code, group=g.code), ("never",))
                    )
                for leader in sorted({m.leader for m in held} & who.not_staff):
                    rule = self._rule(f"not_staff.{leader}", "rule.not_staff", client=who.code, staff=leader)
                    before.append((rule, ("never",)))
                self.choices.append(_Choice(g.kind, tuple(spans), g.mode, g.counts, tuple(before), g))

    def _could_hold(self, g: Group, pattern: Pattern) -> bool:
        return bool(self.fit.leaders(g.code, pattern)) and bool(self.fit.rooms(g.code, pattern))

    def _visits(self) -> None:
        who, facts, fit = self.who, self.facts, self.fit
        busy: dict[str, list[Span]] = defaultdict(list)
        load: Counter[str] = Counter()
        seen: dict[str, set[str]] = defaultdict(set)
        offices: dict[str, list[Span]] = defaultdict(list)
        for m in self.week.meetings:
            busy[m.leader].append(m.span)
            load[m.leader] += m.span.minutes
        for v in self.week.visits:
            busy[v.staff].append(v.span)
            load[v.staff] += v.span.minutes
            offices[v.mode].append(v.span) if facts.client[v.client].site == who.site else None
            if v.kind == "individual":
                seen[v.staff].add(v.client)
        for need in fit.visit_needs(who):
            begins = facts.visit_blocks or facts.blocks
            spans = sorted({Span(b.day, b.start, b.start + need.minutes) for b in begins})
            for mode in sorted(who.modes):
                none_needed = mode == "video" and not fit.offices(who.site, mode)
                for staff in fit.visitors(who.code, need.kind, mode):
                    member = facts.member[staff]
                    for span in spans:
                        before = self._before_person([span])
                        if any(span.overlaps(s) for s in busy[staff]) or self._loaded(staff, load[staff], span):
                            rule = self._listed(f"staff.{need.kind}", "rule.staff_busy", staff, kind=need.kind)
                            before.append((rule, ("never",)))
                        elif not fit.free("staff", staff, span):
                            rule = self._listed(f"staff.{need.kind}", "rule.staff_busy", staff, kind=need.kind)
                            before.append((rule, ("staff", staff, span)))
                        full = member.caseload is not None and len(seen[staff]) >= member.caseload
                        if need.kind == "individual" and full:
                            rule = self._listed(f"caseload.{need.kind}", "rule.caseload", staff, kind=need.kind)
                            before.append((rule, ("caseload", staff)))
                        taken = sum(1 for s in offices[mode] if s.overlaps(span))
                        if not none_needed and taken >= len(fit.offices(who.site, mode, span)):
                            rule = self._rule("office", "rule.office", client=who.code)
                            before.append((rule, ("office", span)))
                        if len(before) <= 2:
                            self.choices.append(_Choice(need.kind, (span,), mode, True, tuple(before), None, staff))

    def _loaded(self, staff: str, load: int, span: Span) -> bool:
        most = self.facts.member[staff].most_minutes_week
        return most is not None and load + span.minutes > most

    def _shared_rules(self) -> None:
        who = self.who
        self._rule("one_place", "rule.one_place", client=who.code)
        if who.most_minutes_day is not None:
            self._rule("long_day", "rule.long_day", client=who.code, most=who.most_minutes_day)
        if len(who.modes) > 1:
            self._rule("mixed_modes", "rule.mixed_modes", client=who.code)
        for c in self.choices:
            if c.group is not None and c.group.lesson:
                self._rule(f"lessons.{c.group.curriculum}", "rule.lessons", curriculum=c.group.curriculum)
        for need in who.needs:
            if need.kind in self.wants:
                self._rule(f"wanted.{need.kind}", "rule.wanted", client=who.code, kind=need.kind, count=need.count)
        if "hours" in self.wants and who.minutes_a_week:
            self._rule("hours", "rule.hours", client=who.code, minutes=who.minutes_a_week)
        if "days" in self.wants and who.days_a_week:
            self._rule("days", "rule.days", client=who.code, days=who.days_a_week)

    # -- the model -------------------------------------------------------------------------------------------------

    def _model(
        self, switched: Iterable[str] = (), changing: Iterable[tuple[object, ...]] | None = None
    ) -> tuple[Any, dict[Any, Any]]:
        """A week of the person. The rules in `switched` hold where their switch is on, all others always. `changing`:
        no rule has a switch, but these changes may be made. Returns the switches, or the changes, beside the model."""
        model, who = self.cp.CpModel(), self.who
        on: dict[str, Any] = {name: model.new_bool_var("") for name in switched}
        relax = None if changing is None else {atom: model.new_bool_var("") for atom in changing}
        chosen: list[tuple[_Choice, Any]] = []
        for c in self.choices:
            v = model.new_bool_var("")
            chosen.append((c, v))
            for rule, atom in c.before:
                if relax is not None:
                    model.add_implication(v, relax[atom]) if atom in relax else model.add(v == 0)
                elif rule in on:
                    model.add_implication(v, on[rule].negated())
                else:
                    model.add(v == 0)

        def held(name: str, expression: Any) -> None:
            constraint = model.add(expression)
            if name in on:
                constraint.only_enforce_if(on[name])

        for clique, _ in cliques([(s, v) for c, v in chosen for s in c.spans]):
            if len(clique) > 1:
                held("one_place", sum(clique) <= 1)
        for variables in _gather((c.group.code, v) for c, v in chosen if c.group is not None).values():
            if len(variables) > 1:
                model.add_at_most_one(variables)
        for need in who.needs:
            mine = [v for c, v in chosen if c.kind == need.kind]
            model.add(sum(mine) <= need.limit)
            if need.kind in VISIT_KINDS:
                days = _gather((c.spans[0].day, v) for c, v in chosen if c.kind == need.kind)
                for variables in days.values():
                    model.add(sum(variables) <= 1)
            if need.kind in self.wants:
                held(f"wanted.{need.kind}", sum(mine) >= need.count)
        by_day: dict[int, list[tuple[int, Any, str, bool]]] = defaultdict(list)
        for c, v in chosen:
            for s in c.spans:
                by_day[s.day].append((s.minutes, v, c.mode, c.counts))
        coming = []
        for day in sorted(by_day):
            here = by_day[day]
            if who.most_minutes_day is not None:
                held("long_day", sum(m * v for m, v, _, _ in here) <= who.most_minutes_day)
            if len(who.modes) > 1:
                person = model.new_bool_var("")
                for _, v, mode, _ in here:
                    there = person if mode == "in_person" else person.negated()
                    clause = model.add_bool_or(v.negated(), there)
                    if "mixed_modes" in on:
                        clause.only_enforce_if(on["mixed_modes"])
            one = model.new_bool_var("")
            model.add(one <= sum(v for _, v, _, counts in here if counts))
            coming.append(one)
        if "hours" in self.rules:
            total = sum(m * v for here in by_day.values() for m, v, _, counts in here if counts)
            held("hours", total >= who.minutes_a_week)
        if "days" in self.rules:
            held("days", sum(coming) >= who.days_a_week)
        self._lessons(model, chosen, held)
        return model, on if relax is None else relax

    def _lessons(self, model: Any, chosen: Sequence[tuple[_Choice, Any]], held: Any) -> None:
        courses: dict[str, dict[int, list[tuple[_Choice, Any]]]] = defaultdict(lambda: defaultdict(list))
        for c, v in chosen:
            if c.group is not None and c.group.lesson:
                courses[c.group.curriculum][c.group.lesson].append((c, v))
        for curriculum, lessons in courses.items():
            for number, here in lessons.items():
                held(f"lessons.{curriculum}", sum(v for _, v in here) <= 1)
                first = here[0][0].group
                assert first is not None
                if first.ordered and number > dict(self.who.next_lesson).get(curriculum, 1):
                    earlier = lessons.get(number - 1, [])
                    held(f"lessons.{curriculum}", sum(v for _, v in here) <= sum(v for _, v in earlier))
                    for c, v in here:
                        for d, w in earlier:
                            if min(d.spans) >= min(c.spans):
                                held(f"lessons.{curriculum}", v + w <= 1)

    def _solver(self, seconds: float = 1.0) -> Any:
        solver = self.cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.symmetry_level = 0
        return solver

    def way_out(self, on: frozenset[str]) -> frozenset[str] | None:
        """The fewest rules to lift, none of them in `on`, so that all others hold; None when there is no way."""
        if on not in self.known:
            model, switches = self._model(sorted(set(self.rules) - on))
            model.minimize(sum(1 - s for s in switches.values()))
            solver = self._solver()
            found = solver.solve(model) in (self.cp.OPTIMAL, self.cp.FEASIBLE)
            lifted = frozenset(n for n, s in switches.items() if not solver.value(s)) if found else None
            self.known[on] = lifted
        return self.known[on]

    def smallest_clash(self, until: float) -> tuple[tuple[str, ...] | None, bool]:
        """The smallest set of rules that cannot all hold, and whether it is proven to be; None when all can."""
        if self.way_out(frozenset()) == frozenset():
            return None, True
        ways: list[frozenset[str]] = []
        while time.monotonic() < until - 0.5:
            clash = self._meeting_all(ways)
            lifted = self.way_out(clash)
            if lifted is None:
                return tuple(sorted(clash, key=list(self.rules).index)), True
            ways.append(lifted)
        return self._thinned(until), False

    def _meeting_all(self, ways: Sequence[frozenset[str]]) -> frozenset[str]:
        """The smallest set with a rule of every way out."""
        model = self.cp.CpModel()
        take = {name: model.new_bool_var("") for name in self.rules}
        for way in ways:
            model.add_bool_or(take[name] for name in sorted(way))
        model.minimize(sum(take.values()))
        solver = self._solver()
        solver.solve(model)
        return frozenset(name for name, v in take.items() if solver.value(v))

    def _thinned(self, until: float) -> tuple[str, ...]:
        """A clash from which nothing can be left out: rules taken away one after the other."""
        clash = list(self.rules)
        for name in list(clash):
            rest = frozenset(clash) - {name}
            if time.monotonic() > until:
                break
            if not self._can_hold(rest):
                clash.remove(name)
        return tuple(clash)

    def _can_hold(self, rules: frozenset[str]) -> bool:
        model, switches = self._model(sorted(self.rules))
        for name in rules:
            model.add(switches[name] == 1)
        solver = self._solver()
        return solver.solve(model) in (self.cp.OPTIMAL, self.cp.FEASIBLE)

    # -- changes ---------------------------------------------------------------------------------------------------

    def changes(self, count: int, until: float) -> list[Change]:
        """The cheapest single changes that make it possible; where there are none, pairs."""
        atoms = sorted({atom for c in self.choices for _, atom in c.before if atom[0] in COSTS}, key=repr)
        out: list[Change] = []
        for size in (1, 2):
            tried: list[list[tuple[object, ...]]] = []
            while len(out) < count and (not tried or time.monotonic() < until):
                model, relax = self._model(changing=atoms)
                model.add(sum(relax.values()) <= size)
                for made in tried:
                    model.add(sum(relax[a] for a in made) <= len(made) - 1)
                model.minimize(sum(COSTS[str(a[0])] * v for a, v in relax.items()))
                solver = self._solver()
                if solver.solve(model) not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
                    break
                made = [a for a, v in relax.items() if solver.value(v)]
                if not made:
                    break
                tried.append(made)
                cost = sum(COSTS[str(a[0])] for a in made)
                out.append(Change(cost, tuple(self._said(a) for a in made)))
            if out:
                break
        return out

    def _said(self, atom: tuple[Any, ...]) -> Sentence:
        what = atom[0]
        if what in ("seat", "hold"):
            return Sentence(f"change.{what}", {"group": atom[1]})
        if what == "caseload":
            return Sentence("change.caseload", {"staff": atom[1]})
        span: Span = atom[-1]
        params: dict[str, object] = {"weekday": span.day, "start": span.start, "end": span.end}
        if what == "client":
            params["client"] = self.who.code
        if what == "staff":
            params["staff"] = atom[1]
        return Sentence(f"change.{what}", params)


@dataclass(frozen=True)
class _Choice:
    kind: str
    spans: tuple[Span, ...]
    mode: str
    counts: bool
    before: tuple[tuple[str, tuple[object, ...]], ...]
    group: Group | None
    staff: str = ""


def _distinct(choices: Sequence[_Choice]) -> list[_Choice]:
    """Of choices that differ only in a name, the first: of two members of staff free at one hour one is enough."""
    out: dict[object, _Choice] = {}
    for c in choices:
        lesson = (c.group.curriculum, c.group.lesson) if c.group is not None else None
        key = (c.kind, c.spans, c.mode, c.counts, lesson, tuple((rule, atom[0]) for rule, atom in c.before))
        out.setdefault(key, c)
    return list(out.values())


def _gather(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    out: dict[Any, list[Any]] = defaultdict(list)
    for name, value in pairs:
        out[name].append(value)
    return out
