"""The one module: its parts in order, how long it takes, when it is done."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.training.models import TrainingRecord
from app.training.reading import LANGUAGES, Text, read_text

MODULE: Final = "kamu-1"
LONGEST_WRITING: Final = 20_000
MOST_CONTACTS: Final = 8
MINUTES_TO_WRITE: Final = 10
# Mean silent reading speeds: Trauzettel-Klosinski and Dietz, Standardized Assessment of Reading Performance, 2012.
WORDS_A_MINUTE: Final = {"en": 228, "fi": 161, "sv": 199}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the module. `column` names where a record holds what the person writes; a section has none."""

    key: str
    column: str | None = None

    def text(self, language: str) -> Text:
        """The part's words in a language."""
        return read_text(language, self.key)


PARTS: Final = (
    Part("role"),
    Part("listening"),
    Part("listening-exercise", "first_exercise"),
    Part("questions"),
    Part("confidentiality"),
    Part("boundaries"),
    Part("boundaries-exercise", "second_exercise"),
    Part("enough"),
    Part("ending"),
    Part("reflection", "reflection"),
)
SECTIONS: Final = frozenset(part.key for part in PARTS if part.column is None)
WRITINGS: Final = tuple(part.column for part in PARTS if part.column is not None)


@dataclass(frozen=True, slots=True)
class Length:
    """How long the module is in one language: its words, and minutes by an ordinary reader."""

    words: int
    reading: int
    writing: int

    @property
    def minutes(self) -> int:
        """All in all, to the next five minutes."""
        return math.ceil((self.reading + self.writing) / 5) * 5


def get_part(key: str) -> Part:
    """Return a part by its key, which is one of theirs."""
    return next(part for part in PARTS if part.key == key)


def part_after(key: str) -> Part | None:
    """Find the part that follows another; None after the last."""
    keys = [part.key for part in PARTS]
    place = keys.index(key) + 1
    return PARTS[place] if place < len(PARTS) else None


def is_part_done(part: Part, record: TrainingRecord | None) -> bool:
    """Whether somebody has read or written this part."""
    if record is None:
        return False
    return getattr(record, part.column) is not None if part.column else part.key in record.sections_read


def are_all_done(record: TrainingRecord) -> bool:
    """Whether all sections are read and all that is to be written is written."""
    return all(is_part_done(part, record) for part in PARTS)


def next_part(record: TrainingRecord | None) -> Part | None:
    """Find where somebody goes on: the first part that is not done; None when all are."""
    return next((part for part in PARTS if not is_part_done(part, record)), None)


def length_in(language: str) -> Length:
    """Measure the module by its words in a language."""
    spoken = language if language in LANGUAGES else LANGUAGES[0]
    words = sum(part.text(spoken).words for part in PARTS)
    return Length(words, math.ceil(words / WORDS_A_MINUTE[spoken]), MINUTES_TO_WRITE * len(WRITINGS))


def in_order(keys: Iterable[str]) -> list[str]:
    """Sort the keys of sections as the module does, and leave out what it does not know."""
    read = set(keys)
    return [part.key for part in PARTS if part.key in read & SECTIONS]
