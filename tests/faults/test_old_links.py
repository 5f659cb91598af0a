"""Links that have had their time say so, what to do next, and with a status that is no success."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import update

from app.clock import now
from app.links import seal, unseal
from app.sign_in.actions import make_login_link
from app.sign_in.models import Invitation, LoginLink
from tenants.unit_of_work import session, tenant_work
from tests.cast import Cast, Organisation
from tests.factories.sign_in import invite
from tests.factories.sign_ups import asked, set_back

LONG_AGO = timedelta(days=40)


@pytest.fixture
def alpha(cast: Cast) -> SimpleNamespace:
    organisation = cast.organisation("alpha")
    return SimpleNamespace(organisation=organisation, browser=cast.browser(organisation), cast=cast)


def _set(organisation: Organisation, model: type, token: str, purpose: str, **values: object) -> None:
    with tenant_work(organisation.ref) as opened:
        opened.execute(update(model).where(model.id == unseal(purpose, token.rsplit("/", 1)[-1])).values(**values))


def _invitation(alpha: SimpleNamespace, **values: object) -> str:
    person = alpha.cast.person(alpha.organisation.ref, "petri@alpha.example")
    path = invite(alpha.organisation, person)
    _set(alpha.organisation, Invitation, path, "invitation", **values)
    return path


def _login_link(alpha: SimpleNamespace, **values: object) -> str:
    with tenant_work(alpha.organisation.ref):
        link = make_login_link(account_id=alpha.organisation.owner_id, browser=None, now=now())
        session().flush()
        path = f"/sign-in/links/{seal('login-link', link.id)}"
    _set(alpha.organisation, LoginLink, path, "login-link", **values)
    return path


@pytest.mark.parametrize(
    ("make", "values", "sentence"),
    [
        (_invitation, {"expires_at": now() - LONG_AGO}, "Your invitation is too old"),
        (_invitation, {"accepted_at": now()}, "You have been here before"),
        (_login_link, {"expires_at": now() - LONG_AGO}, "This link is too old"),
        (_login_link, {"used_at": now()}, "This link has been used"),
    ],
)
def test_a_link_past_its_time_explains_itself(alpha: SimpleNamespace, make, values: dict, sentence: str):
    answer = alpha.browser.get(make(alpha, **values))
    assert answer.status_code == 410
    assert sentence in answer.text
    assert 'href="/sign-in"' in answer.text, "the page leads on"


@pytest.mark.parametrize("path", ["/invitations/nonsense", "/sign-in/links/nonsense"])
def test_a_link_that_was_cut_explains_itself(alpha: SimpleNamespace, path: str):
    answer = alpha.browser.get(path)
    assert answer.status_code == 404
    assert "leads nowhere" in answer.text


def test_an_old_confirmation_explains_itself(cast: Cast):
    sign_up = asked("alpha")
    set_back(sign_up, expires_at=LONG_AGO)
    answer = cast.browser().get(f"/confirmations/{seal('confirmation', sign_up)}")
    assert answer.status_code == 410
    assert 'href="/"' in answer.text, "the page leads back to the start"
