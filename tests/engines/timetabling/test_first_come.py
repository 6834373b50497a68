from dataclasses import replace
from datetime import time

from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge import data
from footbridge.engines.hours import HoursRule
from footbridge.engines.timetabling import IndividualSlot, Section, Slot, Wish, codes, english, offers, week_of, why_not
from footbridge.ground.program import format as program_format
from footbridge.ground.program.format import DAYS

RULE = HoursRule("iop", "9 hours a week on 3 days", week_min_hours=9, min_days=3)


def s(weekday, start, end):
    return Slot(weekday, time.fromisoformat(start), time.fromisoformat(end))


def riverside():
    program = program_format.read(data.text("programs/riverside"))
    modes = {t.code: t.mode for t in program.tracks}
    return [
        Section(
            g.code,
            g.track,
            program.type_of(g).kind,
            tuple(Slot(DAYS.index(m.day), m.start, m.end) for m in g.meetings),
            seats_left=g.max or program.type_of(g).max,
            focus=g.condition_focus,
            one_of=g.choose_one or "",
            required=g.required,
            counts=program.type_of(g).countable,
            mode=modes[g.track],
        )
        for g in program.groups
    ]


SECTIONS = riverside()
MORNINGS = tuple(s(day, "08:00", "14:00") for day in range(5))
ALWAYS = tuple(s(day, "06:00", "23:00") for day in range(7))
SLOTS = [
    IndividualSlot("bo", s(0, "13:00", "13:50")),
    IndividualSlot("cy", s(1, "09:00", "09:50")),
    IndividualSlot("bo", s(2, "12:40", "13:30")),
    IndividualSlot("bo", s(3, "16:00", "16:50")),
]


def test_a_morning_person_is_offered_the_morning_with_its_hours():
    best, *others = offers(Wish(MORNINGS, focus=("mood",)), SECTIONS, SLOTS, RULE)
    assert (best.track, best.fits, best.meets_hours) == ("morning", True, True)
    assert [g.code for g in best.sections] == [
        "morning_process_mood",
        "morning_skills_a",
        "morning_psychoeducation",
        "morning_staying_well",
        "morning_peer_a",
    ]
    assert best.week.therapeutic_minutes == 585 + 50
    assert best.individual == SLOTS[2]  # ten minutes after a group, on a day they come anyway
    assert "635 minutes on 3 days." in [english(r) for r in best.reasons]
    assert all(not o.fits and o.left_out for o in others)
    assert all(english(sentence) for o in others for sentence in (*o.left_out, *o.reasons))


def test_someone_in_recovery_is_offered_relapse_prevention():
    best = offers(Wish(MORNINGS, focus=("substance_use",)), SECTIONS, SLOTS, RULE)[0]
    kinds = {g.code for g in best.sections}
    assert {"morning_process_substance_use", "morning_relapse_prevention"} <= kinds


def test_a_full_group_gives_way_to_its_twin_and_no_seat_is_offered_twice():
    full = [replace(g, seats_left=0) if g.code == "morning_skills_a" else g for g in SECTIONS]
    best = offers(Wish(MORNINGS, focus=("mood",)), full, SLOTS, RULE)[0]
    assert "morning_skills_b" in {g.code for g in best.sections}
    none = [replace(g, seats_left=0) if g.code.startswith("morning_skills") else g for g in SECTIONS]
    best = next(o for o in offers(Wish(MORNINGS, focus=("mood",)), none, SLOTS, RULE) if o.track == "morning")
    assert not best.fits
    assert [english(r) for r in best.left_out] == ["morning_skills_a: full.", "morning_skills_b: full."]
    assert not best.meets_hours
    assert english(best.reasons[2]) == "100 minutes short of 9 hours a week on 3 days."


