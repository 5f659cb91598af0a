import re
from urllib.parse import urlsplit

import pytest

from app.access.queries import find_account
from tenants.unit_of_work import tenant_work
from tests.factories.browsers import Browser
from tests.factories.staff import Nitor

PAGES = ["/who-can-see-what", "/what-still-tells", "/accessibility", "/help", "/components"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_for_everybody_opens_on_every_host(cast, two, path):
    for browser in (
        cast.browser(),
        cast.browser(two.a),
        cast.signed_in(two.a),
        cast.browser(host="staff.kamu.localhost:8000"),
    ):
        assert browser.get(path).status_code == 200


def test_a_visitor_chooses_a_language_and_comes_back_to_the_same_page(cast):
    browser = cast.browser()
    browser.get("/help")
    answer = browser.post("/language", {"language": "fi", "next": "/help"})
    assert answer.headers["Location"] == "/help"
    assert '<html lang="fi">' in browser.follow(answer).text


def test_an_account_keeps_its_language(cast, two):
    cast.signed_in(two.a).post("/language", {"language": "sv", "next": "/help"})
    with tenant_work(two.a.ref):
        assert find_account(two.a.owner_id).language == "sv"


@pytest.mark.parametrize("way", ["https://evil.example/", "//evil.example/", "/\\evil.example", "", "help", "/a\nb"])
def test_a_way_back_never_leads_off_the_host(cast, way):
    browser = cast.browser()
    browser.get("/help")
    assert browser.post("/language", {"language": "sv", "next": way}).headers["Location"] == "/"


def test_an_unknown_language_is_refused(cast):
    browser = cast.browser()
    browser.get("/help")
    assert browser.post("/language", {"language": "xx"}).status_code == 400


def test_the_gallery_is_not_there_in_production(cast, monkeypatch):
    monkeypatch.setattr("app.settings.Settings.is_local", False)
    assert cast.browser().get("/components").status_code == 404


def test_the_navigation_shows_what_the_role_opens(cast, two):
    employee, _ = cast.employee(two.a)
    assert _navigation(cast.signed_in(two.a)) >= {"/set-up", "/people", "/set-up/sign-in"}
    assert _navigation(employee) == {"/today", "/goals", "/pairs", "/me"}


def _navigation(browser: Browser) -> set[str]:
    page = browser.get("/help").text.partition('aria-label="Main"')[2].partition("</nav>")[0]
    return {urlsplit(href).path for href in re.findall(r'href="([^"]+)"', page)}


def test_the_menu_of_nitors_people_leads_out(app):
    page = Nitor(app).enrolled("Tuisku").browser.get("/help").text
    assert "Menu for Tuisku" in page
    assert 'action="/sign-out"' in page
