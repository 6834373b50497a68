"""The program's week: built, placed into, repaired, explained, checked.

Two ways in. `offers` is first come, first placed for one person, at once and without a solver. `solve` and its
siblings look at everybody: facts (facts.py) go in, frozen answers come out.

    solve(facts)                          a week for everybody, better while it runs
    place(facts, week, client)            ranked offers for one person, nobody else moves; place_moving: fewest moves
    repair(facts, week, event)            mended with the fewest moves, and who must be told; propose: several ways
    explain(facts, week, client, wants)   the smallest set of rules that clash, the cheapest changes
    waiting, relief, forecast             the waiting list, what would shorten it, the places of the coming weeks
    check(facts, week)                    an independent reading of every hard rule
"""

from footbridge.engines.timetabling.building import Answer, Progress, solve
from footbridge.engines.timetabling.checker import Breach, check
from footbridge.engines.timetabling.explaining import Change, Explanation, explain
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
from footbridge.engines.timetabling.forecasting import Reach, Stays, TrackAhead, TrackNow, WeekAhead, forecast
from footbridge.engines.timetabling.placing import Placement, place, place_moving
from footbridge.engines.timetabling.price import Priced, prices
from footbridge.engines.timetabling.reading import WrongFile, read, write, write_facts
from footbridge.engines.timetabling.repairing import Event, Repair, Told, aftermath, propose, repair
from footbridge.engines.timetabling.waiting_list import Candidate, OpenSeat, Relief, Waiting, relief, waiting

__all__ = [
    "Answer",
    "Breach",
    "Candidate",
    "Change",
    "Client",
    "Event",
    "Explanation",
    "Facts",
    "Group",
    "IndividualSlot",
    "Meeting",
    "Need",
    "Offer",
    "OpenSeat",
    "Placement",
    "Priced",
    "Progress",
    "Reach",
    "Relief",
    "Repair",
    "Room",
    "Section",
    "Site",
    "Slot",
    "Span",
    "Staff",
    "Stays",
    "Timetable",
    "Told",
    "TrackAhead",
    "TrackNow",
    "Visit",
    "Waiting",
    "WeekAhead",
    "Wish",
    "WrongFile",
    "aftermath",
    "check",
    "codes",
    "english",
    "explain",
    "forecast",
    "offers",
    "place",
    "place_moving",
    "prices",
    "propose",
    "read",
    "relief",
    "repair",
    "solve",
    "waiting",
    "week_of",
    "why_not",
    "write",
    "write_facts",
]
