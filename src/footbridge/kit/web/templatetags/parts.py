"""The parts every page is made of. PARTS.md lists each with an example; /parts/ shows them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from footbridge.kit.access import idle

from .. import charts, drafts, icons
from ..sources import how_sure, sourced

register = template.Library()

TONES = {
    "neutral": "minus",
    "info": "info",
    "good": "check-circle",
    "warn": "warn",
    "danger": "danger",
    "now": "now",
}
_CARE = {"routine": "calendar", "soon": "clock", "now": "now"}


# ------------------------------------------------------------------ small words

# {{ rule.source|sourced:rule.mark }}: where a rule comes from, in words; {{ rule.mark|how_sure }} for whoever judges it.
register.filter("sourced", sourced)
register.filter("how_sure", how_sure)


@register.filter
def day(kept: str) -> str:
    """{{ score.on|day }}: a day that was kept as JSON keeps it ("2026-11-21"), as people write it."""
    try:
        return date_format(date.fromisoformat(kept), "DATE_FORMAT")
    except ValueError:  # nothing, or what somebody typed into a file of their own
        return kept


@register.filter(expects_localtime=True)
def due(moment: datetime) -> str:
    """{{ due_at|timezone:zone|due }}: by when. What is due in the course of a day ends at midnight: it is due on that day, not in the
    first minute of the next."""
    if (moment.hour, moment.minute) == (0, 0):
        return date_format(moment - timedelta(days=1), "D, M j")
    return date_format(moment, "D, M j, g:i a")



@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """{% icon "calendar" %}: an inline drawing in the colour of the words beside it."""
    return icons.icon(name, label) if name in icons.NAMES else SafeString("")


@register.simple_tag
def tag(label: Any, tone: str = "neutral") -> SafeString:
    """{% tag "Signed" "good" %}: a status as icon, word and colour."""
    return mark_safe(f"{_tag_of(tone)}{conditional_escape(label)}</span></span>")


@cache
def _tag_of(tone: str) -> str:
    """What stands before the word: lists have hundreds of tags."""
    return format_html('<span class="tag tag-{}">{}<span>', tone, icons.icon(TONES[tone]))


@register.simple_tag
def place(*names: str) -> str:
    """{% place "sign_out" "account_logout" as url %}: the address of the first name that is wired, else nothing."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


@register.simple_tag(takes_context=True)
def look(context: dict[str, Any], density: str = "portal", theme: str = "") -> SafeString:
    """The attributes of <html>: density, theme, size of print and keys, from the device's own choice (a cookie), else the layout's."""
    request = context.get("request")
    cookies = request.COOKIES if request else {}
    chosen = cookies.get("theme")
    theme = chosen if chosen in ("light", "dark") else theme
    if density != "portal" and cookies.get("density") in ("comfortable", "compact"):
        density = cookies["density"]
    shown = format_html('data-density="{}"', density)
    if cookies.get("size") == "large":
        shown = format_html('{} data-size="large"', shown)
    if cookies.get("keys") == "off":
        shown = format_html('{} data-keys="off"', shown)
    return format_html('{} data-theme="{}"', shown, theme) if theme else shown


