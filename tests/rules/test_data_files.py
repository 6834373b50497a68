"""Every dated fact says where it comes from, since when it holds, and how sure we are (V, V2, K, U)."""

from datetime import date
from importlib.resources import files

import pytest

from footbridge import data

FILES = sorted(f.name.removesuffix(".yaml") for f in files("footbridge.data").iterdir() if f.name.endswith(".yaml"))
MARKS = ("V", "V2", "K", "U")


@pytest.mark.parametrize("name", ["levels", "crisis_lines", "followups", "promises", "alarm_clocks", "course", "assessment", "forecast"])
def test_files_of_one_source_name_it_with_mark_and_date(name):
    content = data.parsed(name)
    assert content["source"]
    assert content["mark"] in MARKS
    assert date.fromisoformat(str(content["effective_from"]))


@pytest.mark.parametrize(("name", "entries"), [("hours_rules", "rules"), ("group_caps", "caps")])
def test_files_of_many_sources_name_each(name, entries):
    for entry in data.parsed(name)[entries]:
        assert entry["source"], entry
        assert entry["mark"] in MARKS
        assert date.fromisoformat(str(entry["effective_from"]))


def test_crisis_lines_expire_and_say_that_nobody_has_checked_them():
    lines = data.parsed("crisis_lines")
    assert data.expires_on("crisis_lines") == date(2027, 2, 20)
    assert data.expires_on("hours_rules") is None
    assert lines["reviewed_by"] == "not yet checked by a person: founder entry"
    by_code = {line["code"]: line for line in lines["lines"]}
    assert (by_code["lifeline"]["call"], by_code["lifeline"]["text"]) == ("988", "988")
    assert by_code["lifeline"]["spanish"] == {"press": "2", "text_word": "AYUDA"}
    assert by_code["lifeline"]["veterans"] == {"press": "1"}
    assert by_code["crisis_text_line"]["text"] == "741741"
    assert by_code["samhsa"]["call"] == "1-800-662-4357"
    assert by_code["poison"]["call"] == "1-800-222-1222"
    assert by_code["emergency"]["call"] == "911"


def test_follow_ups_are_due_at_7_30_and_90_days():
    contacts = data.parsed("followups")["contacts"]
    assert [c["day"] for c in contacts] == [7, 30, 90]
    assert all(c["window_from"] <= c["day"] <= c["window_until"] for c in contacts)


def test_the_headline_promise_is_marked_as_program_policy():
    headline = data.parsed("promises")["headline"]
    assert headline == {"first_visit_within_hours": 48, "source": "Program policy", "mark": "K"}


def test_an_uncertain_cap_is_never_the_only_one_of_its_place_that_a_page_would_use():
    uncertain = [c for c in data.parsed("group_caps")["caps"] if c["mark"] == "U"]
    assert [c["jurisdiction"] for c in uncertain] == ["NC"]


def test_every_file_can_be_read():
    assert FILES
    for name in FILES:
        assert data.parsed(name)
    with pytest.raises(FileNotFoundError):
        data.parsed("no_such_file")
