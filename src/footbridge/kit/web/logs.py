"""Logs without personal data: what happened and where in the code, never what was typed or about whom.

A path may hold a secret link, a message may hold a name. So a line carries only keys that are on the list below, the url's pattern
instead of its path, and an error's type and places instead of its words.
"""

from __future__ import annotations

import traceback
from typing import Any

import structlog

# Everything else that a library hangs on a record is dropped.
ALLOWED = ("timestamp", "level", "logger", "event", "route", "status", "error", "at")
# Loggers whose own sentences hold nothing but our constants; others say only that they spoke.
PLAIN = ("footbridge", "procrastinate", "granian", "django.server")


def _told(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Replace what a record says by what may be kept of it."""
    record = event.get("_record")
    if record is None:
        return event
    request = getattr(record, "request", None)
    match = getattr(request, "resolver_match", None)
    if request is not None:
        event["route"] = getattr(match, "route", None) or "(no page)"
        event["status"] = getattr(record, "status_code", None)
    failed = event.pop("exc_info", None) or record.exc_info
    if isinstance(failed, tuple) and failed[0] is not None:
        kind, _error, trace = failed
        event["error"] = f"{kind.__module__}.{kind.__qualname__}"
        event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)][-12:]
    # `%s` is left standing: the sentence is ours or a library's, its words may be somebody's.
    event["event"] = str(record.msg) if record.name.startswith(PLAIN) else record.name
    return event


def _only_allowed(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    return {key: event[key] for key in ALLOWED if event.get(key) is not None}


def settings(level: str = "INFO") -> dict[str, Any]:
    """Django's LOGGING: one JSON line a record, on the error stream."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    _told,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _only_allowed,
                    structlog.processors.JSONRenderer(),
                ],
                "foreign_pre_chain": [
                    structlog.stdlib.add_log_level,
                    structlog.stdlib.add_logger_name,
                    structlog.processors.TimeStamper(fmt="iso", utc=True),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "footbridge": {"level": level},
            "procrastinate": {"level": "WARNING"},
            # A stranger's 404 is not news; a 500 is.
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "WARNING"},
        },
    }
