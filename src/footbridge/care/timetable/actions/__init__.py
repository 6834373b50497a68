"""Verbs of the timetable: publish it, place people in it, cancel."""

from .booking import (
    CannotBook,
    CannotCancel,
    CannotJoin,
    cancel_booking,
    cancel_session,
    end_all,
    join_group,
    join_once,
    leave_group,
)
from .closing import CannotOpen, close_day, open_day
from .mending import CannotMend, CannotUndo, mend, undo
from .pairing import CannotPair, end_pairing, pair
from .placing import Placed, place_in_track
from .publishing import HORIZON_WEEKS, CannotPublish, Published, Skipped, publish, publish_ahead
from .visits import CannotVisit, add_visit, book_once, end_visit

__all__ = [
    "CannotBook",
    "CannotCancel",
    "CannotJoin",
    "CannotMend",
    "CannotOpen",
    "CannotPair",
    "CannotPublish",
    "CannotUndo",
    "CannotVisit",
    "HORIZON_WEEKS",
    "Placed",
    "Published",
    "Skipped",
    "add_visit",
    "book_once",
    "cancel_booking",
    "cancel_session",
    "close_day",
    "end_all",
    "end_pairing",
    "end_visit",
    "join_group",
    "join_once",
    "leave_group",
    "mend",
    "open_day",
    "pair",
    "place_in_track",
    "publish",
    "publish_ahead",
    "undo",
]
