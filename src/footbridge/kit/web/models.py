"""One table: what a person typed and has not sent yet."""

from django.conf import settings
from django.db import models

from . import sealing


class Draft(models.Model):
    """What one user typed on one page. The text is sealed (AES-256-GCM) to this user and this path."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=500)
    data = models.BinaryField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "path"], name="web_draft_one_per_page")]
        indexes = [models.Index(fields=["saved_at"], name="web_draft_saved_at")]

    @property
    def bound_to(self) -> str:
        """What the seal is tied to: a row copied to another user or page does not open."""
        return f"web.draft:{self.user_id}:{self.path}"

    def seal(self, fields: dict[str, list[str]]) -> None:
        self.data = sealing.seal(fields, self.bound_to)

    def open(self) -> dict[str, list[str]]:
        """The typed text by field name. `sealing.Broken` if the row was altered, moved, or the key is another."""
        opened: dict[str, list[str]] = sealing.open_sealed(bytes(self.data), self.bound_to)
        return opened
