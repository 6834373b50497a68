"""Verbs of the board: draft a week, build it, publish it, take it back."""

from .building import CannotBuild, ask_build, stop_build, take_build
from .drafting import (
    CannotDraft,
    Proposal,
    add_meeting,
    change_meeting,
    change_places,
    change_visit,
    drop_draft,
    propose,
    start_draft,
    undo_step,
)
from .goals import CannotWeigh, set_goals
from .publishing import CannotPublishWeek, CannotUndo, publish_week, unpublish_week

__all__ = [
    "CannotBuild",
    "CannotDraft",
    "CannotPublishWeek",
    "CannotUndo",
    "CannotWeigh",
    "Proposal",
    "add_meeting",
    "ask_build",
    "change_meeting",
    "change_places",
    "change_visit",
    "drop_draft",
    "propose",
    "publish_week",
    "set_goals",
    "start_draft",
    "stop_build",
    "take_build",
    "undo_step",
    "unpublish_week",
]
