"""An employee opens the invitation, signs in at work's own provider, and is inside; nobody else is."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from app import clock
from app.access.models import Account
from app.access.queries import find_account_of_person, list_roles
from app.access.roles import Role
from app.links import seal
from app.people.models import Person
from app.sign_in import actions
from app.sign_in.models import Identity, Invitation
from app.sign_in.queries import find_active_connection
from tenants.models import new_id
from tenants.unit_of_work import session, tenant_work
from tests.factories.sign_in import connect, go_through, invite


@pytest.fixture
def alpha(cast, provider):
    alpha = cast.organisation("alpha")
    connect(alpha, provider)
    return alpha


@pytest.fixture
def aino(cast, alpha):
    return cast.person(alpha.ref, "aino@alpha.example", given_name="Aino", family_name="Virta")


def account_of(organisation, person):
    with tenant_work(organisation.ref):
        return find_account_of_person(person.id)


def identities(organisation):
    with tenant_work(organisation.ref):
        return session().query(Identity).all()


def path_of(answer):
    return urlsplit(answer.location).path


def test_an_invited_person_comes_in_and_gets_an_account(cast, alpha, aino, provider):
    browser = cast.browser(alpha)
    page = browser.get(invite(alpha, aino))
    assert "Welcome, Aino" in page.text
    assert "Continue with Alpha" in page.text
    answer = go_through(browser, provider)
    assert (answer.status_code, path_of(answer)) == (303, "/")
    account = account_of(alpha, aino)
    assert (account.email, account.name) == ("aino@alpha.example", "Aino Virta")
    with tenant_work(alpha.ref):
        assert list_roles(account.id) == {Role.MEMBER}
    (identity,) = identities(alpha)
    assert (identity.subject, identity.account_id) == ("subject-1", account.id)


def test_the_second_time_no_invitation_is_needed_and_the_address_may_have_changed(cast, alpha, aino, provider):
    browser = cast.browser(alpha)
    browser.get(invite(alpha, aino))
    go_through(browser, provider)
    provider.extra = {"email": "somebody-else@alpha.example"}
    answer = go_through(cast.browser(alpha), provider)
    assert (answer.status_code, path_of(answer)) == (303, "/")
    assert len(identities(alpha)) == 1


def test_the_way_somebody_was_on_is_kept(cast, alpha, aino, provider):
    browser = cast.browser(alpha)
    browser.get(invite(alpha, aino))
    assert browser.get("/welcome?from=mail").status_code == 303
    answer = go_through(browser, provider)
    assert answer.location.endswith("/welcome?from=mail")


@pytest.mark.parametrize(
    "path",
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "/a\nb", "javascript:1", "/sign-in", None, 7],
)
def test_only_a_path_of_this_host_is_a_way_on(path):
    from app.sign_in.views.blueprint import local_path

    assert local_path(path) == ""


def test_somebody_without_an_invitation_is_told_what_to_do(cast, alpha, provider):
    answer = go_through(cast.browser(alpha), provider)
    assert (answer.status_code, "Kamu does not know you yet" in answer.text) == (403, True)
    assert identities(alpha) == []


def test_an_address_that_the_provider_claims_lets_nobody_in(cast, alpha, provider):
    """The provider asserts the owner's very address, verified and all."""
    provider.extra = {
        "email": "owner@alpha.example",
        "email_verified": True,
        "preferred_username": "owner@alpha.example",
    }
    answer = go_through(cast.browser(alpha), provider)
    assert answer.status_code == 403
    assert identities(alpha) == []


def test_the_same_subject_at_another_organisations_connection_is_somebody_else(cast, alpha, aino, provider):
    browser = cast.browser(alpha)
    browser.get(invite(alpha, aino))
    go_through(browser, provider)
    beta = cast.organisation("beta")
    connect(beta, provider)
    assert go_through(cast.browser(beta), provider).status_code == 403


def test_an_invitation_opened_in_another_browser_helps_nobody_here(cast, alpha, aino, provider):
    cast.browser(alpha).get(invite(alpha, aino))
    assert go_through(cast.browser(alpha), provider).status_code == 403


def test_an_invitation_works_for_one_person(cast, alpha, aino, provider):
    first, second = cast.browser(alpha), cast.browser(alpha)
    path = invite(alpha, aino)
    second.get(path)
    first.get(path)
    go_through(first, provider)
    provider.subject = "subject-2"
    answer = go_through(second, provider)
    assert (answer.status_code, "This invitation has been used" in answer.text) == (410, True)
    assert len(identities(alpha)) == 1


