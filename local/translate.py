"""Brings the catalogues up to the code: new texts come in empty, gone ones go, and what is there is compiled.

``bin/translate`` runs it and prints how many texts wait for a translation in each language.
"""

import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "app" / "translations"
LANGUAGES = ("fi", "sv")
KEYWORDS = ("_l", "_n:1,2")
LINE = 110


def main() -> int:
    """Update and compile every catalogue; exit code 1 while texts are missing."""
    texts = extract()
    missing = {language: _bring_up(language, texts) for language in LANGUAGES}
    for language, count in missing.items():
        print(f"{language}: {count} of {len(texts)} texts wait for a translation")
    return 1 if any(missing.values()) else 0


def extract() -> Catalog:
    """Read every text that goes through gettext out of the code and the templates."""
    with tempfile.TemporaryDirectory() as directory:
        target = Path(directory) / "messages.pot"
        command = ["pybabel", "-q", "extract", "-F", str(ROOT / "babel.cfg"), "-o", str(target), "--no-location"]
        command += [word for keyword in KEYWORDS for word in ("-k", keyword)]
        CommandLineInterface().run(  # type: ignore[no-untyped-call]
            [*command, "--sort-output", str(ROOT)]
        )
        with target.open("rb") as file:
            return read_po(file)


def read_catalogue(language: str) -> Catalog:
    """Read the committed catalogue of a language; empty when there is none yet."""
    path = _place(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", project="Kamu", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def waiting(catalogue: Catalog) -> list[str]:
    """List the texts of a catalogue that have no, or only a guessed, translation."""
    return [str(message.id) for message in catalogue if message.id and (message.fuzzy or not _is_whole(message.string))]


def _bring_up(language: str, texts: Catalog) -> int:
    catalogue = read_catalogue(language)
    begun = catalogue.creation_date
    catalogue.update(texts, no_fuzzy_matching=True)
    catalogue.creation_date = begun
    catalogue.obsolete.clear()
    path = _place(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=LINE, omit_header=False, sort_output=True, no_location=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
    return len(waiting(catalogue))


def _place(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def _is_whole(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(string) if string is None or isinstance(string, str) else all(string)


if __name__ == "__main__":
    sys.exit(main())
