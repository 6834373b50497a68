"""Somebody under age: who signs, whose agreement is needed before anything is told, and what a parent may see.

Written to be read by a lawyer. The default is no: a state or a service without a line in data/minors_consent.yaml has no rule here.
Every line of the table carries its source and a mark; none has been reviewed by anybody with a licence.
"""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footbridge import data
from footbridge.engines import minors
from footbridge.engines.disclosure import Consent, ConsentKind, DataClass, Purpose, Recipient, may_disclose
from footbridge.engines.disclosure import english as said_of
from footbridge.engines.minors import (
    Asked,
    Basis,
    Grant,
    Rule,
    Service,
    Signer,
    access,
    age_on,
    birthday,
    english,
    standing,
)

TABLE = minors.table(data.parsed("minors_consent"))
DAY = date(2026, 11, 30)
MH, SUD = Service.MENTAL_HEALTH, Service.SUBSTANCE_USE
CLIENT, PARENT = Signer.CLIENT, Signer.PARENT
BOTH = {CLIENT, PARENT}

STATES = [
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA",
    "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK",
    "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "DC", "PR", "GU", "VI",
]  # fmt: skip


def born(years: int, days: int = 0) -> date:
    """A birth date that makes somebody `years` old on the day, `days` ago."""
    return date(DAY.year - years, DAY.month, DAY.day) - timedelta(days)


def asked(age: int = 15, state: str = "CA", *services: Service, on: date = DAY, **more) -> Asked:
    return Asked(born(age), on, state, frozenset(services or (MH, SUD)), **more)


def says(found: minors.Standing) -> str:
    return " ".join(english(one) for one in found.reasons)


# ------------------------------------------------------------------ who signs for the treatment


@pytest.mark.parametrize(
    ("state", "age", "service", "more", "signs"),
    [
        # California: from 12, outpatient mental health and substance use.
        ("CA", 11, MH, {}, BOTH),
        ("CA", 12, MH, {}, {CLIENT}),
        ("CA", 12, SUD, {}, {CLIENT}),
        # Illinois: mental health from 12, eight sessions of 90 minutes. Not known how many there were: a parent signs.
        ("IL", 12, MH, {}, BOTH),
        ("IL", 12, MH, {"sessions_had": 0, "session_minutes": 50}, {CLIENT}),
        ("IL", 12, MH, {"sessions_had": 7, "session_minutes": 90}, {CLIENT}),
        ("IL", 12, MH, {"sessions_had": 8, "session_minutes": 90}, BOTH),
        ("IL", 12, MH, {"sessions_had": 0, "session_minutes": 180}, BOTH),  # a morning of an IOP is longer
        ("IL", 15, SUD, {}, BOTH),  # no line in the table
        # Washington: from 13.
        ("WA", 12, MH, {}, BOTH),
        ("WA", 13, MH, {}, {CLIENT}),
        ("WA", 13, SUD, {}, {CLIENT}),
        # Texas: for named reasons only.
        ("TX", 15, MH, {}, BOTH),
        ("TX", 15, MH, {"reasons": frozenset({"suicide_prevention"})}, {CLIENT}),
        ("TX", 15, MH, {"reasons": frozenset({"addiction"})}, BOTH),
        ("TX", 15, SUD, {"reasons": frozenset({"addiction"})}, {CLIENT}),
        # A state without a line, and no state at all.
        ("OH", 17, MH, {}, BOTH),
        ("OH", 17, SUD, {}, BOTH),
        ("", 17, MH, {}, BOTH),
    ],
)
def test_who_signs_for_the_treatment_of_a_minor(state, age, service, more, signs):
    assert standing(asked(age, state, service, **more), TABLE).signs == signs


def test_care_of_both_kinds_is_consented_to_alone_only_where_both_may_be():
    assert standing(asked(15, "CA"), TABLE).alone
    assert not standing(asked(15, "IL", sessions_had=0, session_minutes=50), TABLE).alone


