"""Who works at Riverside: the fixed cast and the colleagues who make three tracks possible."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from footbridge.ground.people import actions as people
from footbridge.ground.people.models import Person, Staff
from footbridge.ground.program import actions as program
from footbridge.ground.program.models import Meeting
from footbridge.kit.access import SYSTEM, Actor
from footbridge.kit.access.models import User

PASSWORD = "footbridge demo"  # noqa: S105 - shown on the sign-in page of a demo, and `check --deploy` refuses demo people

# first name -> (full name, title, roles). The mail address is the first name at example.org.
PEOPLE: dict[str, tuple[str, str, list[str]]] = {
    "ed": ("Ed Novak", "PhD, program director", ["director"]),
    "di": ("Di Marsh", "Front desk", ["front_desk"]),
    "ivy": ("Ivy Tran", "LCSW, intake", ["intake"]),
    "bo": ("Bo Lindqvist", "LCSW", ["therapist"]),
    "cy": ("Cy Okafor", "LPC", ["therapist"]),
    "ina": ("Ina Brandt", "LMFT", ["therapist"]),
    "jo": ("Jo Castellano", "LCSW", ["therapist"]),
    "kit": ("Kit Araya", "PsyD", ["therapist"]),
    "lu": ("Lu Fontaine", "LPC, provisional", ["therapist"]),
    "mo": ("Mo Adeyemi", "Certified peer specialist", ["therapist"]),
    "ned": ("Ned Hollis", "LCADC", ["therapist"]),
    "oz": ("Oz Petrie", "LCSW", ["therapist"]),
    "pat": ("Pat Reyes", "PMHNP", ["prescriber"]),
    "bea": ("Bea Cole", "Billing", ["biller"]),
    "al": ("Al Winters", "IT", ["admin"]),
}
# Leaders by track: the first leads the mood group, and so on; the order is that of the program file.
LEADERS = {"morning": ["bo", "ina", "jo"], "afternoon": ["kit", "lu", "mo"], "evening": ["cy", "ned", "oz"]}


EVERYBODY = [key for keys in LEADERS.values() for key in keys]


@dataclass
class Team:
    """The people who work here, ready to act."""

    staff: dict[str, Staff] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)


def account(name: str, *, at: datetime, language: str = "en", born_on: date | None = None) -> tuple[User, Person]:
    """A demo person with an account: first name at example.org, the demo password, no second factor."""
    user = User.objects.create_user(f"{name.split()[0].lower()}@example.org", PASSWORD, is_demo=True, language=language)
    person = people.add_person(legal_name=name, email=user.email, user=user, language=language, born_on=born_on, by=SYSTEM, at=at)
    return user, person


def hire(at: datetime) -> Team:
    """Everybody's first day is `at`'s, a year before the story for their roles to be old enough."""
    team = Team()
    started = at.date()
    for key, (name, title, roles) in PEOPLE.items():
        user, person = account(name, at=at)
        staff = people.hire(person, title=title, started_on=started, by=SYSTEM, at=at)
        for role in roles:
            people.give_role(staff, role, held_from=started, by=SYSTEM, at=at)
        team.staff[key] = staff
        team.actors[key] = Actor(
            user_id=user.pk, person_id=person.pk, staff_id=staff.pk, name=person.name_used, roles=frozenset(roles), is_demo=True
        )
    for key, kind, number in (("bo", "LCSW", "149.012345"), ("cy", "LPC", "178.004321"), ("pat", "PMHNP", "277.001122"), ("lu", "LPC", "178.009876")):
        people.add_credential(
            team.staff[key], kind=kind, number=number, state="IL", provisional=key == "lu", valid_from=started,
            valid_until=date(started.year + 3, 11, 30), by=SYSTEM, at=at,
        )  # fmt: skip
    for key in ("bo", "ina", "jo", "cy", "ned", "oz", "mo"):
        people.supervise(team.staff[key], team.staff["kit"], by=SYSTEM, at=at)
    people.supervise(team.staff["lu"], team.staff["bo"], by=SYSTEM, at=at)
    return team


def lead_groups(team: Team, at: datetime) -> None:
    """Every weekly meeting gets the next leader of its track who is free at that hour."""
    busy: dict[str, list[Meeting]] = {key: [] for key in PEOPLE}
    meetings = Meeting.objects.filter(group__track__program__code="riverside", held_until__isnull=True).select_related("group__track")
    for meeting in meetings.order_by("group__track_id", "weekday", "starts", "group_id"):
        for key in [*LEADERS.get(meeting.group.track.code, []), *EVERYBODY]:
            if all(m.weekday != meeting.weekday or m.starts >= meeting.ends or m.ends <= meeting.starts for m in busy[key]):
                program.lead(meeting, team.staff[key], by=team.actors["ed"], at=at)
                busy[key].append(meeting)
                break
