"""Which way round a file writes its dates, decided by whole columns, and dates from text."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

_FIRST_YEAR: Final = 1940
_LAST_YEAR: Final = 2100
_CENTURY_TURNS_AT: Final = 60
_SERIAL_DAY_ZERO: Final = date(1899, 12, 30)
_TIME: Final = re.compile(r"[T ]\d{1,2}[:.]\d{2}.*$")
_YMD: Final = re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})\.?|(\d{4})(\d{2})(\d{2})")
_PARTS: Final = re.compile(r"(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4}|\d{2})")
_NAMED: Final = re.compile(r"(\d{1,2})[. -]{0,2}([^\W\d_]{3,12})\.?[, -]{1,2}(\d{4})")
_NAMED_FIRST: Final = re.compile(r"([^\W\d_]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_SERIAL: Final = re.compile(r"\d{5}")
_MONTHS: Final = (
    ("jan", "tammi", "januari"),
    ("feb", "helmi", "februari"),
    ("mar", "maalis", "mars"),
    ("apr", "huhti"),
    ("may", "touko", "maj"),
    ("jun", "kesä", "juni"),
    ("jul", "heinä", "juli"),
    ("aug", "elo", "augusti"),
    ("sep", "syys"),
    ("oct", "loka", "okt"),
    ("nov", "marras"),
    ("dec", "joulu"),
)


class DateStyle(StrEnum):
    """The order in which dates are written."""

    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"
    NAMED = "named"
    SERIAL = "serial"


@dataclass(frozen=True)
class Styles:
    """The styles that read most dates of a column; several: the file alone cannot tell."""

    fitting: tuple[DateStyle, ...]
    read: int
    values: int

    @property
    def ambiguous(self) -> bool:
        """Whether somebody who knows the file has to be asked."""
        return len(self.fitting) > 1


def parse_date(text: str, style: DateStyle) -> date | None:
    """Read one date in the given style; None when there is no such day."""
    try:
        found = _READERS[style](_TIME.sub("", text.strip()))
    except ValueError:
        return None
    return found if found and _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def find_styles(texts: Iterable[str]) -> Styles:
    """Decide by the whole column how its dates are written."""
    counted = Counter(text for text in texts if text)
    reads = {style: _count_read(counted, style) for style in DateStyle}
    most = max(reads.values(), default=0)
    best = tuple(style for style in DateStyle if most and reads[style] == most)
    open_question = {DateStyle.DMY, DateStyle.MDY} <= set(best) and _styles_differ(counted)
    fitting = (DateStyle.DMY, DateStyle.MDY) if open_question else best[:1]
    return Styles(fitting, most, counted.total())


def settle(columns: list[Styles]) -> list[DateStyle | None]:
    """One style for each column; a column that cannot tell follows the others when they all agree."""
    sure = {styles.fitting[0] for styles in columns if len(styles.fitting) == 1}
    return [_settled(styles, sure) for styles in columns]


def _settled(styles: Styles, sure: set[DateStyle]) -> DateStyle | None:
    if len(styles.fitting) == 1:
        return styles.fitting[0]
    agreed = sure & set(styles.fitting)
    return agreed.pop() if len(agreed) == 1 else None


def _count_read(counted: Counter[str], style: DateStyle) -> int:
    return sum(count for text, count in counted.items() if parse_date(text, style))


def _styles_differ(counted: Counter[str]) -> bool:
    return any(parse_date(text, DateStyle.DMY) != parse_date(text, DateStyle.MDY) for text in counted)


def _year(text: str) -> int:
    year = int(text)
    if len(text) == len("2026"):
        return year
    return year + (1900 if year >= _CENTURY_TURNS_AT else 2000)


def _ymd(text: str) -> date | None:
    found = _YMD.fullmatch(text)
    if not found:
        return None
    year, _, month, day, *packed = found.groups()
    return date(int(year), int(month), int(day)) if year else date(*(int(part) for part in packed))


def _dmy(text: str) -> date | None:
    found = _PARTS.fullmatch(text)
    return date(_year(found[4]), int(found[3]), int(found[1])) if found else None


def _mdy(text: str) -> date | None:
    found = _PARTS.fullmatch(text)
    return date(_year(found[4]), int(found[1]), int(found[3])) if found and found[2] != "." else None


def _named(text: str) -> date | None:
    found = _NAMED.fullmatch(text)
    if found:
        return _in_month(found[3], found[2], found[1])
    found = _NAMED_FIRST.fullmatch(text)
    return _in_month(found[3], found[1], found[2]) if found else None


def _in_month(year: str, month: str, day: str) -> date | None:
    name = month.casefold()
    for number, names in enumerate(_MONTHS, start=1):
        if name.startswith(names):
            return date(int(year), number, int(day))
    return None


def _serial(text: str) -> date | None:
    return _SERIAL_DAY_ZERO + timedelta(days=int(text)) if _SERIAL.fullmatch(text) else None


_READERS: Final[dict[DateStyle, Callable[[str], date | None]]] = {
    DateStyle.YMD: _ymd,
    DateStyle.DMY: _dmy,
    DateStyle.MDY: _mdy,
    DateStyle.NAMED: _named,
    DateStyle.SERIAL: _serial,
}