def test_a_known_person_who_opens_somebody_elses_invitation_stays_who_they_are(cast, alpha, aino, provider):
    browser = cast.browser(alpha)
    browser.get(invite(alpha, aino))
    go_through(browser, provider)
    other = cast.person(alpha.ref, "eero@alpha.example")
    again = cast.browser(alpha)
    again.get(invite(alpha, other))
    assert go_through(again, provider).status_code == 303
    assert account_of(alpha, other) is None


def test_an_owner_who_is_in_the_directory_keeps_the_one_account(cast, alpha, provider):
    owner = cast.person(alpha.ref, "owner@alpha.example", given_name="Meri")
    browser = cast.browser(alpha)
    browser.get(invite(alpha, owner))
    answer = go_through(browser, provider)
    assert path_of(answer) == "/set-up"
    account = account_of(alpha, owner)
    assert account.id == alpha.owner_id
    with tenant_work(alpha.ref):
        assert list_roles(account.id) == {Role.OWNER, Role.MEMBER}


def test_an_invitation_that_went_elsewhere_never_opens_the_owners_account(cast, alpha, aino, provider):
    """Somebody who may change the directory gives an invited person the owner's address."""
    browser = cast.browser(alpha)
    path = invite(alpha, aino)
    with tenant_work(alpha.ref):
        session().get(Person, aino.id).email = "owner@alpha.example"
    browser.get(path)
    answer = go_through(browser, provider)
    assert (answer.status_code, "went to another address" in answer.text) == (403, True)
    assert identities(alpha) == []


def test_a_changed_address_gets_a_new_invitation_and_the_old_one_ends(cast, alpha, aino):
    old = invite(alpha, aino)
    with tenant_work(alpha.ref):
        session().get(Person, aino.id).email = "new@alpha.example"
    fresh = invite(alpha, aino)
    assert old != fresh
    assert cast.browser(alpha).get(old).status_code == 410
    assert cast.browser(alpha).get(fresh).status_code == 200


def test_inviting_twice_makes_one_invitation(alpha, aino):
    assert invite(alpha, aino) == invite(alpha, aino)


def test_an_account_that_has_ended_stays_outside(cast, alpha, aino, provider):
    browser = cast.browser(alpha)
    browser.get(invite(alpha, aino))
    go_through(browser, provider)
    account = account_of(alpha, aino)
    with tenant_work(alpha.ref):
        session().get(Account, account.id).ended_at = clock.now()
    answer = go_through(cast.browser(alpha), provider)
    assert (answer.status_code, "This account has ended" in answer.text) == (403, True)


def test_a_member_whose_work_has_ended_is_told_so(cast, alpha, aino, provider):
    browser = cast.browser(alpha)
    browser.get(invite(alpha, aino))
    go_through(browser, provider)
    with tenant_work(alpha.ref):
        session().get(Person, aino.id).ends_on = clock.now().date() - timedelta(days=1)
    answer = go_through(cast.browser(alpha), provider)
    assert (answer.status_code, "This account has ended" in answer.text) == (403, True)


def test_somebody_who_has_left_stays_outside(cast, alpha, aino, provider):
    browser = cast.browser(alpha)
    browser.get(invite(alpha, aino))
    with tenant_work(alpha.ref):
        session().get(Person, aino.id).ends_on = clock.now().date() - timedelta(days=1)
    answer = go_through(browser, provider)
    assert (answer.status_code, "no longer stands" in answer.text) == (403, True)


def test_an_expired_invitation_has_a_page_and_lets_nobody_in(cast, alpha, aino, provider):
    path = invite(alpha, aino)
    browser, late = cast.browser(alpha), cast.browser(alpha)
    browser.get(path)
    with tenant_work(alpha.ref):
        session().query(Invitation).one().expires_at = clock.now()
    page = late.get(path)
    assert (page.status_code, "Your invitation is too old" in page.text) == (410, True)
    assert "Your invitation is too old" in go_through(browser, provider).text


def test_a_used_invitation_leads_to_the_door(cast, alpha, aino, provider):
    path = invite(alpha, aino)
    browser = cast.browser(alpha)
    browser.get(path)
    go_through(browser, provider)
    page = cast.browser(alpha).get(path)
    assert (page.status_code, "You have been here before" in page.text) == (410, True)
    assert "Continue with Alpha" in page.text


@pytest.mark.parametrize("token", ["nonsense", "unknown", "foreign purpose"])
def test_an_invitation_that_is_not_ours_leads_nowhere(cast, alpha, aino, token):
    sealed = {"unknown": seal("invitation", new_id()), "foreign purpose": seal("login-link", new_id())}
    page = cast.browser(alpha).get(f"/invitations/{sealed.get(token, token)}")
    assert (page.status_code, "leads nowhere" in page.text) == (404, True)


