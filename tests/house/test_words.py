"""The words of the house: Spanish is complete where visitors and clients read, words put the person first, sentences are short.

The reading measures are computed here: textstat 0.7.3, the version that works without a network, imports `pkg_resources`, which
today's setuptools no longer brings. The formulas are the published ones (Flesch-Kincaid 1975; Szigriszt-Pazos 1993 with the INFLESZ scale
of Barrio-Cantalejo 2008); syllables are counted by vowel groups, which counts a little more than hyphenation does.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from html import unescape
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import reverse
from django.utils import translation

from footbridge.cli.messages import LOCALES, collect
from footbridge.ground.program import crisis_lines
from tests.cast import Cast, Member

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

# Where visitors, clients and those who stand by them read, below src/footbridge/.
PAGES = (
    "desks/public/", "desks/client/", "desks/family/", "kit/web/", "kit/access/",
    "care/measures/templates/care/measures/question", "care/measures/templates/care/measures/all",
    "care/measures/templates/care/measures/help", "care/measures/templates/care/measures/thanks",
    "care/measures/templates/care/measures/closed", "care/measures/templates/care/measures/room", "care/measures/views/answering.py",
    "care/plan/templates/care/plan/_plan", "care/plan/templates/care/plan/copy", "care/plan/templates/care/plan/_dose", "care/plan/templates/care/plan/client_sign",
    "care/transitions/templates/care/transitions/_relapse", "care/transitions/templates/care/transitions/relapse_plan_own",
    "care/safety/templates/care/safety/_plan",
    "care/timetable/templates/care/timetable/feeds/mine", "care/timetable/templates/care/timetable/feeds/_address", "care/timetable/feeds/forms.py",
    "care/timetable/feeds/views.py", "care/timetable/feeds/actions.py", "care/timetable/feeds/reads.py", "care/timetable/why.py",
    "care/timetable/templates/care/timetable/_why", "care/timetable/printing/papers.py",
    "care/transitions/hand_offs/take_along.py",
)  # fmt: skip
# Words these pages take from stages, ground and lanes. Staff read them too, and some of their sentences are for staff alone.
WORDS = (
    "care/inquiry/guide_words.py", "care/inquiry/words.py", "care/inquiry/forms.py", "care/inquiry/actions.py",
    "care/measures/words.py", "care/measures/reads.py", "care/measures/actions.py", "care/plan/words.py", "care/plan/actions.py",
    "care/plan/views.py", "care/practice/forms.py", "care/practice/actions.py", "care/safety/words.py", "care/safety/actions.py",
    "care/timetable/words.py", "care/timetable/reads.py", "care/transitions/forms.py", "care/transitions/models.py",
    "desks/front_desk/words.py", "ground/people/words.py", "ground/program/words.py", "ground/consent/models.py",
    "ground/coverage/models.py", "lanes/notices/words.py",
)  # fmt: skip
# Under those places, yet for staff alone: the show of parts, the staff's frame, rules (read on the page of roles), imports.
STAFF = (
    "kit/web/shown.py", "kit/web/templates/web/parts_page", "kit/web/templates/web/parts/roster", "kit/web/templates/web/parts/dialog",
    "kit/web/templates/web/parts/person_header", "kit/web/templates/web/staff.html", "kit/web/templates/web/_density",
    "kit/access/templates/access/", "rules.py", "importing.py",
)  # fmt: skip
# Read by staff on the same desks' words: kept out of completeness only where a sentence is for staff.
STAFF_SENTENCES = ("desks/front_desk/words.py", "care/inquiry/forms.py")

FORBIDDEN = {
    r"addicts?": "person with a substance use disorder",
    r"alcoholics?": "person with alcohol use disorder",
    r"(?:drug|substance|alcohol)[ -]?(?:abuse|abusers?|habit)|abusers?": "use, misuse",
    r"(?:clean|dirty) (?:test|urine|drug screen)s?|(?:test|urine|screen)(?:ed|s)? (?:clean|dirty)": "tested negative, positive",
    r"non-?complian(?:t|ce)": "did not attend",
    r"commit(?:s|ted)? suicide": "died by suicide",
    r"refus(?:e|es|ed|al)": "declined",
    r"relapse[ds]?(?!-prevention plan)": "return to use",
    r"junkies?|drunks?|crazy|insane|psychos?|schizophrenics?": "the person, and what they live with",
}


def below(path: str) -> str:
    return path.split("src/footbridge/", 1)[-1]


def in_places(path: str, places: tuple[str, ...]) -> bool:
    short = below(path)
    return short.startswith(places) and not any(staff in short for staff in STAFF)


@cache
def texts() -> tuple[Any, ...]:
    """Every marked text of the house as it stands in the code now."""
    return tuple(one for one in collect() if one.id)


@cache
def spanish() -> Any:
    with (LOCALES / "es" / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale="es")


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def read_by_clients(places: tuple[str, ...] = PAGES + WORDS) -> Iterator[Any]:
    for one in texts():
        where = [path for path, _line in one.locations if in_places(path, places)]
        if where and not all(below(path) in STAFF_SENTENCES for path in where):
            yield one


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]|%%|\{\w*\}", text))


class TestSpanish:
    def test_every_text_that_visitors_and_clients_meet_has_one(self) -> None:
        empty = []
        for one in read_by_clients():
            there = spanish().get(forms(one.id)[0], one.context)
            if there is None or not all(forms(there.string)) or there.fuzzy:
                empty.append((forms(one.id)[0], one.locations[0][0]))
        assert empty == [], "run `footbridge messages`, then write the empty msgstr lines"

    def test_every_translation_keeps_the_places_for_names_and_numbers(self) -> None:
        wrong = [
            (english, said)
            for one in spanish()
            if one.id and all(forms(one.string))
            for english, said in zip(forms(one.id), forms(one.string), strict=True)
            if placeholders(english) != placeholders(said)
        ]
        assert wrong == []

    def test_nothing_is_guessed(self) -> None:
        assert [one.id for one in spanish() if one.id and one.fuzzy] == []

    def test_the_reader_is_spoken_to_politely(self) -> None:
        """Usted throughout; the two quoted sentences to a relative are the family page's examples."""
        familiar = re.compile(r"\b(?:tú|tus|contigo|tienes|puedes|quieres|eres|estás)\b", re.IGNORECASE)
        found = [
            said
            for one in read_by_clients()
            for said in forms(spanish().get(forms(one.id)[0], one.context).string)
            if familiar.search(re.sub(r"«[^»]*»", "", said))
        ]
        assert found == []


