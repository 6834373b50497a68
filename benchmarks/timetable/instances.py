"""Made-up weeks to solve: a seed and a size give the same week everywhere. Codes only; nobody is named."""

from __future__ import annotations

import random
from dataclasses import replace

from footbridge.engines.timetabling.facts import Client, Facts, Group, Need, Room, Site, Span, Staff

SIZES = {"small": (24, 6, 4, 1), "medium": (120, 22, 12, 1), "large": (600, 85, 45, 5)}  # clients, staff, rooms, sites
SHIFTS = {"morning": (9, 10, 11), "afternoon": (13, 14, 15), "evening": (17, 18, 19)}
CONDITIONS = ("mood", "anxiety", "substance_use")
TRIPLES = ((0, 2, 4), (0, 1, 3), (0, 2, 3), (1, 2, 4), (1, 3, 4), (0, 1, 4), (0, 3, 4))
BLOCKS = tuple(Span(day, hour * 60, hour * 60 + 50) for day in range(5) for hour in range(8, 20))


def instance(size: str, seed: int) -> Facts:
    """A week of that size. About one client in twenty comes on three days only, and one free hour in twenty is taken by something else."""
    clients, staff, rooms, sites = SIZES[size]
    rng = random.Random(f"{size}-{seed}")
    parts = [_site(rng, f"s{n}", clients // sites, staff // sites, rooms // sites) for n in range(sites)]
    return Facts(
        blocks=BLOCKS,
        sites=tuple(Site(f"s{n}") for n in range(sites)),
        rooms=tuple(r for p in parts for r in p[0]),
        staff=tuple(s for p in parts for s in p[1]),
        groups=tuple(g for p in parts for g in p[2]),
        clients=tuple(c for p in parts for c in p[3]),
        apart=frozenset(x for p in parts for x in p[4]),
        together=frozenset(x for p in parts for x in p[5]),
        name=f"{size}-{seed}",
    )


def _hours(day: int, first: int, last: int) -> Span:
    return Span(day, first * 60, last * 60)


def _site(rng: random.Random, site: str, clients: int, staff: int, rooms: int):  # type: ignore[no-untyped-def]
    tracks = ("morning", "evening") if clients < 60 else tuple(SHIFTS)
    places = _rooms(site, rooms)
    people = _staff(rng, site, staff, tracks)
    therapists = [s.code for s in people if "individual" in s.visits]
    come = [_client(rng, f"{site}-c{n:03d}", site, tracks[n % len(tracks)], therapists) for n in range(clients)]
    groups = [g for track in tracks for g in _groups(site, track, [c for c in come if track in c.tracks])]
    codes = [c.code for c in come]
    apart = {frozenset(rng.sample(codes, 2)) for _ in range(clients // 15)}
    together = {
        frozenset(rng.sample(codes[i :: len(tracks)], 2)) for i in range(len(tracks)) for _ in range(clients // 40)
    }
    come = [_last_week(rng, c, groups) for c in come]
    return places, people, groups, come, apart, together - apart


def _rooms(site: str, count: int) -> list[Room]:
    groups = max(2, round(count * 0.42))
    out = [Room(f"{site}-g{n}", site, "group", 12 if n % 3 else 10) for n in range(groups)]
    return out + [Room(f"{site}-o{n}", site, "office") for n in range(count - groups)]


def _staff(rng: random.Random, site: str, count: int, tracks: tuple[str, ...]) -> list[Staff]:
    peers, prescribers = max(1, count // 7), max(1, count // 11)
    out = []
    for n in range(count):
        early = n % 2 == 0
        first, last = (8, 16) if early else (12, 20)
        if len(tracks) == 2 or n % 5 == 4:
            first, last = (8, 20)
        off = rng.choice((None, None, rng.randrange(5)))
        free = tuple(_hours(day, first, last) for day in range(5) if day != off)
        code = f"{site}-t{n:02d}"
        if n < peers:
            free = tuple(_hours(day, 8, 20) for day in range(5))
            out.append(Staff(code, site, free, frozenset({"peer", "complementary"}), most_minutes_week=30 * 60))
        elif n < peers + prescribers:
            free = tuple(_hours(day, 8, 20) for day in sorted(rng.sample(range(5), 4)))
            out.append(Staff(code, site, free, visits=frozenset({"medication"}), most_minutes_week=30 * 60))
        else:
            out.append(
                Staff(
                    code,
                    site,
                    free,
                    frozenset({"process", "curriculum", "skills"}),
                    frozenset({"individual", "family"}),
                    conditions=frozenset(CONDITIONS) if count < 10 else frozenset(rng.sample(CONDITIONS, 2)),
                    most_minutes_week=26 * 50,
                    most_minutes_day=7 * 50,
                    most_groups_day=4,
                    caseload=14,
                )
            )
    return out


def _client(rng: random.Random, code: str, site: str, track: str, therapists: list[str]) -> Client:
    hours = SHIFTS[track]
    free: list[Span] = []
    narrow = rng.random() < 0.05
    days = sorted(rng.sample(range(5), 3 if narrow else rng.choice((4, 5, 5, 5))))
    for day in days:
        blocks = [h for h in hours if rng.random() > 0.05]
        before, after = rng.random() < 0.5, rng.random() < 0.5
        blocks += [min(hours) - 1] * before + [max(hours) + 1] * (after and max(hours) < 19)
        free += [_hours(day, h, h + 1) for h in sorted(blocks)]
    needs = [
        Need("process"),
        Need("curriculum", 2),
        Need("skills", 2, most=3),
        Need("individual"),
        Need(rng.choice(("peer", "complementary"))),
    ]
    if rng.random() < 0.35:
        needs.append(Need("medication", minutes=30))
    if rng.random() < 0.25:
        needs.append(Need("family"))
    heard = frozenset({("basics", lesson) for lesson in (5, 6) if rng.random() < 0.05})
    return Client(
        code,
        site,
        tuple(free),
        tuple(needs),
        conditions=tuple(rng.sample(CONDITIONS, rng.choice((1, 1, 2)))),
        minutes_a_week=450,
        days_a_week=3,
        most_minutes_day=4 * 50,
        primary=rng.choice(therapists),
        heard=heard,
        tracks=frozenset({track}),
        urgency=rng.randrange(3),
    )


def _groups(site: str, track: str, people: list[Client]) -> list[Group]:
    hours = SHIFTS[track]
    singles = tuple((Span(day, h * 60, h * 60 + 50),) for day in range(5) for h in hours)
    bundles = tuple(tuple(Span(day, h * 60, h * 60 + 50) for day in days) for h in hours for days in TRIPLES)
    out = []
    for condition in CONDITIONS:
        count = sum(1 for c in people if c.conditions[0] == condition)
        for n in range(max(1, -(-count // 8))):
            code = f"{site}-{track}-process-{condition}-{n}"
            out.append(Group(code, site, "process", bundles, 4, 10, track, condition, topic="process"))
    size = len(people)
    for lesson in (5, 6):
        for n in range(max(1, -(-size // 9))):
            code = f"{site}-{track}-basics-{lesson}-{n}"
            made = Group(code, site, "curriculum", singles, 4, 12, track, topic="basics", curriculum="basics")
            out.append(replace(made, lesson=lesson, ordered=False))
    for n in range(max(2, -(-size * 2 // 9))):
        out.append(Group(f"{site}-{track}-skills-{n}", site, "skills", singles, 4, 12, track, topic=f"skills-{n % 3}"))
    for kind in ("peer", "complementary"):
        for n in range(max(1, -(-size // 16))):
            out.append(Group(f"{site}-{track}-{kind}-{n}", site, kind, singles, 3, 12, track, topic=kind))
    return out


def _last_week(rng: random.Random, client: Client, groups: list[Group]) -> Client:
    """Three of four were here last week, in a process group of theirs."""
    track = next(iter(client.tracks))
    ways = [g.code for g in groups if g.kind == "process" and g.track == track and g.condition in client.conditions]
    if not ways or rng.random() < 0.25:
        return client
    return replace(client, groups=frozenset({rng.choice(ways)}))
