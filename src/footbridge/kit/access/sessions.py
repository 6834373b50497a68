"""Sessions in the database in which a lock holds.

Django writes a session whole at the end of a request, so the later of two requests at once wins. A lock must not lose
that race to a draft being kept or a sign of life: only somebody proving who they are opens it (`idle.begin`).
"""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.db import transaction


class SessionStore(db.SessionStore):
    opened = False  # set by `idle.begin`: whoever is here has just proven who they are

    def save(self, must_create: bool = False) -> None:
        if must_create or self.session_key is None or self.opened:
            return super().save(must_create)
        with transaction.atomic():
            stored = self.model.objects.select_for_update().filter(session_key=self.session_key).first()
            if stored is not None and "locked_at" not in self:
                before = self.decode(stored.session_data)
                for name in ("locked_at", "held_at"):
                    if before.get(name) is not None:
                        self[name] = before[name]
            return super().save(must_create)
