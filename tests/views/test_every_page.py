"""Every address: whoever works with it opens it, everybody else learns nothing, not even that it exists.

The map below says for each address that names a record which record of Ana's it is. A new address with a uid that is not in
the map fails the test: nobody adds a page about people without saying who may not see it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from footbridge.care.assessment import actions as assessment
from footbridge.care.inquiry import actions as inquiry
from footbridge.care.measures import actions as measures
from footbridge.care.measures.models import CourseAlert, Topic
from footbridge.care.medication import actions as medication
from footbridge.care.plan import actions as plans
from footbridge.care.practice import actions as practice
from footbridge.care.safety import actions as safety
from footbridge.care.safety.incidents import actions as incidents
from footbridge.care.sessions import reads as seats
from footbridge.care.timetable import actions as timetable
from footbridge.care.timetable import proposals
from footbridge.care.timetable.board import actions as board
from footbridge.care.timetable.board import plan as weeks
from footbridge.care.timetable.models import Mending, Session
from footbridge.care.transitions import actions as transitions
from footbridge.care.transitions.hand_offs import actions as hand_offs
from footbridge.ground.consent import actions as consent
from footbridge.ground.coverage import actions as coverage
from footbridge.ground.elsewhere import actions as elsewhere
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.instruments import outside
from footbridge.ground.people import actions as people
from footbridge.ground.people.models import Supporter
from footbridge.ground.program import local_lines
from footbridge.kit import trail
from footbridge.kit.access import PUBLIC, SYSTEM
from footbridge.lanes.notices import actions as notices
from tests import program as week
from tests.actions import way
from tests.actions.test_reviews import phq9
from tests.cast import Cast

pytestmark = pytest.mark.django_db

# Addresses with a uid that are open on purpose: a thank-you page that names nobody; the questions of a device that was handed over, which
# answer with "not here" on every other device.
OPEN = {"public:sent", "measures:room_of"}
# Addresses that only take a post.
POSTS = {
    "client:end_consent", "director:line_checked", "director:line_ended", "course:fit", "client:end_supporter", "inquiry:apart", "measures:renew", "notices:resend",
    "front_desk:elsewhere_checked", "front_desk:elsewhere_ended", "plan:remove", "plan:revise", "practice:end", "safety:hand_on", "timetable:end_pair", "timetable:undone", "timetable:open_day", "safety:take", "safety:open_chart", "safety:back", "sessions:attendance", "medication:state",
}  # fmt: skip
# Pages that lead on when there is nothing (more) to do on them: to where the work is.
LEADS_ON = {"timetable:draft_build_stop", "timetable:draft_build_take", "hand_offs:from_episode", "hand_offs:letter", "measures:differences", "plan:start", "measures:help", "inquiry:episode"}


def patterns(resolver: Any = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", entry
        else:
            yield from patterns(entry, f"{space}{entry.namespace}:" if entry.namespace else space)


OURS = [(name, entry) for name, entry in patterns() if not entry.callback.__module__.startswith("allauth")]
WITH_UID = sorted({name for name, entry in OURS if "uuid:" in str(entry.pattern)} - OPEN)
WITHOUT = sorted(name for name, entry in OURS if "<" not in str(entry.pattern))


class Life:
    """Ana in the middle of her way, with one record of every kind. `words` maps an address to (its words, who works with it)."""

    def __init__(self, cast: Cast, now: datetime) -> None:
        self.cast, self.now = cast, now
        before = now - timedelta(days=15)
        bo, di, ivy, ana = (m.actor(before) for m in (cast.bo, cast.di, cast.ivy, cast.ana))
        episode, client = cast.ana.episode, cast.ana.client
        way.decided(cast, at=before)
        plan = way.drafted(cast, at=before)
        plans.sign(plan, cast.bo.person, "clinician", "password", by=bo, at=before)
        plans.sign(plan, cast.ana.person, "client", "password", by=ana, at=before)
        draft = plans.revise(plan, by=bo, at=before)
        made = inquiry.receive(
            for_whom="self",
            name_used="Ana",
            phone="555-010-0177",
            language="en",
            channel="call",
            form_key=uuid4(),
            by=PUBLIC,
            at=now,
        )
        source = people.add_source(name="Lakeside", kind="hospital", by=di, at=before)
        sent = inquiry.receive(for_whom="self", name_used="Lou", phone="555-010-0178", channel="call", source=source, by=PUBLIC, at=now)
        inquiry.close(sent, because="declined", by=cast.di.actor(now), at=now)
        given = consent.give(
            client, kind="messages", signed_name="Ana Soto", how="paper", witnessed_by=cast.di.staff, by=di, at=before
        )
        drug = medication.add(client, name="Sertraline", dose="50 mg", by=bo, at=before)
        allergy = medication.add_allergy(client, substance="Penicillin", by=bo, at=before)
        urine = medication.record_test(episode, on=before.date(), collected="yes", by=bo, at=before)
        program = week.load(cast, before)
        monday = (now - timedelta(days=now.weekday() + 7)).date()
        timetable.publish(program.morning, monday, monday + timedelta(weeks=4), by=cast.ed.actor(before), at=before)
        place = timetable.join_group(episode, program.process, monday, by=di, at=before, confirmed=True)
        visit = timetable.add_visit(
            episode, "individual", cast.bo.staff, 1, time(14), time(14, 50), held_from=monday, site=program.site, mode="in_person",
            confirmed=True, by=bo, at=before,
        )  # fmt: skip
        held = Session.objects.filter(group=program.process).order_by("starts_at").first()
        coming = Session.objects.filter(group=program.process, starts_at__gt=now).order_by("starts_at").first()
        assignment = practice.assign(episode, skill=self.skill(), times_a_week=3, by=bo, at=before)
        log = practice.log(
            assignment, today=now.date(), practised_on=now.date(), form_key=uuid4(), by=cast.ana.actor(now), at=now
        )
        paper, mine = (
            instruments.give(client, ["gad7"], how=how, occasion="weekly", episode=episode, by=bo, at=now)[0][0]
            for how in ("paper", "portal")
        )
        phq9(cast, at=now)
        measures.answer_all(paper, {"1": "1"}, by=cast.bo.actor(now), at=now)
        with trail.act("course.alerted", by=SYSTEM, at=now, about=episode, client=client):
            alert = CourseAlert.objects.create(
                **{
                    f.name: {
                        "episode": episode,
                        "client": client,
                        "sheet": paper,
                        "color": "yellow",
                        "owner": cast.bo.staff,
                    }.get(f.name)
                    or {"reason": "Not better", "raised_at": now, "at": now, "due_on": now.date()}.get(f.name)
                    for f in CourseAlert._meta.concrete_fields
                    if f.name in {"episode", "client", "sheet", "color", "owner", "reason", "raised_at", "at", "due_on"}
                }
            )
        with trail.act("topic.raised", by=SYSTEM, at=now, about=paper, client=client):
            topic = Topic.objects.create(client=client, sheet=paper, code="test", reason="Look at it.", raised_at=now)
        away = people.go_away(
            cast.bo.staff, from_on=now.date() + timedelta(days=30), until_on=now.date() + timedelta(days=31), cover=cast.cy.staff,
            by=bo, at=now,
        )  # fmt: skip
        alarm = safety.raise_alarm(
            client=client, kind="staff", urgency="today", reason="Said to be in danger.", source_kind="test", source_key="1",
            by=cast.bo.actor(now), at=now,
        )  # fmt: skip
        happened = incidents.report_incident(
            kind="overdose", happened_at=now, place="Parking lot", what="Found asleep.", done_at_once="911", client=client, form_key=uuid4(),
            by=cast.di.actor(now), at=now,
        )  # fmt: skip
        line = local_lines.add(name="County team", about="Day and night", call="312 555 0199", by=cast.ed.actor(now), at=now)
        mandated = incidents.log_report(
            concern="child", what="Bruises.", decision="will_report", why="Suspicion.", route="unsure", learned_at=now, client=client,
            form_key=uuid4(), by=cast.bo.actor(now), at=now,
        )  # fmt: skip
        stepped = transitions.step(
            episode, kind="step_down", to_level="outpatient", why="Goes well.", effective_on=now.date(), next_provider="Dr. Example",
            by=cast.bo.actor(now), at=now,
        )  # fmt: skip
        notice = notices.make(cast.ana.person, "mail", "message", "en", {"link": "/me/"}, "test", now)
        supporter = Supporter.objects.get(client=client)
        problem = draft.problems.first()
        booking = next(b for b in seats.seated(held) if b.episode_id == episode.pk)
        ahead = next(b for b in seats.seated(coming) if b.episode_id == episode.pk)
        outside_row = outside.enter(
            client, "phq9", score="total", value="12", on=now.date() - timedelta(days=3), source="paper", source_note="Dr. Example",
            form_key=uuid4(), episode=episode, by=cast.bo.actor(now), at=now,
        )  # fmt: skip
        answered = instruments.give(client, ["gad2"], how="paper", occasion="weekly", episode=episode, by=bo, at=now)[0][0]
        measures.answer_all(answered, {"1": "0", "2": "0"}, by=cast.bo.actor(now), at=now)
        measures.finish(answered, by=cast.bo.actor(now), at=now)
        diagnosis = assessment.diagnose(episode, code="F33.1", by=bo, at=before)
        assessment.write(episode, "strengths", {"strengths": {"value": "Sings."}}, based_on=0, by=bo, at=before)
        other = elsewhere.keep({"name": "Lakeside", "phone": "312 555 0160", "levels": ["php"]}, by=di, at=before)
        hand_off = hand_offs.hand_over(episode, level="outpatient", why="step", program=other, by=bo, at=now)
        twice = people.make_client(people.add_person(legal_name="Anna Soto", by=SYSTEM, at=before), by=SYSTEM, at=before)
        people.supervise(cast.bo.staff, cast.ed.staff, by=SYSTEM, at=before)
        ed, begin = cast.ed.actor(now), (now + timedelta(days=7 - now.weekday())).date()
        week_draft = board.start_draft(program.program, program.site, begin, by=ed, at=now)
        moved = next(m for m in board.drafting.week_of(week_draft).meetings.values() if m.group == program.recovery.pk)
        step = board.change_meeting(week_draft, weeks.replace(moved, weekday=3), by=ed, at=now)
        built = board.ask_build(week_draft, by=ed, at=now)
        stands = weeks.standing(program.program, program.site, begin)
        seen = board.publishing.fingerprint(stands, weeks.drafted(week_draft, stands))
        published = board.publish_week(week_draft, seen=seen, by=ed, at=now)
        board.unpublish_week(published, by=ed, at=now)  # the draft is open again
        drafted = {"uid": week_draft.uid}
        pairing = timetable.pair(episode, cast.max.client.number, "apart", "A quarrel.", by=cast.bo.actor(now), at=now)
        with trail.act("timetable.mended", by=SYSTEM, at=now, about=program.site):
            mending = Mending.objects.create(
                key=uuid4(), site=program.site, what="staff_out", staff=cast.bo.staff, from_at=now, until_at=now + timedelta(days=1), how="solver",
                by=cast.di.staff, at=now,
            )  # fmt: skip
        shut = timetable.close_day(program.site, now.date() + timedelta(days=40), "Snow", by=cast.di.actor(now), at=now)
        estimate = coverage.estimate(
            client, lines=[{"what": "A day", "code": "", "times": 1, "cents": 100}], for_from=now.date(), for_until=now.date(), how="paper",
            given_on=now.date() - timedelta(days=1), today=now.date(), by=di, at=now,
        )  # fmt: skip
        order = consent.keep_order(
            client, court="County court", number="1", recipient="County court", data_classes=["directory"], ordered_on=now.date() - timedelta(days=1),
            read_by="A lawyer", today=now.date(), by=ed, at=now,
        )  # fmt: skip
        self.episode, self.actors = episode, (ivy,)
        of = {"uid": episode.uid}
        node = {**of, "kind": "problem", "node": problem.uid}
        self.words: dict[str, tuple[dict[str, Any], str]] = {
            **{name: (of, who) for who, names in OF_EPISODE.items() for name in names.split()},
            **{
                f"inquiry:{name}": ({"uid": made.uid}, "di")
                for name in ["show", "attempts", "urgency", "episode", "waiting", "closing"]
            },
            "hand_offs:from_request": ({"uid": made.uid}, "di"),
            **{f"front_desk:{name}": ({"uid": made.uid}, "di") for name in ("call", "danger")},
            **{f"front_desk:{name}": ({"uid": sent.uid, "milestone": "outcome"}, "di") for name in ("report", "report_letter")},
            **{f"hand_offs:{name}": ({"uid": hand_off.uid}, "bo") for name in ("show", "agree", "owner", "end", "letter", "for_them")},
            **{f"front_desk:{name}": ({"uid": other.uid}, "di") for name in ("elsewhere_change", "elsewhere_checked", "elsewhere_ended")},
            "inquiry:apart": ({"uid": made.uid, "client": client.uid}, "di"),
            "front_desk:double": ({"one": client.uid, "other": twice.uid}, "ivy"),
            "assessment:diagnosis": ({**of, "diagnosis": diagnosis.uid}, "bo"),
            **{f"assessment:{name}": ({**of, "section": "strengths"}, "bo") for name in ("section", "versions")},
            "plan:supervise": (of, "ed"),
            **{f"plan:{name}": (node, "bo") for name in ("node", "add", "remove")},
            **{
                f"director:{name}": ({"uid": cast.bo.staff.uid}, "ed")
                for name in ["person", "role", "credential", "supervisor", "hours_of"]
            },
            **{f"sessions:{name}": ({"uid": held.uid}, "bo") for name in SESSION_PAGES.split()},
            **{f"measures:{name}": ({"uid": paper.uid}, "bo") for name in ["sheet", "enter", "again", "differences", "hand_over", "withdraw", "renew"]},
            **{f"measures:{name}": ({"uid": mine.uid}, "ana") for name in ("answer", "help")},
            **{f"safety:{name}": ({"uid": alarm.uid}, "bo") for name in ["alarm", "hand_on", "take", "open_chart"]},
            **{f"medication:{name}": ({**of, "row": drug.uid}, "pat") for name in ("change", "stop")},
            "medication:result": ({**of, "row": urine.uid}, "pat"),
            "medication:withdraw_allergy": ({**of, "row": allergy.uid}, "pat"),
            "medication:state": ({**of, "about": "medication"}, "pat"),
            **{f"measures:{name}": ({**of, "code": "phq9"}, "bo") for name in ("csv", "pdf")},
            "clinician:before": ({"uid": held.uid}, "bo"),
            "sessions:person": ({"uid": held.uid, "person": booking.uid}, "bo"),
            "sessions:part_signature": ({"uid": held.uid, "person": booking.uid}, "bo"),
            "timetable:session": ({"uid": coming.uid}, "bo"),
            "timetable:leader": ({"uid": coming.meeting.uid}, "ed"),
            **{f"timetable:{name}": (drafted, "ed") for name in ("draft", "draft_drop", "draft_build", "draft_publish", "draft_add")},
            "timetable:draft_move": ({**drafted, "meeting": coming.meeting.uid}, "ed"),
            "timetable:draft_person": ({**drafted, "episode": episode.uid}, "ed"),
            "timetable:draft_add_visit": ({**drafted, "episode": episode.uid}, "ed"),
            "timetable:draft_visit": ({**drafted, "episode": episode.uid, "key": visit.uid}, "ed"),
            "timetable:draft_undo": ({**drafted, "step": step.uid}, "ed"),
            **{f"timetable:draft_build_{name}": ({**drafted, "build": built.uid}, "ed") for name in ("stop", "take")},
            "timetable:week_published": ({"uid": published.uid}, "ed"),
            "timetable:place": ({"uid": place.uid}, "di"),
            "timetable:visit": ({"uid": visit.uid}, "di"),
            "timetable:booking": ({"uid": ahead.uid}, "di"),
            "front_desk:estimate_letter": ({**of, "estimate": estimate.uid}, "di"),
            "front_desk:order": (of, "ed"),
            "front_desk:order_end": ({**of, "order": order.uid}, "ed"),
            "front_desk:revoke": ({**of, "consent_uid": given.uid}, "di"),
            "course:fit": ({"uid": program.morning.program.uid}, "ed"),
            "director:end_role": ({"uid": cast.bo.staff.roles_held.first().uid}, "ed"),
            "client:log": ({"uid": assignment.uid}, "ana"),
            "client:end_consent": ({"uid": given.uid}, "ana"),
            "client:end_supporter": ({"uid": supporter.uid}, "ana"),
            "client:change_supporter": ({"uid": supporter.uid}, "ana"),
            **{f"family:{name}": ({**of, "who": supporter.uid}, "di") for name in ("change", "end", "invite")},
            "family:person": ({"uid": supporter.uid}, "flo"),
            "practice:end": ({"uid": assignment.uid}, "bo"),
            "practice:comment": ({"uid": log.uid}, "bo"),
            "measures:topic": ({"uid": topic.uid}, "bo"),
            "safety:back": ({"uid": away.uid}, "bo"),
            "director:line_checked": ({"uid": line.uid}, "ed"),
            "director:line_ended": ({"uid": line.uid}, "ed"),
            "safety:incident": ({"uid": happened.uid}, "di"),
            "safety:incident_deadline": ({"uid": happened.uid}, "ed"),
            "safety:close_incident": ({"uid": happened.uid}, "ed"),
            "safety:meet_clock": ({"uid": happened.clocks.first().uid}, "di"),
            "safety:mandated_report": ({"uid": mandated.uid}, "bo"),
            "measures:close_alert": ({"uid": alert.uid}, "bo"),
            "transitions:arrival": ({"uid": stepped.uid}, "bo"),
            "timetable:mended": ({"uid": mending.uid}, "di"),
            "timetable:undone": ({"uid": mending.uid}, "di"),
            "timetable:closed_day": ({"uid": shut.uid}, "di"),
            "timetable:open_day": ({"uid": shut.uid}, "di"),
            "timetable:end_pair": ({"uid": pairing.uid}, "bo"),
            "notices:resend": ({"uid": notice.uid}, "di"),
            "outside:take_back": ({"uid": outside_row.uid}, "bo"),
            "outside:answers": ({"uid": answered.uid}, "bo"),
        }

    @staticmethod
    def skill() -> str:
        from footbridge.care.practice.skills import shelf

        return next(iter(shelf()))


SESSION_PAGES = "show attendance signature amendments not_held sign_in_sheet"
OF_EPISODE = {
    "bo": "clinician:chart clinician:history safety:show safety:assess safety:write_plan safety:raise safety:plan_card safety:plan_large safety:disposition safety:means safety:naloxone screening:show placement:show "
    "plan:show plan:start plan:revise plan:edit plan:sign plan:versions plan:copy practice:show measures:show measures:give reviews:show reviews:new "
    "hand_offs:from_episode outside:show transitions:show transitions:step transitions:discharge transitions:relapse_plan aftercare:show timetable:pairs",
    "di": "front_desk:papers front_desk:portal front_desk:coverage front_desk:benefits front_desk:estimate front_desk:consents timetable:episode "
    "timetable:track timetable:group timetable:add_visit timetable:once printing:person finding:find",
    "ivy": "placement:outside screening:take assessment:show assessment:sign assessment:diagnoses",
    "pat": "prescriber:visit plan:certify medication:show medication:add medication:reconcile medication:add_allergy medication:check medication:testing medication:drug_test",
}
# Links to our own pages; what is behind /exit/ and /static/ is no page.
# What no page says: letters for how sure a rule is, days as numbers in one country's order, words a template left open.
ODD = re.compile(r"\[(?:K|V2?|U)\]|\bMark (?:K|V2?|U)\b|\b\d{1,2}/\d{1,2}/20\d\d\b|%\(\w+\)s|\{[{%]")
TAGS = re.compile(r"<script.*?</script>|<style.*?</style>|<[^>]*>", re.DOTALL)
HREF = re.compile(r'href="(/(?!static/|exit/)[^"]*)"')
OF_EPISODE["di"] += " family:supporters family:add"
# The first page of each kind of person, and their others without a record in the address.
OWN_PAGES = {
    "ana": "client:today client:week client:questions client:plan client:safety_plan client:safety_card client:safety_large client:write_safety_plan client:relapse_plan "
    "client:progress client:practice client:check_in client:papers plan:client_sign plan:client_copy client:week_pdf feeds:mine",
    "bo": "clinician:day clinician:caseload clinician:huddle clinician:exception safety:alarms safety:away safety:incidents safety:report_incident safety:mandated_reports safety:log_report measures:schedules timetable:week timetable:out printing:choose printing:week feeds:work",
    "ed": "director:home director:gates placement:licences director:places director:places_csv director:outcomes director:outcomes_csv director:outcomes_pdf director:alerts director:evidence director:evidence_csv course:show director:glass director:people director:hours director:add timetable:publishing roles instruments:list instruments:add "
    "instruments:add_file instruments:add_fhir instruments:write",
    "di": "seats:list front_desk:list front_desk:waiting front_desk:sources front_desk:call_taken aftercare:due notices:list find keys front_desk:elsewhere front_desk:elsewhere_add front_desk:elsewhere_file hand_offs:list",
    "pat": "prescriber:day",
    "ivy": "front_desk:doubles",
    "bea": "biller:days biller:file plan:waiting",
    "flo": "family:home",
}
OWN_PAGES["ana"] += " client:name_supporter"
OWN_PAGES["bo"] += " timetable:board timetable:board_short"
OWN_PAGES["di"] += " timetable:close_day"
OWN_PAGES["ed"] += " timetable:board timetable:board_short timetable:board_goals timetable:draft_start"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here it matters that a page of mending opens, not how good what it proposes is."""
    monkeypatch.setattr(proposals, "SECONDS", 0.1)
    monkeypatch.setattr(proposals, "LEAST_SECONDS", 0.1)


