"""Finds a word in anything, also where it is encoded or compressed."""

import base64
import binascii
import gzip
import re
import zlib
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

DEEPEST = 3
COMPRESSED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}")
HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){8,}")


def hides(data: str | bytes, word: str, *, deep: int = DEEPEST) -> bool:
    """Whether ``word`` stands in ``data``: plain, UTF-16, hexadecimal, base64, percent-encoded or compressed, or
    several of these inside each other. Letters count the same in either case.
    """
    raw = data.encode() if isinstance(data, str) else data
    if any(each in raw.lower() for each in _plain(word)) or any(each in raw for each in _base64(word)):
        return True
    return deep > 0 and any(hides(inner, word, deep=deep - 1) for inner in _unpacked(raw))


def _plain(word: str) -> list[bytes]:
    return [word.lower().encode(coding) for coding in ("utf-8", "utf-16-le", "utf-16-be")]


def _base64(word: str) -> Iterator[bytes]:
    """The letters that ``word`` becomes wherever it begins in a longer text; the outer ones depend on neighbours."""
    for before in range(3):
        letters = base64.b64encode(b"\0" * before + word.encode())
        yield letters[4 if before else 0 : -4]


def _unpacked(raw: bytes) -> Iterator[bytes]:
    for found in COMPRESSED.finditer(raw):
        reader = zlib.decompressobj(zlib.MAX_WBITS | 32)
        try:
            yield reader.decompress(raw[found.start() :], 10**7)
        except zlib.error:
            continue
    for found in BASE64.finditer(raw):
        text = found[0].replace(b"-", b"+").replace(b"_", b"/").rstrip(b"=")
        for start in range(4):
            part = text[start:]
            part = part[: len(part) // 4 * 4] if len(part) % 4 == 1 else part + b"=" * (-len(part) % 4)
            yield base64.b64decode(part)
    for found in HEX.finditer(raw):
        yield binascii.unhexlify(found[0])
    if b"%" in raw:
        plain = unquote_to_bytes(raw)
        if plain != raw:
            yield plain


def disguises(word: str) -> dict[str, bytes]:
    """Ways in which a word can stand somewhere unseen, for the test of ``hides`` itself."""
    text = f"a name, {word}, and more".encode()
    return {
        "plain": text,
        "upper": text.upper(),
        "utf-16": f"{word} and more".encode("utf-16"),
        "hexadecimal": text.hex().encode(),
        "base64": base64.b64encode(text),
        "base64, one on": base64.b64encode(b"x" + text),
        "base64 for addresses": b"token=" + base64.urlsafe_b64encode(b"xy" + text).rstrip(b"="),
        "zlib": b"before" + zlib.compress(text),
        "gzip": gzip.compress(text) + b"after",
        "zlib in base64": b"cookie ." + base64.urlsafe_b64encode(zlib.compress(text)).rstrip(b"="),
        "percent": "".join(f"%{byte:02x}" for byte in text).encode(),
        "bytea": b"\\x" + zlib.compress(text).hex().encode(),
    }
