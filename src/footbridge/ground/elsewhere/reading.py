"""The list of other programs as a file: one CSV row a program, several values in a cell set apart by semicolons.

Columns: name, phone, levels (needed) and contact, email, address, about, conditions, populations, languages, payers, modes,
sliding_fee, miles, wait_days, checked_on. `miles` says "main:4; north:9": miles by site code. Described in docs/formats.md.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from footbridge.ground.program.words import Level, Population

from .words import MODES, PAYERS, Condition, Speaks

CODES: dict[str, tuple[str, ...]] = {
    "levels": tuple(Level.values),
    "conditions": tuple(Condition.values),
    "populations": tuple(Population.values),
    "languages": tuple(Speaks.values),
    "payers": tuple(code for code, _label in PAYERS),
    "modes": tuple(code for code, _label in MODES),
}
NEEDED = ("name", "phone", "levels")
TEXTS = {"name": 120, "phone": 32, "contact": 120, "email": 254, "address": 200, "about": 300}
COLUMNS = (*TEXTS, *CODES, "sliding_fee", "miles", "wait_days", "checked_on")
MOST_ROWS = 2000
LARGEST = 2_000_000

Entry = tuple[dict[str, Any], date | None]


class FileTrouble(ValueError):
    """What is wrong, in which row and column, and the mend. Nothing was kept."""


def programs(raw: bytes) -> list[Entry]:
    if len(raw) > LARGEST:
        raise FileTrouble("The file is larger than 2 MB.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        raise FileTrouble("The file is not UTF-8 text. Save it as “CSV UTF-8”.") from trouble
    if "\x00" in text:
        raise FileTrouble("The file holds bytes that are no text. Save it as “CSV UTF-8”.")
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        head = [str(name).strip() for name in reader.fieldnames or ()]
        if missing := [name for name in NEEDED if name not in head]:
            raise FileTrouble(f"The first row must name the columns; missing: {', '.join(missing)}.")
        if strange := [name for name in head if name not in COLUMNS]:
            raise FileTrouble(f"Column “{strange[0][:40]}” is not known. The columns are: {', '.join(COLUMNS)}.")
        if len(set(head)) != len(head):
            raise FileTrouble("A column stands twice in the first row; leave one.")
        reader.fieldnames = head
        found: list[Entry] = []
        names: dict[str, int] = {}
        for number, line in enumerate(reader, start=2):
            if len(found) >= MOST_ROWS:
                raise FileTrouble(f"More than {MOST_ROWS} rows.")
            if None in line:
                raise FileTrouble(f"Row {number}: more cells than columns. Put cells with commas in quotation marks.")
            if not any((cell or "").strip() for cell in line.values()):
                continue
            entry = _entry(number, {name: (cell or "").strip() for name, cell in line.items()})
            name = entry[0]["name"].casefold()
            if name in names:
                raise FileTrouble(f"Row {number}: “{entry[0]['name']}” stands in row {names[name]} already; leave one.")
            names[name] = number
            found.append(entry)
    except csv.Error as trouble:
        raise FileTrouble(f"Row {reader.line_num}: not CSV that can be read ({trouble}).") from trouble
    if not found:
        raise FileTrouble("There is no row below the column names.")
    return found


def _entry(number: int, line: dict[str, str]) -> Entry:
    facts: dict[str, Any] = {}
    for name in NEEDED:
        if not line[name]:
            raise FileTrouble(f"Row {number}, {name}: is empty. Fill it in.")
    for name, longest in TEXTS.items():
        if name in line:
            if len(line[name]) > longest:
                raise FileTrouble(f"Row {number}, {name}: longer than {longest} characters.")
            facts[name] = line[name]
    if facts.get("email"):
        try:
            validate_email(facts["email"])
        except ValidationError as trouble:
            raise FileTrouble(f"Row {number}, email: write an address like name@example.org, or leave it empty.") from trouble
    for name, codes in CODES.items():
        if name in line:
            said = [word.strip() for word in line[name].split(";") if word.strip()]
            if wrong := [word for word in said if word not in codes]:
                raise FileTrouble(f"Row {number}, {name}: “{wrong[0][:40]}” is none of {', '.join(codes)}.")
            facts[name] = list(dict.fromkeys(said))
    if "sliding_fee" in line:
        if line["sliding_fee"] not in ("yes", "no", ""):
            raise FileTrouble(f"Row {number}, sliding_fee: write yes, no, or leave it empty.")
        facts["sliding_fee"] = {"yes": True, "no": False}.get(line["sliding_fee"])
    if "wait_days" in line:
        facts["wait_days"] = _whole(number, "wait_days", line["wait_days"], 366) if line["wait_days"] else None
    if "miles" in line:
        facts["miles"] = dict(_miles(number, part) for part in line["miles"].split(";") if part.strip())
    checked = None
    if line.get("checked_on"):
        try:
            checked = date.fromisoformat(line["checked_on"])
        except ValueError as trouble:
            raise FileTrouble(f"Row {number}, checked_on: write a day like 2026-11-30.") from trouble
    return facts, checked


def _miles(number: int, part: str) -> tuple[str, int]:
    site, colon, miles = part.strip().partition(":")
    if not colon or not site.strip():
        raise FileTrouble(f"Row {number}, miles: write the site's code and the miles, like main:4; north:9.")
    return site.strip(), _whole(number, "miles", miles, 5000)


def _whole(number: int, name: str, said: str, most: int) -> int:
    if not said.strip().isascii() or not said.strip().isdigit() or int(said) > most:
        raise FileTrouble(f"Row {number}, {name}: write a whole number from 0 to {most}.")
    return int(said)
