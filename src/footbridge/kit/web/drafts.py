"""Drafts: an idle time-out, a closed lid or a lost signal loses nothing that was typed.

The page saves what is typed to `/draft/` (the keep-draft element); `web.form` fills the form from it; a valid post
drops it.
Passwords, codes and files are never kept, whatever the page sends.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from . import sealing
from .models import Draft

MAX_CHARS = 64_000  # of one page; a long group note is about 8,000
FROM = "draft-path"  # a hidden field: the page a form was typed on
_NEVER = frozenset({"csrfmiddlewaretoken", "draft-path", "code", "otp", "totp", "secret", "recovery_code"})


def may_be_kept(name: str) -> bool:
    """Whether a field of this name may be kept at all."""
    last = name.lower().rsplit("-", 1)[-1]
    return last not in _NEVER and "password" not in last


def keep(
    user: Any, path: str, fields: Mapping[str, list[str]], at: datetime, among: Collection[str] = ()
) -> Draft | None:
    """Keep what a user typed on a page; None when there is nothing to keep or too much of it.

    `among` names all fields of the form it comes from: what other forms of the page kept stays. Without it the draft of
    the page is replaced.
    """
    wanted = {name: list(values) for name, values in fields.items() if may_be_kept(name) and any(values)}
    if not path.startswith("/") or len(path) > 500:
        return None
    before = Draft.objects.filter(user=user, path=path).first() if among else None
    if before is not None:
        others = {name: values for name, values in _opened(before).items() if name not in among}
        wanted = {**others, **wanted}
        if not wanted:
            before.delete()  # all of it was taken back
    if not wanted or sum(len(value) for values in wanted.values() for value in values) > MAX_CHARS:
        return None
    draft = Draft(user=user, path=path)
    draft.seal(wanted)
    return Draft.objects.update_or_create(user=user, path=path, defaults={"data": draft.data, "saved_at": at})[0]


def fill(request: HttpRequest, form: BaseForm) -> None:
    """Fill an unbound form from a kept draft of this page, and note when it was kept as `form.kept_at`."""
    draft = _of(request)
    if draft is None:
        return
    typed = _opened(draft)
    if not _speaks_of(form, typed):
        return
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    for name, field in form.fields.items():
        html_name = form.add_prefix(name)
        if not field.widget.value_omitted_from_data(data, {}, html_name):
            form.initial[name] = field.widget.value_from_datadict(data, {}, html_name)
    form.kept_at = draft.saved_at  # type: ignore[attr-defined]


def kept(request: HttpRequest) -> tuple[QueryDict, datetime] | None:
    """What is kept of this page and since when, for a page whose form has as many rows as were typed."""
    draft = _of(request)
    typed = _opened(draft) if draft is not None else {}
    if draft is None or not typed:
        return None
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return data, draft.saved_at


def drop(request: HttpRequest, path: str = "") -> None:
    """Forget the draft of this page: of `path`, or of the page whose form was sent."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        Draft.objects.filter(user=user, path__in={path} if path else {request.path, page_of(request)}).delete()


def page_of(request: HttpRequest) -> str:
    """The page a form stands on; its form may post to another address, and says then where it came from."""
    said = request.POST.get(FROM, "") if request.method == "POST" else ""
    return said if said.startswith("/") else request.path


class DropWhenDone:
    """Middleware, innermost: once a valid form was answered with a redirect, its draft is dropped.

    It only acts when the view itself read the form, so a redirect to the lock page or to sign-in keeps the draft.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        form = getattr(request, "web_form", None)
        if form is not None and form.is_bound and answer.status_code in (302, 303) and not form.errors:
            drop(request)
        return answer


def _of(request: HttpRequest) -> Draft | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return Draft.objects.filter(user=user, path=request.path).first()


def _opened(draft: Draft) -> dict[str, list[str]]:
    """What a draft holds; nothing, and the draft goes, if its row was altered or moved."""
    try:
        return draft.open()
    except sealing.Broken:
        draft.delete()
        return {}


def _speaks_of(form: BaseForm, typed: Mapping[str, list[str]]) -> bool:
    """Whether anything typed belongs to this form (a widget of several parts posts `born_day` for `born`)."""
    names = tuple(form.add_prefix(name) for name in form.fields)
    return any(key == name or key.startswith(f"{name}_") for key in typed for name in names)


def now_of(request: HttpRequest) -> datetime:
    """The request's own clock; the wall clock only where no middleware set one (the stand-alone parts page)."""
    return getattr(request, "at", None) or timezone.now()
