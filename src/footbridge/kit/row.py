"""What every stored row has: an outside name that is not its place in the table."""

from __future__ import annotations

import uuid

from django.db import models


class Row(models.Model):
    """UUID outside, integer inside. The application makes the UUID, so that a row has a name before it is stored."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True
