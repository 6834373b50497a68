"""Words that stop everything when somebody types them. Few and plain: a false alarm costs a call,
a missed one may cost a life.
"""

from __future__ import annotations

import re
import unicodedata

# Written without accents; the text is made the same before it is searched. English, then Spanish.
_PHRASES = (
    r"kill(ing)? (myself|my self|herself|himself|themsel(f|ves))",
    r"end(ing)? (my|her|his|their) (own )?life",
    r"suicid\w*",
    r"(want|wants|wish|wishes|going|ready|rather) (to )?(die|be dead)",
    r"better off (dead|without me)",
    r"overdos\w*",
    r"(hurt|harm|cut)(ing|ting)? (myself|herself|himself|themselves)",
    r"no reason to live",
    r"(don'?t|dont|do not) want to (live|be alive|wake up)",
    r"kill (him|her|them|someone|somebody)",
    r"took (all|too many|too much)( of)?( my| the| his| her| their)? (pills|tablets|medicine|meds)",
    r"matarme",
    r"matarse",
    r"quitarme la vida",
    r"quitarse la vida",
    r"suicid\w*",
    r"quier[oe] morir(me|se)?",
    r"sobredosis",
    r"(lastimar|hacer dano|cortar)(me|se)",
    r"hacerme dano",
    r"no quier[oe] (seguir )?vivi(r|endo)",
    r"acabar con (mi|su) vida",
    r"mejor muert[oa]",
)
_DANGER = re.compile(r"\b(?:" + "|".join(_PHRASES) + r")\b")


def found(text: str) -> list[str]:
    """The phrases of danger in what somebody typed, as typed but in small letters without accents.
    Empty when there is none.
    """
    plain = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"\s+", " ", plain)
    return [match.group(0) for match in _DANGER.finditer(plain)]
