"""A first guess at what each column means, and which columns stay shut."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from itertools import islice
from typing import Final

from app.people.reading.dates import find_styles, parse_date
from app.people.reading.fields import NAMES, SUPERVISORS, Field, Mapping, Private
from app.people.reading.shapes import clean, clean_email, clean_number, looks_like_email
from app.people.reading.table import Table
from app.people.reading.words import (
    EMAIL_STEMS,
    HOME_WORDS,
    NUMBER_WORDS,
    PRIVATE_STEMS,
    PRIVATE_WORDS,
    SUPERVISOR_STEMS,
    WORDS,
    fold,
)

_SAMPLE: Final = 300
_MOSTLY: Final = 0.8
_HALF: Final = 0.5
_RECENT_YEARS: Final = 12
_EXACT: Final = {word.replace(" ", ""): field for field, words in WORDS.items() for word in words}
_PHRASES: Final = sorted(
    ((word, field) for field, words in WORDS.items() for word in words if len(word) >= len("team")),
    key=lambda pair: -len(pair[0]),
)
_IDENTITY_NUMBER: Final = re.compile(r"\d{6}[-+A-FU-Ya-fu-y]\d{3}[0-9A-Za-z]|(\d{2})?\d{6}[-+]\d{4}|\d{3}-\d{2}-\d{4}")


def find_private(table: Table) -> dict[int, Private]:
    """Name the columns that stay shut: by their name, or because they hold national identity numbers."""
    found = {i: private_by_name(name) for i, name in enumerate(table.columns)}
    for column in range(len(table.columns)):
        if found[column] is None and _share(_sample(table, column), _IDENTITY_NUMBER.fullmatch) > _HALF:
            found[column] = Private.IDENTITY_NUMBER
    return {column: kind for column, kind in found.items() if kind}


def private_by_name(name: str) -> Private | None:
    """Tell whether a column of that name is never opened, and as what."""
    folded = fold(name)
    words = set(folded.split())
    if _is_email(folded):
        return Private.HOME if words & HOME_WORDS else None
    if folded.replace(" ", "") in _EXACT:
        return None
    for kind in Private:
        if words & PRIVATE_WORDS[kind] or any(stem in folded for stem in PRIVATE_STEMS[kind]):
            return kind
    return None


def suggest(table: Table, private: Iterable[int], today: date) -> Mapping:
    """Guess the meaning of each column, by its name first and then by what stands in it."""
    shut = set(private)
    guess: list[Field | None] = [None if i in shut else field_by_name(name) for i, name in enumerate(table.columns)]
    _tell_names_apart(table, guess)
    _guess_email(table, guess, shut)
    _forget_row_counter(table, guess)
    _guess_number(table, guess, shut)
    _guess_supervisors(table, guess, shut)
    _guess_start(table, guess, shut, today)
    _once_each(guess)
    return tuple(guess)


def field_by_name(name: str) -> Field | None:
    """Guess from the column's name alone; SUPERVISOR_NAME stands for a supervisor of unknown kind."""
    folded = fold(name)
    if not folded:
        return None
    if any(folded.startswith(stem) or f" {stem}" in folded for stem in SUPERVISOR_STEMS):
        return _kind_of_supervisor(folded)
    exact = _EXACT.get(folded.replace(" ", ""))
    if exact or not _is_email(folded):
        return exact or _by_phrase(folded)
    return Field.EMAIL


def _kind_of_supervisor(folded: str) -> Field:
    words = set(folded.split())
    if _is_email(folded) or "mail" in words:
        return Field.SUPERVISOR_EMAIL
    if words & NUMBER_WORDS or folded.endswith(("numero", "nummer", "tunnus", " id")):
        return Field.SUPERVISOR_NUMBER
    return Field.SUPERVISOR_NAME


def _is_email(folded: str) -> bool:
    return any(stem in folded for stem in EMAIL_STEMS) or folded.split()[-1:] == ["mail"]


def _by_phrase(folded: str) -> Field | None:
    padded = f" {folded} "
    return next((field for phrase, field in _PHRASES if f" {phrase} " in padded), None)


def _sample(table: Table, column: int) -> list[str]:
    filled = (clean(cell) for cell in table.cells(column))
    return list(islice((cell for cell in filled if cell), _SAMPLE))


def _share(texts: list[str], holds: Callable[[str], object]) -> float:
    return sum(bool(holds(text)) for text in texts) / len(texts) if texts else 0.0


def _free(table: Table, guess: list[Field | None], shut: set[int]) -> list[int]:
    return [i for i in range(len(table.columns)) if i not in shut and guess[i] is None]


def _tell_names_apart(table: Table, guess: list[Field | None]) -> None:
    """`Name` beside `Surname` is the given name; `Name` beside both is left out."""
    if Field.FULL_NAME not in guess:
        return
    whole = guess.index(Field.FULL_NAME)
    if Field.FAMILY_NAME in guess:
        single = _share(_sample(table, whole), lambda text: " " not in text) > _HALF
        given = Field.GIVEN_NAME not in guess and single
        guess[whole] = Field.GIVEN_NAME if given else None
        if not given and Field.GIVEN_NAME not in guess:
            guess[guess.index(Field.FAMILY_NAME)], guess[whole] = None, Field.FULL_NAME
    elif Field.GIVEN_NAME in guess:
        guess[guess.index(Field.GIVEN_NAME)] = None


