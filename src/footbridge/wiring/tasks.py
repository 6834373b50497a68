"""Found by the job queue at start: everything that happens by itself, on its two pages."""

from . import clock, reactions  # noqa: F401