def test_an_adult_signs_alone_everywhere():
    for state in ("CA", "IL", "WA", "TX", "OH"):
        found = standing(asked(18, state), TABLE)
        assert not found.is_minor and found.signs == found.discloses == {CLIENT} and not found.by_law


def test_of_age_is_what_the_state_says_and_eighteen_elsewhere():
    assert standing(asked(18, "AL"), TABLE).is_minor and not standing(asked(19, "AL"), TABLE).is_minor
    assert standing(asked(20, "MS"), TABLE).is_minor
    assert standing(asked(17, ""), TABLE).is_minor and not standing(asked(18, ""), TABLE).is_minor


def test_a_state_that_is_not_in_the_table_says_so():
    assert "The table has no rule of OH for substance_use" in says(standing(asked(15, "OH"), TABLE))
    assert "no rule of ?" in says(standing(asked(15, ""), TABLE))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("service", [MH, SUD])
def test_where_the_table_has_no_line_the_default_is_no_with_why_and_what_to_do(state, service):
    """Every state but those with a line: a parent signs the treatment, nothing is told without both, and the sentence says what would change it."""
    found = standing(asked(17, state, service), TABLE)
    if TABLE.knows(state, service, DAY) is not None:
        pytest.skip("the table has a line")
    assert found.is_minor and not found.alone and not found.by_law
    assert found.signs == found.discloses == BOTH
    assert f"no rule of {state}" in says(found) and "until a lawyer has read the law there" in says(found)
    assert access(Grant(Basis.PARENT, frozenset({"schedule"}), DAY), asked(17, state, service), TABLE).classes == frozenset()


def test_every_verdict_that_relies_on_a_line_names_its_source():
    assert "Cal. Family Code 6929 [K]" in says(standing(asked(15, "CA", SUD), TABLE))
    assert "405 ILCS 5/3-550 [K]" in says(standing(asked(15, "IL", MH), TABLE))


def test_without_a_birth_date_nothing_is_granted_by_law():
    found = standing(Asked(None, DAY, "CA"), TABLE)
    assert found.age is None and not found.by_law
    assert access(Grant(Basis.PARENT, frozenset({"schedule"}), DAY), Asked(None, DAY, "CA"), TABLE).classes == frozenset()


def test_where_minors_come_nobody_counts_as_an_adult_before_the_birth_date_is_known():
    found = standing(Asked(None, DAY, "CA", takes_minors=True), TABLE)
    assert found.is_minor and found.signs == found.discloses == BOTH and not found.by_law
    assert "no birth date on record, and minors come here" in says(found)
    assert access(Grant(Basis.PARENT, frozenset({"schedule"}), DAY), Asked(None, DAY, "CA", takes_minors=True), TABLE).classes == frozenset()


# ------------------------------------------------------------------ who must agree before anything is told (42 CFR 2.14)


def test_in_a_part_2_program_nothing_is_told_to_a_parent_without_the_minor():
    for state in ("CA", "IL", "WA", "TX", "OH", ""):
        for age in range(1, 18):
            found = standing(asked(age, state), TABLE)
            assert CLIENT in found.discloses and not found.by_law


def test_where_a_parent_must_consent_too_both_sign_and_where_not_only_the_minor():
    assert standing(asked(15, "OH"), TABLE).discloses == BOTH
    assert standing(asked(15, "CA"), TABLE).discloses == {CLIENT}


def test_outside_part_2_a_parent_may_see_what_a_minor_cannot_consent_to_alone():
    assert standing(asked(15, "OH", MH, part2=False), TABLE).by_law
    assert standing(asked(11, "CA", MH, part2=False), TABLE).by_law
    assert not standing(asked(12, "CA", MH, part2=False), TABLE).by_law  # and from the 12th birthday on, by itself
    assert not standing(asked(15, "IL", MH, part2=False), TABLE).by_law  # eight sessions are theirs: in doubt the minor decides
    assert not standing(asked(15, "OH", SUD, part2=False), TABLE).by_law


# ------------------------------------------------------------------ what somebody sees


def parent(*classes: str, signed=(), until=None, court=(), basis=Basis.PARENT, start=date(2020, 1, 1)) -> Grant:
    return Grant(basis, frozenset(classes), start, until, frozenset(signed), frozenset(court))


