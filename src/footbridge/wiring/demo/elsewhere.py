"""Other programs of the demo: invented like everything in it, with numbers that ring nowhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from footbridge.ground.elsewhere import actions
from footbridge.ground.elsewhere.models import OtherProgram
from footbridge.kit.access import Actor

ALL, INSURED = ["commercial", "medicaid", "medicare", "self_pay"], ["commercial", "medicare", "self_pay"]
# name, number, whom to ask for, what one should know, and the facts a choice is made by
PROGRAMS: list[tuple[str, str, str, str, dict[str, Any]]] = [
    ("Lakeview Hospital day program", "555-010-0300", "Intake nurse on duty", "Six hours a day, five days a week", {
        "levels": ["php"], "conditions": ["mood", "anxiety", "trauma", "dual"], "populations": ["adult", "young_adult"], "languages": ["en", "interpreter"],
        "payers": ALL, "modes": ["in_person"], "wait_days": 3, "miles": {"north": 4}}),
    ("Lakeview Hospital, inpatient psychiatry", "555-010-0301", "Admissions desk", "Day and night", {
        "levels": ["inpatient", "crisis"], "conditions": ["general", "psychosis"], "populations": ["adult", "young_adult"], "languages": ["en", "interpreter"],
        "payers": ALL, "modes": ["in_person"], "sliding_fee": True, "wait_days": 0, "miles": {"north": 4}}),
    ("Stone Bridge withdrawal unit", "555-010-0310", "Shift lead", "Alcohol, opioids and benzodiazepines; doctors day and night", {
        "levels": ["withdrawal"], "conditions": ["substance_use", "dual"], "populations": ["adult", "young_adult"], "languages": ["en", "es"],
        "payers": ["commercial", "medicaid"], "modes": ["in_person"], "sliding_fee": True, "wait_days": 1, "miles": {"north": 9}}),
    ("Harbor House residential", "555-010-0320", "Marta, admissions", "A place to live and treatment for substance use", {
        "levels": ["residential"], "conditions": ["substance_use", "dual"], "populations": ["adult"], "languages": ["en", "es"],
        "payers": ["commercial", "medicaid", "self_pay"], "modes": ["in_person"], "sliding_fee": True, "wait_days": 6, "miles": {"north": 17}}),
    ("Willow Center for eating disorders", "555-010-0330", "Referral line", "Medical ward, day program and groups", {
        "levels": ["inpatient", "residential", "php"], "conditions": ["eating"], "populations": ["adult", "young_adult", "adolescent"], "languages": ["en"],
        "payers": INSURED, "modes": ["in_person"], "sliding_fee": False, "wait_days": 8, "miles": {"north": 22}}),
    ("First Steps early psychosis team", "555-010-0340", "Jo, team lead", "Coordinated care after a first episode, two years", {
        "levels": ["outpatient", "iop"], "conditions": ["psychosis"], "populations": ["adolescent", "young_adult"], "languages": ["en", "interpreter"],
        "payers": ALL, "modes": ["in_person", "video"], "sliding_fee": True, "wait_days": 5, "miles": {"north": 6}}),
    ("Northside weekly therapy", "555-010-0350", "Front desk", "Weekly therapy, day and evening", {
        "levels": ["outpatient"], "conditions": ["mood", "anxiety", "trauma", "perinatal"], "populations": ["adult", "young_adult"], "languages": ["en", "es"],
        "payers": ALL, "modes": ["in_person", "video"], "sliding_fee": True, "wait_days": 10, "miles": {"north": 2}}),
    ("Youth and Family Center", "555-010-0360", "Care coordinator", "After school, with the family", {
        "levels": ["iop", "php", "outpatient"], "conditions": ["general"], "populations": ["adolescent"], "languages": ["en", "es"],
        "payers": ["commercial", "medicaid"], "modes": ["in_person", "video"], "wait_days": 7, "miles": {"north": 5}}),
]  # fmt: skip


def keep(by: Actor, at: datetime) -> None:
    for name, phone, contact, about, facts in PROGRAMS:
        actions.keep({"name": name, "phone": phone, "contact": contact, "about": about, **facts}, by=by, at=at)


def named(name: str) -> OtherProgram:
    return OtherProgram.objects.get(name=name)
