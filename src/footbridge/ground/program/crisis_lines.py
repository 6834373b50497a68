"""Crisis lines, from the one reviewed table data/crisis_lines.yaml. Nothing else in the product names these numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from footbridge.data import parsed

from . import local_lines

WARN_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class CrisisLine:
    """One line as people reach it. `call` and `text` are what is dialled; `press` follows the call."""

    code: str
    name: str
    call: str = ""
    press: str = ""
    text: str = ""
    text_word: str = ""
    spanish_press: str = ""
    spanish_word: str = ""
    chat: str = ""
    languages: tuple[str, ...] = field(default=("en",))

    @property
    def tel(self) -> str:
        """The number for a tel: link."""
        return "+" + self.call.replace("-", "") if self.call.startswith("1-") else self.call.replace("-", "")


def lines() -> list[CrisisLine]:
    """All lines, in the order of the table: emergency first, named in the reader's language where the table has it."""
    return [_line(entry) for entry in parsed("crisis_lines")["lines"]]


def line(code: str) -> CrisisLine:
    return next(one for one in lines() if one.code == code)


def reviewed_on() -> date:
    return date.fromisoformat(str(parsed("crisis_lines")["reviewed_on"]))


def expires_on() -> date:
    """The day by which a person must have looked at the table again."""
    return reviewed_on() + timedelta(days=parsed("crisis_lines")["expires_after_days"])


def was_checked() -> bool:
    """Whether a person has put their name under the table; the table as we ship it has none."""
    return "not yet" not in parsed("crisis_lines")["reviewed_by"]


def warning(on: date) -> str:
    """What a director must be told about the lines on this day, from two weeks before they run out; empty when all is well."""
    if not was_checked():
        return _("Nobody has checked the national crisis lines yet. Call each, then write your name into the table.")
    if on > expires_on():
        return _("The crisis lines were to be checked by %(day)s. Check them now.") % {"day": date_format(expires_on(), "DATE_FORMAT")}
    if on >= expires_on() - WARN_AHEAD:
        return _("The crisis lines must be checked by %(day)s.") % {"day": date_format(expires_on(), "DATE_FORMAT")}
    old = [line.name for line in local_lines.kept() if on >= line.checked_on + local_lines.good_for() - WARN_AHEAD]
    return _("Local crisis lines to check again: %(names)s.") % {"names": ", ".join(old)} if old else ""


def is_stale(on: date) -> bool:
    """Whether the last review is longer ago than the table allows."""
    return on > reviewed_on() + timedelta(days=parsed("crisis_lines")["expires_after_days"])


def _line(entry: dict) -> CrisisLine:
    spanish = entry.get("spanish", {})
    return CrisisLine(
        code=entry["code"],
        name=entry.get(f"name_{get_language()}", entry["name"]),
        call=entry.get("call", ""),
        press=entry.get("press", ""),
        text=entry.get("text", ""),
        text_word=entry.get("text_word", ""),
        spanish_press=spanish.get("press", ""),
        spanish_word=spanish.get("text_word", ""),
        chat=entry.get("chat", ""),
        languages=tuple(entry.get("languages", ("en",))),
    )