@pytest.fixture
def life(cast: Cast) -> Life:
    return Life(cast, timezone.now())


def browser(cast: Cast, name: str) -> Browser:
    signed_in = Browser()
    signed_in.force_login(getattr(cast, name).user)
    return signed_in


def test_a_stranger_a_client_and_a_therapist_of_others_get_not_found_on_every_address(life):
    assert set(WITH_UID) - set(life.words) == set(), "say whose record this is, and who may open it"
    assert set(life.words) - set(WITH_UID) == set(), "these addresses are gone"
    told = {}
    for stranger in ("gus", "max", "cy"):
        who = browser(life.cast, stranger)
        for name, (words, _who) in life.words.items():
            for method in ("get", "post"):
                status = getattr(who, method)(reverse(name, kwargs=words)).status_code
                if status != 404:
                    told[f"{stranger}: {method} {name}"] = status
    for name, (words, _who) in life.words.items():
        answer = Browser().get(reverse(name, kwargs=words))
        if answer.status_code != 302 or "/sign-in/" not in answer["Location"]:
            told[f"nobody signed in: {name}"] = answer.status_code
    assert told == {}


def test_whoever_works_with_it_opens_it(life):
    told, hands, odd = {}, {}, {}
    for name, (words, who) in life.words.items():
        one = hands.setdefault(who, browser(life.cast, who))
        page = one.get(reverse(name, kwargs=words))
        status = page.status_code
        odd |= oddities(f"{name} as {who}", page)
        if name in POSTS:
            fine = status in (404, 405)
        elif name in LEADS_ON:
            fine = status in (200, 302, 303)
        else:
            fine = status == 200
        if not fine:
            told[f"{name} as {who}"] = status
    for who, names in OWN_PAGES.items():
        one = hands.setdefault(who, browser(life.cast, who))
        for name in names.split():
            page = one.get(reverse(name))
            if page.status_code != 200:
                told[f"{name} as {who}"] = page.status_code
            odd |= oddities(f"{name} as {who}", page)
    assert told == {}
    assert odd == {}


