"""Limits and ends for others: done at once, and nothing told of who is signed in."""

import re

from app.access.roles import Role
from app.web import session as web_session

PAGE = "/set-up/sessions"


def test_limits_are_chosen_and_shown(cast, two):
    browser = cast.signed_in(two.a)
    assert browser.post(PAGE, {"idle_hours": "4", "absolute_days": "14"}).status_code == 303
    assert re.search(r'<input checked[^>]*name="idle_hours"[^>]*value="4"', browser.get(PAGE).text)
    assert "after 4 hours" in browser.get("/me/sign-ins").text
    assert browser.post(PAGE, {"idle_hours": "0", "absolute_days": "99"}).status_code == 422
    assert "after 24 hours" in cast.signed_in(two.b).get("/me/sign-ins").text


def test_a_search_and_its_end_tell_nothing_of_who_is_signed_in(cast, two):
    browser = cast.signed_in(two.a)
    member, account = cast.employee(two.a)
    without = cast.person(two.a.ref, "petri@alpha.example", given_name="Petri")

    def end(who):
        answer = browser.post(f"{PAGE}/of-person", {"who": who})
        return answer.status_code, browser.follow(answer).text.partition("Done.")[2].partition("<")[0]

    assert "petri@alpha.example" in browser.post(f"{PAGE}/search", {"name": "petri"}).text
    assert "ilta@alpha.example" in browser.post(f"{PAGE}/search", {"name": "ilta"}).text
    assert end(account.person_id) == end(without.id)
    assert member.get("/me").status_code == 303
    assert browser.post(f"{PAGE}/of-person", {"who": "nobody"}).status_code == 404


def test_role_holders_outside_the_directory_are_found(cast, two):
    browser = cast.signed_in(two.a)
    account = cast.account(two.a.ref, "ivar@alpha.example", Role.IT_CONTACT, name="Ivar")
    there = cast.signed_in(two.a, account.id)
    assert "ivar@alpha.example" in browser.post(f"{PAGE}/search", {"name": "ivar"}).text
    browser.post(f"{PAGE}/of-person", {"who": account.id})
    assert there.get("/set-up").status_code == 303


def test_another_organisations_account_is_not_touched(cast, two):
    neighbour = cast.signed_in(two.b)
    cast.signed_in(two.a).post(f"{PAGE}/of-person", {"who": two.b.owner_id})
    assert neighbour.get("/set-up").status_code == 200


def test_all_here_are_signed_out_whoever_asks_too(cast, two):
    browser, (member, _) = cast.signed_in(two.a), cast.employee(two.a)
    assert browser.post(f"{PAGE}/of-all").status_code == 303
    assert browser.get(PAGE).status_code == member.get("/me").status_code == 303


def test_longer_sign_ins_ask_for_a_new_one_first(cast, two, monkeypatch):
    browser = cast.signed_in(two.a)
    monkeypatch.setattr(web_session, "FRESH", -1)
    assert browser.post(PAGE, {"idle_hours": "24", "absolute_days": "30"}).status_code == 401
    assert browser.post(f"{PAGE}/of-all").status_code == 303


def test_who_may_not_does_not(cast, two):
    lead = cast.account(two.a.ref, "lead@alpha.example", Role.PROGRAMME_LEAD)
    assert cast.signed_in(two.a, lead.id).get(PAGE).status_code == 403
