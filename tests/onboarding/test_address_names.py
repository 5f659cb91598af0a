import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.policies import LONGEST, RESERVED, SHORTEST, other_addresses, suggest_address, why_not_an_address

HOST_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


@given(st.text())
def test_what_passes_is_a_host_label_of_the_right_length(text):
    if why_not_an_address(text) is None:
        assert HOST_LABEL.fullmatch(text)
        assert SHORTEST <= len(text) <= LONGEST
        assert "--" not in text
        assert text not in RESERVED


@given(st.from_regex(r"[a-z0-9]{3,12}(-[a-z0-9]{1,8}){0,3}", fullmatch=True))
def test_words_joined_by_single_hyphens_pass_unless_reserved(slug):
    assert why_not_an_address(slug) == ("reserved" if slug in RESERVED else None)


@given(st.text(max_size=200))
def test_a_suggestion_is_empty_or_passes(name):
    suggestion = suggest_address(name)
    assert suggestion == "" or why_not_an_address(suggestion) is None


@given(st.from_regex(r"[a-z0-9]{1,20}(-[a-z0-9]{1,9}){0,2}", fullmatch=True).filter(lambda s: len(s) >= 3))
def test_other_addresses_pass_and_differ(slug):
    others = other_addresses(slug)
    assert all(why_not_an_address(other) is None for other in others)
    assert slug not in others
    assert len(set(others)) == len(others)


@pytest.mark.parametrize(
    ("slug", "fact"),
    [
        ("", "empty"),
        ("ab", "short"),
        ("a" * 41, "long"),
        ("Saarnikoski", "letters"),
        ("kevät", "letters"),
        ("saarni koski", "letters"),
        ("saarni_koski", "letters"),
        ("saarnikoski\n", "letters"),
        ("-saarni", "hyphens"),
        ("saarni-", "hyphens"),
        ("saarni--koski", "hyphens"),
        ("xn--kevt-noa", "encoded"),
        ("www", "reserved"),
        ("staff", "reserved"),
        ("nitor", "reserved"),
        ("localhost", "reserved"),
        ("saarnikoski", None),
        ("abc", None),
        ("a1-b2", None),
    ],
)
def test_each_fault_has_its_own_name(slug, fact):
    assert why_not_an_address(slug) == fact


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Saarnikoski", "saarnikoski"),
        ("Kevätpuro Oy", "kevatpuro"),
        ("Ström & Söner AB", "strom-and-soner"),
        ("Łucja i Spółka", "lucja-i-spolka"),
        ("Kamu", "kamu-people"),
        ("日本", ""),
    ],
)
def test_a_suggestion_reads_like_the_name(name, slug):
    assert suggest_address(name) == slug
