"""Server time of the busiest pages with few and with many clients: `python -m benchmarks.pages --clients 100 --clients
10000`.

For each size it makes a fresh database (in an embedded cluster of its own below var/bench, or on the server
DATABASE_URL names, whose role must be allowed to create databases), migrates, loads the clients of
benchmarks/history.py, starts web server and worker as `footbridge web` and `footbridge worker` do, signs in over
HTTP as real accounts and asks for each page: first by one user, one request after the other, then by eight at once.
Times are wall milliseconds on the loopback until the page is read; CPU milliseconds a request are those of the web
processes and of the database's, from /proc. Both move together with whatever else the machine does; CPU less.

The embedded cluster loads with durability off and is measured with it on, as in production.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import psycopg

from . import PASSWORD, ZONE
from .serving import Person, Served, cpu_ms, family, memory_mib, served, timed, together

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "var" / "bench"
USERS = 8
SLOWER = 1.5  # a ratio above this is marked
TODAY = f"(s.starts_at AT TIME ZONE '{ZONE}')::date = (now() AT TIME ZONE '{ZONE}')::date"
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}

# (name, who asks, path). {episode}: an open episode in the therapist's care; {session}: a group they lead today.
PAGES = [
    ("therapist: my day", "therapist", "/day/"),
    ("therapist: caseload", "therapist", "/clients/"),
    ("therapist: chart", "therapist", "/episodes/{episode}/"),
    ("therapist: measures of a client", "therapist", "/episodes/{episode}/measures/"),
    ("therapist: session roster", "therapist", "/sessions/{session}/"),
    ("therapist: timetable week", "therapist", "/timetable/"),
    ("therapist: alarms", "therapist", "/alarms/"),
    ("front desk: requests", "desk", "/intake/"),
    ("client: today", "client", "/me/"),
    ("client: my week", "client", "/me/week/"),
    # beyond the ten
    ("front desk: timetable week", "desk", "/timetable/"),
    ("therapist: board", "therapist", "/timetable/board/"),
    ("director: board", "director", "/timetable/board/"),
    ("intake: alarms", "intake", "/alarms/"),
    ("front desk: aftercare due", "desk", "/aftercare/"),
    ("therapist: plan", "therapist", "/episodes/{episode}/plan/"),
    ("director: program", "director", "/program/"),
    ("director: caseload", "director", "/clients/"),
    ("director: outcomes of all episodes", "director", "/outcomes/?first=2020-01-01"),
    ("director: how good the alerts were", "director", "/outcomes/alerts/?first=2020-01-01"),
    ("biller: days and hours", "biller", "/days/"),
    ("prescriber: visits", "prescriber", "/visits/"),
]


@dataclass
class Result:
    """One page at one size. Milliseconds; `status` is the worst one seen."""

    page: str
    status: int
    bytes: int = 0
    p50: float = 0
    p95: float = 0
    p50_8: float = 0
    p95_8: float = 0
    web_cpu: float = 0
    db_cpu: float = 0


@dataclass
class Size:
    clients: int
    loaded: dict[str, Any]
    results: list[Result] = field(default_factory=list)
    memory: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Server:
    """Where databases are made. `owner` loads; `app` serves pages; `admin` makes databases."""

    admin: str
    owner: str
    app: str
    loader: str
    postmaster: int | None

    def url(self, role: str, database: str) -> str:
        return urlunsplit(urlsplit(getattr(self, role))._replace(path=f"/{database}"))


@contextmanager
def server() -> Iterator[Server]:
    given = os.environ.get("DATABASE_URL")
    if given:
        owner = os.environ.get("DATABASE_OWNER_URL", given)
        yield Server(admin=owner, owner=owner, app=given, loader=owner, postmaster=None)
        return
    from footbridge.kit.embedded import APP, OWNER, Embedded

    with Embedded(HOME, fast=True).running() as cluster:
        place = cluster.place
        yield Server(
            place.url("postgres", "postgres"), place.url(OWNER), place.url(APP), place.url("postgres"), cluster.pid()
        )


def _environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "FOOTBRIDGE_"))}
    return (
        kept
        | {"FOOTBRIDGE_HOME": str(HOME), "DJANGO_SETTINGS_MODULE": "footbridge.settings", "PYTHONHASHSEED": "0"}
        | more
    )


def _day() -> str:
    return str(datetime.now(ZoneInfo(ZONE)).date())


def provide(where: Server, clients: int, reuse: bool, caseload: int = 0) -> tuple[str, dict[str, Any]]:
    """The name of a database with that many clients, and what was loaded into it."""
    name = f"footbridge_bench_{clients}"
    note = HOME / f"{name}.json"
    with psycopg.connect(where.admin, autocommit=True) as db:
        there = db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        kept = json.loads(note.read_text()) if note.exists() else {}
        if reuse and there and kept.get("day") == _day() and kept.get("caseload", 0) == caseload:
            return name, kept
        db.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        owner = psycopg.conninfo.conninfo_to_dict(where.owner)["user"]
        db.execute(f'CREATE DATABASE "{name}" OWNER "{owner}"')
    if where.postmaster:
        _durable(where, False)
    env = _environment(DATABASE_URL=where.url("app", name), DATABASE_OWNER_URL=where.url("owner", name))
    subprocess.run([sys.executable, "-m", "footbridge", "migrate"], env=env, check=True, stdout=sys.stderr)
    tell(f"Loading {clients:,} clients…")
    env = _environment(DATABASE_URL=where.url("loader", name), FOOTBRIDGE_AS_OWNER="1")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", str(clients), str(caseload)],
        env=env,
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    loaded = json.loads(done.stdout) | {"day": _day()}
    note.write_text(json.dumps(loaded))
    return name, loaded


def _durable(where: Server, on: bool) -> None:
    with psycopg.connect(where.admin, autocommit=True) as db:
        for setting, value in DURABLE.items():
            db.execute(f"ALTER SYSTEM SET {setting} = {value}" if on else f"ALTER SYSTEM RESET {setting}")
        if on:
            db.execute("CHECKPOINT")
        db.execute("SELECT pg_reload_conf()")


def calls(where: Server, name: str, people: dict[str, list[Person]]) -> dict[str, list[tuple[Person, str]]]:
    """For each page, who asks for which address: several people, several clients: no single row stays warm."""
    episodes: list[list[str]] = []
    sessions: list[list[str]] = []
    with psycopg.connect(where.url("loader", name)) as db:
        for email in therapists(db):
            rows = db.execute(
                "SELECT e.uid FROM ground_episode e JOIN ground_careteammember m ON m.episode_id = e.id"
                " AND m.role = 'primary' JOIN ground_person p ON p.id = m.staff_id WHERE e.ended_at IS NULL AND p.email = %s"
                " AND e.opened_at < now() - interval '30 days' ORDER BY e.id", [email],
            ).fetchall()  # fmt: skip
            episodes.append([str(row[0]) for row in rows])
            rows = db.execute(
                "SELECT s.uid FROM care_session s JOIN ground_person p ON p.id = s.leader_id WHERE p.email = %s"
                f" AND s.kind = 'group' AND {TODAY} ORDER BY s.starts_at", [email],
            ).fetchall()  # fmt: skip
            sessions.append([str(row[0]) for row in rows])
    found: dict[str, list[tuple[Person, str]]] = {}
    for page, who, path in PAGES:
        found[page] = []
        for n, person in enumerate(people[who]):
            many = episodes[n] if "{episode}" in path else sessions[n] if "{session}" in path else [""]
            found[page] += [(person, path.format(episode=one, session=one)) for one in many]
    return found


def therapists(db: psycopg.Connection) -> list[str]:
    """Up to five therapists who lead a group today, spread over all of them."""
    rows = db.execute(
        "SELECT DISTINCT p.email, p.id FROM care_session s JOIN ground_person p ON p.id = s.leader_id"
        f" WHERE s.kind = 'group' AND {TODAY} ORDER BY p.id"
    ).fetchall()
    return [rows[n * len(rows) // 5][0] for n in range(5)] if len(rows) >= 5 else [row[0] for row in rows]


def sign_in(where: Server, name: str, port: int) -> dict[str, list[Person]]:
    with psycopg.connect(where.url("loader", name)) as db:
        clients = db.execute(
            "SELECT p.email FROM ground_episode e JOIN ground_client c ON c.id = e.client_id"
            " JOIN ground_person p ON p.id = c.person_id WHERE e.ended_at IS NULL AND e.opened_at < now() - interval '30 days' ORDER BY e.id LIMIT 5"
        ).fetchall()
        emails = {
            "therapist": therapists(db), "client": [row[0] for row in clients],
            **{role: [f"{role}@example.org"] for role in ("desk", "intake", "director", "biller")},
            "prescriber": ["prescriber1@example.org"],
        }  # fmt: skip
    return {role: [Person(port, email, PASSWORD) for email in some] for role, some in emails.items()}


def measure(
    page: str, asked: list[tuple[Person, str]], where: Server, name: str, running: Served, requests: int
) -> Result:
    """Warm up, then one user, then eight. A page that does not answer 200 is reported and not measured."""
    if not asked:
        return Result(page, 0)
    status = max(timed(person, path)[1] for person, path in asked[:3])
    if status != 200:
        return Result(page, status)
    rotation = [asked[n % len(asked)] for n in range(requests * 2)]
    together(rotation[:32], USERS, 20)
    before = _spent(where, name, running)
    until = time.monotonic() + 60
    alone = []
    for person, path in rotation[:requests]:
        alone.append(timed(person, path))
        if time.monotonic() > until:
            break
    web, database = (
        sum(spent - then.get(pid, 0) for pid, spent in now.items())
        for then, now in zip(before, _spent(where, name, running), strict=True)
    )
    crowd = together(rotation, USERS, 60)
    one, eight = sorted(row[0] for row in alone), sorted(row[0] for row in crowd)
    return Result(
        page, max(row[1] for row in alone + crowd), alone[0][2], median(one), _p95(one), median(eight), _p95(eight),
        web / len(alone), database / len(alone),
    )  # fmt: skip


def _spent(where: Server, name: str, running: Served) -> tuple[dict[int, float], dict[int, float]]:
    """CPU milliseconds so far, by process: of the web, and of the database's processes that serve it."""
    backends = [pid for pid in family(where.postmaster) if _serves(pid, name)] if where.postmaster else []
    return {pid: cpu_ms([pid]) for pid in running.web_processes()}, {pid: cpu_ms([pid]) for pid in backends}


