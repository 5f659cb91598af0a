"""Each row by itself: its cells become a draft of a person, or problems."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from app.people.reading.dates import DateStyle, parse_date
from app.people.reading.fields import DATES, LONGEST, NAMES, SUPERVISORS, Field
from app.people.reading.fields import Mapping as ColumnMapping
from app.people.reading.people import Draft, Value, full_name
from app.people.reading.problems import (
    DateIsImpossible,
    DaysAreReversed,
    EmailIsIllFormed,
    EmailIsMissing,
    LanguageIsUnknown,
    NameIsFormula,
    NameIsMissing,
    Problem,
    RowIsRagged,
    ValueIsTooLong,
)
from app.people.reading.shapes import clean, clean_email, clean_number, looks_like_email, looks_like_formula
from app.people.reading.table import Row, Table

_NOBODY: Final = frozenset(("-", "\u2013", "\u2014", "n/a", "na", "#n/a", "none", "null", "ei ole", "ingen"))
_NEVER: Final = frozenset(
    ("-", "\u2013", "\u2014", "n/a", "null", "none", "00.00.0000", "0000-00-00", "9999-12-31", "31.12.9999")
)
_PARTICLES: Final = frozenset(("af", "av", "da", "de", "del", "den", "der", "di", "du", "la", "le", "van", "von", "zu"))
_LANGUAGE_NAMES: Final = {
    **dict.fromkeys(("fi", "fin", "suomi", "finnish", "finska", "fi-fi", "fi_fi"), "fi"),
    **dict.fromkeys(("sv", "swe", "se", "ruotsi", "swedish", "svenska", "sv-fi", "sv-se", "sv_fi", "sv_se"), "sv"),
    **dict.fromkeys(("en", "eng", "englanti", "english", "engelska", "en-gb", "en-us", "en_gb", "en_us"), "en"),
}
_TEXTS: Final = (Field.JOB_TITLE, Field.UNIT, Field.SITE)

Texts = dict[Field, str]


@dataclass(frozen=True)
class Reading:
    """How a table is to be read: columns, styles of dates, what was put right, which rows stay out."""

    mapping: ColumnMapping
    styles: Mapping[Field, DateStyle] = field(default_factory=dict)
    corrections: Mapping[int, Mapping[Field, str]] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()


def texts_of(row: Row, reading: Reading) -> Texts:
    """Return the row's cells by meaning, with what was put right by hand laid over them."""
    texts = {meaning: clean(cell) for meaning, cell in zip(reading.mapping, row.cells, strict=True) if meaning}
    texts.update({meaning: clean(text) for meaning, text in reading.corrections.get(row.number, {}).items()})
    return texts


def read_rows(table: Table, reading: Reading) -> tuple[list[Draft], list[Problem]]:
    """Read every row that is not left out; rows with problems have drafts as well."""
    drafts: list[Draft] = []
    problems: list[Problem] = []
    for row in table.rows:
        if row.number in reading.left_out:
            continue
        texts = texts_of(row, reading)
        draft = _draft(row.number, texts, reading)
        drafts.append(draft)
        problems.extend(_problems(row, draft, texts, reading))
    return drafts, problems


def _draft(row: int, texts: Texts, reading: Reading) -> Draft:
    values: dict[Field, Value] = {**_names(texts), **_keys(texts)}
    values.update({meaning: texts[meaning] or None for meaning in _TEXTS if meaning in texts})
    values.update({meaning: day_of(texts[meaning], meaning, reading) for meaning in DATES if meaning in texts})
    odd = bool(texts.get(Field.LANGUAGE)) and Field.LANGUAGE not in values
    return Draft(row, values, _supervisor(texts), odd)


def _names(texts: Texts) -> dict[Field, Value]:
    given, family = texts.get(Field.GIVEN_NAME, ""), texts.get(Field.FAMILY_NAME, "")
    if not given and Field.FULL_NAME in texts:
        given, split = split_name(texts[Field.FULL_NAME])
        family = family or split
    return {Field.GIVEN_NAME: given, Field.FAMILY_NAME: family}