def test_a_parents_access_by_law_ends_on_the_birthday_by_itself():
    eighteen = date(2027, 3, 9)
    who = date(2009, 3, 9)

    def sees(on, state="OH"):
        return access(parent("schedule"), Asked(who, on, state, frozenset({MH}), part2=False), TABLE)

    assert sees(eighteen - timedelta(1)).classes == {"schedule"}
    assert sees(eighteen).classes == frozenset() and sees(eighteen).ends_on == eighteen
    assert "Ended by age" in english(sees(eighteen).withheld["schedule"])
    assert sees(eighteen, "AL").classes == {"schedule"} and sees(date(2028, 3, 9), "AL").classes == frozenset()


def test_born_on_february_29_of_age_on_march_1():
    assert birthday(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17


def test_a_parent_of_a_part_2_client_needs_the_minors_signature_and_their_own_where_it_is_asked():
    oh = asked(15, "OH")
    assert access(parent("schedule"), oh, TABLE).classes == frozenset()
    assert access(parent("schedule", signed=[PARENT]), oh, TABLE).classes == frozenset()
    assert access(parent("schedule", signed=[CLIENT]), oh, TABLE).classes == frozenset()
    assert access(parent("schedule", signed=[CLIENT, PARENT]), oh, TABLE).classes == {"schedule"}
    assert access(parent("schedule", signed=[CLIENT]), asked(15, "CA"), TABLE).classes == {"schedule"}


@pytest.mark.parametrize("basis", list(Basis))
def test_substance_use_sexual_health_and_suicide_screens_are_nobodys_without_the_clients_signature(basis):
    for one in ("substance", "sexual", "screens", "notes"):
        grant = parent(one, "substance", "sexual", "screens", "schedule", signed=[PARENT], basis=basis)
        for who in (asked(15, "OH", MH, part2=False), asked(30, "OH", part2=False)):
            assert not access(grant, who, TABLE).classes & {"substance", "sexual", "screens", "notes"}


def test_notes_open_only_together_with_what_they_may_speak_of():
    adult = asked(30)
    assert access(parent("notes", signed=[CLIENT], basis=Basis.CONSENT), adult, TABLE).classes == frozenset()
    every = ("notes", "substance", "sexual", "screens")
    assert access(parent(*every, signed=[CLIENT], basis=Basis.CONSENT), adult, TABLE).classes == set(every)
    assert "notes" not in access(parent(*every, signed=[CLIENT], basis=Basis.CONSENT, court=["sexual"]), adult, TABLE).classes


def test_what_a_court_takes_away_is_closed():
    found = access(parent("schedule", "plan", signed=[CLIENT], court=["plan"], basis=Basis.CONSENT), asked(30), TABLE)
    assert found.classes == {"schedule"} and "court" in english(found.withheld["plan"])


def test_a_guardian_of_a_child_is_named_anew_at_majority_and_one_of_an_adult_is_not():
    child = parent("schedule", basis=Basis.GUARDIAN)
    assert access(child, asked(17, "OH"), TABLE).classes == {"schedule"}
    assert access(child, asked(18, "OH"), TABLE).classes == frozenset()
    assert access(parent("schedule", basis=Basis.GUARDIAN, start=DAY), asked(40, "OH"), TABLE).classes == {"schedule"}


def test_an_end_holds_from_its_day():
    grant = parent("schedule", signed=[CLIENT], basis=Basis.CONSENT, until=DAY)
    assert access(grant, asked(30, on=DAY - timedelta(1)), TABLE).classes == {"schedule"}
    assert access(grant, asked(30), TABLE).classes == frozenset()


# ------------------------------------------------------------------ the same in the verdict on a disclosure


def test_a_minors_consent_signed_by_too_few_opens_nothing_and_says_who_is_missing():
    consent = Consent(
        "c", ConsentKind.NAMED, frozenset({Recipient.SUPPORTER, Recipient.SCHOOL}), DAY, frozenset({DataClass.SCHEDULE}), frozenset({Purpose.SUPPORT}),
    )  # fmt: skip
    who = standing(asked(15, "OH"), TABLE)
    for recipient in (Recipient.SUPPORTER, Recipient.SCHOOL):
        no = may_disclose(DataClass.SCHEDULE, recipient, Purpose.SUPPORT, [consent], DAY, minor=who)
        assert not no.allowed and "client and parent must have signed" in said_of(no.reason) and "2.14" in said_of(no.reason)
    from dataclasses import replace

    yes = may_disclose(DataClass.SCHEDULE, Recipient.SUPPORTER, Purpose.SUPPORT, [replace(consent, signed_by=minors.BOTH)], DAY, minor=who)
    assert yes.allowed
    alone = standing(asked(15, "CA"), TABLE)
    assert may_disclose(DataClass.SCHEDULE, Recipient.SUPPORTER, Purpose.SUPPORT, [consent], DAY, minor=alone).allowed


def test_a_parent_by_law_in_the_verdict():
    law = standing(asked(15, "OH", MH, part2=False), TABLE)

    def verdict(data_class, name="flo", **more):
        return may_disclose(data_class, Recipient.SUPPORTER, Purpose.SUPPORT, [], DAY, name=name, minor=law, parents=frozenset({"flo"}), **more)

    assert verdict(DataClass.SCHEDULE, part2=False).allowed
    assert not verdict(DataClass.SCHEDULE, part2=True).allowed
    assert not verdict(DataClass.SCHEDULE, name="a neighbor", part2=False).allowed
    for kept in (DataClass.SCREENING, DataClass.COUNSELING_NOTES, DataClass.PSYCHOTHERAPY_NOTES, DataClass.GROUP_MEMBERSHIP):
        assert not verdict(kept, part2=False).allowed


# ------------------------------------------------------------------ properties

CLASSES = st.frozensets(st.sampled_from(["schedule", "messages", "plan", "progress", "safety", "medication", "billing", "substance", "sexual", "screens", "notes"]))
WHO = st.builds(
    Asked, st.none() | st.dates(date(1990, 1, 1), date(2026, 1, 1)), st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.sampled_from(["CA", "IL", "WA", "TX", "OH", "AL", ""]),
    st.frozensets(st.sampled_from(Service), min_size=1), part2=st.booleans(),
)  # fmt: skip
GRANTS = st.builds(
    Grant, st.sampled_from(Basis), CLASSES, st.dates(date(2024, 1, 1), date(2029, 1, 1)), st.none() | st.dates(date(2026, 1, 1), date(2031, 1, 1)),
    st.frozensets(st.sampled_from(Signer)), CLASSES,
)  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(GRANTS, WHO)
def test_what_is_seen_was_granted_and_what_is_not_says_why(grant, who):
    found = access(grant, who, TABLE)
    assert found.classes <= grant.classes and not found.classes & grant.denied_by_court
    assert found.classes | set(found.withheld) == grant.classes
    assert all(english(why) for why in found.withheld.values())


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(GRANTS, WHO)
def test_from_the_last_day_on_nothing_is_seen_and_never_again(grant, who):
    from dataclasses import replace

    ends_on = access(grant, who, TABLE).ends_on
    if ends_on is not None:
        for later in (ends_on, ends_on + timedelta(1), ends_on + timedelta(4000)):
            assert access(grant, replace(who, on=later), TABLE).classes == frozenset()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(WHO)
def test_a_minor_in_a_part_2_program_is_always_asked(who):
    found = standing(who, TABLE)
    if found.is_minor and who.part2:
        assert CLIENT in found.discloses and not found.by_law
    assert found.reasons


def test_the_table_names_source_mark_and_day_of_every_line():
    for rule in TABLE.rules:
        assert isinstance(rule, Rule) and rule.source and rule.mark in ("V", "V2", "K", "U") and rule.effective_from


def test_every_sentence_has_words_for_pages():
    from footbridge.ground.people.sentences import SENTENCES

    assert set(SENTENCES) == set(minors.codes())
