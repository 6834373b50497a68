"""Change told honestly: by threshold, with its source, in one sentence."""

from footbridge.engines.progress.change import (
    Change,
    Clinical,
    ClinicalChange,
    Cutoffs,
    Direction,
    Norm,
    Pair,
    band_of_chance,
    change,
    clinical_change,
    cutoffs,
    pair,
    rc_index,
    remission,
    standard_error,
    threshold,
)
from footbridge.engines.progress.course import Color, Course, CourseRules, NoCourse, Reading, baseline, course
from footbridge.engines.progress.sentence import codes, english
from footbridge.engines.sentence import Sentence

__all__ = [
    "Change",
    "Clinical",
    "ClinicalChange",
    "Color",
    "Course",
    "CourseRules",
    "Cutoffs",
    "Direction",
    "NoCourse",
    "Norm",
    "Pair",
    "Reading",
    "Sentence",
    "band_of_chance",
    "baseline",
    "change",
    "clinical_change",
    "codes",
    "course",
    "cutoffs",
    "english",
    "pair",
    "rc_index",
    "remission",
    "standard_error",
    "threshold",
]