def _serves(pid: int, database: str) -> bool:
    try:
        return f" {database} ".encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _p95(ordered: list[float]) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def all_sizes(
    where: Server, wanted: list[int], requests: int, reuse: bool, only: str, caseload: int = 0
) -> list[Size]:
    """Makes the databases first, then measures each page at every size in turn: whatever else the machine does meets all of them."""
    made = [(clients, *provide(where, clients, reuse, caseload)) for clients in wanted]
    if where.postmaster:
        _durable(where, True)
    sizes = [Size(clients, loaded) for clients, _name, loaded in made]
    with ExitStack() as running:
        servers, asked = [], []
        for _clients, name, _loaded in made:
            one = running.enter_context(served(_environment(DATABASE_URL=where.url("app", name)), HOME / "server.log"))
            servers.append(one)
            asked.append(calls(where, name, sign_in(where, name, one.port)))
        for page in (page for page, _who, _path in PAGES if any(part in page for part in only.split(","))):
            for size, (clients, name, _loaded), one, of in zip(sizes, made, servers, asked, strict=True):
                result = measure(page, of[page], where, name, one, requests)
                cost = f"{result.p50:.0f} ms, CPU {result.web_cpu:.0f} + {result.db_cpu:.0f}"
                tell(f"  {page}, {clients:,}: " + (cost if result.p50 else f"status {result.status}"))
                size.results.append(result)
        for size, one in zip(sizes, servers, strict=True):
            size.memory["web"] = memory_mib(one.web_processes())
            size.memory["worker"] = memory_mib(family(one.worker.pid))
            if where.postmaster:
                size.memory["database (all sizes)"] = memory_mib(family(where.postmaster))
    return sizes


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def report(sizes: list[Size]) -> str:
    """Tables in Markdown. Ratios are the largest size to the smallest, of one user's p50 and of CPU in all."""
    lines = []
    for size in sizes:
        made, rows = size.loaded, size.loaded["rows"]
        lines += [
            "",
            f"**{size.clients:,} clients**: {min(made['seats'], size.clients):,} in care now, {made['sites']} sites, {made['therapists']} "
            f"therapists, {rows['Booking']:,} bookings, {rows['Answer']:,} answers, {made['bytes'] / 2**20:,.0f} MiB, "
            f"loaded in {made['seconds']} s",
            "",
            "| page | p50 | p95 | p50, 8 users | p95, 8 users | CPU web | CPU database | KiB |",
            "|---|---:|---:|---:|---:|---:|---:|---:|",
        ]
        for row in size.results:
            numbers = [row.p50, row.p95, row.p50_8, row.p95_8, row.web_cpu, row.db_cpu, row.bytes / 1024]
            said = " | ".join(f"{number:.0f}" for number in numbers) if row.p50 else f"status {row.status}" + " |" * 6
            lines.append(f"| {row.page} | {said} |")
        parts = (f"{part} {pss:.0f} / {rss:.0f}" for part, (pss, rss) in size.memory.items())
        lines += ["", "Memory, MiB (PSS / RSS): " + ", ".join(parts)]
    if len(sizes) > 1:
        few, many = sizes[0], sizes[-1]
        before = {row.page: row for row in few.results if row.p50}
        lines += [
            "",
            f"| page | p50 at {few.clients:,} | at {many.clients:,} | ratio | ratio of CPU |",
            "|---|---:|---:|---:|---:|",
        ]
        for row in many.results:
            if row.p50 and row.page in before:
                was = before[row.page]
                ratio, cpu = row.p50 / was.p50, (row.web_cpu + row.db_cpu) / max(was.web_cpu + was.db_cpu, 0.1)
                mark = " **slower**" if ratio > SLOWER else ""
                lines.append(f"| {row.page} | {was.p50:.0f} | {row.p50:.0f} | {ratio:.2f}{mark} | {cpu:.2f} |")
    return "\n".join(lines)


def machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")
    memory = int(Path("/proc/meminfo").read_text().split(None, 2)[1]) / 2**20
    system = f"{platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}"
    busy = os.getloadavg()[1]
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, {system}; load average {busy:.1f} at the end"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--clients",
        type=int,
        action="append",
        help="How many clients; more than once for several sizes. [100 and 10000]",
    )
    parser.add_argument(
        "--requests",
        type=int,
        default=60,
        help="Requests by one user for each page; eight users make twice as many. [60]",
    )
    parser.add_argument("--only", default="", help="Only pages whose name holds this, or one of these (a,b).")
    parser.add_argument(
        "--caseload",
        type=int,
        default=0,
        help="Every therapist also covers until so many people stand on their list. [about 12]",
    )
    parser.add_argument(
        "--reuse", action="store_true", help="Take the databases of an earlier run of today with --keep."
    )
    parser.add_argument("--keep", action="store_true", help="Leave the databases there for --reuse.")
    parser.add_argument(
        "--json", type=Path, default=HOME / "pages.json", help="Where the numbers go. [var/bench/pages.json]"
    )
    given = parser.parse_args()
    requests = max(1, min(given.requests, 1000))
    # However it is ended, the servers it started end too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with server() as where:
        HOME.mkdir(parents=True, exist_ok=True)
        sizes = all_sizes(where, sorted(set(given.clients or [100, 10000])), requests, given.reuse, given.only, given.caseload)
        if not (given.keep or given.reuse):
            with psycopg.connect(where.admin, autocommit=True) as db:
                for size in sizes:
                    db.execute(f'DROP DATABASE IF EXISTS "footbridge_bench_{size.clients}" WITH (FORCE)')
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    given.json.write_text(
        json.dumps({"when": when, "machine": machine(), "sizes": [asdict(size) for size in sizes]}, indent=1)
    )
    print(f"{when}, {machine()}")
    print(report(sizes))


if __name__ == "__main__":
    main()
