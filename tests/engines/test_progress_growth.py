"""What is expected of a person in a week: the arithmetic of the band, the fit against statsmodels, and its coverage."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from math import log, sqrt

import pytest

from footbridge.engines import progress
from footbridge.engines.progress import Band, Color, CourseRules, Equation, GrowthModel, Reading, WeeklyCurve, english
from footbridge.engines.progress.fitting import NotFitted, Observation, fit, fit_apart
from tests.engines.shelf import instrument

PHQ9 = instrument("phq9").change_rule()
START = date(2026, 3, 2)

# A model with round numbers: from 18 one expects 16 in week 1 and 16 - 4 ln 3 = 11.6 in week 3.
MODEL = GrowthModel(
    intercept=1.6, per_baseline=0.8, per_ln_week=-4.0,
    covariance=((0.0, 0.0, 0.0),) * 3, random=((4.0, 0.0), (0.0, 1.0)), residual=5.0, episodes=240, readings=1500,
)  # fmt: skip


def weekly(*values):
    return [Reading(START + timedelta(7 * n), Decimal(value)) for n, value in enumerate(values)]


# -- the band


def test_the_worked_band_of_a_published_data_set():
    """Arithmetic check, not a norm: HAM-D wave 2 on wave 1 (n 41): expected 9.383 + 0.376 * 25 = 18.78, 80 % 11.73 to 25.83."""
    band = Equation(intercept=9.383, slope=0.376, sd=5.341, n=41).band(25, 80)
    assert band.center == pytest.approx(18.78, abs=0.005)
    assert (band.low, band.high) == (pytest.approx(11.73, abs=0.015), pytest.approx(25.83, abs=0.015))
    assert band.is_worse(27, lower_is_better=True)  # observed 27: red
    assert not band.is_worse(25.8, lower_is_better=True) and not band.is_worse(2, lower_is_better=True)
    wider = Equation(9.383, 0.376, 5.341, 41, mean=18.0, squares=500.0).band(25, 80)
    assert wider.high - wider.low > band.high - band.low


def test_a_model_s_band_by_hand():
    band = MODEL.band(18, 3, 80)
    t = log(3)
    half = 1.2815516 * sqrt(4 + t * t + 5)
    assert band.center == pytest.approx(1.6 + 0.8 * 18 - 4 * t)
    assert (band.low, band.high) == (pytest.approx(band.center - half), pytest.approx(band.center + half))
    assert MODEL.band(18, 0.3) == MODEL.band(18, 1)  # the first seven days are week 1


def test_the_uncertainty_of_the_estimate_widens_the_band():
    unsure = GrowthModel(1.6, 0.8, -4.0, ((1.0, 0, 0), (0, 0, 0), (0, 0, 0)), ((4.0, 0.0), (0.0, 1.0)), 5.0, 200, 900)
    assert unsure.band(18, 3).high > MODEL.band(18, 3).high


def test_weeks_are_days_by_seven_and_begin_at_one():
    assert [progress.weeks_since(days) for days in (0, 3, 7, 10, 21)] == [1, 1, 1, pytest.approx(10 / 7), 3]


# -- the course judged by it


@pytest.mark.parametrize(
    ("values", "color", "reason"),
    [
        ((18, 16, 14, 12), "green", "course.on_track"),
        ((18, 17, 17, 17), "red", "course.outside_model"),  # week 3: 80 % lie up to 15.7; 17 is outside
        ((18, 17, 15, 15), "green", "course.on_track"),  # beyond the inner band once: watched
        ((18, 18, 17, 15), "yellow", "course.slow_model"),  # week 2 and week 3 beyond the inner band
        ((18, 24), "red", "course.worse"),  # worse by more than chance is red whatever is expected
        ((4, 4, 4, 4), "green", "course.on_track"),  # well from the start
    ],
)
def test_colors_with_the_program_s_own_model(values, color, reason):
    found = progress.course(weekly(*values), PHQ9, START, stay_days=56, expected=[MODEL])
    assert (found.color, found.reasons[0].code) == (Color(color), reason)
    assert (found.judged_by, found.episodes) == ("model", 240)
    assert isinstance(found.band, Band)
    assert english(found.reasons[0])


def test_the_reason_shows_the_band_and_n():
    found = progress.course(weekly(18, 17, 17, 17), PHQ9, START, expected=[MODEL])
    assert english(found.reasons[0]) == (
        "Now 17 in week 3, started at 18: outside what 80 % of this program's people show from such a start "
        "(7.5 to 15.7; 240 episodes)."
    )


def test_one_reading_outside_the_inner_band_is_watched():
    found = progress.course(weekly(18, 16, 14, 15), PHQ9, START, expected=[MODEL])
    assert found.color is Color.GREEN
    assert found.watch.code == "course.watch_model"
    assert "one more such reading" in english(found.watch)


def test_two_readings_a_day_apart_are_one_for_yellow():
    days = [*weekly(18), Reading(START + timedelta(21), Decimal(15)), Reading(START + timedelta(22), Decimal(15))]
    assert progress.course(days, PHQ9, START, expected=[MODEL]).color is Color.GREEN


def test_a_curve_judges_the_weeks_it_knows_and_fixed_rules_the_others():
    curve = WeeklyCurve({1: Equation(2.0, 0.7, 2.0, 400), 2: Equation(1.0, 0.6, 2.0, 400)}, "Somebody 2030", "V")
    found = progress.course(weekly(18, 18, 18), PHQ9, START, expected=[curve])
    assert (found.color, found.judged_by, found.episodes) == (Color.RED, "curve", 400)
    assert "Somebody 2030" in english(found.reasons[0])
    later = progress.course(weekly(18, 14, 12, 12, 12), PHQ9, START, expected=[curve])
    assert (later.color, later.judged_by, later.band) == (Color.GREEN, "fixed", None)


def test_the_model_comes_before_the_curve():
    curve = WeeklyCurve({3: Equation(0.0, 0.1, 1.0, 400)}, "Somebody 2030", "V")
    assert progress.course(weekly(18, 16, 14, 12), PHQ9, START, expected=[MODEL, curve]).judged_by == "model"


def test_where_higher_is_better_the_lower_edge_counts():
    rule = type(PHQ9)(score="percent", reliable=Decimal(10), method="m", source="s", mark="V", lower_is_better=False)
    model = GrowthModel(10, 0.8, 5.0, ((0.0, 0, 0),) * 3, ((16.0, 0.0), (0.0, 1.0)), 9.0, 300, 2000)
    falls = progress.course(weekly(40, 41, 35), rule, START, expected=[model])
    assert falls.color is Color.RED and falls.reasons[0].code == "course.outside_model"
    assert progress.course(weekly(40, 44, 60), rule, START, expected=[model]).color is Color.GREEN


def test_thresholds_of_the_band_belong_to_the_program():
    wide = CourseRules(band_percent=99, watch_percent=98)
    assert progress.course(weekly(18, 17, 17, 17), PHQ9, START, expected=[MODEL], rules=wide).color is Color.GREEN


# -- the fit


def people(n: int, *, seed: int = 1, weeks: int = 8, residual: float = 2.0) -> list[Observation]:
    """People whose truth is known: 2 + 0.7 * first score - 3 ln(week), line SD 2 and 1, reading SD `residual`."""
    chance = random.Random(seed)
    found = []
    for person in range(n):
        first = min(27, max(5, chance.gauss(16, 4)))
        lift, turn = chance.gauss(0, 2), chance.gauss(0, 1)
        stays = weeks if chance.random() < 0.7 else chance.randint(2, weeks)
        for week in range(1, stays + 1):
            t = log(week)
            score = 2 + 0.7 * first - 3 * t + lift + turn * t + chance.gauss(0, residual)
            found.append(Observation(person, first, week, score))
    return found


@pytest.fixture(scope="module")
def fitted() -> GrowthModel:
    model = fit(people(260))
    assert isinstance(model, GrowthModel)
    return model


def test_known_parameters_are_found_again(fitted):
    assert fitted.episodes == 260
    assert fitted.per_baseline == pytest.approx(0.7, abs=0.12)
    assert fitted.per_ln_week == pytest.approx(-3, abs=0.35)
    assert fitted.intercept == pytest.approx(2, abs=2)
    assert fitted.random[0][0] == pytest.approx(4, rel=0.4)
    assert fitted.random[1][1] == pytest.approx(1, abs=0.6)
    assert fitted.residual == pytest.approx(4, rel=0.15)


def test_the_fit_is_that_of_statsmodels_by_formula(fitted):
    pandas = pytest.importorskip("pandas")
    import statsmodels.formula.api as formula

    rows = people(260)
    frame = pandas.DataFrame(
        {"person": [o.person for o in rows], "score": [o.score for o in rows], "first": [o.baseline for o in rows],
         "t": [log(o.weeks) for o in rows]}
    )  # fmt: skip
    theirs = formula.mixedlm("score ~ first + t", frame, groups="person", re_formula="~t").fit(reml=True)
    ours = (fitted.intercept, fitted.per_baseline, fitted.per_ln_week)
    assert ours == pytest.approx(tuple(theirs.fe_params), rel=1e-3, abs=1e-3)
    assert fitted.residual == pytest.approx(theirs.scale, rel=1e-3)
    assert fitted.random[0][0] == pytest.approx(theirs.cov_re.iloc[0, 0], rel=1e-2)


def test_the_80_percent_band_holds_about_80_percent_of_new_people(fitted):
    new = people(1500, seed=99)
    for week in (1, 3, 8):
        here = [one for one in new if one.weeks == week]
        inside = sum(band.low <= one.score <= band.high for one in here if (band := fitted.band(one.baseline, week)))
        assert inside / len(here) == pytest.approx(0.80, abs=0.035), week


def test_a_process_of_its_own_finds_the_same(fitted):
    apart = fit_apart(people(260))
    assert apart.per_baseline == pytest.approx(fitted.per_baseline, rel=1e-6)
    assert (apart.episodes, apart.covariance[0], len(apart.random)) == (260, pytest.approx(fitted.covariance[0], rel=1e-4), 2)
    assert fit_apart(people(20)) == NotFitted("too_few", 20, len(people(20)), 200)
    assert fit_apart(people(260), seconds=0.01).reason == "too_long"


# How people of six usual instruments may differ: highest score, middle and spread of the first one, points a ln(week) down.
USUAL = {
    "phq9": (27, 16, 5, 3.0), "gad7": (21, 14, 4, 2.5), "pcl5": (80, 45, 15, 8.0), "isi": (28, 16, 5, 3.0),
    "wsas": (40, 24, 8, 4.0), "who5": (100, 30, 15, -10.0),
}  # fmt: skip
# SD of a person's intercept, of their slope and of one reading, as parts of the spread of the first score.
ALIKE = {
    "usual": (0.5, 0.25, 0.5), "the same slope": (0.5, 0.0, 0.5), "the same line": (0.0, 0.0, 0.5), "the same start": (0.0, 0.33, 0.5),
    "hardly any noise": (0.5, 0.25, 0.06),
}  # fmt: skip


def whole_scores(instrument: str, how: str, n: int = 200, seed: int = 3) -> list[Observation]:
    """People whose scores are whole numbers inside the scale, as real ones are; four in ten leave early."""
    highest, middle, spread, down = USUAL[instrument]
    start, slope, noise = (part * spread for part in ALIKE[how])
    chance = random.Random(seed)
    found = []
    for person in range(n):
        first = min(highest, max(0, round(chance.gauss(middle, spread))))
        lift, turn = chance.gauss(0, start), chance.gauss(0, slope)
        stays = 8 if chance.random() < 0.6 else chance.randint(2, 8)
        for week in range(1, stays + 1):
            t = log(week)
            score = 0.1 * middle + 0.7 * first - down * t + lift + turn * t + chance.gauss(0, noise)
            found.append(Observation(person, first, week, min(highest, max(0, round(score)))))
    return found


@pytest.mark.parametrize(
    ("instrument", "how"), [*((one, "usual") for one in USUAL), *(("gad7", how) for how in ALIKE if how != "usual")]
)
def test_two_hundred_people_are_enough_for_every_usual_instrument(instrument, how):
    """However alike people are: the band holds about 80 percent of new ones in every week."""
    model = fit(whole_scores(instrument, how))
    assert isinstance(model, GrowthModel), model
    assert (model.episodes, model.per_baseline) == (200, pytest.approx(0.7, abs=0.2))
    new = whole_scores(instrument, how, 1500, seed=99)
    for week in (1, 3, 8):
        here = [one for one in new if one.weeks == week]
        inside = sum(band.low <= one.score <= band.high for one in here if (band := model.band(one.baseline, week)))
        assert inside / len(here) == pytest.approx(0.80, abs=0.09), week  # scores end at the ends of the scale


def test_people_on_one_line_have_no_slopes_of_their_own():
    """Nothing in the numbers speaks for a slope of one's own: the model is the one with a random intercept, and says so."""
    pandas = pytest.importorskip("pandas")
    import statsmodels.formula.api as formula

    rows = whole_scores("gad7", "the same line", 220, seed=0)
    found = fit(rows)
    assert isinstance(found, GrowthModel) and not found.has_slope
    assert found.random[0][1] == found.random[1][0] == found.random[1][1] == 0
    frame = pandas.DataFrame(
        {"person": [o.person for o in rows], "score": [o.score for o in rows], "first": [o.baseline for o in rows],
         "t": [log(o.weeks) for o in rows]}
    )  # fmt: skip
    theirs = formula.mixedlm("score ~ first + t", frame, groups="person").fit(reml=True, method="powell")
    ours = (found.intercept, found.per_baseline, found.per_ln_week)
    assert ours == pytest.approx(tuple(theirs.fe_params), rel=1e-2, abs=1e-2)
    assert found.residual == pytest.approx(theirs.scale, rel=1e-2)


