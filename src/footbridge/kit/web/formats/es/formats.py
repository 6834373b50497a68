"""Spanish, as it is written in the USA: "21 de noviembre de 2026", hours of twelve; never "nov 21, 2026" nor "21/11/2026".

Templates name a way by how English writes it, `date:"D, M j"`. Django asks this module for a format of that very name before it takes
the words as they stand; so one table holds what Spanish writes instead, and a page needs no second template. A test finds a way that is
written somewhere and stands in no line here.
"""

DATE_FORMAT = r"j \d\e F \d\e Y"
SHORT_DATE_FORMAT = DATE_FORMAT
TIME_FORMAT = "g:i a"
DATETIME_FORMAT = rf"{DATE_FORMAT}, g:i a"
SHORT_DATETIME_FORMAT = r"j \d\e F, g:i a"
MONTH_DAY_FORMAT = r"j \d\e F"
AXIS_FORMAT = "j b"

INSTEAD = {
    "M j, Y": DATE_FORMAT,
    "M j, Y, g:i a": DATETIME_FORMAT,
    "M j": MONTH_DAY_FORMAT,
    "M j, g:i a": SHORT_DATETIME_FORMAT,
    "F Y": r"F \d\e Y",
    "D, M j": r"D j \d\e F",
    "D, M j, g:i a": r"D j \d\e F, g:i a",
    "D, M j, Y, g:i a": r"D j \d\e F \d\e Y, g:i a",
    "l, F j": r"l j \d\e F",
    "l, F j, Y": r"l j \d\e F \d\e Y",
    "l, F j, g:i a": r"l j \d\e F, g:i a",
    "l, F j, Y, g:i a": r"l j \d\e F \d\e Y, g:i a",
}


def __getattr__(name: str) -> str:
    try:
        return INSTEAD[name]
    except KeyError:
        raise AttributeError(name) from None