class TestPersonFirst:
    def test_no_word_that_makes_an_illness_of_a_person(self) -> None:
        found = [
            (said, instead)
            for one in read_by_clients(
                PAGES + ("care/inquiry/guide_words.py", "care/practice/", "care/safety/words.py")
            )
            for said in forms(one.id)
            for word, instead in FORBIDDEN.items()
            if re.search(rf"\b(?:{word})\b", said, re.IGNORECASE)
        ]
        assert found == []

    @pytest.mark.parametrize(
        "said",
        [
            "He is an addict.",
            "alcohol abuse",
            "A clean test",
            "She committed suicide",
            "You refused",
            "After a relapse",
        ],
    )
    def test_the_list_finds_what_it_looks_for(self, said: str) -> None:
        assert any(re.search(rf"\b(?:{word})\b", said, re.IGNORECASE) for word in FORBIDDEN)

    def test_the_named_plan_may_keep_its_name(self) -> None:
        assert not any(
            re.search(rf"\b(?:{word})\b", "Your relapse-prevention plan", re.IGNORECASE) for word in FORBIDDEN
        )


def english_syllables(word: str) -> int:
    if word.isupper() and len(word) > 1:
        return len(word)  # spelled out: I O P
    word = word.lower().strip("’'")
    if re.fullmatch(r"[\d.,$%]+", word):
        return 1
    bare = re.sub(r"(?:[^laeiouy]es|[^td]ed|[^l]e)$", lambda end: end.group()[0], word) if len(word) > 3 else word
    return max(1, len(re.findall(r"[aeiouy]+", bare)))


def spanish_syllables(word: str) -> int:
    """One for each vowel group; two strong vowels side by side, or an accented weak one beside a vowel, are two."""
    word = re.sub(r"(?<=[qg])u(?=[eéií])", "", word.lower())
    return max(1, len(re.findall(r"[iuü]?[aeoáéó][iuüy]?|[iuü]{1,2}|[íú]|y$", word)))


def sentences(parts: Iterable[str]) -> list[list[str]]:
    """Words by sentence. Names and numbers that are filled in drop out."""
    found = []
    for part in parts:
        plain = re.sub(r"%\(\w+\)[sd]|%%|\{\w*\}|<[^>]+>", " ", part)
        for sentence in re.split(r"[.!?…]+[”»\"]?(?:\s|$)|\n", plain):
            words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", sentence)
            if words:
                found.append(words)
    return found


def grade(parts: Iterable[str]) -> float:
    """Flesch-Kincaid: the school year in the USA that reads this with ease."""
    spoken = sentences(parts)
    words = [word for sentence in spoken for word in sentence]
    return 0.39 * len(words) / len(spoken) + 11.8 * sum(map(english_syllables, words)) / len(words) - 15.59


def ease(parts: Iterable[str]) -> float:
    """Szigriszt-Pazos: 0 to 100; 65 and more is `fairly easy` on the INFLESZ scale."""
    spoken = sentences(parts)
    words = [word for sentence in spoken for word in sentence]
    return 206.835 - 62.3 * sum(map(spanish_syllables, words)) / len(words) - len(words) / len(spoken)


LEAST_WORDS = 50  # a formula made for passages says nothing about a handful of words


def is_sentence(text: str) -> bool:
    """Labels, headings and buttons are short by nature and would make any page look easy: only sentences are measured."""
    return bool(re.search(r"[.?!][”»]?$", text.strip()))


