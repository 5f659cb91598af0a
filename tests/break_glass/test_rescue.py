"""An owner comes in without the provider: narrow, loud, once for each code, and equal for whoever is unknown."""

import re
import time
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from app.access.models import Account
from app.access.queries import find_actor
from app.access.roles import Role
from app.break_glass.actions import use_code
from app.break_glass.errors import CodeRefused
from app.break_glass.models import RescueCode
from app.break_glass.policies import digest_of
from app.break_glass.queries import count_enrolled_owners
from app.clock import now
from app.links import seal
from app.roles.actions import give_role, take_role
from app.sign_in.actions import make_login_link
from app.sign_in.models import SignInPolicy
from tenants.unit_of_work import session, tenant_work
from tests.break_glass.ways import CODE, codes_of, redeem

WRONG = "0000-0000-0000-0000"


def test_a_code_opens_the_sign_in_settings_and_nothing_else_and_every_owner_hears_of_it(cast, two):
    cast.account(two.a.ref, "vera@alpha.example", Role.OWNER, name="Vera")
    codes = codes_of(cast, two.a)
    assert len(set(codes)) == 10
    browser = cast.browser(two.a)
    answer = redeem(browser, f" {codes[0].lower().replace('-', ' ')} ", "OWNER@alpha.example")
    assert answer.status_code == 303
    assert "30 minutes" in browser.follow(answer).text
    for path, status in {"/set-up/sign-in": 200, "/set-up": 403, "/people": 403, "/me/rescue": 403}.items():
        assert browser.get(path).status_code == status, path
    assert browser.post("/me/rescue/codes").status_code == 403
    cast.run_jobs()
    for owner in ("owner@alpha.example", "vera@alpha.example"):
        mail = next(mail for mail in cast.mails(owner) if "rescue was used" in mail.subject)
        assert "Meri (owner@alpha.example)" in mail.text


def test_a_code_works_once_and_new_ones_take_the_place_of_the_old(cast, two):
    first, second, *_ = codes_of(cast, two.a)
    assert redeem(cast.browser(two.a), first).status_code == 303
    assert redeem(cast.browser(two.a), first).status_code == 422
    assert codes_of(cast, two.a)
    assert redeem(cast.browser(two.a), second).status_code == 422


def test_whoever_is_unknown_gets_the_same_answer_for_the_same_work(cast, two):
    cast.account(two.a.ref, "ida@alpha.example", Role.IT_CONTACT)
    codes_of(cast, two.a)
    answers = {_asked(cast.browser(two.a), f"{who}@alpha.example") for who in ("owner", "ida", "nobody")}
    assert len(answers) == 1
    assert "No owner with this address has this code left" in answers.pop()[0]


def _asked(browser, email):
    browser.get("/sign-in/rescue")
    sent = []
    listen = (Engine, "before_cursor_execute", lambda *call: sent.append(call[2]))
    event.listen(*listen)
    try:
        page = browser.post("/sign-in/rescue/code", {"email": email, "code": WRONG}).text
    finally:
        event.remove(*listen)
    page = re.sub(r'(name="(csrf_token|challenge)" value|data-options)="[^"]+"', "", page)
    return page.replace(email, ""), tuple(sent)


def test_a_code_of_one_organisation_opens_no_other_and_one_of_a_former_owner_opens_nothing(cast, two):
    code, other, *_ = codes_of(cast, two.a)
    with tenant_work(two.b.ref), pytest.raises(CodeRefused):
        use_code(email="owner@alpha.example", code=code, now=now())
    with tenant_work(two.a.ref):
        session().get(Account, two.a.owner_id).ended_at = now()
    assert redeem(cast.browser(two.a), other).status_code == 422
    with tenant_work(two.a.ref):
        assert count_enrolled_owners() == 0


def test_a_rescue_ends_after_half_an_hour(cast, two, monkeypatch):
    browser = cast.browser(two.a)
    redeem(browser, codes_of(cast, two.a)[0])
    assert browser.get("/set-up/sign-in").status_code == 200
    later = time.time() + timedelta(minutes=31).total_seconds()
    monkeypatch.setattr(time, "time", lambda: later)
    assert browser.get("/set-up/sign-in").status_code == 303


def test_only_digests_are_kept(cast, two):
    codes = codes_of(cast, two.a)
    with tenant_work(two.a.ref):
        kept = set(session().scalars(select(RescueCode.digest)))
    assert kept == {digest_of(code) for code in codes}
    assert not kept & set(codes)


def test_a_rescue_does_not_grow_by_a_link_in_a_mail_when_the_provider_is_the_only_way(cast, two):
    browser = cast.browser(two.a)
    redeem(browser, codes_of(cast, two.a)[0])
    with tenant_work(two.a.ref):
        session().add(SignInPolicy(enforced_at=now(), changed_at=now()))
        link = make_login_link(account_id=two.a.owner_id, browser=None, now=now())
        session().flush()
        path = f"/sign-in/links/{seal('login-link', link.id)}"
    assert browser.get("/set-up/sign-in").status_code == 200
    assert browser.post(path).status_code in {403, 404, 410}
    assert browser.get("/set-up/sign-in").status_code == 200
    assert browser.get("/set-up").status_code == 403


def test_codes_end_with_the_ownership_for_good(cast, two):
    vera = cast.account(two.a.ref, "vera@alpha.example", Role.OWNER, Role.IT_CONTACT, name="Vera")
    browser = cast.signed_in(two.a, vera.id)
    code = CODE.findall(browser.post("/me/rescue/codes").text)[0]
    with tenant_work(two.a.ref):
        session().get(Account, two.a.owner_id).came_in_at = now()
        owner = find_actor(two.a.owner_id)
        take_role(account_id=vera.id, role=Role.OWNER, by=owner, now=now())
        give_role(account_id=vera.id, role=Role.OWNER, by=owner, now=now())
    assert redeem(cast.browser(two.a), code, "vera@alpha.example").status_code == 422
