"""Several connections: one replaces another in peace, a dry run tells who would be left, and one may be the only way."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from app import clock
from app.access.actor import Actor
from app.access.roles import Role
from app.break_glass.actions import make_codes
from app.domains.models import Domain
from app.links import seal
from app.sign_in import actions
from app.sign_in.errors import EnforcementRefused
from app.sign_in.models import Connection, Identity, Jit, ProviderKind, SignInPolicy
from app.sign_in.policies import SECRET_WARNED_DAYS, secret_warning
from app.sign_in.queries import is_enforced, list_connections_in_use
from app.sign_in.schedule import look_after_connections_everywhere
from tenants.unit_of_work import session, tenant_work
from tests.factories.sign_in import connect, go_through, invite
from tests.sign_in.hostile_provider import CLIENT_ID, CLIENT_SECRET, provider_running

STEP = "/set-up/sign-in"
ONLY = f"{STEP}/only-way-in"


@pytest.fixture(scope="module")
def second_running():
    with provider_running() as running:
        yield running


@pytest.fixture
def second(second_running):
    """Another provider than the first."""
    second_running.reset()
    return second_running


@pytest.fixture
def alpha(cast):
    return cast.organisation("alpha")


@pytest.fixture
def owner(cast, alpha):
    return cast.signed_in(alpha)


def in_use(organisation):
    with tenant_work(organisation.ref):
        return list(list_connections_in_use())


def replace(owner, provider, replaces=None):
    """Prepare, try and put in use, as on the pages."""
    owner.post(f"{STEP}/drafts", {"provider": "other", "replaces": replaces or ""})
    owner.post(
        f"{STEP}/drafts/current", {"issuer": provider.issuer, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    )
    page = owner.follow(go_through(owner, provider, f"{STEP}/test/start"))
    assert owner.post(f"{STEP}/active").status_code == 303
    return page.text


def come_in_first(cast, organisation, provider, email="aino@alpha.example", subject="aino"):
    """Somebody of the directory comes in by an invitation."""
    provider.subject = subject
    aino = cast.person(organisation.ref, email, given_name="Aino", family_name="Suvanto")
    browser = cast.browser(organisation)
    browser.get(invite(organisation, aino))
    assert go_through(browser, provider).status_code == 303
    provider.subject = "subject-1"
    return browser


def by(connection):
    return f"/sign-in/start?by={connection.id}"


def comes_in(cast, organisation, provider, subject, start):
    provider.subject = subject
    return go_through(cast.browser(organisation), provider, start).status_code == 303


def test_two_stand_beside_each_other_and_the_door_names_both(cast, alpha, owner, provider, second):
    connect(alpha, provider)
    replace(owner, second)
    first, other = in_use(alpha)
    owner.post(f"{STEP}/active/{other.id}", {"name": "Harbour", "jit": "off"})
    door = cast.browser(alpha).get("/sign-in").text
    assert "Continue with Alpha" in door
    assert "Continue with Harbour" in door
    come_in_first(cast, alpha, provider)
    assert comes_in(cast, alpha, provider, "aino", by(first))
    # The same subject at another provider is somebody else.
    assert not comes_in(cast, alpha, second, "aino", by(other))


def test_one_that_is_not_in_use_is_no_way_in(cast, alpha, owner, provider):
    connect(alpha, provider)
    owner.post(f"{STEP}/drafts", {"provider": "other"})
    with tenant_work(alpha.ref):
        draft = session().query(Connection).filter_by(state="draft").one()
    assert urlsplit(cast.browser(alpha).get(by(draft)).location).path == "/sign-in"


def test_a_replaced_one_works_for_seven_days_and_then_goes_by_itself(cast, alpha, owner, provider, second):
    old = connect(alpha, provider)
    come_in_first(cast, alpha, provider)
    page = replace(owner, second, old.id)
    assert "Fewer than ten members" in page
    new, before = in_use(alpha)
    assert (before.id, new.replaces_id) == (old.id, old.id)
    assert timedelta(days=6) < before.retires_at - clock.now() <= timedelta(days=7)
    assert "The way you came before" in cast.browser(alpha).get("/sign-in").text
    assert comes_in(cast, alpha, provider, "aino", by(old))
    with tenant_work(alpha.ref):
        session().get(Connection, old.id).retires_at = clock.now()
    look_after_connections_everywhere()
    cast.run_jobs()
    assert [each.id for each in in_use(alpha)] == [new.id]
    assert "The way you came before" not in cast.browser(alpha).get("/sign-in").text


def test_the_same_registration_with_a_new_secret_knows_everybody_again(cast, alpha, owner, provider):
    old = connect(alpha, provider)
    come_in_first(cast, alpha, provider)
    assert "have come in so far only" not in replace(owner, provider, old.id)
    new = in_use(alpha)[0]
    for each in (old, new):
        assert comes_in(cast, alpha, provider, "aino", by(each))
    with tenant_work(alpha.ref):
        assert session().query(Identity).filter_by(subject="aino").count() == 2


@pytest.mark.parametrize("moves", [False, True])
def test_what_was_decided_goes_along_but_not_to_another_provider_what_was_stated_of_one(
    alpha, owner, provider, second, moves
):
    old = connect(alpha, provider)
    with tenant_work(alpha.ref):
        kept = session().get(Connection, old.id)
        kept.name, kept.jit, kept.external_id_claim = "Ours", Jit.DOMAIN.value, "oid"
        kept.addresses_fixed_at = clock.now()
        session().add(Domain(name="alpha.example", token="t", connection_id=old.id, created_at=clock.now()))
    replace(owner, second if moves else provider, old.id)
    new = in_use(alpha)[0]
    assert (new.name, new.jit, new.external_id_claim) == ("Ours", "domain", "oid")
    assert (new.addresses_fixed_at is None) == moves
    with tenant_work(alpha.ref):
        assert session().query(Domain).one().connection_id == new.id


def test_a_dry_run_names_role_holders_and_never_members(cast, alpha, owner, provider, second):
    old = connect(alpha, provider)
    come_in_first(cast, alpha, provider)
    cast.account(alpha.ref, "lead@alpha.example", Role.PROGRAMME_LEAD, name="Eino Laine")
    page = owner.get(ONLY).text
    assert "2 people with a role have no log-in here yet" in page
    assert "Eino Laine" in page
    for each in (page, owner.get(f"{STEP}/active/{old.id}/end").text, replace(owner, second, old.id)):
        assert "Suvanto" not in each
    ending = owner.get(f"{STEP}/active/{old.id}/end").text
    assert "Fewer than ten members" in ending
    assert "Suvanto" not in ending


# The only way in


def enrol(alpha, *account_ids):
    with tenant_work(alpha.ref):
        for each in account_ids:
            make_codes(by=Actor("account", each, roles=frozenset({Role.OWNER})), now=clock.now())


def own_log_in(browser, provider, connection, subject):
    provider.subject = subject
    page = browser.follow(go_through(browser, provider, f"/me/log-ins/{connection.id}/start"))
    answer = browser.post("/me/log-ins", {"answer": "yes"})
    provider.subject = "subject-1"
    return page, answer


def make_only_way_in(alpha, provider):
    """The provider is the only way in, and the owner comes in by it as meri."""
    connection = connect(alpha, provider)
    with tenant_work(alpha.ref):
        session().add(SignInPolicy(enforced_at=clock.now(), changed_at=clock.now()))
        own = {"connection_id": connection.id, "subject": "meri", "account_id": alpha.owner_id}
        session().add(Identity(**own, created_at=clock.now()))
    return connection


def test_it_is_not_the_only_way_in_before_it_is_proven(cast, alpha, owner, provider):
    with tenant_work(alpha.ref), pytest.raises(EnforcementRefused):
        actions.enforce(now=clock.now())
    connection = connect(alpha, provider)
    wanted = ("Somebody tries the connection", "Two owners each have", "At least one owner")
    refused = owner.post(ONLY)
    assert (refused.status_code, [each in refused.text for each in wanted]) == (409, [True] * 3)
    go_through(owner, provider, f"{STEP}/active/{connection.id}/test")
    other = cast.account(alpha.ref, "second@alpha.example", Role.OWNER)
    enrol(alpha, alpha.owner_id)
    assert [each in owner.post(ONLY).text for each in wanted] == [False, True, True]
    enrol(alpha, other.id)
    assert [each in owner.post(ONLY).text for each in wanted] == [False, False, True]
    own_log_in(owner, provider, connection, "meri")
    assert owner.post(ONLY).status_code == 303
    assert "The only way in" in owner.get(STEP).text


def test_links_by_mail_end_for_known_and_unknown_alike(cast, alpha, owner, provider):
    with tenant_work(alpha.ref):
        before = actions.make_login_link(account_id=alpha.owner_id, browser=None, now=clock.now())
    make_only_way_in(alpha, provider)
    stranger = cast.browser(alpha)
    assert "invited by e-mail" not in stranger.get("/sign-in").text
    said = [stranger.post("/sign-in/links", {"email": f"{who}@alpha.example"}) for who in ("owner", "nobody")]
    assert [each.status_code for each in said] == [403, 403]
    assert len({re.sub(r'value="[^"]+"', "", each.text) for each in said}) == 1
    assert stranger.post(f"/sign-in/links/{seal('login-link', before.id)}").status_code == 403
    cast.run_jobs()
    assert [each for each in cast.mails("owner@alpha.example") if "sign-in link" in each.subject] == []
    # Whoever is in confirms by a link that it is still them.
    assert owner.get(f"/sign-in/links/{seal('login-link', before.id)}").status_code == 200
    owner.post(f"{ONLY}/end")
    assert "I was invited by e-mail" in stranger.get("/sign-in").text


def test_taking_the_last_one_out_of_use_lets_links_open_again(cast, alpha, owner, provider):
    connection = make_only_way_in(alpha, provider)
    assert "Links by mail work again" in owner.get(f"{STEP}/active/{connection.id}/end").text
    owner.post(f"{STEP}/active/{connection.id}/end")
    with tenant_work(alpha.ref):
        assert not is_enforced()
    assert cast.browser(alpha).post("/sign-in/links", {"email": "owner@alpha.example"}).status_code == 303


# One's own log-in


def test_somebody_who_is_in_connects_their_own_log_in(cast, alpha, owner, provider):
    connection = connect(alpha, provider)
    provider.subject = "meri"
    page = owner.follow(go_through(owner, provider, f"/me/log-ins/{connection.id}/start"))
    assert "Is this you?" in page.text
    assert not comes_in(cast, alpha, provider, "meri", "/sign-in/start")
    assert "Connected." in owner.follow(owner.post("/me/log-ins", {"answer": "yes"})).text
    assert comes_in(cast, alpha, provider, "meri", "/sign-in/start")


def test_saying_no_connects_nothing(cast, alpha, owner, provider):
    connection = connect(alpha, provider)
    provider.subject = "meri"
    go_through(owner, provider, f"/me/log-ins/{connection.id}/start")
    owner.post("/me/log-ins", {"answer": "no"})
    owner.post("/me/log-ins", {"answer": "yes"})
    assert not comes_in(cast, alpha, provider, "meri", "/sign-in/start")


def test_a_log_in_of_somebody_else_is_never_taken_over(cast, alpha, owner, provider):
    connection = connect(alpha, provider)
    come_in_first(cast, alpha, provider)
    provider.subject = "aino"
    answer = go_through(owner, provider, f"/me/log-ins/{connection.id}/start")
    assert (answer.status_code, "cannot be connected" in answer.text) == (409, True)
    own_log_in(owner, provider, connection, "meri")
    provider.subject = "another"
    assert go_through(owner, provider, f"/me/log-ins/{connection.id}/start").status_code == 409


def test_a_way_back_that_another_account_began_connects_nothing(cast, alpha, owner, provider):
    connection = connect(alpha, provider)
    contact = cast.account(alpha.ref, "it@alpha.example", Role.IT_CONTACT)
    path = f"/me/log-ins/{connection.id}/start"
    back = provider.redirect_path(provider.visit(cast.signed_in(alpha, contact.id).get(path).location))
    assert owner.get(back).status_code == 403


def invited_to_a_role(cast, organisation, account):
    """A browser in which the link of an invitation to a role was opened."""
    with tenant_work(organisation.ref):
        link = actions.make_login_link(account_id=account.id, browser=None, now=clock.now())
    browser, path = cast.browser(organisation), f"/role-invitations/{seal('role-invitation', link.id)}"
    browser.get(path)
    assert urlsplit(browser.post(path).location).path == "/sign-in/start"
    return browser


def test_who_was_invited_to_a_role_connects_their_log_in_on_the_way_in(cast, alpha, provider):
    make_only_way_in(alpha, provider)
    lead = cast.account(alpha.ref, "lead@alpha.example", Role.PROGRAMME_LEAD)
    browser = invited_to_a_role(cast, alpha, lead)
    provider.subject = "lead"
    assert go_through(browser, provider).status_code == 303
    assert browser.get("/set-up").status_code == 200
    assert comes_in(cast, alpha, provider, "lead", "/sign-in/start")


def test_an_invitation_to_a_role_never_takes_over_somebody_elses_log_in(cast, alpha, provider):
    make_only_way_in(alpha, provider)
    lead = cast.account(alpha.ref, "lead@alpha.example", Role.PROGRAMME_LEAD)
    browser = invited_to_a_role(cast, alpha, lead)
    provider.subject = "meri"
    assert go_through(browser, provider).status_code == 409
    # It was asked once; what comes next is an ordinary sign-in.
    assert go_through(browser, provider).status_code == 303


# The end of a sign-in


def test_whoever_signs_out_may_sign_out_there_too(cast, alpha, provider):
    connect(alpha, provider)
    aino = come_in_first(cast, alpha, provider)
    aino.get("/me/sign-ins")
    page = aino.follow(aino.post("/sign-out"))
    assert "Also sign out of Alpha" in page.text
    there = urlsplit(aino.get("/signed-out/there").location)
    assert there.path == "/logout"
    assert parse_qs(there.query)["post_logout_redirect_uri"][0].endswith("/signed-out")
    assert "Also sign out" not in aino.get("/signed-out").text


def test_a_provider_without_a_way_out_says_what_helps(cast, alpha, provider):
    provider.attack = "no way out"
    connect(alpha, provider)
    aino = come_in_first(cast, alpha, provider)
    aino.get("/me/sign-ins")
    aino.post("/sign-out")
    assert "Close all windows" in aino.get("/signed-out/there").text


def test_word_from_the_provider_ends_that_sign_in_and_no_other(cast, alpha, provider):
    connection = connect(alpha, provider)
    provider.extra["sid"] = "here"
    aino = come_in_first(cast, alpha, provider)
    provider.extra["sid"] = "there"
    elsewhere = come_in_first(cast, alpha, provider, "eino@alpha.example", "eino")
    tell = f"/sign-in/back-channel/{connection.id}"
    program = cast.browser(alpha)

    def hear(**changes):
        return program.client.post(
            tell, base_url=f"https://{program.host}", data={"logout_token": provider.logout_token(**changes)}
        )

    assert hear(aud="another").status_code == 400
    assert aino.get("/me/sign-ins").status_code == 200
    answer = hear(sub="aino", sid="here")
    assert (answer.status_code, answer.headers["Cache-Control"], "Set-Cookie" in answer.headers) == (
        200,
        "no-store",
        False,
    )
    assert aino.get("/me/sign-ins").status_code == 303
    assert elsewhere.get("/me/sign-ins").status_code == 200
    assert hear(sub="eino").status_code == 200
    assert elsewhere.get("/me/sign-ins").status_code == 303


def test_confirming_with_another_account_of_the_provider_is_refused(cast, alpha, provider):
    connect(alpha, provider)
    come_in_first(cast, alpha, provider, "eino@alpha.example", "eino")
    aino = come_in_first(cast, alpha, provider)
    provider.subject = "eino"
    assert go_through(aino, provider, "/sign-in/again/provider").status_code == 403
    provider.subject = "aino"
    assert go_through(aino, provider, "/sign-in/again/provider").status_code == 303


# A secret that ends


def test_each_warning_comes_once_and_none_after_the_day():
    told, given = None, []
    for days in range(40, -5, -1):
        warning = secret_warning(days, told)
        if warning:
            told = warning
            given.append(days)
    assert given == list(SECRET_WARNED_DAYS)
    # The clock may have stood still for a while: the last one is enough.
    assert [secret_warning(3, None), secret_warning(0, 7), secret_warning(5, 7)] == [7, 1, None]


def test_owners_and_it_contacts_are_told_once_that_a_secret_ends(cast, alpha, owner, provider):
    connection = connect(alpha, provider)
    cast.account(alpha.ref, "it@alpha.example", Role.IT_CONTACT)
    cast.account(alpha.ref, "lead@alpha.example", Role.PROGRAMME_LEAD)
    day = clock.now().date() + timedelta(days=7)
    owner.post(f"{STEP}/active/{connection.id}", {"name": "", "jit": "off", "secret_ends_on": day.isoformat()})
    for _ in range(2):
        look_after_connections_everywhere()
        cast.run_jobs()
    told = sorted(mail.to for mail in cast.mails())
    assert [to for each in told for to in ([each] if isinstance(each, str) else each)] == [
        "it@alpha.example",
        "owner@alpha.example",
    ]
    for page in (STEP, "/set-up"):
        assert "The client secret ends in 7 days" in owner.get(page).text


# Settings


def test_only_an_owner_states_that_addresses_are_fixed(cast, alpha, owner, provider):
    connection = connect(alpha, provider)
    contact = cast.signed_in(alpha, cast.account(alpha.ref, "it@alpha.example", Role.IT_CONTACT).id)
    settings = {"jit": "approval", "addresses_fixed": "y"}
    path = f"{STEP}/active/{connection.id}"
    contact.post(path, settings)
    assert (in_use(alpha)[0].jit, in_use(alpha)[0].addresses_fixed_at) == ("approval", None)
    owner.post(path, settings)
    assert in_use(alpha)[0].addresses_fixed_at is not None
    contact.post(path, {"jit": "off"})
    assert in_use(alpha)[0].addresses_fixed_at is not None
    owner.post(path, {"jit": "off"})
    assert in_use(alpha)[0].addresses_fixed_at is None


@pytest.mark.parametrize("claim", ["email", "UPN", "preferred_username", "a b", "x" * 65])
def test_a_claim_that_people_can_change_links_nobody(alpha, owner, provider, claim):
    connection = connect(alpha, provider)
    answer = owner.post(f"{STEP}/active/{connection.id}", {"jit": "off", "external_id_claim": claim})
    assert (answer.status_code, in_use(alpha)[0].external_id_claim) == (422, None)


def test_kamu_registers_itself_on_the_page(alpha, owner, provider):
    owner.post(f"{STEP}/drafts", {"provider": "keycloak"})
    provider.registration = (401, {})
    path = f"{STEP}/drafts/current/registration"
    refused = owner.post(path, {"issuer": provider.issuer})
    assert (refused.status_code, "did not register Kamu" in refused.text) == (422, True)
    provider.reset()
    page = owner.follow(owner.post(path, {"issuer": provider.issuer, "initial_token": "t"}))
    assert "Kamu has registered itself" in page.text
    assert CLIENT_SECRET not in page.text
    assert provider.registered[0]["redirect_uris"][0].split("/")[-1] in page.text
    assert "The test sign-in worked" in owner.follow(go_through(owner, provider, f"{STEP}/test/start")).text


def test_operators_add_one_beside(alpha, provider, second):
    connect(alpha, provider)
    with tenant_work(alpha.ref):
        actions.add_active_connection(
            provider=ProviderKind.OTHER,
            issuer=second.issuer,
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            now=clock.now(),
            beside=True,
        )
    assert len(in_use(alpha)) == 2
