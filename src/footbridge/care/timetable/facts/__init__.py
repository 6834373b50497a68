"""The timetable engine's facts, read from the database, and the way back from its codes to rows.

    from footbridge.care.timetable import facts

    found = facts.template_facts(site, from_on)        # the weekly plan as it stands on a day: a Site or a Track
    found = facts.dated_facts(site, monday, at=now)    # the dated sessions of one week; what has begun stays as it is
    found.facts, found.week                            # engine Facts and Timetable: solve, place, repair, explain, check
    found.rows.staff[code], .rooms, .groups, .episodes # rows by the engine's codes
    found.rows.hours[group_code, number]               # the Meeting (template) or Session (dated) behind a meeting of the engine
    found.rows.visit(visit)                            # the WeeklyVisit or Session behind a visit of the engine, or None: a new one
    facts.allowed(found.facts, found.week)             # the same facts, where all that stands today is allowed to stand
    words.said(sentence, found.rows, seen)             # a sentence of the engine in the reader's language; see words.py

Codes are the uids of rows: staff, rooms, groups, and for people their *episode*. Four things are said otherwise:

- Hours of a group that the engine cannot hold together are *parts* of it, each with a code of its own: the first is the group's
  uid, the others uid~1, uid~2. A hybrid group is a part in person and a part by video; a group that meets twice on one day has a part for the
  second hour; in a dated week the hours that have begun are a part that nobody joins. `rows.parts[group.uid]` lists them. Whoever places somebody in
  the template gives them all parts of a group or none: `rows.whole(codes)` answers the groups of which all parts are there.
- A visit without a room is in the room "own:<staff uid>:office" (or :video): everybody's own office, or a call. It leads back to no room.
- `outside` lists what the engine cannot say (somebody booked for one hour of a group only, two visits of a kind on one day, in person
  and by video on one day, a session at another site). Those hours are cut out of everybody's free hours, and the rest is planned around them.
- Nobody's reason is here: who must not meet stands in `facts.apart` as codes.

Honest facts: `facts` say what should be, `week` what is. `engines.timetabling.check(found.facts, found.week)` gives the conflicts of the
week as it stands (a leader who is away, a room too small); before asking for a repair or an offer use `allowed`, so that an old conflict
does not stand in the way of mending a new one.

The number of queries does not depend on how many people, groups or sessions there are. One site at a time: what its staff and people
do elsewhere is cut out of their hours, so sites can be asked one after another or side by side.
"""

from .allowing import allowed
from .dated import dated_facts
from .rows import Found, Rows
from .weekly import template_facts

__all__ = ["Found", "Rows", "allowed", "dated_facts", "template_facts"]
