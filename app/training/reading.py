"""The module's own texts, a file for each part and language, in the few marks of Markdown that they need.

`# ` title, `## ` heading, `- ` item of a list, `> ` card with a question, `? ` what the reader is asked to write about;
everything else is a paragraph to a line. Nothing that a person wrote is ever read here.
"""

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final, Literal

Kind = Literal["heading", "paragraph", "list", "cards"]

LANGUAGES: Final = ("en", "fi", "sv")
FOLDER: Final = Path(__file__).parent / "content"
MARKS: Final[dict[str, Kind]] = {"##": "heading", "-": "list", ">": "cards"}


@dataclass(frozen=True, slots=True)
class Block:
    """One heading or paragraph, or the lines of one list or one set of cards."""

    kind: Kind
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """One part of the module in one language. `question` is set where the reader writes."""

    title: str
    blocks: tuple[Block, ...]
    question: str | None
    words: int


@cache
def read_text(language: str, key: str) -> Text:
    """Read one part; a language that the module does not speak gets English."""
    spoken = language if language in LANGUAGES else LANGUAGES[0]
    source = (FOLDER / spoken / f"{key}.md").read_text(encoding="utf-8")
    lines = [line for line in source.splitlines() if line]
    question = next((line.removeprefix("? ") for line in lines if line.startswith("? ")), None)
    return Text(lines[0].removeprefix("# "), tuple(_blocks(lines[1:])), question, _count_words(source))


def _blocks(lines: list[str]) -> list[Block]:
    marked = [_marked(line) for line in lines if not line.startswith("? ")]
    blocks: list[Block] = []
    for kind, group in groupby(marked, key=lambda each: each[0]):
        texts = tuple(text for _, text in group)
        together = kind in {"list", "cards"}
        blocks += [Block(kind, texts)] if together else [Block(kind, (text,)) for text in texts]
    return blocks


def _marked(line: str) -> tuple[Kind, str]:
    mark, _, rest = line.partition(" ")
    return (MARKS[mark], rest) if mark in MARKS else ("paragraph", line)


def _count_words(source: str) -> int:
    return sum(any(letter.isalpha() for letter in word) for word in source.split())
