"""The pages of incidents and mandated reports, and the deadlines on the director's first page."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from footbridge.care.safety.incidents.models import Incident, IncidentClosed, MandatedReport
from tests.actions.test_incidents import happened, logged
from tests.views.test_safety import at_desk

pytestmark = pytest.mark.django_db


def url(name, row=None):
    return reverse(f"safety:{name}", kwargs={"uid": row.uid} if row else None)


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def words(cast, **more):
    now = timezone.now()
    return {
        "form_key": str(uuid4()), "kind": "overdose", "number": cast.ana.client.number, "happened_at": local(now - timedelta(hours=3)),
        "known_at": local(now - timedelta(hours=2)), "place": "Parking lot", "what": "Found not breathing.", "done_at_once": "Naloxone, 911.", **more,
    }  # fmt: skip


def test_from_the_report_to_the_findings(cast):
    di, ed = at_desk(cast.di), at_desk(cast.ed)
    assert "Overdose" in di.get(url("report_incident")).content.decode()
    refused = di.post(url("report_incident"), words(cast, done_at_once=""))
    assert refused.status_code == 422 and "Found not breathing." in refused.content.decode()
    refused = di.post(url("report_incident"), words(cast, number="R999999"))
    assert refused.status_code == 422 and "No chart of yours" in refused.content.decode()
    told = words(cast)
    for _click in range(2):
        page = di.post(url("report_incident"), told, follow=True).content.decode()
    made = Incident.objects.get()
    assert "Not checked in a source yet" in page and "Mark as met" in page
    home = ed.get("/program/").content.decode()
    assert "Notice to the state licensing office" in home and "Rule not checked in a source yet" in home
    assert di.post(url("incident", made), {"text": " "}).status_code == 422
    assert "Awake at ten" in di.post(url("incident", made), {"text": "Awake at ten."}, follow=True).content.decode()
    assert di.get(url("close_incident", made)).status_code == 404
    findings = {"findings": "Relapse after a loss.", "changes": "Kits at the desk."}
    refused = ed.post(url("close_incident", made), findings)
    assert refused.status_code == 422 and "Relapse after a loss." in refused.content.decode()
    deadline = {"title": "Tell the county", "due_at": local(timezone.now() + timedelta(days=1)), "source": "Contract 12"}
    assert ed.post(url("incident_deadline", made), {**deadline, "source": ""}).status_code == 422
    assert ed.post(url("incident_deadline", made), deadline).status_code == 303
    for clock in made.clocks.all():
        assert di.get(url("meet_clock", clock)).status_code == 200
        assert di.post(url("meet_clock", clock), {"how": ""}).status_code == 422
        assert di.post(url("meet_clock", clock), {"how": "By phone, 4711"}).status_code == 303
    assert ed.post(url("close_incident", made), findings).status_code == 303
    assert IncidentClosed.objects.get().changes == "Kits at the desk."
    assert "Overdose" in di.get(url("incidents") + "?closed=1").content.decode()
    assert "Deadlines of incidents" not in ed.get("/program/").content.decode()


def test_a_mandated_report_is_logged_and_never_sent(cast):
    bo = at_desk(cast.bo)
    said = {
        "form_key": str(uuid4()), "concern": "child", "number": "", "state": "NY", "learned_at": local(timezone.now()), "what": "Bruises.",
        "decision": "will_report", "why": "Suspicion is enough.", "route": "unsure",
    }  # fmt: skip
    refused = bo.post(url("log_report"), {**said, "why": ""})
    assert refused.status_code == 422 and "Bruises." in refused.content.decode()
    page = bo.post(url("log_report"), said, follow=True).content.decode()
    made = MandatedReport.objects.get()
    assert "N.Y. Social Services Law 415" in page and "Not checked in a source yet" in page and "Nothing was sent" in page
    entry = {"kind": "call", "told_at": local(timezone.now()), "to_whom": "", "reference": "C-12"}
    refused = bo.post(url("mandated_report", made), entry)
    assert refused.status_code == 422 and "C-12" in refused.content.decode()
    assert bo.post(url("mandated_report", made), {**entry, "to_whom": "Hotline"}).status_code == 303
    assert "Reported" in bo.get(url("mandated_reports")).content.decode()
    assert made.clocks.get(code="call").met_at


@pytest.mark.parametrize("who", ["bo", "cy", "ivy", "pat"])
def test_colleagues_do_not_read_what_others_reported(cast, who):
    made, report = happened(cast, timezone.now()), logged(cast, timezone.now(), by=cast.ed)
    browser = at_desk(getattr(cast, who))
    for address in (url("incident", made), url("meet_clock", made.clocks.first()), url("mandated_report", report)):
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"text": "x", "how": "x"}).status_code == 404
    assert b"Overdose" not in browser.get(url("incidents")).content
    assert b"A child may" not in browser.get(url("mandated_reports")).content


@pytest.mark.parametrize("who", ["ana", "flo", "gus", "max", "bea"])
def test_strangers(cast, who):
    for name in ("incidents", "report_incident", "mandated_reports", "log_report"):
        assert at_desk(getattr(cast, who)).get(url(name)).status_code == 404


def test_lists_ask_as_often_for_three_as_for_one(cast):
    ed, now = at_desk(cast.ed), timezone.now()

    def asked(address):
        with CaptureQueriesContext(connection) as queries:
            assert ed.get(address).status_code == 200
        return len(queries)

    happened(cast, now)
    logged(cast, now)
    addresses = (url("incidents"), url("mandated_reports"), "/program/")
    one = [asked(address) for address in addresses]
    one = [asked(address) for address in addresses]
    for _more in range(2):
        happened(cast, now)
        logged(cast, now)
    assert [asked(address) for address in addresses] == one
