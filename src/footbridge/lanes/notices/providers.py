"""Who carries a text message. None comes with Footbridge; a site names its own in the setting TEXT_PROVIDER."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class NoTextProvider(Exception):
    """No provider is configured, so no text can be sent."""


class TextProvider(Protocol):
    def send(self, to: str, words: str) -> None:
        """Send `words` to a phone number (E.164). Raises any exception when it was not taken."""


def can_text() -> bool:
    """Whether this site has named a provider."""
    return bool(getattr(settings, "TEXT_PROVIDER", ""))


def text_provider() -> TextProvider:
    """The configured provider. Raises NoTextProvider when there is none."""
    name = getattr(settings, "TEXT_PROVIDER", "")
    if not name:
        raise NoTextProvider
    provider: TextProvider = import_string(name)()
    return provider
