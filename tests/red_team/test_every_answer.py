"""Every route, asked by everybody: whatever it answers, its cookies, headers and caching are right, and no id leaks."""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from typing import NamedTuple

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.access.guard import is_for_programs, is_public
from app.access.roles import Role
from app.web.areas import Area, area_of_endpoint
from app.web.headers import ALWAYS, TWO_YEARS
from app.web.session import COOKIE
from tenants.models import new_id
from tests.cast import Cast
from tests.factories.browsers import Browser
from tests.factories.staff import Nitor

EVERYTHING = (Role.OWNER, Role.PROGRAMME_LEAD, Role.IT_CONTACT, Role.BILLING_CONTACT, Role.MEMBER)
DEEP = bool(os.environ.get("KAMU_DEEP"))
# What ends the one who asks comes last.
ENDINGS = ("rights.leave", "rights.shred")
KEPT_BY_CACHES = ("assets.file",)
UNWANTED = ("Access-Control-Allow-Origin", "X-Powered-By", "Refresh", "Clear-Site-Data")


class Seat(NamedTuple):
    """Somebody at a browser, who can come in again after what they did has ended their session."""

    who: str
    browser: Browser
    sign_in: Callable[[], None]


class Asked(NamedTuple):
    """One request and what it was answered."""

    seat: Seat
    method: str
    rule: Rule
    answer: TestResponse

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule} as {self.seat.who}: {self.answer.status_code}"


@pytest.fixture
def house(cast: Cast, two, app: Flask) -> dict[Area | None, list[Seat]]:
    """Who asks, on which hosts: nobody known, somebody with every role at once, one of Nitor's staff."""
    person = cast.person(two.a.ref, "all@alpha.example")
    account = cast.account(two.a.ref, "all@alpha.example", *EVERYTHING, person=person)
    member, nitor = cast.browser(two.a), Nitor(app).enrolled()
    members = [
        Seat("visitor", cast.browser(two.a), lambda: None),
        Seat("everybody", member, lambda: member.sign_in(two.a.ref, account.id)),
    ]
    colleagues = [
        Seat("visitor", Nitor(app).browser(), lambda: None),
        Seat("staff", nitor.browser, lambda: nitor.browser.sign_in_staff(nitor.staff.id)),
    ]
    visitors = [Seat("visitor", cast.browser(), lambda: None)]
    return {Area.ORGANISATION: members, None: members, Area.STAFF: colleagues, Area.START: visitors}


def path_of(rule: Rule) -> str:
    path = rule.rule
    path = re.sub(r"<any\('([^']+)'[^>]*>", r"\1", path)
    path = re.sub(r"<uuid:[^>]+>", str(new_id()), path)
    return re.sub(r"<[^>]+>", "nobody", path)


def ask_everything(app: Flask, house: dict[Area | None, list[Seat]]) -> Iterator[Asked]:
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint in ENDINGS, rule.rule))
    for rule in rules:
        for seat in house[area_of_endpoint(rule.endpoint)]:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                if not (DEEP or says_something(app, seat, method, rule)):
                    continue
                seat.sign_in()
                yield Asked(seat, method, rule, ask(seat.browser, method, path_of(rule)))


def says_something(app: Flask, seat: Seat, method: str, rule: Rule) -> bool:
    """Whether an answer is the view's own. The guard's, to strangers and to forms, is one for all; deep asks for all."""
    view = app.view_functions[rule.endpoint]
    return is_public(view) or is_for_programs(view) or (method == "GET" and seat.who != "visitor")


def ask(browser: Browser, method: str, path: str) -> TestResponse:
    if method == "GET":
        return browser.get(path, check=False)
    if method == "POST":
        return browser.post(path, check=False)
    return browser.client.open(path, method=method, base_url=f"https://{browser.host}")


def test_every_answer_to_everybody_is_safe_to_give(app: Flask, house):
    # Looked at as they come: the next question may come under another session.
    wrong = [f"{one}: {found}" for one in ask_everything(app, house) for found in wrong_with(one)]
    assert wrong == []


def wrong_with(one: Asked) -> Iterator[str]:
    """What should not be so, in words."""
    if one.answer.status_code >= 500:
        yield "failed"
    yield from wrong_headers(one)
    yield from wrong_cookies(one)
    yield from leaks(one)


def wrong_headers(one: Asked) -> Iterator[str]:
    headers = one.answer.headers
    expected = {**ALWAYS, "Strict-Transport-Security": TWO_YEARS}
    if one.rule.endpoint not in KEPT_BY_CACHES or one.answer.status_code != 200:
        expected["Cache-Control"] = "no-store"
        if "Cookie" not in one.answer.vary:
            yield "may be mixed up by a cache"
    for name, value in expected.items():
        if headers.getlist(name) != [value]:
            yield f"{name}: {headers.getlist(name)}"
    yield from (name for name in UNWANTED if name in headers)


def wrong_cookies(one: Asked) -> Iterator[str]:
    lines = one.answer.headers.getlist("Set-Cookie")
    if lines and is_for_programs(one.seat.browser.app.view_functions[one.rule.endpoint]):
        yield "gives a program a cookie"
    for line in lines:
        cookie = SimpleCookie(line)
        found = cookie.get(COOKIE)
        if list(cookie) != [COOKIE] or found is None:
            yield "sets another cookie than the session's"
        elif not (found["secure"] and found["httponly"] and found["samesite"] == "Lax"):
            yield "sets a cookie without its guards"
        elif found["path"] != "/" or found["domain"]:
            yield "sets a cookie for more than its host"


def leaks(one: Asked) -> Iterator[str]:
    others = [value for name, value in one.answer.headers if name != "Set-Cookie"]
    said = one.answer.get_data().decode(errors="replace") + "\n".join(others)
    cookie = one.seat.browser.cookie()
    if cookie and (cookie in said or hashlib.sha256(cookie.encode()).hexdigest() in said):
        yield "tells the session's id"
    if "Traceback" in said:
        yield "tells of its inside"


def test_the_session_cookie_can_belong_to_one_host_only():
    assert COOKIE.startswith("__Host-")
    assert "unsafe" not in ALWAYS["Content-Security-Policy"]
