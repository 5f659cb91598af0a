"""Ways around the sign-in: borrowed sessions, a rescue that wants more, a directory that writes more than it may."""

import pytest
from flask import Flask

from app import clock
from app.access.actor import SYSTEM, Actor
from app.access.errors import AccountExists
from app.access.guard import needs_fresh, permissions_of_view
from app.access.models import Account
from app.access.permissions import Permission as P
from app.access.queries import find_account_by_email, find_account_of_person, list_roles
from app.access.roles import Role, permissions_of
from app.roles.actions import give_role, invite_to_roles
from app.roles.errors import MayNotGive
from app.sign_in.actions import let_in_as, let_in_as_new
from app.sign_in.models import Connection, Identity, Jit
from app.sign_in.queries import find_known
from app.web.areas import Area, area_of_endpoint
from tenants.models import new_id
from tenants.unit_of_work import session, tenant_work
from tests.break_glass.ways import codes_of, redeem
from tests.factories.sign_in import connect, go_through, invite
from tests.scim.directories import DirectoryClient, token_of

WEIGHTY = {
    P.MANAGE_SIGN_IN, P.MANAGE_PROVISIONING, P.MANAGE_ROLES, P.EXPORT_ORGANISATION, P.CLOSE_ORGANISATION, P.LET_IN,
    P.KEEP_RESCUE, P.APPROVE_CLOSINGS, P.RECOVER_OWNERS, P.MANAGE_OWN_PASSKEYS,
}  # fmt: skip

CLOSED_TO_RESCUE = (
    "/set-up", "/people", "/set-up/roles", "/set-up/provisioning", "/set-up/sessions", "/set-up/export",
    "/set-up/closing", "/set-up/seats", "/set-up/arrivals", "/me", "/today", "/figures",
)  # fmt: skip


def views_of(app: Flask, area: Area):
    for rule in app.url_map.iter_rules():
        if area_of_endpoint(rule.endpoint) is area:
            yield rule, app.view_functions[rule.endpoint]


def test_whatever_decides_something_weighty_wants_a_confirmed_sign_in(app: Flask):
    """One permission among several of these is enough to open a view, so all of them have to be weighty to count."""
    loose = {
        rule.endpoint
        for area in (Area.ORGANISATION, Area.STAFF)
        for rule, view in views_of(app, area)
        if "POST" in (rule.methods or set())
        and permissions_of_view(view) & WEIGHTY
        and not needs_fresh(view, changes=True)
    }
    assert loose == set()


def test_a_rescue_opens_the_sign_in_settings_and_nothing_else(cast, two, app: Flask):
    """The guard asks for permissions, and a rescue has one; a page of each kind is tried."""
    rescued = cast.browser(two.a)
    assert redeem(rescued, codes_of(cast, two.a)[0]).status_code == 303
    assert rescued.get("/set-up/sign-in").status_code == 200
    assert permissions_of(frozenset({Role.RESCUER})) == {P.MANAGE_SIGN_IN}
    for path in CLOSED_TO_RESCUE:
        assert rescued.get(path, check=False).status_code == 403, path


def test_a_rescue_makes_nobody_a_way_in_of_their_own(cast, two):
    """Neither a passkey, nor codes, nor another log-in, nor a longer stay."""
    rescued = cast.browser(two.a)
    redeem(rescued, codes_of(cast, two.a)[0])
    for path in ("/me/rescue", "/me/log-ins", "/me/sign-ins", "/sign-in/again", "/sign-in/again/passkey"):
        assert rescued.get(path, check=False).status_code == 403, path
    assert rescued._session()["method"] == "rescue"


def test_a_directory_can_make_nobody_more_than_its_owner_allowed(cast, two, app: Flask):
    """A token writes people: their addresses, names, ids. It reaches no role holder's account and no owner's role."""
    directory = DirectoryClient(app, two.a)
    taken = directory.add("Users", userName="boss", emails=[{"value": "owner@alpha.example"}])
    directory.patch(f"/Users/{taken['id']}", {"op": "replace", "path": "externalId", "value": "mine"})
    directory.patch(f"/Users/{taken['id']}", {"op": "replace", "path": "roles", "value": [{"value": "owner"}]})
    with tenant_work(two.a.ref):
        owner = session().get(Account, two.a.owner_id)
        assert (owner.email, owner.person_id) == ("owner@alpha.example", None)
        assert list_roles(owner.id) == {Role.OWNER}
        for role in (Role.OWNER, Role.MEMBER, Role.STAFF, Role.RESCUER, Role.DIRECTORY):
            with pytest.raises(MayNotGive):
                give_role(account_id=owner.id, role=role, by=SYSTEM, now=clock.now())


