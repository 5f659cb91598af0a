"""What is committed below app/static is what the pins say, and its addresses change with its bytes."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "app" / "static"


def _digest(path):
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def test_every_vendored_file_has_the_digest_of_the_manifest():
    held = {
        f"vendor/{path.relative_to(STATIC / 'vendor').as_posix()}": _digest(path)
        for path in (STATIC / "vendor").rglob("*")
        if path.is_file()
    }
    assert held == json.loads((STATIC / "manifest.json").read_text())


def test_every_icon_that_a_template_asks_for_is_in_the_sprite():
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "vendor" / "icons.svg").read_text()))
    asked = set()
    for template in [*ROOT.glob("app/**/templates/**/*.html"), *ROOT.glob("onboarding/**/templates/**/*.html")]:
        asked |= set(re.findall(r'\bicon(?:_name)?(?:\(|=)\s*"([a-z0-9-]+)"', template.read_text()))
    assert asked <= sprite, f"add to app/static/icons.txt and run bin/vendor: {sorted(asked - sprite)}"


def test_the_lock_pins_exactly_and_names_no_registry():
    package = json.loads((ROOT / "package.json").read_text())
    pins = {**package["dependencies"], **package["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in pins.values())
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_a_file_is_kept_for_ever_under_its_release_and_never_under_another(cast):
    browser = cast.browser()
    page = browser.get("/help").text
    address = re.search(r'href="(/assets/[^"]+/css/tokens\.css)"', page)[1]
    answer = browser.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    other = browser.get("/assets/000000000000/css/tokens.css")
    assert other.status_code == 200
    assert other.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["css/gone.css", "../settings.py", "%2e%2e/settings.py", "css"])
def test_what_is_no_file_of_ours_is_not_there(cast, path):
    assert cast.browser().get(f"/assets/000000000000/{path}").status_code == 404


def test_a_page_sets_no_cookie_to_load_its_styles(cast):
    answer = cast.browser().get("/assets/000000000000/css/base.css")
    assert "Set-Cookie" not in answer.headers
