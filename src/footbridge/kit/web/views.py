"""The kit's own pages: every part shown, drafts kept, the look of this device, the way out, the offline worker."""

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from footbridge.kit import access

from . import drafts, show
from .shown import everything

_YEAR = 365 * 24 * 3600


@access.open_page("Shows the parts of the pages with invented content; nobody's data is on it.")
def parts(request: HttpRequest) -> HttpResponse:
    layout = request.GET.get("layout", "public")
    return show(request, "web/parts_page.html", everything(request, layout), status=200)


@access.open_page("Keeps what a signed-in person typed on a page, for that person only; anybody else gets 404.")
@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        raise Http404
    path = request.POST.get("path", "")
    if "discard" in request.POST:
        drafts.drop(request, path)
        return _back(request, path)
    fields = {name.removeprefix("f:"): request.POST.getlist(name) for name in request.POST if name.startswith("f:")}
    among = request.POST.get("among", "").split()
    kept = drafts.keep(request.user, path, fields, drafts.now_of(request), among)
    return JsonResponse({"kept": kept is not None})


draft.keeps_typed_text = True  # type: ignore[attr-defined]  # a locked session may still keep what was typed


_LOOKS = (("theme", ("light", "dark")), ("density", ("comfortable", "compact")), ("size", ("normal", "large")), ("keys", ("on", "off")))


@access.open_page("Sets the colors, density, size of print and keys of this device in a cookie; it names nobody.")
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    answer = _back(request, request.POST.get("next", "/"))
    for name, allowed in _LOOKS:
        value = request.POST.get(name)
        if value in allowed:
            answer.set_cookie(name, value, max_age=_YEAR, samesite="Lax", secure=request.is_secure())
    return answer


@access.open_page("Sets the language of this device and comes back to the same page.")
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    answer = set_language(request)
    answer.status_code = 303 if answer.status_code == 302 else answer.status_code
    return answer


@access.open_page("The way out: sends anybody to a neutral page and tells that page nothing.")
@never_cache
def exit_page(request: HttpRequest) -> HttpResponse:
    answer = HttpResponseRedirect(getattr(settings, "EXIT_URL", "https://www.weather.gov/"))
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "no-store"
    return answer


@access.open_page("The offline worker: a script, the same for everybody.")
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    name = "dist/sw.js"
    found = finders.find(name)
    if found is None and not staticfiles_storage.exists(name):
        raise Http404
    if found:
        with open(found, encoding="utf-8") as file:
            script = file.read()
    else:
        with staticfiles_storage.open(name) as file:
            script = file.read().decode()
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = "/"
    answer["Cache-Control"] = "no-cache"
    return answer


def _back(request: HttpRequest, path: str) -> HttpResponseRedirect:
    safe = url_has_allowed_host_and_scheme(path, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    answer = HttpResponseRedirect(path if safe else "/")
    answer.status_code = 303
    return answer
