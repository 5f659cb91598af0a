"""What matters to everybody asks for a sign-in of the last quarter hour, and loses nothing on the way."""

import re
import time
from types import SimpleNamespace

import pytest
from flask import g

from app.access.guard import by_token, for_programs, is_by_token, is_for_programs, is_public, permissions_of_view
from app.access.permissions import Permission
from app.clock import now
from app.links import seal
from app.sessions.actions import end_sessions_of_connection
from app.sign_in.actions import add_active_connection, make_login_link
from app.sign_in.models import ProviderKind
from app.web import session as web_session
from app.web.session import start_account_session
from tenants.unit_of_work import session, tenant_work
from tests.factories.staff import Nitor, challenge_of, options_of

PAGE = "/set-up/export"


@pytest.fixture
def later(monkeypatch):
    """Lets the session's clock run on by so many seconds."""

    def run_on(seconds: float) -> None:
        monkeypatch.setattr(web_session, "time", SimpleNamespace(time=lambda: time.time() + seconds))

    return run_on


def test_a_new_sign_in_is_enough(cast, two):
    assert cast.signed_in(two.a).get(PAGE).status_code == 200


def test_an_older_one_is_asked_again_and_comes_back(cast, two, later):
    browser = cast.signed_in(two.a)
    later(web_session.FRESH + 1)
    assert browser.get("/set-up").status_code == 200
    again = browser.get(PAGE)
    assert again.location.endswith("/sign-in/again")
    page = browser.follow(again)
    assert "owner@alpha.example" in page.text
    assert browser.post("/sign-in/again/link").location.endswith("/sign-in/again/link")
    assert browser.get("/sign-in/again/link").status_code == 200
    cast.run_jobs()
    link = re.search(r"/sign-in/links/[\w.-]+", cast.mails("owner@alpha.example")[0].text)[0]
    before = browser.cookie()
    back = browser.post(link)
    assert back.location.endswith(PAGE)
    assert browser.cookie() != before
    assert browser.follow(back).status_code == 200


def test_a_form_is_not_taken_and_leads_back_to_its_page(cast, two, later):
    browser = cast.signed_in(two.a)
    later(web_session.FRESH + 1)
    answer = browser.post(PAGE)
    assert answer.status_code == 401
    assert "Nothing was changed" in answer.text
    later(0)
    assert browser.get("/sign-in/again").location.endswith(PAGE)


def test_marks_say_who_may_send():
    @for_programs("The provider says who signed out.")
    def told() -> None: ...

    @by_token(Permission.PROVISION_PEOPLE)
    def provisioned() -> None: ...

    assert is_public(told)
    assert is_for_programs(told)
    assert not is_by_token(told)
    assert is_for_programs(provisioned)
    assert is_by_token(provisioned)
    assert permissions_of_view(provisioned) == {Permission.PROVISION_PEOPLE}


def test_confirming_by_a_link_keeps_the_provider_that_the_sign_in_ends_with(cast, two):
    with tenant_work(two.a.ref):
        connection = add_active_connection(
            provider=ProviderKind.OTHER, issuer="https://id.example", client_id="kamu", client_secret="s", now=now()
        )
        session().flush()
        link = make_login_link(account_id=two.a.owner_id, browser=None, now=now())
        session().flush()
        path = f"/sign-in/links/{seal('login-link', link.id)}"
    browser = cast.browser(two.a)

    def begin():
        g.tenant = two.a.ref
        start_account_session(two.a.owner_id, method="oidc", connection_id=connection.id, sid="s-1")

    browser._begin(begin)
    before = browser._session()
    assert browser.post(path).status_code == 303
    after = browser._session()
    assert [after[name] == before[name] for name in ("connection", "provider_sid", "began", "csrf", "handle")] == [
        True, True, True, True, False,
    ]  # fmt: skip
    with tenant_work(two.a.ref):
        end_sessions_of_connection(connection_id=connection.id, provider_sid="s-1", now=now())
    assert browser.get("/set-up").status_code == 303


@pytest.mark.parametrize(
    ("path", "status"),
    [("/set-up/sign-in", 303), ("/set-up/closing", 303), ("/set-up/sessions", 200), ("/people", 200), ("/set-up", 200)],
)
def test_what_matters_asks_and_what_does_not_opens(cast, two, later, path, status):
    browser = cast.signed_in(two.a)
    later(web_session.FRESH + 1)
    answer = browser.get(path)
    assert answer.status_code == status
    assert status == 200 or answer.location.endswith("/sign-in/again")
    assert browser.get("/set-up/export", headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.parametrize(("asked", "status"), [(False, 303), (True, 200)])
def test_a_provider_that_remembered_somebody_proves_nothing(cast, two, asked, status):
    browser = cast.browser(two.a)

    def begin():
        g.tenant = two.a.ref
        start_account_session(two.a.owner_id, method="oidc", asked=asked)

    browser._begin(begin)
    assert browser.get("/set-up").status_code == 200
    assert browser.get(PAGE).status_code == status


def test_staff_show_their_passkey_again(app, later):
    tuisku = Nitor(app).enrolled()
    browser = tuisku.browser
    assert browser.get("/closings").status_code == 200
    later(web_session.FRESH + 1)
    assert browser.get("/").status_code == 200
    for path in ("/passkeys", "/closings"):
        assert browser.get(path).location.endswith("/sign-in/again")
    page = browser.get("/sign-in/again")
    answer = tuisku.devices[0].answer_request(options_of(page))
    back = browser.post("/sign-in", {"challenge": challenge_of(page), "credential": answer})
    assert back.location.endswith("/closings")
    assert browser.follow(back).status_code == 200
