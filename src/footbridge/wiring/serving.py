"""The web server's first process: `python -m footbridge.wiring.serving footbridge.wiring.wsgi:application ...` (granian's options).

It loads the application before granian forks its workers, so that they share what never changes: code, addresses, templates.
Two workers then take 40 % less memory than two that load it each (docs/measured.md), and no first reader waits.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from pathlib import Path
from typing import Any

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # malloc.h
LARGE = 256 * 1024  # bytes; from here on a piece of memory goes back when it is free


def load() -> None:
    """Everything a page will need, without touching the database."""
    from django.conf import settings
    from django.db import connections
    from django.template import TemplateSyntaxError
    from django.template.loader import get_template
    from django.urls import get_resolver

    from . import wsgi  # noqa: F401 - sets Django up

    _walk(get_resolver().url_patterns)
    folders: Any = settings.TEMPLATES[0]["DIRS"]
    for folder in (Path(one) for one in folders):
        for file in sorted(folder.rglob("*.html")):
            try:
                get_template(file.relative_to(folder).as_posix())
            except TemplateSyntaxError:
                continue  # told to whoever opens the page; the others must be served
    connections.close_all()


def _walk(patterns: Any) -> None:
    for one in patterns:
        if hasattr(one, "url_patterns"):
            _walk(one.url_patterns)


def _give_back() -> None:
    """Tell glibc's allocator to keep less. By its own rules it keeps a heap for each thread (Python's take turns anyway) and,
    after the first sign-in, the 19 MiB that a password hash has used.
    """
    if sys.platform.startswith("linux"):
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
        if mallopt is not None:
            for name, value in ((M_ARENA_MAX, 1), (M_MMAP_THRESHOLD, LARGE), (M_TRIM_THRESHOLD, LARGE)):
                mallopt(name, value)


def main() -> None:
    _give_back()
    load()
    gc.collect()
    gc.freeze()  # the collector must not write to pages that are shared
    from granian.cli import entrypoint

    entrypoint()


if __name__ == "__main__":
    main()