def test_an_invitation_of_another_organisation_leads_nowhere(cast, alpha, aino):
    beta = cast.organisation("beta")
    path = invite(alpha, aino)
    assert cast.browser(beta).get(path).status_code == 404
    assert cast.browser(alpha).get(path).status_code == 200


def test_an_invitation_before_the_provider_is_connected_says_so(cast):
    beta = cast.organisation("beta")
    person = cast.person(beta.ref, "eero@beta.example")
    assert "The door opens soon" in cast.browser(beta).get(invite(beta, person)).text
    assert path_of(cast.browser(beta).get("/sign-in/start")) == "/sign-in"


def come_back(cast, alpha, provider, **changes):
    return go_through(cast.browser(alpha), provider, **changes)


def test_the_providers_refusal_has_a_page_without_its_words(cast, alpha, provider):
    answer = come_back(cast, alpha, provider, error="access_denied", error_description="<b>words of theirs</b>")
    assert (answer.status_code, "The sign-in was not finished" in answer.text) == (403, True)
    assert "words of theirs" not in answer.text


def test_a_broken_answer_has_a_page_with_the_detail_for_it(cast, alpha, provider):
    provider.attack = "wrong aud"
    answer = come_back(cast, alpha, provider)
    assert (answer.status_code, "Kamu could not finish your sign-in" in answer.text) == (502, True)
    assert "The claim aud of the ID token" in answer.text


def test_a_provider_that_is_away_has_a_page(cast, alpha, provider):
    provider.attack = "metadata not found"
    answer = cast.browser(alpha).get("/sign-in/start")
    assert (answer.status_code, "Try again in a minute" in answer.text) == (502, True)


def test_coming_back_twice_with_the_same_state_is_refused(cast, alpha, aino, provider):
    browser = cast.browser(alpha)
    browser.get(invite(alpha, aino))
    out = browser.get("/sign-in/start")
    way_back = provider.redirect_path(provider.visit(out.location))
    assert browser.get(way_back).status_code == 303
    again = browser.get(way_back)
    assert (again.status_code, "already ended" in again.text) == (410, True)


def test_a_state_of_another_browser_is_refused(cast, alpha, aino, provider):
    """Somebody lays their own half-finished sign-in under another person's browser."""
    attacker, victim = cast.browser(alpha), cast.browser(alpha)
    attacker.get(invite(alpha, aino))
    victim.get("/sign-in")
    way_back = provider.redirect_path(provider.visit(attacker.get("/sign-in/start").location))
    answer = victim.get(way_back)
    assert (answer.status_code, "began in another browser" in answer.text) == (403, True)
    assert identities(alpha) == []


def test_coming_back_after_ten_minutes_is_late(cast, alpha, provider, monkeypatch):
    browser = cast.browser(alpha)
    way_back = provider.redirect_path(provider.visit(browser.get("/sign-in/start").location))
    late = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: late)
    answer = browser.get(way_back)
    assert (answer.status_code, "longer than ten minutes" in answer.text) == (410, True)


def test_no_error_text_shows_without_a_state_of_ours(cast, alpha):
    with tenant_work(alpha.ref):
        connection = find_active_connection()
    answer = cast.browser(alpha).get(f"/sign-in/callback/{connection.id}?error=access_denied&error_description=words")
    assert (answer.status_code, "already ended" in answer.text) == (410, True)
    assert "words" not in answer.text


def test_a_state_ends_with_the_connection_it_was_begun_for(cast, alpha, provider):
    browser = cast.browser(alpha)
    way_back = provider.redirect_path(provider.visit(browser.get("/sign-in/start").location))
    with tenant_work(alpha.ref):
        actions.deactivate(connection_id=find_active_connection().id, now=clock.now())
    assert browser.get(way_back).status_code == 410


def test_a_callback_of_another_organisation_is_refused(cast, alpha, provider):
    beta = cast.organisation("beta")
    browser = cast.browser(alpha)
    way_back = provider.redirect_path(provider.visit(browser.get("/sign-in/start").location))
    assert cast.browser(beta).get(way_back).status_code == 410


def test_the_session_id_is_new_after_signing_in(cast, alpha, aino, provider):
    browser = cast.browser(alpha)
    browser.get(invite(alpha, aino))
    before = browser.cookie()
    go_through(browser, provider)
    assert before
    assert browser.cookie() not in ("", before)


def test_a_form_is_no_way_to_the_provider(cast, alpha):
    assert cast.browser(alpha).post("/sign-in/start").status_code == 405
