"""Who someone is, and what they may."""

from .idle import held_at, hold
from .pages import Request, is_guarded, open_page, page
from .rules import PUBLIC, ROLES, RULES, STAFF_ROLES, SYSTEM, Actor, NotYours, Refusal, Rule, may, require

__all__ = [
    "PUBLIC",
    "ROLES",
    "RULES",
    "STAFF_ROLES",
    "SYSTEM",
    "Actor",
    "NotYours",
    "Refusal",
    "Request",
    "Rule",
    "held_at",
    "hold",
    "is_guarded",
    "may",
    "open_page",
    "page",
    "require",
]
