from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from footbridge.kit import access, web
from footbridge.kit.access import Request

from . import actions, reads, rules, words
from .models import Notice

TROUBLE = {
    "no text provider": gettext_lazy("No text provider is set up."),
    "no address": gettext_lazy("The person has no address for this."),
    "too old to send": gettext_lazy("Too old to send."),
    "not agreed to any more": gettext_lazy("They do not agree to messages this way any more. Call them."),
}


@access.page(rules.SEE)
def listing(request: Request) -> HttpResponse:
    page = Paginator(reads.listed(request.at), 50).get_page(request.GET.get("page"))
    rows = [
        {
            "notice": one,
            "label": words.LABELS.get(one.template, one.template),
            "trouble": TROUBLE.get(one.trouble, _("The mail server did not take it. It is tried again."))
            if one.trouble
            else "",
        }
        for one in page.object_list
    ]
    return web.show(
        request, "lanes/notices/list.html", {"rows": rows, "page": page, "failed": reads.failed_count(request.at)}
    )


@access.page(rules.SEE, of=reads.notice)
@require_POST
def resend(request: Request, notice: Notice) -> HttpResponse:
    try:
        actions.resend(notice, by=request.actor, at=request.at)
    except actions.CannotResend as refusal:
        messages.warning(request, str(refusal))
        return web.done(request, "notices:list")
    return web.done(request, "notices:list", _("It is on its way again."))
