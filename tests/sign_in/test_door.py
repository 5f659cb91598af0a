"""The door and the link by mail: who may have one gets one, and nobody learns who that is."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from app import clock
from app.access.roles import Role
from app.links import seal
from app.sign_in import actions
from app.sign_in.models import LoginLink
from tenants.models import new_id
from tenants.unit_of_work import session, tenant_work
from tests.factories.sign_in import connect

ASK = "/sign-in/links"


def ask(browser, email):
    return browser.post(ASK, {"email": email})


def link_in(mail) -> str:
    return urlsplit(re.search(r"https?://\S+/sign-in/links/\S+", mail.text)[0]).path


def links_of(organisation):
    with tenant_work(organisation.ref):
        return session().query(LoginLink).all()


def test_the_door_offers_the_work_account_once_a_provider_is_connected(cast, provider):
    alpha = cast.organisation("alpha")
    assert "Continue with Alpha" not in cast.browser(alpha).get("/sign-in").text
    connect(alpha, provider)
    assert "Continue with Alpha" in cast.browser(alpha).get("/sign-in").text


def test_an_owner_comes_in_by_a_link_in_a_mail(cast):
    alpha = cast.organisation("alpha")
    browser = cast.browser(alpha)
    assert "Look in your mail" in browser.follow(ask(browser, "Owner@Alpha.example")).text
    cast.run_jobs()
    (mail,) = cast.mails("owner@alpha.example")
    path = link_in(mail)
    assert "Your way in is ready" in browser.get(path).text
    answer = browser.post(path)
    assert (answer.status_code, urlsplit(answer.location).path) == (303, "/set-up")
    assert browser.get("/set-up/sign-in").status_code == 200


def test_somebody_who_was_on_the_way_somewhere_gets_there(cast):
    alpha = cast.organisation("alpha")
    browser = cast.browser(alpha)
    assert browser.get("/set-up/sign-in").status_code == 303
    ask(browser, "owner@alpha.example")
    cast.run_jobs()
    answer = browser.post(link_in(cast.mails("owner@alpha.example")[0]))
    assert urlsplit(answer.location).path == "/set-up/sign-in"


def test_looking_at_the_link_does_not_use_it(cast):
    alpha = cast.organisation("alpha")
    browser = cast.browser(alpha)
    ask(browser, "owner@alpha.example")
    cast.run_jobs()
    path = link_in(cast.mails("owner@alpha.example")[0])
    for _ in range(3):
        assert browser.get(path).status_code == 200
    assert browser.post(path).status_code == 303


def test_a_link_works_once(cast):
    alpha = cast.organisation("alpha")
    browser = cast.browser(alpha)
    ask(browser, "owner@alpha.example")
    cast.run_jobs()
    path = link_in(cast.mails("owner@alpha.example")[0])
    browser.post(path)
    again = cast.browser(alpha).get(path)
    assert (again.status_code, "This link has been used" in again.text) == (410, True)


def test_a_link_opens_in_its_own_browser_only(cast):
    alpha = cast.organisation("alpha")
    browser, other = cast.browser(alpha), cast.browser(alpha)
    ask(browser, "owner@alpha.example")
    cast.run_jobs()
    path = link_in(cast.mails("owner@alpha.example")[0])
    answer = other.post(path)
    assert (answer.status_code, "belongs to another browser" in answer.text) == (403, True)
    assert browser.post(path).status_code == 303


def test_a_link_made_for_any_browser_opens_in_any(cast):
    alpha = cast.organisation("alpha")
    with tenant_work(alpha.ref):
        link = actions.make_login_link(account_id=alpha.owner_id, browser=None, now=clock.now())
    assert cast.browser(alpha).post(f"/sign-in/links/{seal('login-link', link.id)}").status_code == 303


def test_a_link_is_too_old_after_a_quarter_of_an_hour(cast):
    alpha = cast.organisation("alpha")
    with tenant_work(alpha.ref):
        made = clock.now() - timedelta(minutes=15, seconds=1)
        link = actions.make_login_link(account_id=alpha.owner_id, browser=None, now=made)
    answer = cast.browser(alpha).get(f"/sign-in/links/{seal('login-link', link.id)}")
    assert (answer.status_code, "This link is too old" in answer.text) == (410, True)


@pytest.mark.parametrize("token", ["nonsense", "unknown", "foreign purpose"])
def test_a_link_that_is_not_ours_leads_nowhere(cast, token):
    alpha = cast.organisation("alpha")
    sealed = {"unknown": seal("login-link", new_id()), "foreign purpose": seal("invitation", alpha.owner_id)}
    answer = cast.browser(alpha).get(f"/sign-in/links/{sealed.get(token, token)}")
    assert (answer.status_code, "leads nowhere" in answer.text) == (404, True)


def test_a_link_of_one_organisation_opens_nothing_in_another(two, cast):
    with tenant_work(two.a.ref):
        link = actions.make_login_link(account_id=two.a.owner_id, browser=None, now=clock.now())
    path = f"/sign-in/links/{seal('login-link', link.id)}"
    assert cast.browser(two.b).post(path).status_code == 404
    assert cast.browser(two.a).post(path).status_code == 303


def test_a_known_and_an_unknown_address_get_the_same_answer_and_leave_the_same_rows(cast):
    alpha = cast.organisation("alpha")
    known, unknown = cast.browser(alpha), cast.browser(alpha)
    answers = [ask(known, "owner@alpha.example"), ask(unknown, "nobody@alpha.example")]
    pages = [known.follow(answers[0]).text, unknown.follow(answers[1]).text]
    assert answers[0].status_code == answers[1].status_code == 303
    assert without_tokens(pages[0]) == without_tokens(pages[1])
    assert len(links_of(alpha)) == 2
    cast.run_jobs()
    assert [mail.to for mail in cast.mails()] == [("owner@alpha.example",)]
    assert [link.account_id for link in links_of(alpha)] == [alpha.owner_id]


def without_tokens(page: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


def test_the_same_statements_run_for_a_known_and_an_unknown_address(cast, statements):
    alpha = cast.organisation("alpha")
    browser = cast.browser(alpha)
    browser.get("/sign-in")
    counted = []
    for email in ("owner@alpha.example", "nobody@alpha.example"):
        with statements() as seen:
            ask(browser, email)
        counted.append([re.sub(r"\s+", " ", each)[:60] for each in seen])
    assert counted[0] == counted[1]


def test_an_employee_gets_no_link_by_mail(cast):
    alpha = cast.organisation("alpha")
    cast.account(alpha.ref, "ilta@alpha.example", Role.MEMBER)
    ask(cast.browser(alpha), "ilta@alpha.example")
    cast.run_jobs()
    assert cast.mails() == []


def test_a_role_that_ended_meanwhile_opens_nothing(cast):
    alpha = cast.organisation("alpha")
    lead = cast.account(alpha.ref, "lead@alpha.example", Role.PROGRAMME_LEAD)
    with tenant_work(alpha.ref):
        link = actions.make_login_link(account_id=lead.id, browser=None, now=clock.now())
    with tenant_work(alpha.ref):
        session().get(type(lead), lead.id).ended_at = clock.now()
    answer = cast.browser(alpha).post(f"/sign-in/links/{seal('login-link', link.id)}")
    assert answer.status_code == 404


def test_the_sixth_link_within_a_quarter_of_an_hour_is_not_sent(cast):
    alpha = cast.organisation("alpha")
    browser = cast.browser(alpha)
    for _ in range(6):
        assert ask(browser, "owner@alpha.example").status_code == 303
    cast.run_jobs()
    assert len(cast.mails("owner@alpha.example")) == 5


@pytest.mark.parametrize("email", ["", "nonsense", "a@b"])
def test_an_ill_formed_address_is_explained(cast, email):
    answer = ask(cast.browser(cast.organisation("alpha")), email)
    assert (answer.status_code, 'aria-invalid="true"' in answer.text) == (422, True)


def test_whoever_is_in_does_not_stand_at_the_door(cast):
    alpha = cast.organisation("alpha")
    answer = cast.signed_in(alpha).get("/sign-in")
    assert urlsplit(answer.location).path == "/set-up"


def test_signing_out_ends_the_session(cast):
    alpha = cast.organisation("alpha")
    browser = cast.signed_in(alpha)
    kept = browser.cookie()
    answer = browser.post("/sign-out")
    assert urlsplit(answer.location).path == "/sign-in"
    assert "You are signed out of Kamu." in browser.follow(answer).text
    thief = cast.browser(alpha)
    thief.use_cookie(kept)
    assert thief.get("/set-up/sign-in").status_code == 303


def test_signing_out_is_a_form_and_not_a_link(cast):
    assert cast.signed_in(cast.organisation("alpha")).get("/sign-out").status_code == 405


def test_a_link_twice_at_the_same_moment_signs_in_once(cast, app):
    from concurrent.futures import ThreadPoolExecutor

    alpha = cast.organisation("alpha")
    with tenant_work(alpha.ref):
        link = actions.make_login_link(account_id=alpha.owner_id, browser=None, now=clock.now())
    path = f"/sign-in/links/{seal('login-link', link.id)}"
    browsers = [cast.browser(alpha) for _ in range(4)]
    for browser in browsers:
        browser.token()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda each: each.post(path).status_code, browsers))
    assert sorted(answers) == [303, 410, 410, 410]
