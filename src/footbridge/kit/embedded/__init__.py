"""Footbridge's own PostgreSQL: found in a wheel, started as a child, reachable only through a private socket.

``Embedded(home).running()`` is all most callers need: it makes the cluster at first use, starts the server unless
another process of this installation has done so, and stops it when the last user leaves. Why it is built this way:
``docs/decisions/0002-embedded-database.md``.
"""

from footbridge.kit.embedded.places import APP, DATABASE, OWNER, EmbeddedTrouble, Place
from footbridge.kit.embedded.server import Embedded

__all__ = ["APP", "DATABASE", "OWNER", "Embedded", "EmbeddedTrouble", "Place"]
