"""What a verdict rests on, differences without a verdict, and how alerts are judged at the end."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from footbridge.engines import progress, scoring
from footbridge.engines.progress import FinishedCourse, english
from tests.engines.shelf import instrument, parsed

PHQ9 = instrument("phq9").change_rule()
GAD7 = instrument("gad7").change_rule()


def D(value):
    return Decimal(str(value))


# -- the data behind a verdict


def test_every_verdict_carries_its_sentence_and_what_it_rests_on():
    basis = progress.basis(PHQ9)
    assert (basis.threshold, basis.sd, basis.reliability, basis.n, basis.mark) == (6, D("6.20"), D("0.853"), 178, "V")
    assert "IAPT" in basis.source and basis.method == "published threshold"
    assert basis.standard_error == pytest.approx(6.20 * (1 - 0.853) ** 0.5)
    for verdict in (progress.change(D(15), D(9), PHQ9), progress.clinical_change(D(15), D(9), PHQ9)):
        assert verdict.basis == basis and english(verdict.sentence)
    both = progress.pair((D(15), D(12)), (D(6), D(5)), (PHQ9, GAD7))
    assert both.bases == (basis, progress.basis(GAD7))
    assert progress.clinical_change(D(15), D(9), PHQ9).cutoff == 10


def test_without_sd_and_reliability_there_is_no_standard_error():
    assert progress.Basis(D(5), "published threshold", "somebody", "V").standard_error is None


@pytest.mark.parametrize(
    ("clinical", "functional", "advised"),
    [
        (progress.Norm(40, 7.5), progress.Norm(60, 7.5), "c"),  # a 55 lies beyond b 45: the groups overlap
        (progress.Norm(20, 2), progress.Norm(5, 2), "b"),
    ],
)
def test_which_cut_off_to_use(clinical, functional, advised):
    assert progress.cutoffs(clinical, functional).advised == advised


# -- thresholds worked out, and measures where none is established


def with_change(**entry):
    return scoring.definition({**parsed("phq2"), "change": [{"score": "total", "source": "A paper", "mark": "V", **entry}]})


def test_a_threshold_can_be_worked_out_from_sd_and_reliability():
    rule = with_change(method="jacobson_truax", sd=6.2, reliability=0.853).change_rule()
    assert (rule.reliable, rule.method) == (7, "jacobson_truax")  # 6.59 rounded up
    fine = with_change(method="jacobson_truax", sd=6.2, reliability=0.853, step=0.5).change_rule()
    assert fine.reliable == 7  # 6.59 rounded up to halves
    assert with_change(method="jacobson_truax", sd=6.0, reliability=0.853, step=0.5).change_rule().reliable == D("6.5")


def test_where_nothing_is_established_there_is_a_number_and_its_error_and_no_verdict():
    form = with_change(method="not_established", sd=6.2, reliability=0.853)
    assert form.change_rule() is None
    told = progress.difference(D(15), D(4), form.spread())
    assert (told.points, told.standard_error) == (-11, pytest.approx(2.377, abs=1e-3))
    assert "improved" not in english(told.sentence) and "better" not in english(told.sentence)
    assert "2.4 points (standard error)" in english(told.sentence)
    assert not hasattr(told, "direction")
    assert progress.difference(D(15), D(4)).standard_error is None


def test_an_unverified_spread_gives_no_error():
    assert with_change(method="not_established", sd=6.2, reliability=0.853, mark="K").spread() is None


def test_a_rule_without_a_threshold_is_refused():
    with pytest.raises(scoring.DefinitionError, match="reliable is missing"):
        with_change(method="somebody said so")
    with pytest.raises(scoring.DefinitionError):
        with_change(method="jacobson_truax", sd=6.2, reliability=1.0)


# -- how good the alerts were


def finished(last, alerted=None, month=3, last_day=28):
    """From 18 to `last`, alerted on a day of the month or never."""
    return (
        FinishedCourse(
            date(2026, month, 30), D(18), D(last), date(2026, month, last_day), date(2026, month, alerted) if alerted else None
        ),
        PHQ9,
    )


def test_four_cells_by_what_came_of_it():
    everything, months = progress.precision(
        [
            finished(17, alerted=10),  # found: alerted, and not reliably better at the end
            finished(24, alerted=10),  # found
            finished(16),  # missed
            finished(9, alerted=10),  # false alarm: got better
            finished(8),  # rightly quiet
            finished(5, month=4),
        ]
    )
    assert (everything.found, everything.missed, everything.false_alarms, everything.quiet) == (2, 1, 1, 2)
    assert [m.month for m in months] == [date(2026, 3, 1), date(2026, 4, 1)]
    assert (months[1].quiet, months[1].finished) == (1, 1)
    assert (everything.off_track_found.count, everything.off_track_found.of) == (2, 3)
    assert (everything.rightly_quiet.count, everything.rightly_quiet.of) == (2, 3)
    assert (everything.right_alerts.count, everything.right_alerts.of) == (2, 3)
    assert everything.off_track_found.low < 2 / 3 < everything.off_track_found.high


def test_an_alert_by_the_last_score_itself_came_too_late():
    everything, _ = progress.precision([finished(24, alerted=28)])
    assert (everything.found, everything.missed) == (0, 1)


def test_nobody_finished_means_no_rate():
    everything, months = progress.precision([])
    assert months == [] and everything.finished == 0
    assert everything.right_alerts.share is None