def _guess_email(table: Table, guess: list[Field | None], shut: set[int]) -> None:
    if Field.EMAIL in guess:
        return
    likely = [i for i in _free(table, guess, shut) if _share(_sample(table, i), looks_like_email) > _MOSTLY]
    if likely:
        guess[max(likely, key=lambda i: len(set(_sample(table, i))))] = Field.EMAIL


def _forget_row_counter(table: Table, guess: list[Field | None]) -> None:
    """A column that only counts the rows names nobody: the next file would count others."""
    if Field.EMPLOYEE_NUMBER not in guess:
        return
    at = guess.index(Field.EMPLOYEE_NUMBER)
    counts = [clean(cell) for cell in table.cells(at)] == [str(row) for row in range(1, len(table.rows) + 1)]
    others = (i for i in range(len(guess)) if i != at)
    if counts and not any(_points_into(table, i, {clean(cell) for cell in table.cells(at)}) for i in others):
        guess[at] = None


def _guess_number(table: Table, guess: list[Field | None], shut: set[int]) -> None:
    """A nameless column of different codes is the employee number only if another one points to it."""
    if Field.EMPLOYEE_NUMBER in guess:
        return
    coded = [i for i in _free(table, guess, shut) if _share(_sample(table, i), _is_code) > _MOSTLY]
    for i in coded:
        values = [clean_number(text) for text in table.cells(i) if text]
        pointing = [j for j in coded if j != i and _points_into(table, j, set(values))]
        if values and len(set(values)) == len(values) and pointing:
            guess[i] = Field.EMPLOYEE_NUMBER
            return


def _is_code(text: str) -> bool:
    return text.isalnum() and any(sign.isdigit() for sign in text)


def _points_into(table: Table, column: int, keys: set[str]) -> bool:
    sample = [clean_number(text).casefold() for text in _sample(table, column)]
    known = {key.casefold() for key in keys}
    return len(set(sample)) < len(sample) and _share(sample, known.__contains__) > _MOSTLY


def _guess_supervisors(table: Table, guess: list[Field | None], shut: set[int]) -> None:
    keys = _keys(table, guess)
    for i in range(len(guess)):
        if guess[i] is Field.SUPERVISOR_NAME:
            guess[i] = _supervisor_by_values(table, i, keys) or _name_or_nothing(table, i)
    if not set(guess) & set(SUPERVISORS):
        for i in _free(table, guess, shut):
            if (kind := _supervisor_by_values(table, i, keys)) and kind not in guess:
                guess[i] = kind


def _keys(table: Table, guess: list[Field | None]) -> dict[Field, set[str]]:
    pairs = ((Field.EMAIL, Field.SUPERVISOR_EMAIL), (Field.EMPLOYEE_NUMBER, Field.SUPERVISOR_NUMBER))
    return {
        kind: {clean(cell) for cell in table.cells(guess.index(field))} - {""}
        for field, kind in pairs
        if field in guess
    }


def _supervisor_by_values(table: Table, column: int, keys: dict[Field, set[str]]) -> Field | None:
    sample = _sample(table, column)
    if _share(sample, looks_like_email) > _MOSTLY:
        known = {clean_email(key) for key in keys.get(Field.SUPERVISOR_EMAIL, set())}
        pointing = _share([clean_email(text) for text in sample], known.__contains__) > _HALF
        return Field.SUPERVISOR_EMAIL if pointing else None
    numbers = keys.get(Field.SUPERVISOR_NUMBER, set())
    coded = _share(sample, _is_code) > _MOSTLY
    return Field.SUPERVISOR_NUMBER if coded and _points_into(table, column, numbers) else None


def _name_or_nothing(table: Table, column: int) -> Field | None:
    """A column called manager that holds yes and no, or numbers of nobody, says nothing about supervisors."""
    sample = _sample(table, column)
    if _share(sample, looks_like_email) > _HALF:
        return Field.SUPERVISOR_EMAIL
    if (
        sample
        and len({text.casefold() for text in sample} - {"yes", "no", "x", "y", "n", "kyllä", "ei", "ja", "nej"}) == 0
    ):
        return None
    return Field.SUPERVISOR_NUMBER if _share(sample, str.isdigit) > _HALF else Field.SUPERVISOR_NAME


def _guess_start(table: Table, guess: list[Field | None], shut: set[int], today: date) -> None:
    """A nameless column of dates is the first day only if some are recent: birth dates never are."""
    if Field.STARTS_ON in guess or any(table.columns):
        return
    for i in _free(table, guess, shut):
        sample = _sample(table, i)
        styles = find_styles(sample)
        if not styles.fitting or styles.read < len(sample) * _MOSTLY:
            continue
        days = [day for text in sample if (day := parse_date(text, styles.fitting[0]))]
        if max(days).year >= today.year - _RECENT_YEARS and Field.STARTS_ON not in guess:
            guess[i] = Field.STARTS_ON


def _once_each(guess: list[Field | None]) -> None:
    """Of several columns with one meaning the first is taken; names are told apart before."""
    seen: set[Field] = set()
    for i, field in enumerate(guess):
        if field in seen:
            guess[i] = None
        elif field:
            seen.add(field)
    if Field.FULL_NAME in seen and seen & {NAMES[0], NAMES[1]}:
        guess[guess.index(Field.FULL_NAME)] = None
