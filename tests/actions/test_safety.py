"""Safety: alarms, risk, the safety plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from footbridge.care.safety import actions, reads
from footbridge.care.safety.models import Alarm, AlarmHanded, SafetyPlan
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import TeamRole
from footbridge.ground.people import actions as people
from footbridge.kit.access import PUBLIC, SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from tests import program

HOUR = timedelta(hours=1)


def alarm(cast, at, **words):
    given = {
        "client": cast.ana.client, "kind": "answer", "urgency": "today", "reason": "Item 9 answered: several days.",
        "source_kind": "answer", "source_key": "s:9", "by": cast.ana.actor(), "at": at,
    }  # fmt: skip
    return actions.raise_alarm(**{**given, **words})


def acts(verb, about):
    return Act.objects.filter(verb=verb, about_uid=about.uid)


# -- another primary therapist


def test_open_alarms_go_to_the_new_primary_with_an_act_that_says_why(cast, at):
    raised = alarm(cast, at)
    closed = alarm(cast, at, source_key="s:8")
    actions.close(closed, "assessed_safe", "Spoke with Ana; she is safe.", by=cast.bo.actor(), at=at)
    others = alarm(cast, at, source_key="s:7", owner=cast.ivy.staff)
    actions.see(raised, by=cast.bo.actor(), at=at)
    episodes.join_team(cast.ana.episode, cast.cy.staff, TeamRole.PRIMARY, by=cast.ed.actor(), at=at)
    assert [reads.owner_now(one) for one in (raised, closed, others)] == [cast.cy.staff, cast.bo.staff, cast.ivy.staff]
    act = acts("alarm.handed", raised).get()
    assert "primary therapist now, after Bo" in act.why and act.detail["to"] == str(cast.cy.staff.uid)
    assert raised.due_at == Alarm.objects.get(pk=raised.pk).due_at
    episodes.join_team(cast.ana.episode, cast.cy.staff, TeamRole.PRIMARY, by=cast.ed.actor(), at=at)  # an impatient click
    assert acts("alarm.handed", raised).count() == 1


def test_who_stays_on_the_team_keeps_what_they_read_and_nothing_else(cast, at):
    read, unread = alarm(cast, at), alarm(cast, at, source_key="s:8")
    actions.see(read, by=cast.bo.actor(), at=at)
    episodes.join_team(cast.ana.episode, cast.bo.staff, TeamRole.GROUP, by=cast.ed.actor(), at=at)
    episodes.join_team(cast.ana.episode, cast.cy.staff, TeamRole.PRIMARY, by=cast.ed.actor(), at=at)
    assert (reads.owner_now(read), reads.owner_now(unread)) == (cast.bo.staff, cast.cy.staff)


def test_the_alarms_go_to_whoever_stands_in_for_an_absent_new_primary(cast, at):
    raised = alarm(cast, at)
    off(cast, at, who="cy", cover="ivy")
    episodes.join_team(cast.ana.episode, cast.cy.staff, TeamRole.PRIMARY, by=cast.ed.actor(), at=at)
    assert reads.owner_now(raised) == cast.ivy.staff


# -- raising


def test_an_alarm_has_owner_due_time_and_act(cast, at):
    raised = alarm(cast, at)
    assert raised.owner == cast.bo.staff
    assert raised.due_at == at + 8 * HOUR
    assert acts("alarm.raised", raised).filter(client_uid=cast.ana.client.uid).count() == 1


def test_the_same_source_raises_one_alarm(cast, at):
    first, again = alarm(cast, at), alarm(cast, at + timedelta(minutes=3))
    assert first == again and Alarm.objects.count() == 1


def test_a_visitor_without_a_record_can_raise_one_and_intake_owns_it(cast, at):
    raised = alarm(cast, at, client=None, contact="call 555-0100", kind="guide", urgency="now", by=PUBLIC)
    assert raised.owner == cast.ivy.staff
    assert raised.due_at == at + timedelta(minutes=15)


def test_a_therapist_who_left_is_not_asked(cast, at):
    cast.bo.staff.left_on = at.date()
    with_act(cast.bo.staff, at, update_fields=["left_on"])
    assert alarm(cast, at).owner == cast.ivy.staff


def with_act(row, at, **words):
    from footbridge.kit import trail

    with trail.act("test.changed", by=SYSTEM, at=at, about=row):
        row.save(**words)


def test_today_ends_with_the_day_but_leaves_an_hour(cast):
    late = datetime(2026, 11, 2, 23, 40, tzinfo=UTC)  # no site yet: the day is that of UTC
    assert alarm(cast, late).due_at == late + HOUR
    evening = datetime(2026, 11, 3, 20, 0, tzinfo=UTC)
    assert alarm(cast, evening, source_key="s:10").due_at == datetime(2026, 11, 4, 0, 0, tzinfo=UTC)


def test_what_is_for_now_stands_before_whatever_nobody_closed(cast, at):
    for n in range(201):
        alarm(cast, at, urgency="soon", source_key=f"old:{n}")
    now = alarm(cast, at + timedelta(days=9), urgency="now", source_key="new")
    rows = reads.listed(cast.ed.actor(), at + timedelta(days=9))
    assert rows[0].alarm == now and len(rows) == 202
    assert [row.alarm for row in reads.listed(cast.ed.actor(), at, limit=1)] == [now]


def test_a_graver_answer_from_the_same_source_makes_it_more_urgent_never_less(cast, at):
    raised = alarm(cast, at, urgency="soon")
    later = at + timedelta(minutes=5)
    actions.heighten(raised, urgency="now", reason="C-SSRS item 4: yes", by=cast.ana.actor(), at=later)
    raised.refresh_from_db()
    assert (raised.urgency, raised.due_at) == ("now", later + timedelta(minutes=15))
    actions.heighten(raised, urgency="soon", reason="C-SSRS item 1: yes", by=cast.ana.actor(), at=later + HOUR)
    raised.refresh_from_db()
    assert (raised.urgency, raised.due_at) == ("now", later + timedelta(minutes=15))
    assert acts("alarm.heightened", raised).count() == 1


# -- seeing, handing on, closing


def test_seeing_is_noted_once(cast, at):
    raised = alarm(cast, at)
    actions.see(raised, by=cast.bo.actor(), at=at + timedelta(minutes=1))
    actions.see(raised, by=cast.bo.actor(), at=at + timedelta(minutes=9))
    assert raised.seen.count() == 1 and acts("alarm.seen", raised).count() == 1


def test_a_therapist_of_others_cannot_see_it(cast, at):
    with pytest.raises(NotYours):
        actions.see(alarm(cast, at), by=cast.cy.actor(), at=at)


def test_handing_on_moves_the_alarm_and_opens_it_to_the_new_owner(cast, at):
    raised = alarm(cast, at)
    actions.hand_on(raised, cast.cy.staff, "I am in a session until noon", by=cast.bo.actor(), at=at)
    assert reads.owner_now(raised) == cast.cy.staff
    actions.see(raised, by=cast.cy.actor(), at=at + HOUR)
    assert acts("alarm.handed", raised).get().why == "I am in a session until noon"


@pytest.mark.parametrize("to, why, field", [("cy", "  ", "why"), ("bea", "please", "to"), ("bo", "back to me", "to")])
def test_handing_on_is_refused(cast, at, to, why, field):
    with pytest.raises(actions.CannotHandOn) as refusal:
        actions.hand_on(alarm(cast, at), getattr(cast, to).staff, why, by=cast.bo.actor(), at=at)
    assert refusal.value.field == field
    assert not AlarmHanded.objects.exists()


def test_closing_needs_an_action_and_words(cast, at):
    raised = alarm(cast, at)
    for action, note, field in (("", "Spoke with Ana, she is safe.", "action"), ("assessed_safe", " ok ", "note")):
        with pytest.raises(actions.CannotClose) as refusal:
            actions.close(raised, action, note, by=cast.bo.actor(), at=at)
        assert refusal.value.field == field
    closed = actions.close(
        raised,
        "assessed_safe",
        "Spoke with Ana; no plan, no intent; safety plan gone over.",
        by=cast.bo.actor(),
        at=at + HOUR,
    )
    assert closed.by == cast.bo.staff and acts("alarm.closed", raised).count() == 1
    assert not reads.open_alarms().exists()
    with pytest.raises(actions.CannotClose):
        actions.close(raised, "mistake", "Closed twice by mistake.", by=cast.bo.actor(), at=at + HOUR)
    with pytest.raises(actions.CannotHandOn):
        actions.hand_on(raised, cast.cy.staff, "too late", by=cast.bo.actor(), at=at + HOUR)


@pytest.mark.parametrize("who", ["cy", "di", "bea", "gus", "flo", "ana"])
def test_others_cannot_close_it(cast, at, who):
    with pytest.raises(NotYours):
        actions.close(alarm(cast, at), "mistake", "It was nothing at all.", by=getattr(cast, who).actor(), at=at)


# -- the ladder


def owners(cast, at, minutes, step=1, **words):
    """Who is told, minute by minute, while nobody does anything: [(minute, name)]."""
    raised = alarm(cast, at, **words)
    told = []
    for minute in range(0, minutes + 1, step):
        for one in actions.escalate(at + timedelta(minutes=minute)):
            told.append((minute, reads.owner_now(one).person.name_used))
    return raised, told


def test_an_unread_alarm_climbs_and_never_stops(cast, at):
    raised, told = owners(cast, at, 60, urgency="now")
    # half of 15 minutes, then every 15: prescriber on the team, intake, director, and the director again
    assert told == [(8, "Pat"), (23, "Ivy"), (38, "Ed"), (53, "Ed")]
    assert list(raised.handed.order_by("id").values_list("rung", flat=True)) == [1, 2, 3, 4]
    assert acts("alarm.escalated", raised).count() == 4


def test_the_supervisor_comes_first(cast, at):
    people.supervise(cast.bo.staff, cast.cy.staff, by=SYSTEM, at=at)
    _raised, told = owners(cast, at, 8 * 60, step=10)
    assert told[:2] == [(240, "Cy"), (300, "Pat")]


def test_a_read_alarm_waits_until_it_is_due(cast, at):
    raised = alarm(cast, at)
    actions.see(raised, by=cast.bo.actor(), at=at + HOUR)
    assert actions.escalate(at + 5 * HOUR) == []
    assert actions.escalate(at + 8 * HOUR) == [raised]


def test_a_closed_alarm_rests(cast, at):
    raised = alarm(cast, at)
    actions.close(raised, "mistake", "Ana tapped the wrong line; confirmed by phone.", by=cast.bo.actor(), at=at)
    assert actions.escalate(at + timedelta(days=3)) == []


def test_an_escalation_that_fails_raises_an_alarm_of_its_own(cast, at, monkeypatch):
    raised = alarm(cast, at, urgency="now")

    def broken(*_args):
        raise RuntimeError("the ladder is broken")

    monkeypatch.setattr(reads, "next_on_ladder", broken)
    actions.escalate(at + timedelta(minutes=9))
    told = Alarm.objects.get(kind="undelivered")
    assert told.owner == cast.ed.staff and told.source_key == str(raised.uid)
    actions.escalate(at + timedelta(minutes=10))
    assert Alarm.objects.filter(kind="undelivered").count() == 1


# -- who is away


def off(cast, at, who="bo", cover="cy", days=3, **words):
    given = {"from_on": at.date(), "until_on": at.date() + timedelta(days=days), "by": getattr(cast, who).actor(), "at": at}
    return people.go_away(getattr(cast, who).staff, cover=cover and getattr(cast, cover).staff, **{**given, **words})


def test_an_alarm_of_an_absent_therapist_goes_to_whoever_covers(cast, at):
    off(cast, at)
    raised = alarm(cast, at)
    assert raised.owner == cast.cy.staff and reads.alarm(cast.cy.actor(), raised.uid) == raised
    assert alarm(cast, at + timedelta(days=3), source_key="later").owner == cast.bo.staff


def test_without_a_cover_intake_has_it(cast, at):
    off(cast, at, cover=None)
    assert alarm(cast, at).owner == cast.ivy.staff


def test_an_alarm_passes_on_at_once_when_its_owner_goes_away_and_rests_there(cast, at):
    raised = alarm(cast, at)
    off(cast, at)
    assert actions.escalate(at + timedelta(minutes=1)) == [raised]
    handed = AlarmHanded.objects.get()
    assert handed.to == cast.cy.staff and handed.why == "Away"
    assert actions.escalate(at + timedelta(minutes=2)) == []


def test_the_ladder_leaves_out_who_is_away(cast, at):
    off(cast, at, "ivy", None)
    off(cast, at, "pat", None)
    raised = alarm(cast, at)
    actions.escalate(at + 5 * HOUR)
    assert reads.owner_now(raised) == cast.ed.staff


def test_when_everybody_is_away_a_director_has_it_all_the_same(cast, at):
    for who in ("bo", "cy", "ivy", "pat", "ed"):
        off(cast, at, who, None)
    raised = alarm(cast, at)
    assert raised.owner == cast.ed.staff
    assert actions.escalate(at + timedelta(minutes=1)) == []
    actions.escalate(at + 9 * HOUR)
    assert reads.owner_now(raised) == cast.ed.staff


@pytest.mark.parametrize("how", ["left", "role ended", "account closed"])
def test_an_owner_who_is_gone_does_not_keep_an_alarm(cast, at, how):
    raised = alarm(cast, at)
    actions.see(raised, by=cast.bo.actor(), at=at)  # read: it would rest until it is due
    if how == "left":
        cast.bo.staff.left_on = at.date()
        with_act(cast.bo.staff, at, update_fields=["left_on"])
    elif how == "role ended":
        people.end_role(cast.bo.staff.roles_held.get(), until=at.date(), by=SYSTEM, at=at)
    else:
        cast.bo.user.is_active = False
        cast.bo.user.save()
    assert alarm(cast, at, source_key="s:10").owner == cast.ivy.staff
    assert raised in actions.escalate(at + timedelta(minutes=1))
    handed = AlarmHanded.objects.get(alarm=raised)
    assert (handed.to, handed.why) == (cast.pat.staff, "No longer here")
    assert actions.escalate(at + timedelta(minutes=2)) == []


def test_the_ladder_stands_on_somebody_who_can_sign_in(cast, at):
    for who in ("pat", "ivy", "ed"):
        getattr(cast, who).user.is_active = False
        getattr(cast, who).user.save()
    raised = alarm(cast, at, urgency="now")
    actions.escalate(at + timedelta(minutes=8))
    assert reads.owner_now(raised) == cast.cy.staff  # no director is left: anybody before nobody
    assert not Alarm.objects.filter(kind="undelivered").exists()


def test_with_nobody_left_the_alarm_says_so_to_the_whole_house(cast, at):
    raised = alarm(cast, at, urgency="now")
    for who in ("bo", "cy", "pat", "ivy", "ed"):
        getattr(cast, who).user.is_active = False
        getattr(cast, who).user.save()
    actions.escalate(at + timedelta(minutes=8))
    told = Alarm.objects.get(kind="undelivered")
    assert (told.owner, told.source_key) == (None, str(raised.uid))


def test_one_alarm_that_cannot_climb_keeps_no_other_waiting(cast, at, monkeypatch):
    broken, whole = alarm(cast, at, urgency="now"), alarm(cast, at, urgency="now", source_key="s:10")
    ladder = reads.next_on_ladder
    monkeypatch.setattr(reads, "next_on_ladder", lambda one, when: 1 / 0 if one == broken else ladder(one, when))
    monkeypatch.setattr(actions, "_undelivered", lambda *_a, **_k: 1 / 0)
    with pytest.raises(ZeroDivisionError):  # told after the others had their turn; the clock makes an alarm of it
        actions.escalate(at + timedelta(minutes=9))
    assert reads.owner_now(whole) == cast.pat.staff and reads.owner_now(broken) == cast.bo.staff


def test_trouble_that_lasts_is_told_again_an_hour_after_it_was_closed(cast, at):
    def trouble(minutes):
        when = at + timedelta(minutes=minutes)
        return actions.raise_undelivered(source_kind="letter", source_key="k", trouble="down", by=SYSTEM, at=when)

    first = trouble(0)
    assert trouble(10) == first
    actions.close(first, "mistake", "Called the mail host; they look.", by=cast.ed.actor(), at=at + timedelta(minutes=20))
    assert trouble(30) == first
    assert trouble(81) != first and trouble(82) == trouble(83)


def test_the_day_of_an_owner_who_leaves_is_the_day_of_the_site(cast):
    program.load(cast)  # its site lies in Chicago
    cast.bo.staff.left_on = datetime(2026, 11, 3).date()
    with_act(cast.bo.staff, datetime(2026, 11, 2, 15, tzinfo=UTC), update_fields=["left_on"])
    evening = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)  # eight in the evening of the second, in Chicago
    assert alarm(cast, evening).owner == cast.bo.staff
    assert cast.bo.actor(evening).has("therapist") and not cast.bo.actor(evening + 5 * HOUR).has("therapist")


def test_going_away_is_refused_and_only_for_oneself_or_by_the_director_and_the_desk(cast, at):
    for words, field in (({"until_on": at.date()}, "until_on"), ({"cover": "bo"}, "cover")):
        with pytest.raises(people.CannotGoAway) as refusal:
            off(cast, at, **words)
        assert refusal.value.field == field
    off(cast, at, "cy", "bo")
    with pytest.raises(people.CannotGoAway):
        off(cast, at)  # whoever should cover is away too
    for who in ("cy", "ana"):  # the front desk may: somebody calls in sick
        with pytest.raises(NotYours):
            off(cast, at, by=getattr(cast, who).actor(), cover="ivy")
    away = off(cast, at, by=cast.ed.actor(), cover="ivy")
    assert acts("staff.away", cast.bo.staff).count() == 1 and off(cast, at, cover="ivy") == away
    with pytest.raises(NotYours):
        people.come_back(away, on=at.date(), by=cast.cy.actor(), at=at)
    people.come_back(away, on=at.date(), by=cast.bo.actor(), at=at)
    assert alarm(cast, at).owner == cast.bo.staff


# -- risk and safety plan


def test_a_risk_assessment(cast, at):
    words = {
        "level": "moderate",
        "factors": "Thoughts of method",
        "protective": "Her sister",
        "mitigation": "Plan today, call tomorrow",
    }
    made = actions.assess_risk(cast.ana.client, **words, by=cast.bo.actor(), at=at)
    again = actions.assess_risk(cast.ana.client, **words, by=cast.bo.actor(), at=at + timedelta(seconds=2))
    assert made == again and reads.latest_risk(cast.ana.client) == made
    assert Act.objects.filter(verb="risk.assessed").count() >= 1


@pytest.mark.parametrize(
    "words, field",
    [
        ({"level": "dunno", "mitigation": "x"}, "level"),
        ({"level": "none", "mitigation": " "}, "mitigation"),
        ({"level": "high", "mitigation": "Stay with her"}, "factors"),
    ],
)
def test_an_unfinished_judgement_is_refused(cast, at, words, field):
    with pytest.raises(actions.CannotAssess) as refusal:
        actions.assess_risk(cast.ana.client, **words, by=cast.bo.actor(), at=at)
    assert refusal.value.field == field


LINES = [(2, "Walk to the lake", ""), (1, "I stop answering my phone", ""), (4, "My sister", "+13125550111")]


def test_a_safety_plan_has_versions(cast, at):
    first = actions.write_safety_plan(cast.ana.client, LINES, by=cast.bo.actor(), at=at)
    same = actions.write_safety_plan(cast.ana.client, LINES, by=cast.bo.actor(), at=at)
    assert first == same and first.written_with == cast.bo.staff
    second = actions.write_safety_plan(
        cast.ana.client, [*LINES, (6, "My brother keeps the pills", "")], by=cast.ana.actor(), at=at + HOUR
    )
    assert (second.version, second.written_with) == (2, None)
    steps = reads.steps(reads.current_plan(cast.ana.client))
    assert [s.number for s in steps] == [1, 2, 3, 4, 5, 6]
    assert steps[0].lines[0].text == "I stop answering my phone" and steps[2].lines == ()


def test_an_empty_plan_and_an_unknown_step_are_refused(cast, at):
    for lines in ([(1, "  ", "")], [(7, "x", "")]):
        with pytest.raises(actions.CannotWritePlan):
            actions.write_safety_plan(cast.ana.client, lines, by=cast.ana.actor(), at=at)
    assert not SafetyPlan.objects.exists()


@pytest.mark.parametrize("who", ["max", "cy", "flo", "di"])
def test_nobody_else_writes_it(cast, at, who):
    with pytest.raises(NotYours):
        actions.write_safety_plan(cast.ana.client, LINES, by=getattr(cast, who).actor(), at=at)
