"""`footbridge instruments score` and `change`: what anybody needs to check our numbers against theirs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from footbridge.cli import cli

PHQ9 = {"instrument": "phq9", "edition": "2001"}
FULL = {str(n): 1 for n in range(1, 10)}


def run(*words: str, text: str | None = None):
    done = CliRunner().invoke(cli, ["instruments", *words], input=text)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")], done.stderr


def score(*lines: object, words: tuple[str, ...] = ()):
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return run("score", "-", *words, text=text)


def change(*lines: object):
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return run("change", "-", text=text)


# -- score


def test_a_line_of_answers_becomes_scores_bands_and_flags():
    code, [said], trouble = score({"id": "a1", **PHQ9, "responses": {**FULL, "1": "3", "9": 2}})
    assert (code, trouble) == (0, "")
    total = said["scores"][0]
    assert (said["line"], said["id"], said["instrument"], said["edition"]) == (1, "a1", "phq9", "2001")
    assert (total["score"], total["value"], total["answered"], total["of"], total["band"]) == ("total", 12, 9, 9, "moderate")
    assert total["bands"] == {"kroenke2001": "moderate", "screen10": "positive"}
    assert said["flags"] == [{"item": "9", "value": "2", "severity": "same_day", "action": "cssrs_now"}]


def test_blank_declined_and_not_asked_are_not_zero():
    _, [said], _ = score({**PHQ9, "responses": {**FULL, "8": None, "9": "declined"}})
    assert (said["scores"][0]["value"], said["scores"][0]["answered"], said["scores"][0]["prorated"]) == (9, 7, True)
    _, [few], _ = score({**PHQ9, "responses": {"1": 3, "2": "", "3": "not_asked"}})
    total = few["scores"][0]
    assert (total["value"], total["reason"], total["answered"]) == (None, "too_many_gaps", 1)
    assert "band" not in total and total["sentence"] == "Not scored: 1 of 9 answered."


def test_an_answer_that_is_no_choice_is_a_verdict_not_an_error():
    code, [said], _ = score({**PHQ9, "responses": {**FULL, "3": 7}})
    assert code == 0
    assert (said["scores"][0]["reason"], said["scores"][0]["unknown"]) == ("unknown_answer", ["3"])


def test_numbers_as_tables_write_them_are_read():
    _, [said], _ = score({**PHQ9, "responses": {str(n): 2.0 for n in range(1, 10)}})
    assert said["scores"][0]["value"] == 18
    _, [same], _ = score({**PHQ9, "responses": {str(n): "2.0" for n in range(1, 10)}})
    assert same["scores"] == said["scores"]


def test_a_suicide_screen_is_read_by_every_rule_and_a_blank_is_never_a_no():
    line = {"instrument": "cssrs_screener", "edition": "recent-2016", "responses": {"1": "yes"}}
    _, [said], _ = score(line)
    assert set(said["triage"]) == {"columbia", "va"}
    assert said["triage"]["columbia"]["complete"] is False and "2" in said["triage"]["columbia"]["missing"]


@pytest.mark.parametrize(
    ("line", "field", "mend"),
    [
        ({"edition": "2001", "responses": {}}, "instrument", "give its id"),
        ({"instrument": "phq-9", "edition": "2001", "responses": {}}, "instrument", "did you mean 'phq9'?"),
        ({"instrument": "phq9", "responses": FULL}, "edition", "is never guessed; editions of phq9: 2001"),
        ({"instrument": "phq9", "edition": "9", "responses": FULL}, "edition", "it has 2001"),
        ({**PHQ9, "responses": [1, 2]}, "responses", '{"item": answer'),
        ({**PHQ9}, "responses", '{"item": answer'),
        ({**PHQ9, "responses": {"10": 1}}, "responses.10", "its items: 1, 2, 3"),
        ({**PHQ9, "responses": {"1": True}}, "responses.1", "a text, a number or null"),
        ({**PHQ9, "responses": {"1": {"a": 1}}}, "responses.1", "a text, a number or null"),
        ({**PHQ9, "responses": FULL, "anwsers": 1}, "anwsers", "is not a field here"),
        ({**PHQ9, "responses": FULL, "language": "xx"}, "language", "it has en, es"),
        ({"instrument": ["phq9"], "edition": "2001", "responses": {}}, "instrument", "must be a text"),
        ("{not json", "", "is not JSON"),
        ("[1, 2]", "", "must be an object"),
        ('{"instrument": "phq9", "instrument": "gad7"}', "instrument", "is there twice"),
        ('{"instrument": NaN}', "", "NaN is not a number"),
        ("[" * 100_000, "", "is not JSON"),
        ('{"a": ' + "9" * 5000 + "}", "", "is not JSON"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_by_number_field_and_mend_and_the_others_are_written(line, field, mend):
    code, said, trouble = score({**PHQ9, "responses": FULL}, line, {**PHQ9, "responses": FULL})
    assert code == 1
    assert [one["line"] for one in said] == [1, 2, 3]
    assert "scores" in said[0] and "scores" in said[2]
    assert said[1]["error"]["field"] == field and mend in said[1]["error"]["message"]
    assert trouble.startswith("line 2: ") and mend in trouble
    assert "2 lines done, 1 could not be read." in trouble


def test_a_very_long_line_is_left_and_the_next_one_read():
    code, said, _ = score('{"a": "' + "x" * 1_200_000 + '"}', {**PHQ9, "responses": FULL})
    assert code == 1
    assert "is longer than" in said[0]["error"]["message"] and said[1]["scores"][0]["value"] == 9


def test_bytes_that_are_no_text(tmp_path: Path):
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"\xff\xfe\n" + json.dumps({**PHQ9, "responses": FULL}).encode() + b"\n")
    code, said, _ = run("score", str(file))
    assert code == 1 and said[0]["error"]["message"] == "is not UTF-8 text; save the file as UTF-8" and "scores" in said[1]


def test_an_empty_file_is_said(tmp_path: Path):
    file = tmp_path / "a.jsonl"
    file.write_text("\n\n")
    code, said, trouble = run("score", str(file))
    assert (code, said) == (1, []) and "no line in it" in trouble


def test_a_table(tmp_path: Path):
    file = tmp_path / "a.csv"
    head = "id,instrument,edition," + ",".join(f"item_{n}" for n in range(1, 10))
    rows = ["p1,phq9,2001,2,1,1,1,1,1,1,1,0", "p2,gad7,2006,3,3,3,3,3,3,3,,", "p3,gad7,2006,3,3,3,3,3,3,3,1,", "p4,phq9,2001,1"]
    file.write_text("﻿" + "\r\n".join([head, *rows]) + "\r\n", encoding="utf-8")
    code, said, _ = run("score", str(file))
    assert code == 1
    assert [one["line"] for one in said] == [2, 3, 4, 5]
    assert (said[0]["id"], said[0]["scores"][0]["value"]) == ("p1", 9)
    assert said[1]["scores"][0]["value"] == 21  # blank cells of items it has not are not there
    assert said[2]["error"]["field"] == "responses.8"
    assert said[3]["error"]["message"] == "has 4 cells; the first line names 12 columns"


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("a,b\n1,2\n", "'instrument' among them"),
        ("instrument,edition,1,1\nphq9,2001,1,1\n", "is there twice"),
        ('instrument,edition,1\nphq9,2001,"1"2\n', "is not a row of a table"),
    ],
)
def test_a_table_that_is_none(tmp_path: Path, text: str, mend: str):
    file = tmp_path / "a.csv"
    file.write_text(text)
    code, said, _ = run("score", str(file))
    assert code == 1 and mend in said[0]["error"]["message"]


def test_definitions_of_one_s_own(tmp_path: Path):
    (tmp_path / "mine.yaml").write_text(
        """