def split_name(name: str) -> tuple[str, str]:
    """Split `Aino Maria von Essen` or `von Essen, Aino Maria` into given and family name."""
    if "," in name:
        family, given = (part.strip() for part in name.split(",", 1))
        return given, family
    words = name.split()
    at = max(1, len(words) - 1)
    while at > 1 and words[at - 1].casefold() in _PARTICLES:
        at -= 1
    return " ".join(words[:at]), " ".join(words[at:])


def _keys(texts: Texts) -> dict[Field, Value]:
    """What names a person or is asked when unknown: an empty cell never takes away what is known."""
    values: dict[Field, Value] = {Field.EMAIL: clean_email(texts.get(Field.EMAIL, "")) or None}
    if number := clean_number(texts.get(Field.EMPLOYEE_NUMBER, "")):
        values[Field.EMPLOYEE_NUMBER] = number
    if language := _LANGUAGE_NAMES.get(texts.get(Field.LANGUAGE, "").casefold()):
        values[Field.LANGUAGE] = language
    return values


def day_of(text: str, meaning: Field, reading: Reading) -> date | None:
    """Read a day in the file's own way, or as the page's date fields give it; None for never and for no such day."""
    if text.casefold() in _NEVER:
        return None
    return parse_date(text, reading.styles.get(meaning, DateStyle.YMD)) or parse_date(text, DateStyle.YMD)


def _supervisor(texts: Texts) -> tuple[tuple[Field, str], ...] | None:
    told = [(meaning, texts[meaning]) for meaning in SUPERVISORS if meaning in texts]
    named = tuple((meaning, text) for meaning, text in told if text and text.casefold() not in _NOBODY)
    return named if told else None


def _problems(row: Row, draft: Draft, texts: Texts, reading: Reading) -> Iterator[Problem]:
    at = ((row.number,), (draft.name,))
    if row.ragged and row.number not in reading.corrections:
        yield RowIsRagged(*at)
    if not draft.values[Field.GIVEN_NAME]:
        yield NameIsMissing((row.number,), (full_name(draft.values) or draft.email or "",))
    yield from _email_problems(draft, texts)
    yield from _text_problems(draft, texts)
    yield from _day_problems(draft, texts)


def _email_problems(draft: Draft, texts: Texts) -> Iterator[Problem]:
    at = ((draft.row,), (full_name(draft.values),))
    if not draft.email:
        yield EmailIsMissing(*at)
    elif not looks_like_email(draft.email):
        yield EmailIsIllFormed(*at, texts.get(Field.EMAIL, "")[: LONGEST[Field.EMAIL]])


def _text_problems(draft: Draft, texts: Texts) -> Iterator[Problem]:
    at = ((draft.row,), (draft.name,))
    for meaning, longest in LONGEST.items():
        if len(texts.get(meaning, "")) > longest and meaning is not Field.EMAIL:
            yield ValueIsTooLong(*at, meaning, longest)
    for meaning in NAMES:
        if looks_like_formula(texts.get(meaning, "")):
            yield NameIsFormula(*at, meaning, texts[meaning][: LONGEST[meaning]])
    if draft.odd_language:
        yield LanguageIsUnknown(*at, texts[Field.LANGUAGE])


def _day_problems(draft: Draft, texts: Texts) -> Iterator[Problem]:
    at = ((draft.row,), (draft.name,))
    for meaning in DATES:
        text = texts.get(meaning, "")
        if text and text.casefold() not in _NEVER and draft.values.get(meaning) is None:
            yield DateIsImpossible(*at, meaning, text)
    start, end = draft.values.get(Field.STARTS_ON), draft.values.get(Field.ENDS_ON)
    if isinstance(start, date) and isinstance(end, date) and end < start:
        yield DaysAreReversed(*at)
