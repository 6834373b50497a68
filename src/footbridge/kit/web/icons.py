"""The icons: 24 px strokes drawn for Footbridge, one path list each.

They are inlined so that they take the colour of the words beside them and need no request.
"""

from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

_PATHS: dict[str, str] = {
    "arrow-left": "M20 12H5 M11 6l-6 6 6 6",
    "arrow-right": "M4 12h15 M13 6l6 6-6 6",
    "bell": "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15z M10 21h4",
    "bridge": "M2 9c4 0 6 7 10 7s6-7 10-7 M2 19h20 M7 12.4V19 M12 16v3 M17 12.4V19",
    "calendar": "M4 6h16v14H4z M4 10.5h16 M8 3v5 M16 3v5",
    "chart": "M4 4v16h16 M7.5 15l4-5 3.5 3 5-7",
    "check": "M5 12.5l4.8 4.8L19.5 7",
    "check-circle": "M12 3a9 9 0 1 0 .01 0z M8 12.3l2.8 2.8L16 9.6",
    "chevron-down": "M6 9l6 6 6-6",
    "chevron-right": "M9 6l6 6-6 6",
    "clock": "M12 3a9 9 0 1 0 .01 0z M12 7.5V12l3.2 2",
    "close": "M6 6l12 12 M18 6L6 18",
    "coin": (
        "M12 3a9 9 0 1 0 .01 0z "
        "M14.8 9.2c-.6-.9-1.6-1.3-2.8-1.3-1.5 0-2.7.8-2.7 2s1.1 1.8 2.7 2.1c1.7.3 2.9.9 2.9 2.2 0 "
        "1.2-1.3 2-2.9 2-1.3 0-2.4-.5-3-1.4 "
        "M12 6.2v1.7 M12 16.2v1.6"
    ),
    "danger": "M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3z M12 7.5v5.5 M12 16.3v.2",
    "door": "M6 21V3h9v18 M3 21h18 M12 12v.2 M18 8l3 0 M18 8l0 13",
    "download": "M12 4v11 M7 10.5l5 5 5-5 M4 20h16",
    "edit": "M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19z M13.5 7l3.5 3.5",
    "eye": (
        "M2.5 12C5 7.5 8.3 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.8 6.5-9.5 6.5S5 16.5 2.5 12z M12 9.2a2.8 2.8 0 1 0 .01 0z"
    ),
    "file": "M6 3h8l4.5 4.5V21H6z M13.5 3v5h5 M9 13h6 M9 17h6",
    "filter": "M4 6h16 M7 12h10 M10 18h4",
    "group": (
        "M9 5a3.3 3.3 0 1 0 .01 0z M2.8 20c.4-3.8 2.8-6 6.2-6s5.8 2.2 6.2 6 M16 5.3a3 3 0 0 1 0 5.8 "
        "M17.5 14.3c2.2.7 3.5 2.6 3.8 5.7"
    ),
    "heart": "M12 20C6 15.5 3.5 12.4 3.5 9a4.3 4.3 0 0 1 8.5-1.2A4.3 4.3 0 0 1 20.5 9c0 3.4-2.5 6.5-8.5 11z",
    "help": "M12 3a9 9 0 1 0 .01 0z M9.5 9.5c.2-1.4 1.2-2.2 2.6-2.2s2.5.9 2.5 2.2c0 2-2.5 2.2-2.5 4.2 M12 16.6v.2",
    "home": "M4 11l8-7 8 7 M6 9.5V20h12V9.5 M10 20v-5.5h4V20",
    "info": "M12 3a9 9 0 1 0 .01 0z M12 11v5.5 M12 7.5v.2",
    "language": "M12 3a9 9 0 1 0 .01 0z M3.2 12h17.6 M12 3c-5 5.5-5 12.5 0 18 M12 3c5 5.5 5 12.5 0 18",
    "lifebuoy": (
        "M12 3a9 9 0 1 0 .01 0z M12 8a4 4 0 1 0 .01 0z M5.7 5.7l3.4 3.4 M14.9 14.9l3.4 3.4 "
        "M18.3 5.7l-3.4 3.4 M9.1 14.9l-3.4 3.4"
    ),
    "letters": "M3 18l4.5-12L12 18 M4.6 14h5.8 M14 18l3-8 3 8 M15.1 15.2h3.8",
    "list": "M9 6h11 M9 12h11 M9 18h11 M4.5 6v.1 M4.5 12v.1 M4.5 18v.1",
    "lock": "M5 11h14v10H5z M8 11V8a4 4 0 0 1 8 0v3",
    "mail": "M3 6h18v13H3z M3.5 7l8.5 6.5L20.5 7",
    "menu": "M4 7h16 M4 12h16 M4 17h16",
    "message": "M4 5h16v11.5h-9L6.5 20.5v-4H4z",
    "minus": "M5 12h14",
    "moon": "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
    "now": "M12 2.8l9.2 9.2-9.2 9.2L2.8 12z M12 7.8v5 M12 15.8v.2",
    "person": "M12 4a4 4 0 1 0 .01 0z M4.5 21c.5-4.4 3.4-7 7.5-7s7 2.6 7.5 7",
    "phone": (
        "M6 3h3.5l1.7 4.6-2.3 1.7c1.2 2.6 3.2 4.6 5.8 5.8l1.7-2.3L21 14.5V18c0 1.7-1.3 3-3 3C10.5 21 3 "
        "13.5 3 6c0-1.7 1.3-3 3-3z"
    ),
    "pill": "M4.8 12.2l7.4-7.4a4.95 4.95 0 0 1 7 7l-7.4 7.4a4.95 4.95 0 0 1-7-7z M8.5 8.5l7 7",
    "plus": "M12 5v14 M5 12h14",
    "print": "M7 9V3.5h10V9 M7 17H4V9h16v8h-3 M7 14h10v6.5H7z",
    "search": "M10.5 4a6.5 6.5 0 1 0 .01 0z M15.3 15.3L20.5 20.5",
    "settings": "M4 7h9 M17 7h3 M15 5v4 M4 12h3 M11 12h9 M9 10v4 M4 17h8 M16 17h4 M14 15v4",
    "shield": "M12 3l7.5 2.8V11c0 4.8-3 8.2-7.5 10-4.5-1.8-7.5-5.2-7.5-10V5.8z",
    "sign-out": "M14 4H5v16h9 M10 12h11 M17 8l4 4-4 4",
    "speaker": "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z M15.5 9a4.2 4.2 0 0 1 0 6 M18 6.5a7.8 7.8 0 0 1 0 11",
    "star": "M12 3.5l2.6 5.5 6 .8-4.4 4.1 1.1 6-5.3-2.9-5.3 2.9 1.1-6L3.4 9.8l6-.8z",
    "sun": (
        "M12 7.8a4.2 4.2 0 1 0 .01 0z M12 2.5v2 M12 19.5v2 M2.5 12h2 M19.5 12h2 M5.3 5.3l1.4 1.4 "
        "M17.3 17.3l1.4 1.4 M18.7 5.3l-1.4 1.4 M6.7 17.3l-1.4 1.4"
    ),
    "target": "M12 3a9 9 0 1 0 .01 0z M12 7.5a4.5 4.5 0 1 0 .01 0z M12 11.9v.2",
    "video": "M3 6.5h12v11H3z M15 10.5l6-3.5v10l-6-3.5z",
    "warn": "M12 3.8L21.7 20.5H2.3z M12 10v5 M12 17.6v.2",
}

NAMES = tuple(sorted(_PATHS))


def icon(name: str, label: str = "") -> SafeString:
    """An inline SVG. Without a label it is decoration and hidden from screen readers. KeyError for an unknown name."""
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}"><path d="{}"/></svg>', label, _PATHS[name]
        )
    return _plain(name)


@cache
def _plain(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>', _PATHS[name]
    )