@register.simple_tag(takes_context=True)
def idle_minutes(context: dict[str, Any]) -> int:
    """Minutes without a deed before the page locks."""
    request = context.get("request")
    return int(idle.limit_of(request).total_seconds() // 60) if request else 15


@register.filter
def phone(number: str) -> str:
    """{{ organisation.phone|phone }}: a number as people write it, (555) 010-0199."""
    from ..forms import national

    return national(str(number or ""))


@register.filter
def get_path(request: Any) -> str:
    """The path and query of this page, for forms that come back to it."""
    return request.get_full_path() if request else "/"


# ------------------------------------------------------------------ buttons, cards, banners


@register.inclusion_tag("web/parts/button.html")
def button(
    label: Any,
    href: str = "",
    tone: str = "primary",
    name: str = "",
    value: str = "",
    icon: str = "",
    type: str = "submit",
    wide: bool = False,
    form: str = "",
    formaction: str = "",
    key: str = "",
    dialog: str = "",
) -> dict[str, Any]:
    """{% button "Save" %} or {% button "Open" href=url tone="quiet" %}. Tones: primary, quiet, plain, danger, now.

    With `href` it is a link; with `dialog="id"` it opens that dialog (and is a link to it without JavaScript).
    """
    return dict(locals())


@register.simple_block_tag
def card(content: str, title: Any = "", href: str = "", icon: str = "", tone: str = "", level: int = 2) -> SafeString:
    """{% card "Next group" %}...{% endcard %}"""
    return _render("card", content=content, title=title, href=href, icon=icon, tone=tone, level=level)


@register.simple_block_tag
def care_card(content: str, level: str = "routine", title: Any = "", heading: int = 2) -> SafeString:
    """{% care_card "now" title="Call 988 now if ..." %}...{% endcare_card %}: routine, soon, now."""
    said = {"routine": _("When you can:"), "soon": _("Today:"), "now": _("Right now:")}[level]
    return _render(
        "care_card", content=content, level=level, title=title, heading=heading, said=said, icon=_CARE[level]
    )


@register.simple_block_tag
def banner(content: str, tone: str = "info", title: Any = "") -> SafeString:
    """{% banner "warn" title="Unsigned" %}...{% endbanner %}. Tones: info, good, warn, danger, now, neutral."""
    return _render("banner", content=content, tone=tone, title=title, icon=TONES[tone])


@register.inclusion_tag("web/parts/messages.html", takes_context=True)
def messages_shown(context: dict[str, Any]) -> dict[str, Any]:
    """What the last deed said, once, as a polite live region."""
    tones = {"success": "good", "error": "danger", "warning": "warn", "info": "info", "debug": "neutral"}
    said = [(m.message, tones.get(m.level_tag, "info")) for m in context.get("messages") or ()]
    return {"said": [(words, tone, TONES[tone]) for words, tone in said]}


@register.inclusion_tag("web/parts/empty.html")
def empty(what: Any, why: Any = "", href: str = "", label: Any = "", icon: str = "check-circle") -> dict[str, Any]:
    """{% empty "No one is waiting." "New requests come here." url "Add a request" %}: what, why, one action."""
    return {"what": what, "why": why, "href": href, "label": label, "icon": icon}


@register.simple_block_tag
def interruption(content: str, title: Any = "") -> SafeString:
    """{% interruption "Thank you for telling us." %}...{% endinterruption %}: the page that stops a journey."""
    return _render("interruption", content=content, title=title)


@register.inclusion_tag("web/parts/toast.html")
def toast(words: Any, undo: str = "", label: Any = "") -> dict[str, Any]:
    """{% toast "Marked present." undo=url label="Undo" %}: put it into #toasts by a fragment."""
    return {"words": words, "undo": undo, "label": label}


@register.simple_block_tag
def dialog(content: str, id: str, title: Any = "", drawer: bool = False) -> SafeString:
    """{% dialog "move" title="Move this session" %}...{% enddialog %}: `drawer=True` opens at the edge."""
    return _render("dialog", content=content, id=id, title=title, drawer=drawer)


@register.simple_block_tag(takes_context=True)
def print_header(context: dict[str, Any], content: str, title: Any = "", second: Any = "") -> SafeString:
    """{% print_header "Safety plan" second="MRN 1042" %}...{% endprint_header %}: shown on paper only."""
    request = context.get("request")
    actor = getattr(request, "actor", None)
    return _render(
        "print_header",
        content=content,
        title=title,
        second=second,
        by=getattr(actor, "name", ""),
        at=getattr(request, "at", None),
    )


# ------------------------------------------------------------------ facts, lists, tables


@register.simple_block_tag
def facts(content: str, columns: bool = False) -> SafeString:
    """{% facts %}{% fact "Born" "May 31, 1990" %}{% endfacts %}: a definition list."""
    return format_html('<dl class="facts{}">{}</dl>', " facts-columns" if columns else "", content)


@register.simple_tag
def fact(label: Any, value: Any, quiet: Any = "") -> SafeString:
    """One line of facts. An empty value is shown as a dash with words for screen readers."""
    if value in (None, ""):
        value = format_html('<span class="none">{}</span>', _("Not recorded"))
    more = format_html('<span class="quiet">{}</span>', quiet) if quiet else ""
    return format_html("<div><dt>{}</dt><dd>{}{}</dd></div>", label, value, more)


@register.simple_tag
def steps(items: Iterable[Any], label: Any = "") -> SafeString:
    """{% steps steps %}: list of shapes.Step; says in words which step this is."""
    items = list(items)
    current = next((n for n, step in enumerate(items, 1) if step.state == "current"), 0)
    return _render("steps", items=items, current=current, count=len(items), label=label)


@register.simple_tag
def step_of(step: int, of: int) -> SafeString:
    """{% step_of 3 9 %}: "3 of 9" and a thin line."""
    return _render("step_of", step=step, of=of)


@register.simple_tag
def task_list(tasks: Iterable[Any]) -> SafeString:
    """{% task_list tasks %}: list of shapes.Task."""
    return _render("task_list", tasks=list(tasks))


@register.simple_block_tag
def table(content: str, caption: Any, quiet: bool = False, stack: bool = False) -> SafeString:
    """{% table "Waiting list" %}<thead>...</thead><tbody>...</tbody>{% endtable %}

    `quiet` keeps the caption for screen readers. `stack` makes rows cards below 640 px; give each cell data-label.
    """
    return _render("table", content=content, caption=caption, quiet=quiet, stack=stack)


@register.simple_tag(takes_context=True)
def sort_head(context: dict[str, Any], label: Any, key: str, numeric: bool = False) -> SafeString:
    """{% sort_head "Name" "name" %}: a column head that sorts by ?sort=name or ?sort=-name, a plain link."""
    request = context.get("request")
    now = request.GET.get("sort", "") if request else ""
    state = {key: "ascending", f"-{key}": "descending"}.get(now, "none")
    query = request.GET.copy() if request else None
    if query is not None:
        query["sort"] = f"-{key}" if now == key else key
    return format_html(
        '<th scope="col" aria-sort="{}"{}><a href="?{}">{}</a></th>',
        state,
        mark_safe(' class="num"') if numeric else "",
        query.urlencode() if query is not None else f"sort={key}",
        label,
    )


@register.simple_tag
def timetable(week: Any) -> SafeString:
    """{% timetable week %}: a shapes.Timetable; a table on wide screens and paper, day lists on a phone."""
    return _render("timetable", week=week)


@register.simple_tag
def person_header(person: Any) -> SafeString:
    """{% person_header person %}: a shapes.Person."""
    return _render("person_header", person=person)


@register.simple_block_tag
def roster(content: str, label: Any = "") -> SafeString:
    """{% roster "Who came" %}{% roster_row row %}{% endroster %}: keys p a l x mark the focused row, [ and ] move."""
    return _render("roster", content=content, label=label)


@register.simple_tag
def roster_row(row: Any) -> SafeString:
    """One shapes.RosterRow."""
    return _render("roster_row", row=row)


# ------------------------------------------------------------------ charts


@register.simple_tag
def chart(series: charts.Series) -> SafeString:
    """{% chart series %}: a charts.Series as a figure: sentence, drawing, and a table behind it."""
    return _render("chart", series=series, svg=charts.draw(series))


@register.simple_tag
def interval_chart(one: charts.Intervals) -> SafeString:
    """{% interval_chart intervals %}: a charts.Intervals; put the table with the numbers beside it."""
    return format_html('<figure class="chart"><figcaption><p class="chart-title">{}</p></figcaption>{}</figure>', one.title, charts.intervals(one))


@register.simple_tag
def sparkline(values: Iterable[float | None], maximum: float, label: Any = "") -> SafeString:
    """{% sparkline values 27 "PHQ-9, last 8 weeks" %}: a line the height of a word."""
    return mark_safe(charts.sparkline(list(values), maximum, str(label)))


# ------------------------------------------------------------------ forms


@register.simple_tag(takes_context=True)
def form(
    context: dict[str, Any], form: BaseForm, submit: Any = "", action: str = "", draft: bool = True, id: str = ""
) -> SafeString:
    """{% form form submit="Save" %}: the whole form, with error summary, kept draft and one button."""
    inside = form.render()
    return _posting(context, inside, form, submit or _("Save"), action, draft, id)


@register.simple_block_tag(takes_context=True)
def posting(
    context: dict[str, Any],
    content: str,
    form: Any = None,
    submit: Any = "",
    action: str = "",
    draft: bool = True,
    id: str = "",
) -> SafeString:
    """{% posting form submit="Save" %}{% field form.name %}...{% endposting %}: the same, fields laid out by you.

    Without `submit` put your own {% button %} inside.
    """
    return _posting(context, content, form, submit, action, draft, id)


def _posting(
    context: dict[str, Any], inside: str, form: Any, submit: Any, action: str, draft: bool, id: str
) -> SafeString:
    request = context.get("request")
    user = getattr(request, "user", None)
    return _render(
        "posting",
        inside=inside,
        form=form,
        submit=submit,
        action=action,
        id=id,
        keeps=draft and form is not None and bool(user and user.is_authenticated) and bool(place("draft")),
        path=drafts.page_of(request) if request else "",
        draft_url=place("draft"),
        csrf_token=context.get("csrf_token"),
        multipart=form is not None and form.is_multipart(),
    )


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """{% field form.phone %}: label, help, error and control of one field."""
    return bound.as_field_group()


@register.simple_tag
def errors(*forms: BaseForm) -> SafeString:
    """{% errors form %}: the summary at the top, each line a link to its field."""
    lines = [line for form in forms if form is not None and form.is_bound for line in _lines(form)]
    return _render("errors", lines=lines) if lines else SafeString("")


def _lines(form: BaseForm) -> list[tuple[str, str]]:
    lines = [("", str(words)) for words in form.non_field_errors()]
    for bound in form.visible_fields():
        target = bound.id_for_label or bound.auto_id
        if bound.field.widget.use_fieldset:
            target = f"{bound.auto_id}_group"
        lines += [(target, str(words)) for words in bound.errors]
    lines += [("", str(words)) for bound in form.hidden_fields() for words in bound.errors]
    return lines


@register.simple_tag(takes_context=True)
def question(
    context: dict[str, Any],
    form: BaseForm,
    name: str = "",
    step: int = 0,
    of: int = 0,
    back: str = "",
    submit: Any = "",
    skip: Any = "",
    advance: bool = False,
    lead: Any = "",
) -> SafeString:
    """{% question form step=3 of=9 back=url skip="Skip" advance=True %}: one question a page, its label the heading.

    `name` picks the field (else the first). `skip` adds a button named skip. `advance` sends a tapped answer at once.
    """
    bound = form[name] if name else form.visible_fields()[0]
    return _render(
        "question",
        form=form,
        field=bound,
        step=step,
        of=of,
        back=back,
        submit=submit or _("Continue"),
        skip=skip,
        advance=advance,
        lead=lead,
        csrf_token=context.get("csrf_token"),
    )


@register.simple_tag
def safe_contact(phone: BoundField, leave_message: BoundField, say_who: BoundField) -> SafeString:
    """{% safe_contact form.phone form.may_leave_message form.may_say_who %}: a number with what is safe to do there."""
    return _render("safe_contact", phone=phone, leave_message=leave_message, say_who=say_who)


def _render(part: str, **context: Any) -> SafeString:
    return mark_safe(render_to_string(f"web/parts/{part}.html", context))