def test_the_uncertainty_of_the_line_is_that_of_statsmodels(fitted):
    pandas = pytest.importorskip("pandas")
    import statsmodels.formula.api as formula

    rows = people(260)
    frame = pandas.DataFrame(
        {"person": [o.person for o in rows], "score": [o.score for o in rows], "first": [o.baseline for o in rows],
         "t": [log(o.weeks) for o in rows]}
    )  # fmt: skip
    theirs = formula.mixedlm("score ~ first + t", frame, groups="person", re_formula="~t").fit(reml=True)
    expected = theirs.cov_params().iloc[:3, :3].to_numpy()
    for mine, theirs_row in zip(fitted.covariance, expected, strict=True):
        assert mine == pytest.approx(tuple(theirs_row), rel=2e-2, abs=1e-4)


def test_the_simpler_model_remains_where_no_richer_one_is_found(monkeypatch):
    from footbridge.engines.progress import fitting

    assert fit(people(210)).has_slope
    monkeypatch.setattr(fitting, "CLOSE", -1e9)  # no richer model is ever good enough
    simple = fit(people(210))
    assert isinstance(simple, GrowthModel) and not simple.has_slope and simple.random[0][0] > 0


def test_under_200_people_nothing_is_fitted():
    assert fit(people(150)) == NotFitted("too_few", 150, len(people(150)), 200)


def test_people_with_a_single_later_reading_do_not_count():
    once = [Observation(person, 15, 1, 14) for person in range(500)]
    assert fit(once) == NotFitted("too_few", 0, 0, 200)


def test_without_spread_there_is_no_model():
    same = [Observation(person, 15, week, 10) for person in range(210) for week in (2, 2)]
    found = fit(same)
    assert isinstance(found, NotFitted) and found.reason == "no_spread"


def test_statsmodels_is_not_loaded_by_pages():
    import subprocess
    import sys

    asked = "import sys, footbridge.engines.progress as p, footbridge.engines.progress.fitting; print('statsmodels' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