def oddities(where: str, page: Any) -> dict[str, str]:
    if page.status_code != 200 or not page["Content-Type"].startswith("text/html"):
        return {}
    text = html.unescape(TAGS.sub(" ", page.content.decode()))
    found = ODD.search(text)
    return {where: " ".join(text[max(0, found.start() - 60) : found.end() + 20].split())} if found else {}


def test_no_page_shows_a_link_that_its_reader_may_not_open(life):
    """A link is a promise: whoever is shown it may open it. Looked at as each of the cast, on every page they may open."""
    addresses = [reverse(name, kwargs=words) for name, (words, _who) in life.words.items() if name not in POSTS]
    addresses += [reverse(name) for names in OWN_PAGES.values() for name in names.split()]
    broken: dict[str, str] = {}
    for who in ("ana", "flo", "bo", "cy", "pat", "ivy", "di", "ed", "bea"):
        one = browser(life.cast, who)
        known: dict[str, int] = {}
        for address in addresses:
            page = one.get(address)
            known[address] = page.status_code
            if page.status_code != 200 or not page["Content-Type"].startswith("text/html"):
                continue
            for link in {html.unescape(found).partition("#")[0] for found in HREF.findall(page.content.decode())}:
                if link not in known:
                    known[link] = one.get(link).status_code
                if known[link] >= 400:
                    broken[f"{who}: {address}"] = f"{link} {known[link]}"
    assert broken == {}


def test_pages_of_one_role_are_not_found_by_others(cast):
    """Pages without a record in the address: staff's are not clients', and clients' are not staff's."""
    told = {}
    for who, names in (("max", "bo ed di pat bea"), ("gus", "ana bo ed di pat bea"), ("bea", "ana bo ed")):
        one = browser(cast, who)
        for whose in names.split():
            for name in OWN_PAGES[whose].split():
                status = one.get(reverse(name)).status_code
                if status != 404:
                    told[f"{name} as {who}"] = status
    assert told == {}


def test_open_pages_open_for_anybody():
    closed = {"draft", "look", "set_language", "exit_page", "stay", "unlock", "second_step", "sign_out_everywhere"}
    closed |= {"measures:room", "measures:room_of", "measures:room_help", "measures:room_thanks"}  # only on a device that was handed over
    for name, entry in OURS:
        if hasattr(entry.callback, "open_because") and "<" not in str(entry.pattern) and name not in closed:
            page = Browser().get(reverse(name))
            assert page.status_code in (200, 302), name
            assert oddities(name, page) == {}
