"""A definition whose words are not ours to ship can be loaded and seen, and is given to nobody before a site adds them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from footbridge.engines.scoring import LicenceClass
from footbridge.ground.instruments import actions, reads, shelf
from footbridge.ground.instruments.models import InstrumentEdition
from footbridge.kit.access import SYSTEM


@pytest.fixture
def loaded(cast, at):
    actions.load_definitions(by=SYSTEM, at=at)
    return cast


def test_every_packaged_definition_stands_on_the_shelf_in_its_state(loaded, at):
    states = {row.edition.code: (row.definition.licence.klass, row.state) for row in reads.on_shelf(at)}
    assert len(states) == len(list(shelf.packaged()))
    for code, (klass, state) in states.items():
        wanted = {LicenceClass.B: "needs_text", LicenceClass.C: "outside"}.get(klass)
        assert wanted is None or state == wanted, code
    assert states["phq9"][1] == "ready"


def test_what_has_no_text_cannot_be_chosen(loaded):
    choosable = {edition.code for edition in reads.choosable()}
    assert {"phq9", "gad7"} <= choosable
    for edition in reads.all_current():
        if shelf.definition(edition).licence.klass in (LicenceClass.B, LicenceClass.C):
            assert edition.code not in choosable


@pytest.mark.parametrize("code", ["isi", "ede_q", "oq45", "bdi2"])
def test_what_has_no_text_cannot_be_given(loaded, at, code):
    with pytest.raises(actions.CannotGive, match="has no text here yet"):
        actions.give(loaded.ana.client, ["phq9", code], how="portal", occasion="weekly", by=loaded.ed.actor(), at=at)


def test_what_is_loaded_is_not_read_into_the_database_again(loaded, at):
    before = InstrumentEdition.objects.count()
    with CaptureQueriesContext(connection) as asked:
        assert actions.load_definitions(by=SYSTEM, at=at) == []
    assert len(asked) == 1
    assert InstrumentEdition.objects.count() == before
