"""View decorators. A view without one of them is refused by the middleware: the default is no."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

from .rules import NotYours, Rule, require

View = Callable[..., HttpResponseBase]


def page(rule: Rule, *, of: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Guard a view with `rule`. With `of(actor, **url_kwargs)` the record is loaded first and handed to the view in place
    of the url's words; `of` looks only among what the actor may see, and None (or Django's DoesNotExist) is a 404."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **words: Any) -> HttpResponseBase:
            actor = request.actor  # type: ignore[attr-defined]
            if actor.user_id is None:
                return redirect_to_login(request.get_full_path())
            try:
                if of is None:
                    require(actor, rule)
                    return view(request, **words)
                about = of(actor, **words)
                if about is None:
                    raise Http404
                require(actor, rule, about)
            except NotYours as error:
                raise Http404 from error
            return view(request, about)

        guarded.rule = rule  # type: ignore[attr-defined]
        return guarded

    return decorate


def open_page(why: str) -> Callable[[View], View]:
    """Mark a view that anybody may see, with the reason why."""

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **words: Any) -> HttpResponseBase:
            return view(request, *args, **words)

        opened.open_because = why  # type: ignore[attr-defined]
        return opened

    return decorate


def is_guarded(view: Any) -> bool:
    """Whether a resolved view carries a rule, or the reason for having none."""
    return hasattr(view, "rule") or hasattr(view, "open_because")
