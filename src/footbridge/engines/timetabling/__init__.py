"""The program's week: built, placed into, repaired, explained, checked.

Two ways in. `offers` is first come, first placed for one person, at once and without a solver. `solve` and its
siblings look at everybody: facts (facts.py) go in, frozen answers come out.

    solve(facts)                  a week for everybody, better while it runs
    check(facts, week)            an independent reading of every hard rule
"""

from footbridge.engines.timetabling.building import Answer, Progress, solve
from footbridge.engines.timetabling.checker import Breach, check
from footbridge.engines.timetabling.facts import Client, Facts, Group, Meeting, Need, Room, Site, Span, Staff, Visit
from footbridge.engines.timetabling.facts import Week as Timetable
from footbridge.engines.timetabling.first_come import (
    IndividualSlot,
    Offer,
    Section,
    Slot,
    Wish,
    codes,
    english,
    offers,
    week_of,
    why_not,
)
from footbridge.engines.timetabling.price import Priced, prices
from footbridge.engines.timetabling.reading import WrongFile, read, write, write_facts

__all__ = [
    "Answer",
    "Breach",
    "Client",
    "Facts",
    "Group",
    "IndividualSlot",
    "Meeting",
    "Need",
    "Offer",
    "Priced",
    "Progress",
    "Room",
    "Section",
    "Site",
    "Slot",
    "Span",
    "Staff",
    "Timetable",
    "Visit",
    "Wish",
    "WrongFile",
    "check",
    "codes",
    "english",
    "offers",
    "prices",
    "read",
    "solve",
    "week_of",
    "why_not",
    "write",
    "write_facts",
]
