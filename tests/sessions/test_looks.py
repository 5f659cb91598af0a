"""The pages about sign-ins and the privacy notice, as people see them. All by KAMU_DEEP: Chromium takes long."""

import os

import pytest
from flask import g
from sqlalchemy import update

from app.access.models import Account
from app.clock import now
from app.sign_in.actions import add_active_connection
from app.sign_in.models import ProviderKind
from app.web import session as web_session
from app.web.session import start_account_session
from tenants.unit_of_work import tenant_work
from tests.cast import Cast, Organisation
from tests.journeys.browser import carry, look_over, looked, person
from tests.sessions.test_own import WINDOWS, on

HOST = "alpha.kamu.localhost:8000"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        "KAMU_DEEP" not in os.environ, reason="bin/test --deep looks: their parts are looked at elsewhere"
    ),
]


def test_the_pages_of_sign_ins_are_clean(screen, cast: Cast, monkeypatch):
    alpha = cast.organisation("alpha", name="Saarnikoski")
    owner = cast.signed_in(alpha)
    for _ in range(2):
        on(cast.browser(alpha), WINDOWS).sign_in(alpha.ref, alpha.owner_id)
    by_provider = _comes_by_provider(cast, alpha)
    with person(screen) as meri:
        carry(meri, HOST, owner.cookie())
        look_over(meri, f"http://{HOST}/me/sign-ins", "sign-ins").close()
        look_over(meri, f"http://{HOST}/set-up/sessions", "sessions").close()
        monkeypatch.setattr(web_session, "FRESH", -1)
        look_over(meri, f"http://{HOST}/sign-in/again", "again").close()
        carry(meri, HOST, by_provider)
        page = look_over(meri, f"http://{HOST}/sign-in/again", "again-provider")
        page.locator("summary").click()
        looked(page, "again-another-way")


def test_the_privacy_notice_is_clean(screen, cast: Cast):
    alpha = cast.organisation("alpha", name="Saarnikoski")
    browser, account = cast.employee(alpha)
    with tenant_work(alpha.ref) as opened:
        opened.execute(update(Account).where(Account.id == account.id).values(notice_version=None))
    with person(screen) as ilta:
        carry(ilta, HOST, browser.cookie())
        look_over(ilta, f"http://{HOST}/privacy-notice", "privacy-notice").close()


def _comes_by_provider(cast: Cast, alpha: Organisation) -> str:
    """The session of the owner, come by a connection."""
    with tenant_work(alpha.ref):
        connection = add_active_connection(
            provider=ProviderKind.OTHER, issuer="https://id.example", client_id="kamu", client_secret="s", now=now()
        )
    browser = cast.browser(alpha)

    def begin() -> None:
        g.tenant = alpha.ref
        start_account_session(alpha.owner_id, method="oidc", connection_id=connection.id)

    browser._begin(begin)
    return browser.cookie()
