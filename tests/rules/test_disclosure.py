"""Who may be told what.

The default is no. In a program under 42 CFR Part 2 even being a client is protected. Counseling notes and group
membership are opened only by a consent that names them; nothing general ever does.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge.engines.disclosure import (
    KEPT_APART,
    MUST_BE_NAMED,
    Consent,
    ConsentKind,
    CourtOrder,
    DataClass,
    Notice,
    Purpose,
    Recipient,
    codes,
    english,
    may_disclose,
)

DAY = date(2026, 3, 2)
GENERAL = Consent(
    "tpo",
    ConsentKind.TPO,
    frozenset({Recipient.TREATING_PROVIDER, Recipient.PAYER}),
    DAY - timedelta(10),
    until=DAY + timedelta(90),
)
FLO = Consent(
    "flo",
    ConsentKind.NAMED,
    frozenset({Recipient.SUPPORTER}),
    DAY - timedelta(10),
    data_classes=frozenset({DataClass.SCHEDULE, DataClass.SAFETY}),
    purposes=frozenset({Purpose.SUPPORT}),
    named=frozenset({"flo"}),
)
NOTES = Consent(
    "notes",
    ConsentKind.COUNSELING_NOTES,
    frozenset({Recipient.TREATING_PROVIDER}),
    DAY,
    data_classes=frozenset({DataClass.COUNSELING_NOTES}),
    purposes=frozenset({Purpose.TREATMENT}),
)


def ask(data, recipient, purpose, *consents, on=DAY, **more):
    return may_disclose(DataClass(data), Recipient(recipient), Purpose(purpose), consents, on, **more)


@pytest.mark.parametrize(
    ("data", "recipient", "purpose", "allowed", "why"),
    [
        ("clinical", "client", "access", True, "own_record"),
        ("counseling_notes", "client", "access", False, "client_kept_apart"),
        ("group_membership", "client", "access", False, "others_in_group"),
        ("clinical", "own_team", "treatment", True, "own_team"),
        ("group_membership", "own_team", "treatment", True, "own_team"),
        ("counseling_notes", "own_team", "treatment", False, "notes_stay_with_author"),
        ("counseling_notes", "author", "treatment", True, "author"),
        ("clinical", "own_team", "other", False, "purpose_outside_care"),
        ("clinical", "treating_provider", "treatment", False, "no_consent_part2"),
        ("schedule", "supporter", "support", False, "no_consent_part2"),
        ("directory", "employer", "other", False, "no_consent_part2"),
        ("group_membership", "other_client", "other", False, "other_client"),
        ("clinical", "court", "legal", False, "legal_needs_consent_or_order"),
        ("clinical", "emergency", "emergency", True, "emergency"),
        ("clinical", "employer", "emergency", False, "emergency_recipient"),
        ("counseling_notes", "emergency", "emergency", False, "emergency_limited"),
        ("safety", "child_protection", "child_abuse_report", True, "child_report"),
        ("counseling_notes", "child_protection", "child_abuse_report", False, "child_report_limited"),
        ("safety", "school", "child_abuse_report", False, "child_report_limited"),
    ],
)
def test_without_any_consent(data, recipient, purpose, allowed, why):
    verdict = ask(data, recipient, purpose)
    assert (verdict.allowed, verdict.reason.code) == (allowed, f"disclosure.{why}")
    assert english(verdict.reason)


def test_a_general_consent_opens_care_payment_and_operations_with_notice_and_copy():
    verdict = ask("clinical", "treating_provider", "treatment", GENERAL)
    assert verdict.allowed
    assert (verdict.notice, verdict.consent, verdict.attach_consent, verdict.account) == (
        Notice.PART2,
        "tpo",
        True,
        True,
    )
    assert ask("billing", "payer", "payment", GENERAL).allowed
    assert not ask("clinical", "supporter", "treatment", GENERAL).allowed
    assert not ask("clinical", "treating_provider", "support", GENERAL).allowed


@pytest.mark.parametrize("data", sorted(MUST_BE_NAMED))
def test_a_general_consent_never_opens_what_must_be_named(data):
    verdict = ask(data, "treating_provider", "treatment", GENERAL)
    assert (verdict.allowed, verdict.reason.code) == (False, "disclosure.needs_its_own_consent")


def test_counseling_notes_need_their_own_uncombined_consent():
    assert ask("counseling_notes", "treating_provider", "treatment", NOTES).allowed
    combined = replace(NOTES, data_classes=NOTES.data_classes | {DataClass.CLINICAL})
    assert not ask("counseling_notes", "treating_provider", "treatment", combined).allowed
    assert not ask("clinical", "treating_provider", "treatment", NOTES).allowed


def test_legal_proceedings_need_their_own_consent():
    everything = replace(GENERAL, recipients=frozenset(Recipient), data_classes=frozenset(DataClass))
    assert not ask("clinical", "court", "legal", everything).allowed
    legal = replace(everything, kind=ConsentKind.LEGAL)
    assert ask("clinical", "court", "legal", legal).allowed


def test_a_consent_for_one_person_opens_for_nobody_else():
    assert ask("schedule", "supporter", "support", FLO, name="flo").allowed
    assert not ask("schedule", "supporter", "support", FLO, name="gus").allowed
    assert not ask("schedule", "supporter", "support", FLO).allowed
    assert not ask("clinical", "supporter", "support", FLO, name="flo").allowed


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        ({}, True),
        ({"revoked_on": DAY}, False),
        ({"revoked_on": DAY + timedelta(1)}, True),
        ({"until": DAY}, False),
        ({"until": DAY + timedelta(1)}, True),
        ({"signed_on": DAY + timedelta(1)}, False),
    ],
)
def test_a_consent_opens_only_while_it_is_in_force(change, allowed):
    assert ask("clinical", "payer", "payment", replace(GENERAL, **change)).allowed is allowed


def test_outside_part_2_care_and_payment_need_no_consent_and_family_does():
    assert ask("clinical", "treating_provider", "treatment", part2=False).allowed
    assert ask("billing", "payer", "payment", part2=False).allowed
    assert not ask("clinical", "supporter", "support", part2=False).allowed
    assert ask("schedule", "supporter", "support", FLO, part2=False, name="flo").notice is Notice.NONE
    assert not ask("psychotherapy_notes", "payer", "payment", part2=False).allowed


consents = st.builds(
    Consent,
    id=st.just("c"),
    kind=st.sampled_from(ConsentKind),
    recipients=st.frozensets(st.sampled_from(Recipient)),
    signed_on=st.just(DAY - timedelta(1)),
    data_classes=st.frozensets(st.sampled_from(DataClass)),
    purposes=st.frozensets(st.sampled_from(Purpose)),
)
OUTSIDE = [r for r in Recipient if r not in (Recipient.CLIENT, Recipient.AUTHOR, Recipient.OWN_TEAM)]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(DataClass), st.sampled_from(OUTSIDE), st.sampled_from(Purpose), st.lists(consents, max_size=3))
def test_whatever_is_allowed_outside_rests_on_a_rule(data, recipient, purpose, held):
    verdict = may_disclose(data, recipient, purpose, held, DAY)
    assert verdict.reason.code in codes()
    if verdict.allowed and not verdict.consent:
        assert purpose in (Purpose.EMERGENCY, Purpose.CHILD_ABUSE_REPORT)
        assert verdict.notice is Notice.DOCUMENT
    if verdict.allowed and data in MUST_BE_NAMED:
        assert any(data in c.data_classes and recipient in c.recipients for c in held)
    if verdict.allowed and data in KEPT_APART:
        assert any(c.data_classes == {data} or c.kind is ConsentKind.LEGAL for c in held)
    if verdict.allowed and verdict.consent:
        assert verdict.attach_consent
        assert verdict.account


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(DataClass), st.sampled_from(Recipient), st.sampled_from(Purpose), st.lists(consents, max_size=3))
def test_taking_consents_back_never_opens_anything(data, recipient, purpose, held):
    before = may_disclose(data, recipient, purpose, held, DAY)
    after = may_disclose(data, recipient, purpose, [replace(c, revoked_on=DAY) for c in held], DAY)
    assert before.allowed or not after.allowed


ORDER = CourtOrder("o", frozenset({"county court"}), frozenset({DataClass.DIRECTORY, DataClass.COUNSELING_NOTES}), DAY - timedelta(5), DAY + timedelta(5))


@pytest.mark.parametrize(
    ("data", "recipient", "purpose", "name", "on", "allowed"),
    [
        ("directory", "court", "legal", "county court", DAY, True),
        ("counseling_notes", "court", "legal", "county court", DAY, True),  # the order names them
        ("clinical", "court", "legal", "county court", DAY, False),  # it does not
        ("directory", "court", "legal", "another court", DAY, False),
        ("directory", "court", "legal", "county court", DAY - timedelta(6), False),
        ("directory", "court", "legal", "county court", DAY + timedelta(5), False),
        ("directory", "employer", "other", "county court", DAY, False),  # only for a legal proceeding
        ("directory", "payer", "payment", "county court", DAY, False),
    ],
)
def test_an_order_of_a_court_opens_what_it_names_for_whom_it_names(data, recipient, purpose, name, on, allowed):
    said = ask(data, recipient, purpose, on=on, name=name, orders=(ORDER,))
    assert said.allowed is allowed
    assert (said.order == "o" and said.account and said.notice is Notice.DOCUMENT) if allowed else said.order == ""


@settings(max_examples=300)
@given(st.sampled_from(list(DataClass)), st.sampled_from(list(Recipient)), st.sampled_from(list(Purpose)), st.booleans())
def test_an_order_never_closes_and_opens_nothing_it_does_not_name(data, recipient, purpose, part2):
    without, held = (may_disclose(data, recipient, purpose, (GENERAL,), DAY, name="county court", part2=part2, orders=orders) for orders in ((), (ORDER,)))
    assert held.allowed >= without.allowed
    if held.allowed and not without.allowed:
        assert data in ORDER.data_classes and purpose is Purpose.LEGAL


def test_what_was_agreed_by_voice_opens_nothing_of_a_part_2_program():
    spoken = replace(GENERAL, written=False)
    said = ask("clinical", "payer", "payment", spoken)
    assert not said.allowed and "in writing" in english(said.reason)
    assert ask("clinical", "payer", "payment", spoken, part2=False).allowed
    assert ask("clinical", "payer", "payment", spoken, replace(GENERAL, id="2")).allowed
