"""What a single cell looks like: an e-mail address, a date, a number that names a person."""

import re
from typing import Final

_EMAIL: Final = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}",
    re.IGNORECASE,
)
_IN_BRACKETS: Final = re.compile(r".*<([^<>]+)>\s*")
_DATE: Final = re.compile(
    r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2}))([T ]\d{1,2}[:.]\d{2}.*)?"
)
_WHOLE_FLOAT: Final = re.compile(r"(\d+)[.,]0+")
_SPACES: Final = re.compile(r"[\s\x00-\x1f\x7f\u200b\u200e\u200f\u2060\ufeff]+")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_EMAIL: Final = 254
_LONGEST_LOCAL: Final = 64


def clean(cell: str) -> str:
    """Take out what cannot be seen: outer and double blanks, line breaks, control and zero-width signs."""
    return _SPACES.sub(" ", cell).strip()


def clean_email(text: str) -> str:
    """Bring `Name <a@b.c>`, `mailto:a@b.c` and capitals to the plain address, or leave the text as it is."""
    bracketed = _IN_BRACKETS.fullmatch(text)
    address = (bracketed.group(1) if bracketed else text).strip()
    return address.casefold().removeprefix("mailto:")


def clean_number(text: str) -> str:
    """Employee numbers that a spreadsheet turned into decimals (100.0) become whole again."""
    whole = _WHOLE_FLOAT.fullmatch(text)
    return whole.group(1) if whole else text


def looks_like_email(text: str) -> bool:
    """Whether mail could be sent there: one @, a local part in ASCII, a domain with a dot."""
    address = clean_email(text)
    fits = len(address) <= _LONGEST_EMAIL and address.find("@") <= _LONGEST_LOCAL
    return fits and _EMAIL.fullmatch(address) is not None


def looks_like_date(text: str) -> bool:
    """Whether it is three numbers in the shape of a date, in any order."""
    return _DATE.fullmatch(text.strip()) is not None


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would run the text instead of showing it."""
    return text.startswith(_FORMULA)
