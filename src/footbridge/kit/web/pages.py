"""The four words a view needs: read a form, show a page, show a refusal, say it is done."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url

from . import drafts

F = TypeVar("F", bound=BaseForm)


def form(request: HttpRequest, kind: type[F], initial: Mapping[str, Any] | None = None, **kw: Any) -> F:
    """The form of this page: bound to what was posted, or, on GET, filled from a kept draft if there is one.

    A valid form whose answer is a redirect has its draft dropped by `drafts.DropWhenDone`.
    """
    if request.method == "POST":
        made = kind(request.POST, request.FILES, initial=dict(initial or {}), **kw)
    else:
        made = kind(initial=dict(initial or {}), **kw)
        drafts.fill(request, made)
    made.draft_path = request.path  # type: ignore[attr-defined]
    request.web_form = made  # type: ignore[attr-defined]
    return made


def refused(form: BaseForm, refusal: Exception) -> None:
    """Put a refusal's sentence on the form: on the field it names, or on the whole form. `show` then answers 422.

    A valid form must have been read first (`is_valid()`); the refusal makes it invalid.
    """
    field = getattr(refusal, "field", None)
    form.add_error(field if field in form.fields else None, str(refusal))


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, status: int | None = None
) -> HttpResponse:
    """Render a page. Without a status it is 422 when a form on the page was refused, else 200."""
    context = dict(context or {})
    if status is None:
        shown = [value for value in context.values() if isinstance(value, BaseForm)]
        status = 422 if any(f.is_bound and f.errors for f in shown) else 200
    return render(request, template, context, status=status)


def done(request: HttpRequest, to: Any, says: str = "", *args: Any, **kw: Any) -> HttpResponseRedirect:
    """The deed is done: say so and go on (303). `to` is a path, a URL name or an object with get_absolute_url."""
    if says:
        messages.success(request, says)
    drafts.drop(request)
    answer = HttpResponseRedirect(resolve_url(to, *args, **kw))
    answer.status_code = 303
    return answer
