"""An answer that shows danger, in each way of giving it; and a tablet that cannot be left. Beside the one life, with people of
its own."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from footbridge.care.safety.models import Alarm
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import Episode, TeamRole
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.people import actions as people
from footbridge.kit.access import SYSTEM

from ..cast import PASSWORD
from .conftest import apart

WEEKLY = ["phq9", "gad7"]
SAFE = "Spoke with the person; assessed; safe with a plan"


def client_named(life: Any, name: str) -> Episode:
    """Somebody in Bo's care, without an account of their own."""

    def make() -> Episode:
        person = people.add_person(legal_name=name, born_on=date(1991, 4, 3), by=SYSTEM, at=life.now)
        client = people.make_client(person, by=SYSTEM, at=life.now)
        episode = episodes.open_episode(client, by=SYSTEM, at=life.now)
        episodes.join_team(episode, life.cast.bo.staff, TeamRole.PRIMARY, by=SYSTEM, at=life.now)
        return episode

    return apart(make)


def give(life: Any, episode: Episode, how: str, codes: list[str]) -> tuple[list[Any], str | None]:
    return apart(
        lambda: instruments.give(
            episode.client, codes, how=how, occasion="weekly", episode=episode, by=life.cast.bo.actor(life.now), at=life.now
        )
    )


def at_desk(life: Any) -> Any:
    """Bo before his own screen, whatever happened on it before."""
    bo = life.staff("bo")
    bo.goes("clinician:day")
    if not bo.is_on("clinician:day"):
        bo.signs_in()
    return bo


def alarm_of(life: Any, name: str) -> Any:
    """Bo finds the alarm on his list, with himself as owner and a time, and opens it."""
    bo = at_desk(life)
    bo.goes("safety:alarms")
    row = bo.page.get_by_role("row", name=re.compile(name)).first
    assert "You" in row.inner_text() and re.search(r"\d:\d\d", row.inner_text())
    row.get_by_role("link").first.click()
    bo.page.wait_for_load_state()
    return bo.must_be_on("safety:alarm")


def asks_the_screen_and_closes(bo: Any, name: str) -> None:
    """The C-SSRS, what was done, and the alarm is closed."""
    alarm = bo.page.url
    bo.clicks("Ask the suicide screen").must_be_on("measures:give")
    bo.clicks("Give", exact=True).must_be_on("measures:enter")
    for group in bo.page.get_by_role("main").get_by_role("group").all():
        no = group.get_by_label("No", exact=True)
        if no.count():
            no.first.check(force=True)
    bo.clicks("Save and finish").must_be_on("measures:sheet").sees(re.compile("Risk: none", re.I))
    bo.page.goto(alarm)
    bo.chooses(SAFE).writes({"What you did": "Called at once. Passing thoughts, no plan. Safety plan gone over together."})
    bo.clicks("Close with this action").must_be_on("safety:alarms")
    assert not bo.page.get_by_role("row", name=re.compile(name)).count()
    bo.page.goto(alarm)
    bo.sees("Called at once.")


def test_on_a_phone_item_nine_leads_to_help_the_alarm_the_screen_and_a_documented_end(life):
    episode = client_named(life, "Nia Brook")
    _sheets, token = give(life, episode, "link", WEEKLY)
    nia = life.somebody("nia", phone=True)
    nia.goes(f"/q/{token}/").must_be_on("measures:by_link").looks("measures:by_link with large print and a voice")
    nia.taps = 0
    for _ in range(8):
        nia.taps_answer("Several days")
    nia.taps_answer("More than half the days")
    nia.must_be_on("measures:help_by_link").sees("Thank you for telling us.")
    assert nia.page.locator("a[href='tel:988']").count()
    nia.page.get_by_role("link", name=re.compile("I am safe right now")).click()
    nia.page.wait_for_load_state()
    while nia.is_on("measures:by_link"):
        for answer in ("Several days", "Somewhat difficult"):
            if nia.page.get_by_label(answer, exact=True).count():
                nia.taps_answer(answer)
                break
    nia.must_be_on("measures:thanks")
    assert nia.taps <= 17, f"{nia.taps} taps"
    asks_the_screen_and_closes(alarm_of(life, "Nia"), "Nia")
    assert not nia.troubles and not nia.elsewhere


def test_the_same_with_the_tab_closed_right_after_item_nine(life):
    episode = client_named(life, "Oda Brook")
    _sheets, token = give(life, episode, "link", WEEKLY)
    oda = life.somebody("oda", phone=True)
    oda.goes(f"/q/{token}/")
    for _ in range(8):
        oda.taps_answer("Not at all")
    with oda.page.expect_request(lambda asked: asked.method == "POST"):
        oda._choice(oda.page, "More than half the days").locator("xpath=ancestor::label").click()
    oda.page.close()
    asks_the_screen_and_closes(alarm_of(life, "Oda"), "Oda")


