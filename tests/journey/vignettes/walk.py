"""A person's way from the first call to a signed plan or to the door of another place, walked in the browser by whoever does each part.

What is said and expected of each person stands in `people/`, one file each; ratings and safety answers come from the spec tests of the
rules (`tests/rules/vignettes.yaml`), so that the walk and the rules cannot tell two stories.
"""

from __future__ import annotations

import os
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from playwright.sync_api import Locator
from ruamel.yaml import YAML

from footbridge.care.placement.words import Dimension
from footbridge.care.screening.words import Fact, Known

from ...cast import PASSWORD
from .. import program
from ..browser import Somebody
from ..conftest import Life

HERE = Path(__file__).parent
RULES: dict[str, dict[str, Any]] = {
    one["id"]: one
    for one in YAML(typ="safe").load((HERE.parents[1] / "rules/vignettes.yaml").read_text(encoding="utf-8"))
}
PHQ9 = ("Not at all", "Several days", "More than half the days", "Nearly every day")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
# Enough of every section to sign it; a person's own file says what matters for them.
WHOLE = {
    "concerns": {"daily_life": "Sleeps four hours, eats little, sees only her sister."},
    "treatment": {"outpatient": "Weekly therapy twice, ended in the hospital both times.", "hospital": "March and November, City Hospital."},
    "trauma": {"still_hurting": "No"},
    "medical": {"conditions": "Underactive thyroid, treated. Walks well."},
    "substances": {"use": "Drinks nothing. Never smoked.", "withdrawal": "None."},
    "family": {"family_health": "Her mother was depressed for years."},
    "legal": {"matters": "None."},
    "work": {"work_now": "Retired teacher; choir on Thursdays."},
    "home": {"where": "With her sister Inés, for good.", "safe": "Yes. No guns, no alcohol; Inés keeps the tablets."},
    "supports": {"who": "Her sister Inés; the choir."},
    "strengths": {},
    "mental_status": {"mood": "“Empty”; looks tired, smiles when she speaks of singing", "perception": "No sign of it", "awake": "Yes, all of it"},
    "risk": {
        "self_harm": "Thoughts with a method while on the ward, none since Sunday. No attempt ever.", "others": "None.",
        "means": "Tablets, with her sister", "protects": "Her sister, her faith, the choir.",
    },
    "together": {"formulation": "Loss of work and of her voice; weekly care alone left long empty days. Singing and structure help."},
    "goals": {"goals": "To sing at Christmas.", "wishes": "Groups in the morning, in person."},
    "availability": {"hours": "Weekdays 8 to 1.", "transport": "Her sister drives."},
    "access": {"language": "English; Spanish with her sister", "access": "Large print."},
    "money": {"coverage": "Medicare"},
}  # fmt: skip


def people() -> dict[str, dict[str, Any]]:
    """Everybody of `people/`, by the name of their file."""
    load = YAML(typ="safe").load
    return {file.stem: load(file.read_text(encoding="utf-8")) for file in sorted((HERE / "people").glob("*.yaml"))}


