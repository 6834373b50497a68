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
from .placing import Placed, place_in_track
from .publishing import HORIZON_WEEKS, CannotPublish, Published, Skipped, publish, publish_ahead
from .visits import CannotVisit, add_visit, book_once, end_visit

__all__ = [
    "CannotBook",
    "CannotCancel",
    "CannotJoin",
    "CannotPublish",
    "CannotVisit",
    "HORIZON_WEEKS",
    "Placed",
    "Published",
    "Skipped",
    "add_visit",
    "book_once",
    "cancel_booking",
    "cancel_session",
    "end_all",
    "end_visit",
    "join_group",
    "join_once",
    "leave_group",
    "place_in_track",
    "publish",
    "publish_ahead",
]
