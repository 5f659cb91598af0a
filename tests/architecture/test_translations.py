"""Every text is there in Finnish and Swedish, says the same values, and is compiled."""

import io
import re

import pytest
from babel.messages.mofile import write_mo

from local.translate import LANGUAGES, TRANSLATIONS, extract, read_catalogue, waiting

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def texts():
    return extract()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_missing_empty_or_guessed(texts, language: str):
    catalogue = read_catalogue(language)
    missing = [message.id for message in texts if message.id and message.id not in catalogue]
    assert missing == [], "run bin/translate, then translate"
    assert waiting(catalogue) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_holds_the_values_of_its_text(language: str):
    for message in read_catalogue(language):
        if not message.id:
            continue
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        wanted = set(PLACEHOLDER.findall(sources[-1]))
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        for string in strings:
            assert set(PLACEHOLDER.findall(string)) <= wanted | set(PLACEHOLDER.findall(sources[0])), message.id
        assert set(PLACEHOLDER.findall(strings[-1])) == wanted, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str):
    compiled = io.BytesIO()
    write_mo(compiled, read_catalogue(language))
    committed = (TRANSLATIONS / language / "LC_MESSAGES" / "messages.mo").read_bytes()
    assert compiled.getvalue() == committed, "run bin/translate"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_the_product_are_kept(language: str):
    for message in read_catalogue(language):
        if not message.id:
            continue
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        for string in strings:
            assert not re.search(r"\bparit(us|taa|ukse)", string, re.IGNORECASE), message.id
            assert not re.search(r"\b(kamu|kaveri)[a-zäö]*\b", string.replace("kamu.", "")), (message.id, string)
            assert "!" not in string or "!" in str(message.id), message.id
