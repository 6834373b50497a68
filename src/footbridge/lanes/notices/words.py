"""What leaves the house, in both languages. No clinical word, no kind of program: that somebody gets care here is
itself private.

Each template is (subject, body) by language; a body names its blanks. The sender is the organisation's neutral name.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

LABELS = {
    "link": _("A link to answer"),
    "look": _("Something to look at (staff)"),
    "message": _("A message waits"),
    "times": _("The timetable changed"),
    "times_back": _("The timetable changed"),
    "week": _("A week has changed"),
}

WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "link": {
        "en": (
            "A message from {sender}",
            "Hello {name},\n\n{sender} has a few questions for you:\n{link}\n\n"
            "The link is for you alone. It works until {until}.\n\n"
            "Not for emergencies: call 911.\n\n{sender}, {phone}\n",
        ),
        "es": (
            "Un mensaje de {sender}",
            "Hola, {name}:\n\n{sender} tiene unas preguntas para usted:\n{link}\n\n"
            "El enlace es solo para usted. Funciona hasta el {until}.\n\n"
            "No es para emergencias: llame al 911.\n\n{sender}, {phone}\n",
        ),
    },
    "message": {
        "en": (
            "A message from {sender}",
            "Hello {name},\n\nyou have a message from {sender}. Sign in to read it:\n{link}\n\n{sender}, {phone}\n",
        ),
        "es": (
            "Un mensaje de {sender}",
            "Hola, {name}:\n\ntiene un mensaje de {sender}. Entre para leerlo:\n{link}\n\n{sender}, {phone}\n",
        ),
    },
    "times": {
        "en": (
            "A message from {sender}",
            "Hello {name},\n\nyour times with {sender} change from {from_on}. Sign in to see them:\n{link}\n\n"
            "If a time does not work for you, call us: {phone}.\n\n{sender}\n",
        ),
        "es": (
            "Un mensaje de {sender}",
            "Hola, {name}:\n\nsus horarios con {sender} cambian a partir del {from_on}. Entre para verlos:\n{link}\n\n"
            "Si un horario no le sirve, llámenos: {phone}.\n\n{sender}\n",
        ),
    },
    "times_back": {
        "en": (
            "A message from {sender}",
            "Hello {name},\n\nyour times with {sender} stay as they were: the change from {from_on} is taken back. Sign in to see them:\n"
            "{link}\n\n{sender}, {phone}\n",
        ),
        "es": (
            "Un mensaje de {sender}",
            "Hola, {name}:\n\nsus horarios con {sender} siguen como antes: el cambio del {from_on} ya no vale. Entre para verlos:\n"
            "{link}\n\n{sender}, {phone}\n",
        ),
    },
    "week": {
        "en": (
            "A message from {sender}",
            "Hello {name},\n\nsomething in your week has changed. Sign in to see it:\n{link}\n\n"
            "If you cannot sign in, call us.\n\n{sender}, {phone}\n",
        ),
        "es": (
            "Un mensaje de {sender}",
            "Hola, {name}:\n\nalgo ha cambiado en su semana. Entre para verlo:\n{link}\n\n"
            "Si no puede entrar, llámenos.\n\n{sender}, {phone}\n",
        ),
    },
    "look": {
        "en": (
            "You have something to look at",
            "Hello {name},\n\nyou have something to look at, please by {until}:\n{link}\n\n{sender}\n",
        ),
        "es": (
            "Tiene algo que ver",
            "Hola, {name}:\n\ntiene algo que ver, por favor antes de {until}:\n{link}\n\n{sender}\n",
        ),
    },
}

# A text message is one line.
SHORT: dict[str, dict[str, str]] = {
    "link": {"en": "{sender}: a few questions for you: {link}", "es": "{sender}: unas preguntas para usted: {link}"},
    "message": {"en": "{sender}: you have a message: {link}", "es": "{sender}: tiene un mensaje: {link}"},
    "times": {
        "en": "{sender}: your times change from {from_on}: {link}", "es": "{sender}: sus horarios cambian a partir del {from_on}: {link}",
    },
    "times_back": {"en": "{sender}: your times stay as they were: {link}", "es": "{sender}: sus horarios siguen como antes: {link}"},
    "week": {
        "en": "{sender}: something in your week has changed: {link}",
        "es": "{sender}: algo ha cambiado en su semana: {link}",
    },
    "look": {"en": "{sender}: you have something to look at: {link}", "es": "{sender}: tiene algo que ver: {link}"},
}
