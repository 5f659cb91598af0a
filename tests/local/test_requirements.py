"""The pinned requirements install on every Python 3.11, not only on the one that pinned them."""

import re

import pytest

from local.options import ROOT

FILES = ("requirements.txt", "requirements-dev.txt")


@pytest.mark.parametrize("name", FILES)
def test_old_patch_levels_of_python_get_what_they_need(name: str) -> None:
    # redis imports async-timeout below Python 3.11.3, which is what Debian 12 has: bin/lock pins for all of them.
    assert re.search(r"^async-timeout==\S+ ; python_full_version < '3\.11\.3'", _text(name), re.MULTILINE)


@pytest.mark.parametrize("name", FILES)
def test_every_pin_has_hashes_and_no_place(name: str) -> None:
    text = _text(name)
    pins = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert pins
    assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []
    assert not re.search(r"^-(i|-index-url|-extra-index-url|-find-links)|https?://", text, re.MULTILINE)


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")
