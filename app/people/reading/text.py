"""Bytes of an uploaded file become text, or a refusal that says what the file is instead."""

import re
from dataclasses import dataclass
from typing import Final

from charset_normalizer import from_bytes

from app.people.errors import (
    FileIsArchive,
    FileIsEmpty,
    FileIsMarkup,
    FileIsNotText,
    FileIsPdf,
    FileIsWorkbook,
    FileRefused,
)

_MARKS: Final = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_MAGIC: Final[tuple[tuple[bytes, type[FileRefused]], ...]] = (
    (b"%PDF", FileIsPdf),
    (b"\xd0\xcf\x11\xe0", FileIsWorkbook),
    (b"\x1f\x8b", FileIsArchive),
    (b"Rar!", FileIsArchive),
    (b"7z\xbc\xaf", FileIsArchive),
    (b"BZh", FileIsArchive),
)
_WORKBOOK_PARTS: Final = (b"xl/", b"opendocument.spreadsheet", b"Index/Document.iwa", b"Index/Tables")
_SAMPLE: Final = 64 * 1024
_HALF_NULS: Final = 0.3
# Letters of Finnish and Swedish names weigh more than others: 0x9A is ö on an old Mac and š on old Windows.
_CORE: Final = frozenset("åäöÅÄÖéü")
_LIKELY: Final = frozenset(
    "ÉèÈêëÜßøØæÆñçšŠžŽáàâíîóôúõðþÐÞÁÍÓÚ€°§«»½\xa0\xb4\u2018\u2019\u201c\u201d\u2013\u2014\u2026"
    "ąćęłńśźżĄĆĘŁŃŚŹŻčďěňřťůýČĎĚŇŘŤŮÝőűŐŰ"
)
_EIGHT_BIT: Final = ("cp1252", "cp1250", "mac_roman", "cp850")
_LIKELY_WEIGHT: Final = 0.8
_SURE: Final = 0.75
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MOST_CONTROL: Final = 0.01


@dataclass(frozen=True)
class Decoded:
    """Text and the name of the encoding it was in (a Python codec name)."""

    text: str
    encoding: str


def decode(data: bytes) -> Decoded:
    """Read `data` in whatever encoding it is.

    Raises FileIsEmpty, FileIsWorkbook, FileIsPdf, FileIsArchive, FileIsMarkup or FileIsNotText.
    """
    if not data.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise FileIsEmpty
    _refuse_documents(data)
    decoded = _by_mark(data) or _by_nuls(data) or _by_letters(data)
    _refuse_other_text(decoded.text)
    return decoded


def _refuse_documents(data: bytes) -> None:
    for magic, refusal in _MAGIC:
        if data.startswith(magic):
            raise refusal
    if data.startswith(b"PK\x03\x04"):
        raise FileIsWorkbook if any(part in data for part in _WORKBOOK_PARTS) else FileIsArchive


def _by_mark(data: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding)
    return None


def _by_nuls(data: bytes) -> Decoded | None:
    sample = data[:_SAMPLE]
    half = max(1, len(sample) // 2)
    if sample[1::2].count(0) > half * _HALF_NULS and not sample[0::2].count(0):
        return _strict(data, "utf-16-le")
    if sample[0::2].count(0) > half * _HALF_NULS and not sample[1::2].count(0):
        return _strict(data, "utf-16-be")
    return None


def _strict(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        raise FileIsNotText from error


def _by_letters(data: bytes) -> Decoded:
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        encoding = _eight_bit(data)
    return Decoded(data.decode(encoding, errors="replace"), encoding)


def _eight_bit(data: bytes) -> str:
    """Name the old encoding whose letters look most like names people have in Europe."""
    high = bytes(byte for byte in data if byte >= 0x80)[:_SAMPLE]
    scores = {encoding: _likeness(high, encoding) for encoding in _EIGHT_BIT}
    best = max(_EIGHT_BIT, key=lambda encoding: scores[encoding])
    if scores[best] >= _SURE:
        return best
    lines = b"\n".join(line for line in data.splitlines() if not line.isascii())[:_SAMPLE]
    guess = from_bytes(lines).best()
    return guess.encoding if guess and guess.encoding.startswith(("cp", "iso", "latin", "mac", "koi")) else best


def _likeness(high: bytes, encoding: str) -> float:
    letters = high.decode(encoding, errors="replace")
    core = sum(letter in _CORE for letter in letters)
    likely = sum(letter in _LIKELY for letter in letters)
    return (core + likely * _LIKELY_WEIGHT) / max(1, len(letters))


def _refuse_other_text(text: str) -> None:
    if len(_CONTROL.findall(text[:_SAMPLE])) > _MOST_CONTROL * len(text[:_SAMPLE]):
        raise FileIsNotText
    start = text.lstrip()[:200].casefold()
    if not start:
        raise FileIsEmpty
    if start.startswith(("<!doctype", "<html", "<?xml", "<table", "[{", '{"')):
        raise FileIsMarkup
