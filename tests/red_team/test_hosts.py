"""Games with the name of the host: whatever is sent, a session opens its own organisation's pages or nothing."""

import re
from contextlib import closing

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Response

from app.web.session import COOKIE
from tests.factories.browsers import _apart

ALPHA, BETA, BASE = "alpha.kamu.localhost:8000", "beta.kamu.localhost:8000", "kamu.localhost:8000"
OWN = ["alpha.kamu.localhost:8000", "ALPHA.kamu.localhost:8000", "Alpha.Kamu.LocalHost:8000"]
OTHERS = [
    BETA, "BETA.kamu.localhost:8000", BASE, f"staff.{BASE}", f"STAFF.{BASE}",
    f"{ALPHA}.", "alpha.kamu.localhost.:8000", "alpha.kamu.localhost", "alpha.kamu.localhost:80", "alpha.kamu.localhost:",
    "alpha.kamu.localhost:08000", "alpha.kamu.localhost:8000:8000", "alpha.kamu.localhost:8000 ", f" {ALPHA}",
    f"alpha.{BETA}", f"beta.{ALPHA}", f"alpha..{BASE}", f".{BASE}", f"..{BASE}", f"-.{BASE}", f"alpha-.{BASE}",
    f"{ALPHA}, {BETA}", f"{BETA},{ALPHA}", f"{ALPHA} {BETA}", f"{ALPHA}\t{BETA}", f"{ALPHA};{BETA}", f"{ALPHA}.{BASE}",
    f"{ALPHA}@{BETA}", f"alpha:beta@{BETA}", f"{ALPHA}#@{BETA}", f"{ALPHA}/../{BETA}", f"{ALPHA}?{BETA}", f"alpha%2e{BASE}",
    f"alpha%00.{BASE}", f"xn--alpha.{BASE}", f"xn--lpha-53d.{BASE}", f"\xe0lpha.{BASE}", f"alpha\xad.{BASE}",
    f"alpha_.{BASE}", f"'.{BASE}", f"alpha'--.{BASE}", f"*.{BASE}", f"[alpha].{BASE}", "[::1]:8000", "127.0.0.1:8000", "",
    "localhost", "evil.example", f"evil{BASE}", f"alpha.evil{BASE}", f"{ALPHA}.evil.example", f"evil.example.{BASE}",
    f"{'a' * 64}.{BASE}", f"{'alpha.' * 60}{BASE}", "\\\\alpha", "//alpha",
]  # fmt: skip
HEADERS = [
    {"X-Forwarded-Host": BETA}, {"X-Host": BETA}, {"X-Forwarded-Server": BETA}, {"Forwarded": f"host={BETA};proto=https"},
    {"X-Original-Host": BETA}, {"X-Original-URL": "/sign-in"}, {"X-Rewrite-URL": f"https://{BETA}/people"},
    {"X-HTTP-Method-Override": "POST"}, {"X-Forwarded-Prefix": "/beta"}, {"X-Script-Name": "/beta"},
    {"X-Forwarded-Port": "1"}, {"X-Tenant": "beta"}, {"Referer": f"https://{BETA}/people"}, {"True-Client-Host": BETA},
]  # fmt: skip


@pytest.fixture
def ask(cast, two):
    """Ask for the directory as the first organisation's owner, under another host's name."""
    cookie = cast.signed_in(two.a).cookie()

    def send(host, path="/people", headers=None):
        headers = {"Cookie": f"{COOKIE}={cookie}", **(headers or {})}
        with closing(EnvironBuilder(path=path, base_url=f"https://{ALPHA}", headers=headers)) as builder:
            # Not by the client of Werkzeug's tests: it puts some names right before they are sent.
            return _apart(Response.from_app, cast.app, builder.get_environ() | {"HTTP_HOST": host})

    return send


@pytest.mark.filterwarnings("ignore:Current server name")
def test_a_session_opens_its_own_organisations_pages_or_nothing(ask):
    for host in OWN:
        answer = ask(host)
        assert answer.status_code == 200, host
        assert "Alpha" in answer.get_data(as_text=True)
        assert "Beta" not in answer.get_data(as_text=True)
    for host in OTHERS:
        answer = ask(host)
        assert answer.status_code in {400, 404}, (host, answer.status_code)
        assert "Alpha" not in answer.get_data(as_text=True), host
        assert "Beta" not in answer.get_data(as_text=True) or host.lower() == BETA, host
        assert "evil" not in answer.get_data(as_text=True), "the name that was sent is not repeated"
        assert "Location" not in answer.headers, host


def test_no_other_header_names_the_organisation(ask):
    for headers in HEADERS:
        answer = ask(ALPHA, headers=headers)
        assert answer.status_code == 200, headers
        assert "Alpha" in answer.get_data(as_text=True), headers
        assert "beta" not in answer.get_data(as_text=True).lower(), headers


PATHS = [
    f"https://{BETA}/people", f"//{BETA}/people", f"/{BETA}/people", "/people/../../beta/people", "/people;beta", "/./people",
    "/people%2f..%2f..", "/%2e%2e/people", "//people", "/people//", "/people%00", "/people?organisation=beta&label=beta",
    "\\\\beta/people", "/people#beta", "/PEOPLE",
]  # fmt: skip


def test_no_path_names_another_organisation(ask):
    for path in PATHS:
        answer = ask(ALPHA, path)
        assert answer.status_code in {200, 303, 308, 404}, (path, answer.status_code)
        assert "Beta" not in answer.get_data(as_text=True), path
        where = answer.headers.get("Location", f"https://{ALPHA}/")
        assert re.match(rf"(https?://{ALPHA})?/(?![/\\])", where), (path, where)


def test_after_signing_in_nobody_is_led_away(cast, two):
    """What a visitor wanted is remembered as a path of this host, whatever it looks like."""
    for path in (
        "//evil.example/people",
        "/\\evil.example",
        "/people?next=https://evil.example",
        "/%2f%2fevil.example",
    ):
        browser = cast.browser(two.a)
        browser.get(path, check=False)
        wanted = browser._session().get("next", "/")
        assert wanted.startswith("/"), path
        assert not wanted.startswith(("//", "/\\")), path
