"""The module's words: enough of them, the same shape in each language, and nothing but words."""

import re

import pytest

from app.training.policies import PARTS, length_in
from app.training.reading import FOLDER, LANGUAGES, read_text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_module_is_whole_in_each_language(language: str):
    assert length_in(language).words >= 1500


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_takes_less_than_an_hour(language: str):
    length = length_in(language)
    assert 30 <= length.minutes < 60
    assert length.reading < length.writing


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.key)
def test_a_part_is_built_alike_in_each_language(part):
    shapes = [[(block.kind, len(block.lines)) for block in part.text(language).blocks] for language in LANGUAGES]
    assert shapes[0] == shapes[1] == shapes[2]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.key)
def test_a_part_asks_something_exactly_where_the_reader_writes(part):
    for language in LANGUAGES:
        assert bool(part.text(language).question) == (part.column is not None)


def test_there_are_two_exercises_and_a_closing_reflection():
    assert [part.column for part in PARTS if part.column] == ["first_exercise", "second_exercise", "reflection"]
    assert PARTS[-1].column == "reflection"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_hold_no_marks_that_would_be_shown_as_they_are(language: str):
    for path in (FOLDER / language).glob("*.md"):
        for line in path.read_text(encoding="utf-8").splitlines():
            plain = re.sub(r"^(# |## |- |> |\? )", "", line)
            assert not re.search(r"[<>*_`#!]|https?:|[“”]{2}", plain), (path, line)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_keep_the_products_words(language: str):
    for path in (FOLDER / language).glob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\bparit(us|taa|ukse)", text, re.IGNORECASE), path
        assert not re.search(r"\b(kamu|kaveri)[a-zäöå]*\b", text), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_reads_when_a_peer_is_not_enough_finds_the_emergency_number(language: str):
    text = read_text(language, "enough")
    assert any("112" in line for block in text.blocks for line in block.lines)


def test_a_language_that_the_module_does_not_speak_gets_english():
    assert read_text("de", "role") is not None
    assert read_text("de", "role").title == read_text("en", "role").title


def test_every_file_belongs_to_a_part():
    keys = {part.key for part in PARTS}
    for language in LANGUAGES:
        assert {path.stem for path in (FOLDER / language).iterdir()} == keys