def test_the_first_thing_in_the_way_is_named():
    group = Section("g", "t", "process", (s(0, "09:00", "10:00"),), 3)
    wish = Wish((s(0, "08:00", "09:30"), s(0, "09:30", "11:00")))
    assert why_not(group, wish) is None  # free hours that touch are one
    assert why_not(replace(group, seats_left=0), wish).code == "left_out.full"
    assert why_not(group, replace(wish, free=(s(0, "09:15", "11:00"),))).code == "left_out.not_free"
    assert why_not(group, replace(wish, commitments=(s(0, "09:30", "09:45"),))).code == "left_out.committed"
    assert why_not(group, wish, [s(0, "09:59", "10:30")]).code == "left_out.at_once"
    assert why_not(group, wish, [s(0, "10:00", "10:30")]) is None
    assert why_not(replace(group, focus="mood"), replace(wish, focus=("trauma",))).code == "left_out.focus"
    assert why_not(replace(group, language="es"), wish).code == "left_out.language"
    assert why_not(group, replace(wish, modes=frozenset({"video"}))).code == "left_out.mode"
    assert why_not(group, replace(wish, apart_from=frozenset({"g"}))).code == "left_out.apart"
    said = why_not(group, replace(wish, free=()))
    assert english(said) == "g: Monday 09:00 to 10:00 is not free."


def test_the_own_therapist_comes_before_a_nearer_slot():
    wish = Wish(MORNINGS, focus=("mood",), staff=("cy", "bo"))
    best = offers(wish, SECTIONS, SLOTS, RULE)[0]
    assert best.individual.staff == "cy"
    assert "offer.own_therapist" in {r.code for r in best.reasons}
    assert offers(replace(wish, staff=("di",)), SECTIONS, SLOTS, RULE)[0].individual is None


def test_an_individual_slot_never_lies_on_a_group():
    wish = Wish(ALWAYS, focus=("mood",))
    onto = [IndividualSlot("bo", s(0, "09:30", "10:20")), IndividualSlot("bo", s(0, "08:00", "08:30"))]
    best = next(o for o in offers(wish, SECTIONS, onto, RULE) if o.track == "morning")
    assert best.individual is None  # one lies on a group, the other is too short
    assert "left_out.no_individual" in {r.code for r in best.left_out}


def test_without_a_rule_and_without_sections():
    assert offers(Wish(ALWAYS), [], SLOTS, RULE) == ()
    best = offers(Wish(ALWAYS, focus=("mood",), wants_individual=False), SECTIONS, [])[0]
    assert best.fits
    assert best.verdict is None
    assert week_of(best.sections).therapeutic_minutes == 585


hours = st.integers(7, 20)
spans = st.builds(
    lambda d, h, length: Slot(d, time(h), time(min(h + length, 23))), st.integers(0, 6), hours, st.integers(1, 8)
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(spans, max_size=8),
    st.lists(spans, max_size=3),
    st.sampled_from(["mood", "trauma_anxiety", "substance_use"]),
)
def test_an_offer_never_breaks_a_hard_rule(free, commitments, focus):
    wish = Wish(tuple(free), tuple(commitments), focus=(focus,))
    made = offers(wish, SECTIONS, SLOTS, RULE)
    assert made == offers(wish, list(reversed(SECTIONS)), list(reversed(SLOTS)), RULE)  # deterministic
    for offer in made:
        held = [slot for g in offer.sections for slot in g.slots] + (
            [offer.individual.slot] if offer.individual else []
        )
        for n, slot in enumerate(held):
            assert not any(slot.overlaps(other) for other in held[n + 1 :])
            assert not any(slot.overlaps(other) for other in commitments)
            minutes = range(_m(slot.start), _m(slot.end))
            covered = {m for f in free if f.weekday == slot.weekday for m in range(_m(f.start), _m(f.end))}
            assert covered.issuperset(minutes)
        bundles = [g.one_of for g in offer.sections if g.one_of]
        assert len(bundles) == len(set(bundles))
        assert all(g.seats_left > 0 for g in offer.sections)
        assert {r.code for r in (*offer.left_out, *offer.reasons)} <= set(codes())


def _m(at):
    return at.hour * 60 + at.minute
