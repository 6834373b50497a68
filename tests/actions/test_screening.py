"""The screen: one row with its facts and hours, carried forward, refused when it says nothing."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from footbridge.care.inquiry.models import Inquiry
from footbridge.care.safety.actions import close
from footbridge.care.safety.dispositions.reads import gate
from footbridge.care.safety.models import Alarm
from footbridge.care.screening import actions, reads
from footbridge.care.screening.models import Screen
from footbridge.care.screening.words import Fact
from footbridge.ground.episodes import actions as episodes
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from tests.cast import Cast

from . import way

LATER = timedelta(hours=1)


def test_a_screen_is_kept_with_its_facts_and_hours(cast: Cast) -> None:
    screen = way.screened(cast)
    assert reads.answers(screen)["self_care"] == ("partly", "skips meals")
    assert reads.hours(screen)[0] == (0, time(9), time(12))
    act = Act.objects.get(verb="screening.taken")
    assert act.by_label == "Ivy" and act.client_uid == cast.ana.client.uid


def test_a_newer_screen_starts_from_the_older_and_the_older_stays(cast: Cast, at) -> None:
    older = way.screened(cast)
    newer = actions.take(
        cast.ana.episode, how="video", facts={"self_care": ("yes", "")}, by=cast.ivy.actor(), at=at + LATER
    )
    assert newer.concerns == "I cannot get up." and newer.how == "video"
    assert reads.answers(newer)["self_care"] == ("yes", "") and reads.answers(newer)["safe_now"] == ("yes", "")
    assert reads.hours(newer) == reads.hours(older)
    assert reads.answers(Screen.objects.get(pk=older.pk))["self_care"] == ("partly", "skips meals")
    assert reads.latest(cast.ana.episode) == newer


def test_an_impatient_click_is_one_screen(cast: Cast) -> None:
    assert way.screened(cast) == way.screened(cast)
    assert Screen.objects.count() == 1


def test_nothing_is_asked_twice_the_request_fills_the_first_screen(cast: Cast, at) -> None:
    inquiry = Inquiry(
        for_whom="self",
        name_used="Ana",
        phone="+13125550100",
        channel="call",
        wishes="Mornings are hard.",
        part_of_day="evening",
        guide_answers={"home": "hurt", "before": "not_enough", "nonsense": "x"},
        received_at=at,
        taken_up_at=at,
        episode=cast.ana.episode,
    )
    with trail.act("inquiry.received", by=SYSTEM, at=at, about=inquiry):
        inquiry.save()
    cast.ana.episode.refresh_from_db()
    start = reads.start(cast.ana.episode)
    assert start["concerns"] == "Mornings are hard." and start["prefers_part_of_day"] == "evening"
    assert start["facts"]["home_safe"][0] == "no" and start["facts"]["tried_outpatient"][0] == "yes"


def test_refused_when_it_says_nothing(cast: Cast, at) -> None:
    with pytest.raises(actions.CannotScreen) as refusal:
        actions.take(
            cast.ana.episode, how="phone", concerns=" ", facts={"safe_now": ("unknown", "")}, by=cast.ivy.actor(), at=at
        )
    assert refusal.value.field == "concerns"
    assert not Screen.objects.exists()


@pytest.mark.parametrize("hours", [[(0, time(12), time(9))], [(0, time(9), time(12)), (0, time(11), time(13))]])
def test_refused_when_hours_make_no_sense(cast: Cast, at, hours) -> None:
    with pytest.raises(actions.CannotScreen):
        actions.take(cast.ana.episode, how="phone", concerns="x", free_hours=hours, by=cast.ivy.actor(), at=at)


def test_refused_after_the_end_of_the_episode(cast: Cast, at) -> None:
    episodes.end_episode(cast.ana.episode, by=cast.ivy.actor(), at=at, why="moved")
    with pytest.raises(actions.CannotScreen):
        way.screened(cast)


@pytest.mark.parametrize("who", ["di", "bo", "cy", "pat", "bea", "ana", "gus", "flo"])
def test_only_intake_and_director_take_it(cast: Cast, at, who: str) -> None:
    with pytest.raises(NotYours):
        actions.take(cast.ana.episode, how="phone", concerns="x", by=getattr(cast, who).actor(), at=at)


def test_the_suicide_screen_is_sorted_and_a_blank_is_never_a_no(cast: Cast, at) -> None:
    client = cast.ana.client
    assert reads.suicide_screen(client) is None
    way.suicide_screen(client, {"1": "no"}, at=at)
    assert reads.suicide_screen(client).risk == "unknown"
    way.suicide_screen(client, way.NO_RISK, at=at + LATER)
    assert reads.suicide_screen(client).risk == "none"
    way.suicide_screen(client, way.HIGH_RISK, at=at + 2 * LATER)
    found = reads.suicide_screen(client)
    assert found.risk == "high" and found.tone == "now" and "a plan" in [str(part) for part in found.because]


def test_the_questionnaires_tell_how_far_they_are(cast: Cast, at) -> None:
    assert [str(row.status) for row in reads.questionnaires(cast.ana.client)] == ["Not given yet"] * 3


# ------------------------------------------------------------------ danger told in the talk


def _told(cast: Cast, at, **answers: tuple[str, str]) -> list[Alarm]:
    actions.take(cast.ana.episode, how="phone", facts=way.SAFE_FACTS | answers, by=cast.ivy.actor(at), at=at)
    return list(Alarm.objects.order_by("id"))


@pytest.mark.parametrize(
    ("fact", "answer", "urgency"),
    [
        ("safe_now", "no", "now"),
        ("medically_stable", "no", "now"),
        ("withdrawal_risk", "yes", "today"),
        ("self_care", "no", "today"),
        ("home_safe", "no", "today"),
    ],
)
def test_danger_told_in_the_talk_has_an_owner_and_a_clock_at_once(cast: Cast, at, fact, answer, urgency) -> None:
    (alarm,) = _told(cast, at, **{fact: (answer, "pulse 38")})
    assert (alarm.kind, alarm.urgency, alarm.owner, alarm.client) == ("screening", urgency, cast.bo.staff, cast.ana.client)
    assert alarm.reason == f"{Fact(fact).label}: {answer.title()} (pulse 38)"
    assert (gate(cast.ana.client) is not None) == (urgency == "now")


@pytest.mark.parametrize("answer", ["yes", "partly", "unknown"])
def test_no_danger_no_alarm(cast: Cast, at, answer) -> None:
    assert _told(cast, at, safe_now=(answer, "")) == []


def test_the_same_talk_goes_on_and_its_one_alarm_becomes_graver(cast: Cast, at) -> None:
    (first,) = _told(cast, at, home_safe=("no", ""))
    assert first.urgency == "today"
    (same,) = _told(cast, at + LATER, home_safe=("no", ""), medically_stable=("no", "fainted"))
    assert same == first and same.urgency == "now" and same.due_at == at + LATER + timedelta(minutes=15)
    assert same.reason == "Medically stable enough to live at home: No (fainted); Is safe at home: No"


def test_after_it_was_closed_only_news_raise_another(cast: Cast, at) -> None:
    (first,) = _told(cast, at, home_safe=("no", ""))
    close(first, "assessed_safe", "Stays with her aunt from tonight.", by=cast.bo.actor(at), at=at)
    assert _told(cast, at + LATER, home_safe=("no", "")) == [first]
    both = _told(cast, at + 2 * LATER, home_safe=("no", ""), safe_now=("no", ""))
    assert len(both) == 2 and both[1].urgency == "now"


def test_danger_is_heard_also_when_the_talk_may_not_be_kept(cast: Cast, at, monkeypatch) -> None:
    """A paper that is not signed, or an episode that has ended, holds up no alarm."""
    told = {"facts": {"safe_now": ("no", "pills at home")}, "how": "call", "concerns": "Cannot sleep.", "by": cast.ivy.actor()}
    monkeypatch.setattr(actions.gates, "missing", lambda *_given, **_words: ["a paper"])
    monkeypatch.setattr(actions.gates, "says", lambda unsigned: "Not signed yet.")
    with pytest.raises(actions.CannotScreen):
        actions.take(cast.ana.episode, at=at, **told)
    assert not Screen.objects.exists()
    alarm = Alarm.objects.get()
    assert "pills at home" in alarm.reason and alarm.owner is not None
    close(alarm, "assessed_safe", "Called at once; safe with a plan.", by=cast.ivy.actor(), at=at)
    episodes.end_episode(cast.ana.episode, by=SYSTEM, at=at, why="over")
    with pytest.raises(actions.CannotScreen, match="has ended"):
        actions.take(cast.ana.episode, at=at + LATER, **told)
    assert Alarm.objects.filter(closed__isnull=True).count() == 1
