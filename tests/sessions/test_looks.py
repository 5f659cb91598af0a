"""The pages about sign-ins and the privacy notice, as people see them. All by KAMU_DEEP: Chromium takes long."""

import os

import pytest
from sqlalchemy import update

from app.access.models import Account
from app.web import session as web_session
from tenants.unit_of_work import tenant_work
from tests.cast import Cast
from tests.journeys.browser import carry, look_over, person
from tests.sessions.test_own import WINDOWS, on

HOST = "alpha.kamu.localhost:8000"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif("KAMU_DEEP" not in os.environ, reason="Chromium at four looks of six pages takes long"),
]


def test_the_pages_of_sign_ins_are_clean(screen, cast: Cast, monkeypatch):
    alpha = cast.organisation("alpha", name="Saarnikoski")
    owner = cast.signed_in(alpha)
    for _ in range(2):
        on(cast.browser(alpha), WINDOWS).sign_in(alpha.ref, alpha.owner_id)
    with person(screen) as meri:
        carry(meri, HOST, owner.cookie())
        look_over(meri, f"http://{HOST}/me/sign-ins", "sign-ins").close()
        look_over(meri, f"http://{HOST}/set-up/sessions", "sessions").close()
        monkeypatch.setattr(web_session, "FRESH", -1)
        look_over(meri, f"http://{HOST}/sign-in/again", "again").close()


def test_the_privacy_notice_is_clean(screen, cast: Cast):
    alpha = cast.organisation("alpha", name="Saarnikoski")
    browser, account = cast.employee(alpha)
    with tenant_work(alpha.ref) as opened:
        opened.execute(update(Account).where(Account.id == account.id).values(notice_version=None))
    with person(screen) as ilta:
        carry(ilta, HOST, browser.cookie())
        look_over(ilta, f"http://{HOST}/privacy-notice", "privacy-notice").close()