def test_the_same_with_paper(life):
    episode = client_named(life, "Pia Brook")
    [sheet], _token = give(life, episode, "paper", ["phq9"])
    bo = at_desk(life)
    bo.goes("measures:enter", uid=sheet.uid)
    nine = bo.page.get_by_role("group", name=re.compile("better off dead"))
    nine.get_by_label("More than half the days").check(force=True)  # kept on the tap, the rest of the form still blank
    bo.page.wait_for_url(re.compile("danger=1"))
    bo.sees(re.compile("Ask the suicide screen before the person leaves"))
    assert apart(lambda: Alarm.objects.filter(client=episode.client, closed__isnull=True).count()) == 1
    asks_the_screen_and_closes(alarm_of(life, "Pia"), "Pia")


def test_a_tablet_handed_over_cannot_be_left(life):
    episode = client_named(life, "Rio Brook")
    give(life, episode, "portal", ["gad7"])
    bo = at_desk(life)
    bo.goes("measures:show", uid=episode.uid).clicks("Hand over", "link").must_be_on("measures:hand_over").looks()
    bo.clicks("Hand over now").must_be_on("measures:room_of")
    bo.looks_here("measures:room_of")
    for address in ("/", "/day/", f"/episodes/{episode.uid}/measures/", "/sign-in/", "/exit/", "/me/"):
        bo.page.goto(address)
        bo.must_be_on("measures:room_of")
    for _ in range(4):
        bo.page.go_back()
        bo.page.wait_for_load_state()
        bo.must_be_on("measures:room_of")
    # A wide screen shows all on one page; each tap is kept.
    bo.page.goto("/room/?show=one")
    for _ in range(7):
        bo.taps_answer("Several days")
    bo.must_be_on("measures:room_thanks").sees(re.compile("give the device back")).looks_here("measures:room_thanks")
    bo.page.go_back()
    bo.page.wait_for_load_state()
    assert bo.is_on("measures:room_thanks") or bo.is_on("measures:room_of")
    bo.page.goto("/room/thanks/")
    bo.clicks("For staff: take the device back", "link").must_be_on("unlock")
    bo.writes({"Password": "not the password"}).clicks("Unlock", "button").must_be_on("unlock")
    bo.page.goto("/day/")
    bo.must_be_on("measures:room_thanks")
    bo.clicks("For staff: take the device back", "link")
    bo.writes({"Password": PASSWORD}).clicks("Unlock", "button").must_be_on("measures:sheet")
    bo.sees("7")
    assert "On a tablet handed over" in bo.page.get_by_role("main").inner_text()


def test_on_a_desk_all_questions_stand_on_one_page_and_a_phone_goes_on_where_the_desk_stopped(life):
    episode = client_named(life, "Sol Brook")
    _sheets, token = give(life, episode, "link", WEEKLY)
    desk = life.somebody("sol")
    desk.goes(f"/q/{token}/")
    desk.page.wait_for_url(lambda url: url.endswith("?all=1"))
    for name in ("Little interest", "Feeling down"):
        group = desk.page.get_by_role("group", name=re.compile(name))
        with desk.page.expect_response(lambda answer: answer.request.method == "POST"):
            group.get_by_label("Several days").check(force=True)
    desk.clicks("One question at a time").sees("3 of 17")
    phone = life.somebody("sol on a phone", phone=True)
    phone.goes(f"/q/{token}/").sees("3 of 17")  # another device goes on where this one stopped
    phone.clicks("I'd rather not answer", "button").sees("4 of 17")
    assert not desk.troubles and not phone.troubles


def test_the_question_is_read_aloud_where_the_browser_has_a_voice_and_no_button_is_there_without(life):
    episode = client_named(life, "Tea Brook")
    _sheets, token = give(life, episode, "link", WEEKLY)
    mute = life.somebody("tea", phone=True)
    mute.page.add_init_script("Object.defineProperty(speechSynthesis, 'getVoices', {value: () => []})")
    mute.goes(f"/q/{token}/")
    assert not mute.page.get_by_role("button", name="Read aloud").count()
    speaks = life.somebody("tea with a voice", phone=True)
    speaks.page.add_init_script(
        "window.said = [];"
        "Object.defineProperty(speechSynthesis, 'getVoices', {value: () => [{lang: 'en-US', name: 'test'}]});"
        "Object.defineProperty(speechSynthesis, 'speak', {value: (words) => said.push([words.lang, words.text])});"
        "window.SpeechSynthesisUtterance = class extends EventTarget { constructor(text) { super(); this.text = text; } };"
    )
    speaks.goes(f"/q/{token}/").clicks("Read aloud", "button")
    [[language, words]] = speaks.page.evaluate("said")
    assert language == "en" and "Little interest or pleasure" in words and "Nearly every day" in words
    assert not speaks.troubles
