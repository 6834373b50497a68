"""Pages and parts: the look of every screen, forms, drafts. Knows nothing of care.

`web.form`, `web.refused`, `web.show` and `web.done` are the four words a view needs. They load on first use because
Django imports this package before the models are ready.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .pages import done, form, refused, show

__all__ = ["done", "form", "refused", "show"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from . import pages

        return getattr(pages, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
