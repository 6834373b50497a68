"""Translations without gettext's own programs: Babel reads our Python and templates and writes the catalogues."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from footbridge.config import PACKAGE, project_dir

LOCALES = PACKAGE / "locale"
LANGUAGES = ("es",)
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "_now": None, "lazy": None,  # the second name in files that need both the lazy and the immediate one
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3),
}  # fmt: skip
NOTES = ("Translators:",)
TEMPLATE_ENDINGS = {".html", ".txt"}

Found = tuple[int, object, list[str], str | None]


@click.command(hidden=True)
@click.option(
    "--compile", "only_compile", is_flag=True, help="Only write the .mo files, and only where a .po is newer."
)
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when a string has no translation.")
def messages(only_compile: bool, check: bool) -> None:
    """Collect the words of every page, bring the translation files up to date and compile them.

    Texts that are new stand in src/footbridge/locale/es/LC_MESSAGES/django.po with an empty translation.
    """
    missing = 0
    template = None if only_compile else collect()
    for language in LANGUAGES:
        path = LOCALES / language / "LC_MESSAGES" / "django.po"
        if template is not None:
            catalog = update(path, language, template, write=not check)
            empty = [str(one.id) for one in catalog if one.id and not _translated(one)]
            missing += len(empty)
            click.echo(f"{language}: {len(catalog)} texts, {len(empty)} without a translation.")
            for text in empty[:20] if check else []:
                click.echo(f"  {text!r}")
        if not check and path.is_file():
            compile_one(path, only_if_older=only_compile)
    if check and missing:
        raise click.exceptions.Exit(1)


def collect() -> Any:
    """A catalogue of every text marked for translation in Python files and templates of this package."""
    from babel.messages.catalog import Catalog

    catalog = Catalog(project="Footbridge", charset="utf-8")
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            found = extract_python(path)
        elif path.suffix in TEMPLATE_ENDINGS and "templates" in path.parts:
            found = extract_template(path)
        else:
            continue
        # Without line numbers: a moved line is no change for a translator.
        where = path.relative_to(project_dir() or PACKAGE.parent).as_posix()
        for _line, text, notes, context in found:
            catalog.add(text, None, [(where, 0)], auto_comments=notes, context=context)
    return catalog


def extract_python(path: Path) -> Iterator[Found]:
    with path.open("rb") as file:
        yield from _extract(file)


def extract_template(path: Path) -> Iterator[Found]:
    """Django turns a template into something like Python in which only the marked texts are left; Babel reads that."""
    import django
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    try:
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    except SyntaxError as wrong:
        raise click.ClickException(f"{path}: {wrong}") from None
    lines = (line.strip() for line in code.splitlines())  # what was the page's indentation means nothing in Python
    yield from _extract(io.BytesIO("\n".join(lines).encode()))


def _extract(file: Iterable[bytes]) -> Iterator[Found]:
    from babel.messages.extract import extract

    yield from extract("python", file, keywords=KEYWORDS, comment_tags=NOTES, options={"encoding": "utf-8"})


def update(path: Path, language: str, template: Any, write: bool) -> Any:
    """Bring one translation file up to date: new texts empty, old ones kept at the end as comments, no guesses."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po, write_po

    if path.is_file():
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
        catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    else:
        catalog = Catalog(locale=language, project="Footbridge", charset="utf-8")
        catalog.update(template, no_fuzzy_matching=True)
    catalog.header_comment = "# Footbridge in Spanish. Written by `footbridge messages`; translate the msgstr lines."
    if write:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = io.BytesIO()
        write_po(text, catalog, width=120, sort_by_file=True, include_lineno=False, omit_header=False)
        if not path.is_file() or path.read_bytes() != text.getvalue():
            path.write_bytes(text.getvalue())
    return catalog


def compile_one(path: Path, only_if_older: bool = False) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    target = path.with_suffix(".mo")
    if only_if_older and target.is_file() and target.stat().st_mtime >= path.stat().st_mtime:
        return
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.parent.parent.name)
    aside = target.with_suffix(".mo.new")
    with aside.open("wb") as file:
        write_mo(file, catalog)
    aside.replace(target)


def _translated(one: Any) -> bool:
    text = one.string
    return all(text) if isinstance(text, tuple | list) else bool(text)