def test_a_changed_address_in_the_directory_moves_nobodys_mail_link(cast, two, app: Flask):
    """Whoever writes the directory would have the owner's next sign-in link sent to themselves."""
    person = cast.person(two.a.ref, "meri@alpha.example")
    cast.account(two.a.ref, "meri@alpha.example", Role.OWNER, Role.MEMBER, person=person)
    directory = DirectoryClient(app, two.a)
    evil = {"op": "replace", "path": 'emails[type eq "work"].value', "value": "thief@alpha.example"}
    directory.patch(f"/Users/{person.id}", evil)
    browser = cast.browser(two.a)
    for email in ("thief@alpha.example", "meri@alpha.example"):
        browser.post("/sign-in/links", {"email": email})
    cast.run_jobs()
    assert not [mail for mail in cast.mails("thief@alpha.example") if "/sign-in/links/" in mail.text]
    assert [mail for mail in cast.mails("meri@alpha.example") if "/sign-in/links/" in mail.text]


def test_a_token_opens_its_own_organisations_directory_alone(cast, two, app: Flask):
    stolen = token_of(two.a)
    person = cast.person(two.a.ref, "petri@alpha.example")
    elsewhere = DirectoryClient(app, two.b, stolen)
    for method, path in (("GET", "/Users"), ("GET", f"/Users/{person.id}"), ("DELETE", f"/Users/{person.id}")):
        assert elsewhere.ask(method, path).status_code == 401, path
    assert DirectoryClient(app, two.b).ask("GET", f"/Users/{person.id}").status_code == 404
    owner = cast.signed_in(two.a)
    assert owner.get("/scim/v2/Users", check=False).status_code == 401, "a session is no token"
    for sent in ({"Authorization": f"Bearer {stolen}"}, {"X-CSRF-Token": stolen}):
        assert cast.browser(two.a).get("/people", headers=sent).status_code == 303, "a token is no session"


@pytest.fixture
def knocking(cast, two, provider):
    """Somebody whom nobody invited asks to come in, with an address of their choice."""
    connect(two.a, provider)
    with tenant_work(two.a.ref):
        session().query(Connection).one().jit = Jit.APPROVAL.value
    provider.subject, provider.extra = "a stranger", {"email": "owner@alpha.example", "name": "Meri"}
    go_through(cast.browser(two.a), provider)
    with tenant_work(two.a.ref):
        return session().query(Identity).one().id


def test_who_decides_on_arrivals_cannot_hand_anybody_a_colleagues_account(cast, two, knocking):
    _, account = cast.employee(two.a, "ilta@alpha.example")
    namesake = cast.person(two.a.ref, "owner@alpha.example")
    newcomer = {"given_name": "M", "family_name": "", "email": "OWNER@alpha.example"}
    with tenant_work(two.a.ref), pytest.raises(AccountExists):
        let_in_as(identity_id=knocking, person_id=namesake.id, now=clock.now())
    with tenant_work(two.a.ref), pytest.raises(AccountExists):
        let_in_as_new(identity_id=knocking, **newcomer, now=clock.now())
    with tenant_work(two.a.ref):
        let_in_as(identity_id=knocking, person_id=account.person_id, now=clock.now())
    with tenant_work(two.a.ref):
        assert session().get(Identity, knocking).account_id is None
        assert find_account_of_person(namesake.id) is None


def test_word_of_an_end_from_another_organisations_provider_ends_nothing_here(cast, two, provider):
    connection, elsewhere = connect(two.a, provider), connect(two.b, provider)
    person = cast.person(two.a.ref, "aino@alpha.example")
    browser = cast.browser(two.a)
    browser.get(invite(two.a, person))
    go_through(browser, provider)
    assert browser.get("/privacy-notice").status_code == 200
    stranger = cast.browser(two.b)
    for path in (f"/sign-in/back-channel/{elsewhere.id}", f"/sign-in/back-channel/{new_id()}"):
        stranger.client.post(path, base_url=f"https://{stranger.host}", data={"logout_token": provider.logout_token()})
    forged = provider.logout_token(aud="another-client")
    here = f"/sign-in/back-channel/{connection.id}"
    answer = browser.client.post(here, base_url=f"https://{browser.host}", data={"logout_token": forged})
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers
    assert browser.get("/privacy-notice").status_code == 200, "still in"
    browser.client.post(here, base_url=f"https://{browser.host}", data={"logout_token": provider.logout_token()})
    assert browser.get("/privacy-notice").status_code == 303, "the true word is heard"


def test_nobody_gives_a_role_above_their_own_by_inviting_somebody_else(two):
    for role in set(Role) - {Role.OWNER}:
        by = Actor("account", new_id(), roles=frozenset({role}))
        with tenant_work(two.a.ref), pytest.raises(MayNotGive):
            invite_to_roles(
                email="friend@alpha.example", name="A friend", roles=frozenset({Role.OWNER}), language=None, by=by,
                now=clock.now(),
            )  # fmt: skip
    with tenant_work(two.a.ref):
        assert find_account_by_email("friend@alpha.example") is None
        assert find_known(new_id(), "x") is None
