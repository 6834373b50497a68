"""A log line says where in the code, never what was typed, about whom, or which secret link."""

from __future__ import annotations

import json
import logging
import logging.config

import pytest
from django.test import RequestFactory
from django.urls import ResolverMatch

from footbridge.kit.web import logs


@pytest.fixture
def written():
    """What the configured handler writes for a record."""
    config = logs.settings()["formatters"]["json"]
    formatter = config["()"](processors=config["processors"], foreign_pre_chain=config["foreign_pre_chain"])

    def write(name: str, message: str, *words: object, **extra: object) -> dict[str, object]:
        exc_info = extra.pop("exc_info", None)
        record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, words, exc_info)
        record.__dict__.update(extra)
        return json.loads(formatter.format(record))

    return write


def test_an_error_is_told_by_its_type_and_places_not_its_words(written):
    try:
        raise ValueError("Ana Soto, born 1994-05-17")
    except ValueError as error:
        line = written("django.request", "Internal Server Error: %s", "/q/secret-token/", exc_info=(type(error), error, error.__traceback__))
    text = json.dumps(line)
    assert "Ana" not in text and "secret-token" not in text and "1994" not in text
    assert line["error"] == "builtins.ValueError" and "test_logs.py" in line["at"][0]


def test_a_request_is_told_by_its_pattern(written):
    request = RequestFactory().get("/q/secret-token/?name=Ana")
    request.resolver_match = ResolverMatch(lambda r: None, (), {}, route="q/<str:token>/")
    line = written("django.request", "Internal Server Error: %s", request.path, request=request, status_code=500)
    assert (line["route"], line["status"]) == ("q/<str:token>/", 500)
    assert "secret-token" not in json.dumps(line) and "Ana" not in json.dumps(line)


def test_keys_that_are_not_on_the_list_are_dropped(written):
    line = written("footbridge.care", "alarm escalated", email="ana@example.org", client="Ana")
    assert line["event"] == "alarm escalated" and set(line) <= set(logs.ALLOWED)


def test_words_put_into_a_sentence_stay_out(written):
    assert "Ana" not in json.dumps(written("footbridge.care", "could not reach %s", "Ana"))


def test_the_configuration_is_accepted():
    logging.config.dictConfig({**logs.settings(), "root": {"handlers": [], "level": "WARNING"}})
