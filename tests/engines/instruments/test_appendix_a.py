"""Every instrument of the reference list has its definition, in the class the licence puts it in."""

import pytest

from footbridge.engines.scoring import LicenceClass
from tests.engines.shelf import every_instrument, instrument

# Instrument as the list names it → its class and the files that are its editions.
LIST = {
    "PHQ-2": ("A", ["phq2"]),
    "PHQ-8 / PHQ-9": ("A", ["phq8", "phq9"]),
    "PHQ-A (teen PHQ-9)": ("A", ["phq_a"]),
    "PHQ-4": ("A", ["phq4"]),
    "GAD-2 / GAD-7": ("A", ["gad2", "gad7"]),
    "OASIS / ODSIS": ("B", ["oasis", "odsis"]),
    "CES-D": ("A", ["ces_d"]),
    "K6 / K10": ("AD", ["k6", "k10"]),
    "PSS-10": ("B", ["pss10"]),
    "BRS": ("B", ["brs"]),
    "DSM-5 L1 adult": ("B", ["dsm5_level1"]),
    "Q-LES-Q-SF": ("B", ["qles_q_sf"]),
    "WHO-5": ("B", ["who5"]),
    "SWEMWBS": ("B", ["swemwbs"]),
    "PROMIS 4a": ("B", ["promis_depression_4a", "promis_anxiety_4a"]),
    "PROMIS Global-10": ("B", ["promis_global10"]),
    "C-SSRS screener": ("AD", ["cssrs_screener", "cssrs_since_last_contact"]),
    "PCL-5": ("A", ["pcl5", "pcl5_week"]),
    "PC-PTSD-5": ("A", ["pc_ptsd_5"]),
    "LEC-5": ("A", ["lec5"]),
    "ACE": ("A", ["ace"]),
    "MDQ": ("B", ["mdq"]),
    "ASRM": ("B", ["asrm"]),
    "ISI": ("B", ["isi"]),
    "DERS-16": ("B", ["ders16"]),
    "BIS-11": ("B", ["bis11"]),
    "EDE-Q 6": ("B", ["ede_q"]),
    "EDE-QS": ("B", ["ede_qs"]),
    "SCOFF": ("B", ["scoff"]),
    "AIMS": ("A", ["aims"]),
    "AUDIT": ("AD", ["audit"]),
    "AUDIT-C": ("A", ["audit_c"]),
    "DAST-10": ("B", ["dast10", "dast10_unable"]),
    "TAPS": ("A", ["taps", "taps1"]),
    "BAM-IOP": ("A", ["bam_iop"]),
    "BAM-R": ("A", ["bam_r"]),
    "PACS": ("AD", ["pacs"]),
    "COWS": ("A", ["cows"]),
    "CIWA-Ar": ("A", ["ciwa_ar"]),
    "SOCRATES": ("A", ["socrates"]),
    "URICA": ("B", ["urica"]),
    "WHODAS-12": ("B", ["whodas12", "whodas12_1_5"]),
    "WSAS": ("B", ["wsas"]),
    "BASIS-24": ("C", ["basis24"]),
    "OQ-45": ("C", ["oq45"]),
    "SRS / GSRS / ORS": ("C", ["srs", "gsrs", "ors"]),
    "WAI-SR": ("C", ["wai_sr"]),
    "CSQ-8": ("C", ["csq8"]),
    # Beside the list: named among the classes.
    "CIA, EAT-26, QIDS-SR": ("B", ["cia", "eat26", "qids_sr"]),
    "BDI-II, HADS, Y-BOCS": ("C", ["bdi2", "hads", "ybocs"]),
}
# Refused by their owners for use in software: a level of care and its tool are typed in freely, nothing is built.
NOT_BUILT = {"gaf", "locus", "calocus", "casii"}


@pytest.mark.parametrize("name", LIST)
def test_it_has_a_definition_in_its_class(name):
    klass, files = LIST[name]
    for file in files:
        assert instrument(file).licence.klass == LicenceClass(klass), file


def test_what_may_not_be_built_is_not():
    assert not NOT_BUILT & set(every_instrument())


def test_every_definition_of_the_package_is_on_the_list():
    listed = {file for _klass, files in LIST.values() for file in files}
    editions = {name for name in every_instrument() if name not in listed}
    for name in editions:
        assert any(name.startswith(f"{file}_") for file in listed), f"{name} is not on the list, nor an edition of one"
