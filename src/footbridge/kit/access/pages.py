"""View decorators. A view without one of them is refused by the middleware: the default is no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import NoReverseMatch, reverse

from .rules import Actor, NotYours, Rule, require

View = Callable[..., HttpResponseBase]


class Request(HttpRequest):
    """A request as our pages get it: who asks, and when. `at` is the only clock a page reads."""

    actor: Actor
    at: datetime
    user: Any


def page(rule: Rule, *, of: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Guard a view with `rule`. With `of(actor, **url_kwargs)` the record is loaded first and handed to the view
    in place of the url's words; `of` looks only among what the actor may see in the rule's roles; None (or DoesNotExist)
    is a 404."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **words: Any) -> HttpResponseBase:
            actor = request.actor  # type: ignore[attr-defined]
            if actor.user_id is None:
                from django.contrib.auth.views import redirect_to_login  # late: this module is named before the models

                return redirect_to_login(request.get_full_path())
            try:
                if of is None:
                    require(actor, rule)
                    return view(request, **words)
                try:
                    about = of(actor.within(rule.roles), **words)
                except ObjectDoesNotExist as missing:
                    raise Http404 from missing
                if about is None:
                    raise Http404
                require(actor, rule, about)
                return view(request, about)
            except NotYours as error:  # the view's own verbs may say no, too
                raise Http404 from error

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


def start_page() -> str:
    """Where somebody begins: the page wired as `home`, or the root of the site while there is none."""
    try:
        return reverse("home")
    except NoReverseMatch:
        return "/"


def is_guarded(view: Any) -> bool:
    """Whether a resolved view carries a rule, or the reason for having none."""
    return hasattr(view, "rule") or hasattr(view, "open_because")