class Walk:
    """One person's way. Each deed is one station; what a station needs of the person comes from `me`."""

    def __init__(self, life: Life, me: dict[str, Any]) -> None:
        self.life, self.me = life, me
        self.rules = RULES[me["vignette"]]
        self.inquiry = self.episode = self.visit = ""
        self.own: list[Somebody] = []

    # ---------------------------------------------------------------- who sits where

    @property
    def di(self) -> Somebody:
        return self.life.staff("di")

    @property
    def ivy(self) -> Somebody:
        return self.life.staff("ivy")

    @property
    def bo(self) -> Somebody:
        return self.life.staff("bo")

    @property
    def mia(self) -> Somebody:
        return self.life.staff("mia")

    def themselves(self) -> Somebody:
        """The person before their own phone."""
        if not self.own:
            self.own.append(self.life.somebody(self.me["called"].lower(), phone=True))
        return self.own[0]

    def photograph(self, who: Somebody, station: str) -> None:
        """For those who want to look: with SHOTS=folder each station is kept as a picture, light and dark."""
        if not (folder := os.environ.get("SHOTS")):
            return
        for theme in ("light", "dark"):
            who.page.evaluate("theme => document.documentElement.setAttribute('data-theme', theme)", theme)
            who.page.evaluate("scrollTo(0, 0)")
            who.page.screenshot(path=f"{folder}/{self.me['called'].lower()}-{station}-{theme}.png", full_page=True)
        who.page.evaluate("document.documentElement.removeAttribute('data-theme')")

    def at(self, who: Somebody, page: str) -> Somebody:
        return who.goes(page, uid=self.episode)

    # ---------------------------------------------------------------- asking for help

    def asks(self) -> None:
        {"call": self._calls, "guide": self._asks_the_guide, "refer": self._is_referred}[self.me["asks"]["way"]]()

    def _born(self, who: Somebody) -> None:
        born = self.me["born"]
        year = born.get("year") or self.life.now.year - born["age"] - 1
        who.born(born["month"], str(born["day"]), str(year))

    def _caller(self, who: Somebody, labels: tuple[str, str, str]) -> None:
        caller = self.me["asks"]["caller"]
        who.writes(dict(zip(labels, (caller["name"], caller["relation"], caller["contact"]), strict=True)))

    def _calls(self) -> None:
        asks, di = self.me["asks"], self.di
        di.goes("front_desk:call_taken")
        di.answers("Is anyone in danger right now?", asks.get("danger", "No")).answers("Who asks?", asks["who"])
        di.writes({"Name the person uses": self.me["called"], "Legal name": self.me["name"]})
        self._born(di)
        if "caller" in asks:
            di.page.get_by_text("Somebody else calls for them").click()
            self._caller(di, ("Name of the caller", "Relation or job", "How to reach the caller"))
            di.answers("Does the person know and agree?", asks["agrees"])
        di.answers("How should we reach them?", "Phone call").writes({"Phone number": self.me["phone"]})
        if "email" in self.me:
            di.writes({"Email address": self.me["email"]})
        if "sent_by" in asks:
            di.picks("Who sent them?", asks["sent_by"]).writes({"Name of the office": asks["office"]})
        di.writes({"What they said, in their words": asks["words"]}).clicks("Save the call").must_be_on("inquiry:show")
        self.inquiry = di.page.url

    def _asks_the_guide(self) -> None:
        asks, who = self.me["asks"], self.themselves()
        other, es = asks["who"] == "other", self.me.get("language") == "es"
        who.goes("home")
        if es:
            who.clicks("Español")
        who.clicks("Para mí" if es else "For someone I care about" if other else "For me")
        who.clicks(re.compile("Start the questions|Empezar las preguntas|Comenzar las preguntas|Start"), nth=0)
        for question, answer in asks["guide"]:
            if question:
                who.sees(re.compile(question))
            who.chooses(answer).clicks("Continuar" if es else "Continue")
        who.sees(re.compile(asks["suggests"]))
        who.clicks(re.compile("Ask for a call|Ask us|Pida|Pedir|Pregúntenos"))
        who.must_be_on("public:request_for_other" if other else "public:request")
        if es:
            assert who.page.locator("html").get_attribute("lang") == "es"
        fields = {name: who.page.locator(f"[name={name}]") for name in ("name_used", "phone", "email", "wishes")}
        fields["name_used"].fill(self.me["called"])
        fields["phone"].fill(self.me["phone"])
        fields["email"].fill(self.me["email"])
        fields["wishes"].fill(asks["words"])
        if other:
            self._caller(who, ("Your name", "Who are you to them?", "How can we reach you?"))
            who.answers(re.compile("Do they know about this"), "Yes, and agrees")
        if es:
            assert who.page.locator("[name=language][value=es]").is_checked()
        send = who.page.locator("[name=send_answers]")
        send.check(force=True)
        who.clicks("Enviar" if es else "Send", "button").must_be_on("public:sent")
        self._opened_by_di()

    def _is_referred(self) -> None:
        asks, them = self.me["asks"], self.life.somebody("referrer")
        them.goes("public:refer")
        self._caller(them, ("Your name", "Your job or role", "Your phone or email"))
        them.writes(
            {
                "Your office or organization": asks["office"],
                "Name the person uses": self.me["called"],
                "Legal name": self.me["name"],
            }
        )
        them.picks("What kind of place is it?", asks["sent_by"])
        self._born(them)
        them.answers("Does the person know, and agree", asks["agrees"]).answers("How soon do they need", asks["soon"])
        them.answers("How should we reach the person?", "Phone call").writes({
            "The person’s phone number": self.me["phone"], "The person’s email address": self.me["email"], "Why do you refer them?": asks["words"],
        })  # fmt: skip
        them.clicks(re.compile("Send"), "button").must_be_on("public:sent")
        self._opened_by_di()

    def _opened_by_di(self) -> None:
        self.di.goes("front_desk:list").clicks(self.me["called"], "link").must_be_on("inquiry:show")
        self.di.sees(self.me["asks"]["words"][:40])
        self.inquiry = self.di.page.url

    def answered(self) -> None:
        """Di has them on the line, and takes them up: from the request to a chart."""
        di = self.di
        if "triage" in self.me:
            di.clicks("Change urgency").answers("Urgency", self.me["triage"]["urgency"]).writes(
                {"Why": self.me["triage"]["why"]}
            )
            di.page.get_by_role("main").locator("form button").last.click()
            di.page.wait_for_load_state()
            di.must_be_on("inquiry:show").sees(self.me["triage"]["urgency"])
        di.answers("How", "Phone call").answers("What came of it", "Reached").writes({"Note": self.me["talk"]}).clicks(
            "Log it"
        )
        di.clicks("Take up").must_be_on("inquiry:episode")
        if not di.page.get_by_label("Legal name").input_value():
            di.writes({"Legal name": self.me["name"]})
        if not di.page.get_by_label("Year").input_value():
            self._born(di)
        di.clicks("Take up", "button").must_be_on("inquiry:show").sees(re.compile(f"{self.me['name']}, record R"))
        di.clicks("Coverage and consents").must_be_on("front_desk:papers")
        self.episode = re.search(r"/episodes/([0-9a-f-]+)/", di.page.url).group(1)  # type: ignore[union-attr]

    def papers(self) -> None:
        """Who pays, what the payer said, and what a person without one is told about costs."""
        given, di = self.me["coverage"], self.at(self.di, "front_desk:coverage")
        di.answers("Who pays?", given["who"])
        if "plan" in given:
            di.writes({"Name of the health plan": given["plan"], "Member number": given["number"]})
        di.clicks(re.compile("Save|Record|Keep"), "button").must_be_on("front_desk:papers")
        if "said" in given:
            di.clicks("Record a benefit check").answers("What did they say?", "Active").answers(
                "Is an IOP covered?", "Yes"
            )
            di.answers("Do they need to approve it first?", given["said"]["approval"]).writes(
                {"Who said it": given["said"]["note"]}
            )
            di.clicks(re.compile("Save|Record|Keep"), "button").must_be_on("front_desk:papers").sees("IOP covered: Yes")

        if self.me.get("costs"):
            di.sees(
                re.compile(r"\$600–\$900"),
                re.compile("A good-faith estimate in writing"),
                re.compile("not the price of this program"),
            )

    # ---------------------------------------------------------------- the screening talk

    def screened(self) -> None:
        """Ivy talks with them: what was told before stands there already; what nobody asked yet is asked."""
        screen, ivy = self.me["screen"], self.at(self.ivy, "screening:take")
        ivy.sees("No suicide screen yet")
        assert self.me["asks"]["words"] in ivy.page.get_by_label("What brings the person").input_value()
        for fact, answer in self.me.get("carried", {}).items():
            label = next(one.label for one in Known if str(one.label) == answer)
            assert ivy.page.locator(f"[name=fact_{fact}][value={Known(label.lower()).value}]").is_checked(), (
                f"{fact} was told before: {answer}"
            )
        ivy.answers("How did you talk?", screen.get("how", "By phone"))
        ivy.writes({"What goes well": screen["strengths"], "Earlier treatment": screen["history"]})
        if "money" in screen:
            ivy.writes({"Coverage, and worries about cost": screen["money"]})
        for fact, answer in {**self.rules["safety"], **self.rules["known"]}.items():
            if fact in Fact.values:
                ivy.page.locator(f"[name=fact_{fact}][value={answer}]").check(force=True)
        for fact, note in screen.get("notes", {}).items():
            ivy.page.locator(f"[name=note_{fact}]").fill(note)
        for day in DAYS:
            ivy.page.get_by_label(f"{day}, from").first.fill("08:00")
            ivy.page.get_by_label(f"{day}, until").first.fill("13:00")
        ivy.clicks("Keep the screen").must_be_on("screening:show").sees(screen["strengths"])

    def asked_about_suicide(self) -> None:
        self._given("cssrs_screener", "By interview")
        for item, answer in self.me["suicide"].items():
            self.ivy.page.locator(f"[name$=item_{item}]").locator(f"xpath=self::*[@value='{answer.lower()}']").check(
                force=True
            )
        self._finishes()
        self.at(self.ivy, "screening:show").sees(re.compile({
            "none": "no risk found", "low": "low risk", "moderate": "moderate risk", "high": "high risk",
        }[self.rules["safety"]["suicide_triage"]]))  # fmt: skip

    def _given(self, code: str, how: str) -> None:
        ivy = self.at(self.ivy, "measures:give")
        for box in ivy.page.locator("[name=codes]").all():
            box.set_checked(box.get_attribute("value") == code, force=True)
        ivy.answers("How", how).clicks("Give", exact=True)

    def _finishes(self) -> None:
        """Where an answer showed danger the page comes back and says so first, with all that was typed; then it is finished."""
        for _ in range(4):
            self.ivy.page.wait_for_load_state("networkidle")
            self.ivy.clicks("Save and finish")
            if not self.ivy.is_on("measures:enter"):
                break
        self.ivy.must_be_on("measures:sheet")

    def questionnaires(self) -> None:
        for code, sheet in self.me["sheets"].items():
            self._given(code, sheet["how"])
            if sheet["how"] == "By link":
                link = self.ivy.page.locator("code.link-once").inner_text()
                self._answers_by_link(re.sub(r"^https?://[^/]+", "", link), sheet["answers"])
            else:
                self._types(sheet["answers"])
                self._finishes()
            self.at(self.ivy, "measures:show").sees(re.compile(rf"\b{sheet['says']}\b"))

    def _types(self, answers: Any) -> None:
        groups = self.ivy.page.get_by_role("main").get_by_role("group")
        if isinstance(answers, list):
            for item, answer in enumerate(answers, 1):
                self.ivy.page.locator(f"[name$=item_{item}][value='{answer}']").check(force=True)
            hard = self.ivy.page.locator("fieldset").last.locator("input")  # how difficult it makes life
            if not self.ivy.page.locator("fieldset").last.locator("input:checked").count():
                hard.nth(1).check(force=True)
        elif "all" in answers:
            for row in groups.all():
                if row.get_by_label(answers["all"], exact=True).count():
                    row.get_by_label(answers["all"], exact=True).first.check(force=True)
        else:
            for item, answer in answers.items():
                row = self.ivy.page.locator(f"fieldset:has([name$=item_{item}])")
                row.get_by_label(re.compile(re.escape(answer))).first.check(force=True)

    def _answers_by_link(self, path: str, answers: list[int]) -> None:
        who = self.themselves()
        who.goes(path).must_be_on("measures:by_link")
        for answer in answers:
            who.taps_answer(PHQ9[answer])
        if who.is_on("measures:by_link"):
            who.taps_answer("Somewhat difficult")
        who.must_be_on("measures:thanks")

    # ---------------------------------------------------------------- danger

    def alarm_stands(self, alarm: dict[str, Any] | None = None) -> None:
        """Somebody has it in hand, with a time; where a visit cannot end, it does not end before it is said what was decided."""
        alarm, ivy = alarm or self.me["alarm"], self.ivy
        ivy.goes("safety:alarms")
        rows = self._rows(ivy).all_inner_texts()
        for says in alarm["says"]:
            row = next((one for one in rows if says in one), "")
            assert row, f"no alarm says {says!r}: {rows}"
            assert alarm["urgency"] in row and "You" in row and re.search(r"\d:\d\d", row), row
        self.at(ivy, "safety:show")
        ivy.sees("A visit cannot end yet") if alarm["urgency"] == "Now" else ivy.does_not_see("A visit cannot end yet")

    def _rows(self, who: Somebody) -> Locator:
        return who.page.get_by_role("row", name=re.compile(self.me["called"]))

    def visit_does_not_end(self) -> None:
        """The talk was a booked visit, over now. Its note is written, and not signed while nobody has said what was decided."""
        ivy, now = (
            self.at(self.ivy, "timetable:once"),
            self.life.now.astimezone(ZoneInfo(program.zone_where_it_is(13, program.now()))),
        )
        ivy.chooses("Individual")
        with_whom = ivy.page.locator("[name=staff]")
        with_whom.select_option(
            label=next(one for one in with_whom.locator("option").all_inner_texts() if "Ivy" in one)
        )
        for name, words in (
            ("on", now.date().isoformat()),
            ("starts", f"{now.hour - 2:02}:00"),
            ("ends", f"{now.hour - 1:02}:00"),
        ):
            ivy.page.locator(f"[name={name}]").fill(words)
        ivy.page.get_by_role("main").locator("form button").last.click()
        ivy.page.wait_for_load_state()
        ivy.goes("timetable:week").page.locator("main a[href*='/sessions/']").filter(visible=True).first.click()
        ivy.page.wait_for_load_state()
        self.visit = ivy.must_be_on("sessions:person").page.url
        ivy.sees(f"{self.me['called']}: this visit cannot end yet")
        ivy.clicks("Everyone else was present").goes(self.visit)
        ivy.writes({"About this person": self.me["screen"]["notes"]["medically_stable"]}).clicks("Keep the note")
        self.photograph(ivy, "4-visit")
        ivy.goes(self._signature()).sees(f"{self.me['called']}: this visit cannot end yet").does_not_see("Sign all")

    def _signature(self) -> str:
        return f"{self.visit.split('/people/')[0]}/signature/"

    def visit_ends(self) -> None:
        """What was decided is written down, so the note can be signed; the alarm keeps its own clock."""
        ivy = self.ivy
        ivy.goes(self._signature()).does_not_see("this visit cannot end yet").proves().clicks("Sign all", "button")
        assert not ivy.page.locator(".error-summary").count(), ivy.refused()
        ivy.sees("Signed. From here the note is only added to.")

    def danger_is_dealt_with(self) -> None:
        ivy = self.ivy
        if said := self.me.get("disposition"):
            self.at(ivy, "safety:show").clicks("Write down what was decided").must_be_on("safety:disposition")
            ivy.clicks("Write", "button")
            assert "What was decided" in ivy.refused()
            ivy.chooses(said["decided"]).writes(
                {
                    "Where is the person now?": said["where"],
                    "Who was told?": said["told"],
                    "What you heard": said["note"],
                }
            )
            ivy.page.get_by_role("main").locator("form button").last.click()
            ivy.page.wait_for_load_state()
            ivy.must_be_on("safety:show").does_not_see("A visit cannot end yet").sees(said["where"])
        if "safety_plan" in self.me:
            self.at(ivy, "safety:write_plan")
            for box, words in zip(
                ivy.page.get_by_role("main").get_by_role("textbox").all(), self.me["safety_plan"], strict=True
            ):
                box.fill(words)
            ivy.clicks(re.compile("Save|Keep"), "button").must_be_on("safety:show").sees(self.me["safety_plan"][2])

    def alarm_is_closed(self) -> None:
        done, ivy = self.me["after_alarm"], self.ivy
        ivy.goes("safety:alarms")
        while self._rows(ivy).count():
            self._rows(ivy).first.get_by_role("link").first.click()
            ivy.page.wait_for_load_state()
            ivy.must_be_on("safety:alarm").chooses(done["done"]).writes({"What you did": done["note"]}).clicks(
                "Close with this action"
            )
            ivy.goes("safety:alarms")

    def naloxone_is_offered(self) -> None:
        """Whoever may overdose leaves with naloxone in hand, and shown how."""
        ivy = self.at(self.ivy, "safety:naloxone")
        ivy.page.get_by_label("The kit is good until").fill((self._today() + timedelta(days=700)).isoformat())
        ivy.chooses("Given to them").answers("shown how to use it", "Yes").writes(
            {"Note": "His brother was shown, too."}
        )
        ivy.clicks("Keep", "button", exact=True).must_be_on("safety:show").sees("His brother was shown, too.")

    # ---------------------------------------------------------------- assessment and level of care

    def assessed(self) -> None:
        """What matters for the level, in the sections of the assessment; all of them where it is signed."""
        told, ivy = self.me["assessment"], self.ivy
        for section, answers in (WHOLE if told == "whole" else told).items():
            ivy.goes("assessment:section", uid=self.episode, section=section)
            for question, words in answers.items():
                box = ivy.page.locator(f"[name=q_{question}]")
                if box.count() > 1:
                    ivy.chooses(words, within=ivy.page.locator(f"fieldset:has([name=q_{question}])"))
                else:
                    box.fill(words)
            ivy.clicks("Keep and sign", "button").must_be_on("assessment:show")
        for code in (
            self.me["diagnosis"]["code"],
            *([self.me["diagnosis"]["also"]] if "also" in self.me["diagnosis"] else ()),
        ):
            self._diagnosed(code)
        if told == "whole":
            self.at(ivy, "assessment:sign").proves()
            ivy.page.get_by_role("main").get_by_role("button", name=re.compile("^Sign")).last.click()
            ivy.page.wait_for_load_state()
            ivy.must_be_on("assessment:show").sees("Signed.")

    def _diagnosed(self, code: str) -> None:
        ivy = self.at(self.ivy, "assessment:diagnoses")
        ivy.page.locator("#icd-q").fill(code)
        ivy.clicks("Search", "button", exact=True)
        ivy.page.locator(f"button[name=choose][value='{code}']").click()
        ivy.page.wait_for_load_state()
        ivy.clicks("Record the diagnosis").must_be_on("assessment:diagnoses").sees(code)

    def rated(self) -> str:
        """Ivy rates six dimensions with her reasons; answers what the page advises, as it says it."""
        ivy = self.at(self.ivy, "placement:show")
        for dimension in Dimension:
            given = self.rules["ratings"][dimension.value]
            ivy.page.locator(f"input[name$=rating_{dimension}][value='{given['rating']}']").check(force=True)
            ivy.page.locator(f"[name$=reason_{dimension}]").fill(given["reason"])
        if "wish" in self.rules:
            ivy.page.locator("[name$=wish]").select_option(self.rules["wish"])
        ivy.clicks("Keep the ratings").must_be_on("placement:show")
        return ivy.page.locator("section[aria-labelledby=advice]").inner_text()

    def advice_is_right(self, said: str) -> None:
        """What a medical director would look for: the level, the reasons by name, what would change it, and nothing left unasked."""
        says = self.me["says"]
        card = self.ivy.page.locator("section[aria-labelledby=advice] .card").first
        assert card.get_by_role("heading").first.inner_text() == says["what"]
        for words in (*says["because"], *says.get("fit", ()), *says["changes"]):
            assert words in said, f"{words!r} is not in:\n{said}"
        assert (
            self.rules["ratings"]["mental"]["reason"].rstrip(".") in said
        )  # the clinician's own evidence stands beside it
        assert "Still not known" not in said and "Assess now" not in said

    def decided(self) -> None:
        ivy, decides = self.ivy, self.me["decides"]
        assert (
            ivy.page.get_by_label("Indicated level").locator("option:checked").inner_text() == self.me["says"]["what"]
        )
        if "actual" in decides:
            ivy.picks("Actual level", decides["actual"])
        ivy.writes({"Reasons for the decision": decides["reasons"]}).clicks("Keep the decision").must_be_on(
            "placement:show"
        )
        ivy.sees("The decision", decides["reasons"])

    def is_not_admitted(self) -> None:
        """No track of ours is offered, and nobody can begin a plan of ours for them, not even the director."""
        ivy, ed = self.at(self.ivy, "placement:show"), self.life.staff("ed")
        assert not ivy.page.get_by_label("Track", exact=True).count()
        self.at(ed, "plan:show").does_not_see("Begin a plan").sees("No plan of this program")
        self.at(ed, "plan:start").clicks("Begin the draft")
        assert "no program here gives" in ed.refused()

    def goes_elsewhere(self) -> None:
        """A warm hand-off, in the hand of whoever began it until somebody there says that the person has arrived."""
        to, ivy = self.me["goes_to"], self.at(self.ivy, "placement:show")
        ivy.clicks("Not here: hand over to other care").must_be_on("hand_offs:from_episode")
        assert ivy.page.get_by_label("Level of care they need").locator("option:checked").inner_text() == to["kind"]
        ivy.chooses("A place that is not on the list").writes(
            {"Name of the place": to["name"], "Phone number there": to["phone"]}
        )
        ivy.chooses("We do not give the level of care that is needed").clicks(
            "Begin the hand-off", "button"
        ).must_be_on("hand_offs:show")
        ivy.sees("Without their agreement nothing about them is said there.")
        ivy.clicks("Take their agreement").chooses(
            "Level of care, diagnosis and reasons", "Risk, and that there is a safety plan", "On paper"
        )
        ivy.clicks("They agree", "button").must_be_on("hand_offs:show").sees("Letter to them")
        letter = ivy.context.request.get(
            ivy.page.get_by_role("link", name="Letter to them").get_attribute("href") or ""
        )
        assert letter.ok and letter.headers["content-type"] == "application/pdf"
        ivy.chooses("Spoke with somebody there").writes({"With whom there": to["speaks"]}).clicks("Write it down").sees(
            to["speaks"]
        )
        self.photograph(ivy, "7-hand-off")
        self.life.staff("di").goes("hand_offs:list").sees(self.me["called"], to["name"])
        ivy.clicks("Arrived, or ended").must_be_on("hand_offs:end")
        ivy.chooses("Arrived there").clicks("End the hand-off", "button")
        assert "who confirmed" in ivy.refused()
        ivy.writes({"Who confirmed it": to["confirms"]}).page.get_by_label("Day they arrived").fill(
            self._today().isoformat()
        )
        ivy.clicks("End the hand-off", "button").must_be_on("hand_offs:show").sees(re.compile("Arrived .*confirmed by"))
        ivy.goes("hand_offs:list").does_not_see(to["name"])

    def admitted(self) -> None:
        ivy, to = self.at(self.ivy, "placement:show"), self.me["admits"]
        track = ivy.page.get_by_label("Track", exact=True)
        tracks = track.locator("option").all_inner_texts()
        if "not_to" in self.me:
            assert not [one for one in tracks if one.startswith(self.me["not_to"])], tracks
        track.select_option(label=next(text for text in tracks if text.startswith(to["track"])))
        ivy.page.get_by_label("First day").fill(self._today().isoformat())
        ivy.picks("Primary therapist", to["therapist"])
        if "prescriber" in to:
            ivy.picks("Prescriber", to["prescriber"])
        ivy.clicks("Admit", exact=True).must_be_on("placement:show").sees("Admitted")

    def _today(self) -> date:
        return program.today(self.life.now)

    # ---------------------------------------------------------------- the plan

    def signs_papers(self) -> None:
        """What the checklist asks before an admission; for somebody who is no adult a parent signs too."""
        for kind in ("Treatment in this program", "Care by video", "Messages and links by text or email"):
            di = self.at(self.di, "front_desk:consents").chooses(kind).chooses("On paper")
            if self.me["born"].get("age", 99) < 18:
                di.writes({"Parent's name as signed": self.me["asks"]["caller"]["name"]})
            di.clicks("Save", exact=True).must_be_on("front_desk:papers")

    def opens_the_portal(self) -> None:
        di, who = self.at(self.di, "front_desk:papers"), self.themselves()
        di.clicks("Invite to the portal").must_be_on("front_desk:portal").clicks("Make the link")
        who.goes(re.sub(r"^https?://[^/]+", "", di.page.locator("code.link-once").inner_text())).must_be_on("welcome")
        for field in who.page.locator("input[type=password]").all():
            field.fill(PASSWORD)
        who.page.get_by_role("main").locator("form button").last.click()
        who.page.wait_for_load_state()
        who.must_be_on("client:today")
        assert who.page.locator("html").get_attribute("lang") == self.me.get("language", "en")

    def plan_is_written(self) -> None:
        plan, bo = self.me["plan"], self.at(self.bo, "plan:start")
        bo.writes({"Strengths": plan["strengths"]}).clicks("Begin the draft").must_be_on("plan:edit")
        problem = plan["problem"]
        bo.clicks("Add a problem").writes(
            {"Problem": problem["title"], "ICD-10 code": problem["code"], "How it shows": problem["shows"]}
        )
        bo.clicks("Keep", exact=True).must_be_on("plan:edit")
        bo.clicks("Add a goal").writes(
            {"Goal, in the client's words": plan["goal"]["words"], "How we both will know": plan["goal"]["know"]}
        )
        bo.clicks("Keep", exact=True, nth=-1).must_be_on("plan:edit")
        bo.clicks("Add an objective").writes({"Objective": plan["objective"]}).clicks("Keep", exact=True, nth=-1)
        for one in plan["doing"]:
            bo.clicks("Add what is done for it").writes({
                "What is done": one["what"], "Who does it": one["who"], "Minutes each time": str(one["minutes"]),
                "Times a week": str(one["times"]), "For how many weeks": str(one["weeks"]),
            }).clicks("Keep", exact=True, nth=-1).must_be_on("plan:edit")  # fmt: skip
        bo.clicks("Sign", "link", exact=True).must_be_on("plan:sign").proves()
        bo.clicks("Sign", "button", exact=True)
        assert not bo.page.locator(".error-summary").count(), bo.refused()

    def plan_is_signed(self) -> None:
        who = self.themselves()
        who.goes("plan:client_sign").sees(self.me["plan"]["goal"]["words"]).proves()
        who.page.get_by_role("main").locator("form button").last.click()
        who.page.wait_for_load_state()
        who.goes("client:plan").sees(self.me["plan"]["goal"]["words"])
        self.at(self.bo, "plan:show").does_not_see("No plan holds yet").does_not_see(
            "It waits for the client's signature."
        )

    def is_certified(self) -> None:
        """A physician, under Medicare; and nobody else is offered the form."""
        said, mia = self.me["certified"], self.at(self.mia, "plan:certify")
        mia.writes(
            {"Hours of this care needed": str(said["hours"]), "Why care of this intensity": said["need"]}
        ).proves()
        mia.clicks("Certify and sign", "button")
        mia.must_be_on("plan:show").sees("Certified")


def links_of(who: Somebody, name: str, **words: Any) -> Locator:
    return who.page.locator(f"a[href='{reverse(name, kwargs=words or None)}']")
