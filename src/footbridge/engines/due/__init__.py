"""What is asked when: the windows of a schedule for one stay, and what became of each. No Django, no clock.

A window is never stored. It follows from the schedule, the days of the stay and the answers there are. An answer counts for
every window it lies in, and for one that opens a few days later (`early_days`), so nobody is asked twice for the same thing.
"""

from footbridge.engines.due.schedule import Asking, Event, Who, asking, in_force
from footbridge.engines.due.windows import Answered, Due, State, Stay, Window, due, windows

__all__ = [
    "Answered",
    "Asking",
    "Due",
    "Event",
    "State",
    "Stay",
    "Who",
    "Window",
    "asking",
    "due",
    "in_force",
    "windows",
]
