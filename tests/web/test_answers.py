"""Headers, languages, health, and the pages that failures get."""

import pytest
import redis
from sqlalchemy.exc import OperationalError

from app.web.headers import CSP


def test_every_page_carries_the_headers_that_keep_it_safe(cast, two):
    answer = cast.signed_in(two.a).get("/people")
    assert answer.headers["Content-Security-Policy"] == CSP
    assert "unsafe" not in CSP
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")


@pytest.mark.parametrize(("wanted", "word"), [("fi-FI,fi;q=0.9", "fi"), ("sv", "sv"), ("de", "en"), ("", "en")])
def test_a_page_speaks_the_browsers_language_or_english(cast, two, wanted, word):
    answer = cast.browser(two.a).get("/sign-in", headers={"Accept-Language": wanted})
    assert f'<html lang="{word}"' in answer.text


def test_a_chosen_language_stays(cast, two):
    browser = cast.browser(two.a)
    browser.post("/language", {"language": "sv"})
    assert '<html lang="sv"' in browser.get("/sign-in", headers={"Accept-Language": "fi"}).text


def test_the_process_says_that_it_lives_and_is_ready(cast, two):
    browser = cast.browser()
    assert browser.get("/healthz").text == "ok\n"
    assert browser.get("/readyz").json == {"postgresql": True, "valkey": True}


def test_readiness_names_the_part_that_is_away(cast, two, monkeypatch):
    def away(*_: object) -> None:
        raise redis.ConnectionError

    monkeypatch.setattr("redis.Redis.ping", away)
    answer = cast.browser().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"postgresql": True, "valkey": False}


def test_without_valkey_a_signed_in_reader_gets_a_page_that_says_to_come_back(cast, two, monkeypatch):
    browser = cast.signed_in(two.a)

    def away(*_: object, **__: object) -> None:
        raise redis.ConnectionError

    monkeypatch.setattr("redis.client.Pipeline.execute", away)
    answer = browser.get("/people")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


def test_without_postgresql_a_reader_gets_a_page_that_says_to_come_back(cast, two, monkeypatch):
    browser = cast.signed_in(two.a)

    def away(*_: object, **__: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("the server is away"))

    monkeypatch.setattr("app.web.guards.find_actor", away)
    answer = browser.get("/people")
    assert answer.status_code == 503
    assert "the server is away" not in answer.text


def test_an_unexpected_failure_gets_a_page_and_tells_nothing_of_itself(cast, two, monkeypatch, capsys):
    browser = cast.signed_in(two.a)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Aino wrote a private sentence")

    monkeypatch.setattr("app.web.guards.find_actor", fail)
    answer = browser.get("/people")
    assert answer.status_code == 500
    assert "private sentence" not in answer.text
    logged = capsys.readouterr().out
    assert "private sentence" not in logged
    assert "RuntimeError" in logged
    assert "test_answers.py" in logged


@pytest.mark.parametrize(("path", "status"), [("/no-such-page", 404), ("/set-up", 405)])
def test_wrong_addresses_and_methods_have_pages(cast, two, path, status):
    browser = cast.signed_in(two.a)
    answer = browser.get(path) if status == 404 else browser.post(path)
    assert answer.status_code == status
    assert "<h1" in answer.text


def test_a_request_that_is_too_large_has_a_page(cast, two):
    answer = cast.signed_in(two.a).post("/people/imports", {"file": "x" * 12_000_000})
    assert answer.status_code == 413
    assert "<h1" in answer.text


def test_the_log_names_no_path_no_query_and_no_person(cast, two, capsys):
    cast.signed_in(two.a).get("/people?q=Aino%20Virtanen")
    out = capsys.readouterr().out
    assert '"route": "/people"' in out
    assert "Aino" not in out
    assert str(two.a.owner_id) not in out