def by_page(places: tuple[str, ...], language: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in read_by_clients(places):
        there = one if language == "en" else spanish().get(forms(one.id)[0], one.context)
        said = forms(one.id if language == "en" else there.string)[-1]
        for path, _line in one.locations:
            if in_places(path, places) and is_sentence(said):
                found.setdefault(below(path), []).append(said)
    return {page: said for page, said in found.items() if sum(map(len, sentences(said))) >= LEAST_WORDS}


READ = PAGES + ("care/inquiry/guide_words.py", "care/practice/", "care/safety/words.py")


class TestReading:
    def test_known_words_count_as_spoken(self) -> None:
        assert [english_syllables(word) for word in ("help", "safe", "people", "called", "started", "family")] == [
            1,
            1,
            2,
            1,
            2,
            3,
        ]
        assert [spanish_syllables(word) for word in ("ayuda", "seguridad", "día", "quiere", "bien", "leer")] == [
            3,
            4,
            2,
            2,
            1,
            2,
        ]

    def test_english_pages_read_at_the_sixth_grade_or_below(self) -> None:
        hard = {page: round(grade(said), 1) for page, said in by_page(READ, "en").items() if grade(said) > 6}
        assert hard == {}

    def test_spanish_pages_are_fairly_easy_or_easier(self) -> None:
        hard = {page: round(ease(said), 1) for page, said in by_page(READ, "es").items() if ease(said) < 65}
        assert hard == {}


class TestCrisisLines:
    def test_the_numbers_were_looked_at_in_the_last_ninety_days(self) -> None:
        """Numbers of help lines are content with an expiry date: an old table stops the build."""
        assert not crisis_lines.is_stale(date.today()), (
            "check every number in data/crisis_lines.yaml, then set reviewed_on"
        )

    def test_ninety_days_is_the_limit(self) -> None:
        looked = crisis_lines.reviewed_on()
        assert not crisis_lines.is_stale(date.fromordinal(looked.toordinal() + 90))
        assert crisis_lines.is_stale(date.fromordinal(looked.toordinal() + 91))


def shown(page: str) -> set[str]:
    """What a reader sees or hears, one entry for each piece of text."""
    page = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)
    page = re.sub(
        r'<(\w+)[^>]*\blang="en"[^>]*>.*?</\1>', " ", page, flags=re.DOTALL
    )  # the way back to English says so in English
    pieces = re.split(r"<[^>]+>", page) + re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]+)"', page)
    return {" ".join(unescape(piece).split()) for piece in pieces} - {""}


def signed_in(who: Member) -> Client:
    client = Client(headers={"accept-language": "es"})
    client.force_login(who.user, backend=BACKEND)
    return client


@pytest.mark.django_db
class TestSpanishPages:
    @staticmethod
    def english_left(page: str) -> set[str]:
        """Texts on the page that have a Spanish of their own and yet stand in English."""
        whole = {text for one in read_by_clients() for text in forms(one.id)}
        with translation.override("es"):
            return {text for text in shown(page) & whole if translation.gettext(text) != text}

    @pytest.mark.parametrize(
        "name", ["home", "help_now", "how_to_hide", "public:guide", "public:what", "public:costs", "public:families",
                 "public:insurer", "public:request", "public:request_for_other", "public:refer", "account_login"],
    )  # fmt: skip
    def test_a_visitor_reads_all_of_it(self, name: str) -> None:
        page = Client(headers={"accept-language": "es"}).get(reverse(name)).content.decode()
        assert '<html lang="es"' in page
        assert self.english_left(page) == set()

    @pytest.mark.parametrize(
        "name", ["client:today", "client:week", "client:questions", "client:plan", "client:safety_plan", "client:write_safety_plan",
                 "client:relapse_plan", "client:progress", "client:practice", "client:check_in", "client:papers"],
    )  # fmt: skip
    def test_a_client_reads_all_of_it(self, cast: Cast, name: str) -> None:
        page = signed_in(cast.ana).get(reverse(name), follow=True).content.decode()
        assert '<html lang="es"' in page
        assert self.english_left(page) == set()

    def test_a_family_member_reads_all_of_it(self, cast: Cast) -> None:
        page = signed_in(cast.flo).get(reverse("family:home")).content.decode()
        assert '<html lang="es"' in page
        assert self.english_left(page) == set()

    def test_a_mistake_is_told_in_spanish(self) -> None:
        answer = Client(headers={"accept-language": "es"}).post(
            reverse("public:request"), {"form_key": str(uuid.uuid4())}
        )
        assert answer.status_code == 422
        assert self.english_left(answer.content.decode()) == set()

    def test_the_choice_of_language_holds(self) -> None:
        visitor = Client()
        assert '<html lang="en"' in visitor.get(reverse("home")).content.decode()
        visitor.post(reverse("set_language"), {"language": "es", "next": "/"})
        assert '<html lang="es"' in visitor.get(reverse("home")).content.decode()