id: mine
edition: "1"
name: Mine
licence: {class: B, owner: Us, basis: Ours}
choice_sets: {how: [{code: "0", points: 0}, {code: "1", points: 2}]}
items: [{code: a, choices: how}, {code: b, choices: how}]
scores: [{id: total, method: sum, items: [a, b], low: 0, high: 4}]
band_sets: [{id: ours, name: Ours, citation: Nobody, score: total, default: true, bands: [{code: low, label: Low, from: 0}]}]
"""
    )
    line = {"instrument": "mine", "edition": "1", "responses": {"a": 1, "b": 1}}
    code, [said], _ = score(line, words=("--definitions", str(tmp_path)))
    assert code == 0
    assert said["draft"] is True and said["scores"][0]["value"] == 4
    assert (said["scores"][0]["band"], said["scores"][0]["band_withheld"]) == (None, "draft")
    (tmp_path / "wrong.yaml").write_text("id: wrong\n")
    code, said, trouble = score(line, words=("--definitions", str(tmp_path)))
    assert code == 1 and said == [] and "wrong.yaml" in trouble


def test_it_needs_no_database_and_little_memory(tmp_path: Path):
    """As a process of its own, with an address where no database is: it scores, and memory does not grow with the file."""
    file = tmp_path / "many.jsonl"
    line = json.dumps({**PHQ9, "responses": FULL}) + "\n"
    peaks = []
    for n in (200, 6000):
        file.write_text(line * n)
        code = (
            "import resource, sys; from footbridge.cli import main; sys.argv[1:] = ['instruments', 'score', sys.argv[1], '--output', sys.argv[2]]\n"
            "try: main()\n"
            "finally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        env = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
        done = subprocess.run(
            [sys.executable, "-c", code, str(file), str(tmp_path / "out")], capture_output=True, text=True, env=env, check=False
        )
        assert done.returncode == 0, done.stderr
        assert len((tmp_path / "out").read_text().splitlines()) == n
        peaks.append(int(done.stdout))
    assert peaks[1] < peaks[0] + 8_000  # KB


# -- change


def test_change_with_everything_it_rests_on():
    code, [said], _ = change({"id": 7, **PHQ9, "pre": 18, "post": 8})
    assert code == 0
    assert (said["change"], said["points_better"], said["response"], said["remission"]) == ("improved", 10, True, False)
    assert said["clinical"]["kind"] == "recovered" and said["clinical"]["cutoff"] == 10
    basis = said["basis"]
    assert (basis["threshold"], basis["sd"], basis["reliability"], basis["mark"]) == (6, 6.2, 0.853, "V")
    assert "IAPT" in basis["source"] and basis["standard_error"] == pytest.approx(2.377116)
    assert said["rc_index"] == pytest.approx(-10 / (2**0.5 * 2.377116), abs=1e-5)
    assert said["sentence"] == "Went from 18 to 8: better by 10, more than chance (at least 6)."


def test_where_nothing_is_established_there_is_a_number_and_no_verdict():
    _, [said], _ = change({"instrument": "k6", "edition": "ncs-0-4", "pre": 20, "post": 2})
    assert (said["change"], said["reason"], said["difference"]) == (None, "not_established", -18)
    assert "clinical" not in said and "improved" not in json.dumps(said)


def test_the_pair_rule_needs_both_measures():
    both = {"id": "p", "measures": [{**PHQ9, "pre": 15, "post": 9}, {"instrument": "gad7", "edition": "2006", "pre": 12, "post": 5}]}
    _, [said], _ = change(both)
    pair = said["pair"]
    assert (pair["reliable_improvement"], pair["recovery"], pair["reliable_recovery"]) == (True, True, True)
    assert [one["instrument"] for one in said["measures"]] == ["phq9", "gad7"]
    _, [single], _ = change({"measures": [{**PHQ9, "pre": 15, "post": 9}]})
    assert "pair" not in single


def test_a_series_is_judged_from_first_to_last_and_its_course_by_the_fixed_rules():
    readings = [{"on": f"2026-03-{day:02}", "value": 18} for day in (2, 9, 16, 23, 30)]
    _, [said], _ = change({**PHQ9, "readings": readings, "started_on": "2026-03-02", "stay_days": 56})
    assert (said["pre"], said["post"], said["change"]) == (18, 18, "none")
    assert (said["course"]["color"], said["course"]["judged_by"], said["course"]["week"]) == ("yellow", "fixed", 4)
    _, [plain], _ = change({**PHQ9, "readings": [18, 12, 9]})
    assert (plain["pre"], plain["post"], plain["change"]) == (18, 9, "improved") and "course" not in plain


@pytest.mark.parametrize(
    ("line", "field", "mend"),
    [
        ({**PHQ9, "pre": 18}, "post", "is missing"),
        ({**PHQ9, "pre": 18, "post": 28}, "post", "from 0 to 27"),
        ({**PHQ9, "pre": "many", "post": 2}, "pre", "must be a number"),
        ({**PHQ9, "pre": True, "post": 2}, "pre", "must be a number"),
        ({**PHQ9, "pre": 3, "post": 2, "score": "sum"}, "score", "its scores: total, algorithm"),
        ({**PHQ9, "readings": [3]}, "readings", "at least two"),
        ({**PHQ9, "readings": [3, 2], "pre": 3}, "readings", "not both"),
        ({**PHQ9, "readings": [{"on": "March", "value": 2}, 3]}, "readings[0].on", "2026-03-02"),
        ({**PHQ9, "readings": [{"on": "2026-03-09", "value": 2}, {"on": "2026-03-02", "value": 3}]}, "readings", "oldest first"),
        ({**PHQ9, "readings": [{"on": "2026-03-09", "value": 2}, 4]}, "readings", "with every reading"),
        ({**PHQ9, "readings": [3, 2], "started_on": "2026-03-02"}, "started_on", "readings with days"),
        ({"measures": []}, "measures", "give a list"),
        ({"measures": [{**PHQ9, "pre": 3, "post": 99}]}, "measures[0].post", "from 0 to 27"),
        ({"measures": [3]}, "measures[0]", "must be"),
    ],
)
def test_a_pair_that_cannot_be_read(line, field, mend):
    code, said, trouble = change(line, {**PHQ9, "pre": 1, "post": 1})
    assert code == 1
    assert said[0]["error"]["field"] == field and mend in said[0]["error"]["message"]
    assert said[1]["change"] == "none" and trouble.startswith(f"line 1: {field}: ")


def test_pairs_from_a_table(tmp_path: Path):
    file = tmp_path / "c.csv"
    file.write_text(
        "id,instrument,edition,pre,post,instrument_2,edition_2,pre_2,post_2\n"
        "a,phq9,2001,15,9,gad7,2006,12,5\nb,phq9,2001,15,14,,,,\nc,phq9,2001,15,,,,,\n"
    )
    code, said, _ = run("change", str(file))
    assert code == 1
    assert said[0]["pair"]["reliable_recovery"] is True
    assert (said[1]["id"], said[1]["change"]) == ("b", "none")
    assert said[2]["error"]["field"] == "post"


def test_every_instrument_can_be_named():
    done = CliRunner().invoke(cli, ["instruments", "score", "--list"])
    assert done.exit_code == 0 and "phq9: 2001" in done.output.splitlines()


# -- hostile files: each trouble by line, the other lines done


def test_half_a_character_or_endless_nesting_stops_one_line_and_not_the_file():
    nested = '{"instrument": "phq9", "edition": "2001", "responses": ' + "[" * 5000 + "]" * 5000 + "}"
    digits = '{"instrument": "phq9", "edition": "2001", "responses": {"1": ' + "9" * 5000 + "}}"
    code, said, trouble = score('{"id": "\\ud800"}', nested, digits, {"id": "last", **PHQ9, "responses": FULL})
    assert code == 1 and [one["line"] for one in said] == [1, 2, 3, 4]
    assert "half of a character" in said[0]["error"]["message"]
    assert "too deeply" in said[1]["error"]["message"]
    assert "4,300 digits" in said[2]["error"]["message"]
    assert said[3]["id"] == "last" and said[3]["scores"][0]["value"] == 9
    assert "1 lines done, 3 could not be read." in trouble
    code, [whole], _trouble = score('{"id": "\\ud83d\\ude00", "instrument": "phq9", "edition": "2001", "responses": {}}')
    assert (code, whole["id"]) == (0, "😀")


def test_a_language_that_is_no_text_is_told():
    for language in (7, ["en"], {"en": 1}):
        code, [said], _trouble = score({**PHQ9, "language": language, "responses": FULL})
        assert (code, said["error"]["field"]) == (1, "language")


def test_days_at_the_end_of_the_calendar_are_told_and_not_counted_beyond_it():
    readings = [{"on": "0001-01-01", "value": 18}, {"on": "9999-12-31", "value": 9}]
    started = [{"on": "2026-01-01", "value": 18}, {"on": "2026-02-01", "value": 9}]
    code, said, _trouble = change(
        {**PHQ9, "readings": readings, "started_on": "0001-01-01"},
        {**PHQ9, "readings": started, "started_on": "9999-12-31"},
        {**PHQ9, "pre": 15, "post": 9},
    )
    assert code == 1
    assert [one.get("error", {}).get("field") for one in said] == ["readings[0].on", "started_on", None]
    assert "from 1900 to 2200" in said[0]["error"]["message"]


def test_a_quotation_mark_that_no_line_closes_costs_one_line(tmp_path):
    head = "id,instrument,edition," + ",".join(str(n) for n in range(1, 10))
    whole = ",phq9,2001," + ",".join("1" * 9)
    file = tmp_path / "answers.csv"
    file.write_text("\ufeff" + "\r\n".join([head, f'"a ""b"""{whole}', f'"open{whole}', f"c{whole}", f'"two\nlines"{whole}', ""]), newline="")
    code, said, _trouble = run("score", str(file))
    assert code == 1
    assert [one.get("id") for one in said if "error" not in one] == ['a "b"', "c", "two\nlines"]
    [told] = [one for one in said if "error" in one]
    assert told["line"] == 3 and "quotation mark" in told["error"]["message"]


def test_a_table_without_a_head_is_told_as_that(tmp_path):
    file = tmp_path / "answers.csv"
    file.write_text("phq9,2001,1,1\n")
    code, [said], _trouble = run("score", str(file))
    assert (code, said["line"], said["error"]["field"]) == (1, 1, "instrument")


def test_text_in_another_encoding_is_told_with_the_mend(tmp_path):
    file = tmp_path / "answers.jsonl"
    file.write_bytes((json.dumps({**PHQ9, "responses": FULL}) + "\n").encode("utf-16"))
    code, said, _trouble = run("score", str(file))
    assert code == 1 and "save the file as UTF-8" in said[0]["error"]["message"]
