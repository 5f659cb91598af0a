"""Every member sees the privacy notice once in each version, before their own pages and before nothing else."""

import pytest
from sqlalchemy import update

from app.access.models import Account, RoleGrant
from app.access.roles import Role
from app.sessions import policies
from app.sessions.policies import CURRENT_NOTICE
from tenants.unit_of_work import tenant_work

NOTICE = "/privacy-notice"


@pytest.fixture
def newcomer(cast, two):
    browser, account = cast.employee(two.a)
    with tenant_work(two.a.ref) as opened:
        opened.execute(update(Account).where(Account.id == account.id).values(notice_version=None))
    return browser, account


def test_it_comes_first_and_leads_on_to_where_they_were_going(newcomer, two):
    browser, account = newcomer
    asked = browser.get("/choices")
    assert asked.location.endswith(NOTICE)
    page = browser.follow(asked).text
    assert "This is information, not consent." in page
    assert browser.post("/choices/want", {"want": "kamu"}).location.endswith(NOTICE)
    assert browser.post(NOTICE).location == "/choices"
    assert browser.get("/choices").status_code == 200
    assert "This is information" not in browser.get(NOTICE).text
    with tenant_work(two.a.ref) as opened:
        assert opened.get(Account, account.id).notice_version == CURRENT_NOTICE


def test_it_does_not_stand_before_what_is_theirs_by_right(newcomer):
    browser, _ = newcomer
    for path in ("/me", "/me/file", "/me/leave", "/me/shred", "/me/sign-ins", "/help", "/who-can-see-what"):
        assert browser.get(path).status_code == 200, path


def test_it_does_not_stand_before_pages_of_a_role(newcomer, two):
    browser, account = newcomer
    with tenant_work(two.a.ref) as opened:
        opened.add(RoleGrant(account_id=account.id, role=Role.PROGRAMME_LEAD, granted_at=account.created_at))
    assert [browser.get(path).status_code for path in ("/set-up", "/people", "/time")] == [200, 200, 200]
    assert browser.get("/choices").location.endswith(NOTICE)


def test_a_new_version_is_shown_again_and_a_form_under_way_is_taken(cast, two, monkeypatch):
    browser, _ = cast.employee(two.a)
    monkeypatch.setattr(policies, "CURRENT_NOTICE", CURRENT_NOTICE + 1)
    assert browser.get("/choices").location.endswith(NOTICE)
    assert not browser.post("/choices/want", {"want": "kamu"}).location.endswith(NOTICE)
