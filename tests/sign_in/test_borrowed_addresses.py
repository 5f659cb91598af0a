"""nOAuth: whoever runs a provider can write any address into a token. Whatever is set up, it opens nobody's account."""

from itertools import product
from types import SimpleNamespace

import pytest

from app.access.models import Account
from app.access.roles import Role
from app.clock import now
from app.domains.models import Domain
from app.sign_in.models import Connection, Identity, Jit
from app.sign_in.policies import AddPerson, LinkByInvitation, LinkPerson, SignIn, decide_sign_in
from app.sign_in.queries import read_arrival
from tenants.models import new_id
from tenants.unit_of_work import session, tenant_work
from tests.factories.sign_in import connect, go_through, invite
from tests.factories.staff import Nitor

GOOGLE = "https://accounts.google.com"
ROLES = (Role.OWNER, Role.PROGRAMME_LEAD, Role.IT_CONTACT, Role.BILLING_CONTACT, Role.EMPLOYEE_REPRESENTATIVE)
BOUND = ("nowhere", "anywhere", "here", "elsewhere")
# `kaisa+` and the letters below look like hers, or become hers when somebody makes them small or plain.
DISGUISES = ["KAISA@alpha.example", " kaisa@alpha.example ", "\u212aaisa@alpha.example", "ka\u0131sa@alpha.example",
             "kaisa@ALPHA.EXAMPLE", "kaisa@alpha.example\x00", "kaisa@alpha.example.", "\uff4baisa@alpha.example",
             "kaisa@alpha\u3002example", ["kaisa@alpha.example"], {"email": "kaisa@alpha.example"}]  # fmt: skip


@pytest.fixture
def alpha(cast, provider):
    """An organisation with a connection that is trusted, and one that somebody has added."""
    alpha = cast.organisation("alpha")
    trusted = connect(alpha, provider)
    with tenant_work(alpha.ref):
        rogue = Connection(
            id=new_id(), provider="other", issuer="https://rogue.example", client_id="c", client_secret=b"s",
            state="active", activated_at=now(), created_at=now(), updated_at=now(),
        )  # fmt: skip
        session().add(rogue)
    return SimpleNamespace(organisation=alpha, ref=alpha.ref, trusted=trusted.id, rogue=rogue.id)


@pytest.fixture
def people(cast, alpha):
    """Those whom somebody would like to be: every role, a member who comes in already, one who has ended, one away."""
    found = {role.value: one_with(cast, alpha, role) for role in ROLES}
    found["member"] = one_with(cast, alpha, Role.MEMBER, name="kaisa")
    found["ended"] = one_with(cast, alpha, Role.MEMBER, name="ended")
    found["away"] = one_with(cast, alpha, Role.MEMBER, name="away", deactivated_at=now())
    with tenant_work(alpha.ref):
        session().get(Account, found["ended"].id).ended_at = now()
        for account in found.values():
            session().add(
                Identity(
                    connection_id=alpha.trusted, subject=f"of {account.email}", account_id=account.id, created_at=now()
                )
            )
    return found


def one_with(cast, alpha, role, *, name="", **fields):
    name = name or f"the-{role.value}"
    email = f"{name}@alpha.example"
    person = cast.person(alpha.ref, email, external_id=f"id-{name}", **fields)
    return cast.account(alpha.ref, email, Role.MEMBER, *({role} - {Role.MEMBER}), person=person)


def settings_of_all_kinds():
    return product((Jit.OFF, Jit.DOMAIN), (None, now()), (None, "oid"), BOUND)


def set_up(alpha, connection_id, jit, fixed, claim, bound):
    connection = session().get(Connection, connection_id)
    connection.jit, connection.addresses_fixed_at, connection.external_id_claim = jit.value, fixed, claim
    session().query(Domain).delete()
    where = {"here": connection_id, "elsewhere": alpha.trusted if connection_id == alpha.rogue else alpha.rogue}
    if bound != "nowhere":
        session().add(
            Domain(name="alpha.example", token="t", verified_at=now(), connection_id=where.get(bound), created_at=now())
        )
    session().flush()
    return connection


def reached(connection, claims):
    """The account that the claims of an unknown subject lead to; a new person counts as nobody."""
    decision = decide_sign_in(None, None, read_arrival(connection, "a stranger", claims, now=now()))
    if isinstance(decision, SignIn | LinkPerson | LinkByInvitation):
        return decision.account_id
    return "new" if isinstance(decision, AddPerson) else None


def test_a_claimed_address_reaches_no_role_holder_and_nobody_who_has_ended_however_all_is_set(alpha, people):
    with tenant_work(alpha.ref):
        for jit in Jit:
            connection = set_up(alpha, alpha.rogue, jit, now(), "oid", "anywhere")
            for name in people.keys() - {"member"}:
                email = people[name].email
                claims = {"email": email, "email_verified": True, "oid": f"id-{email.split('@')[0]}"}
                assert reached(connection, claims) is None, (name, jit)


def test_another_connection_reaches_a_member_only_where_an_owner_has_said_that_addresses_are_fixed_there(alpha, people):
    """Said of the trusted connection, it holds nothing for the other; nor does a domain that is bound to that."""
    kaisa = people["member"]
    with tenant_work(alpha.ref):
        session().get(Connection, alpha.trusted).addresses_fixed_at = now()
        for kind in settings_of_all_kinds():
            _, fixed, _, bound = kind
            connection = set_up(alpha, alpha.rogue, *kind)
            may = fixed is not None and bound in {"anywhere", "here"}
            assert reached(connection, {"email": kaisa.email}) == (kaisa.id if may else None), kind
            assert reached(connection, {"email": kaisa.email, "email_verified": False}) is None, kind


def test_what_only_looks_like_an_address_is_nobodys(alpha, people):
    """Small and capital letters are the same mailbox; everything else is another one, or none."""
    kaisa = people["member"]
    with tenant_work(alpha.ref):
        connection = set_up(alpha, alpha.rogue, Jit.OFF, now(), None, "anywhere")
        for disguise in DISGUISES:
            same = isinstance(disguise, str) and disguise.isascii() and disguise.lower() == kaisa.email
            assert reached(connection, {"email": disguise}) == (kaisa.id if same else None), disguise
        for claim in ("preferred_username", "upn", "unique_name", "name", "sub", "verified_primary_email"):
            assert reached(connection, {claim: kaisa.email}) is None, claim


def test_an_account_of_everybodys_google_is_not_one_of_the_workspace(alpha, people):
    """The issuer is the same for all the world; only `hd` says whose account it is. Some keep a mailbox they once had."""
    with tenant_work(alpha.ref):
        connection = set_up(alpha, alpha.rogue, Jit.DOMAIN, now(), None, "anywhere")
        connection.issuer = GOOGLE
        for email, whose in ((people["member"].email, people["member"].id), ("new@alpha.example", "new")):
            claims = {"email": email, "email_verified": True}
            assert reached(connection, claims) is None
            assert reached(connection, {**claims, "hd": "evil.example"}) is None
            assert reached(connection, {**claims, "hd": "alpha.example"}) == whose


def test_an_address_opens_neither_another_organisation_nor_nitors_door(cast, alpha, people, provider, app):
    """The whole way, with pages: the same provider, everything switched on, in an organisation of the attacker's own."""
    tuisku = Nitor(app).enrolled()
    beta = cast.organisation("beta")
    connection = connect(beta, provider)
    with tenant_work(beta.ref):
        kept = session().get(Connection, connection.id)
        kept.jit, kept.addresses_fixed_at, kept.external_id_claim = Jit.DOMAIN.value, now(), "oid"
        for name in ("alpha.example", "nitor.example"):
            session().add(Domain(name=name, token="t", verified_at=now(), created_at=now()))
    for number, email in enumerate((people["member"].email, people["owner"].email, tuisku.staff.email)):
        provider.subject, provider.extra = f"s{number}", {"email": email, "oid": f"id-{email.split('@')[0]}"}
        attacker = cast.browser(beta)
        go_through(attacker, provider)
        session_of = attacker._session()
        assert session_of.get("kind") != "staff"
        assert session_of.get("account") not in {str(account.id) for account in people.values()}
        for host in (alpha.organisation, None):
            elsewhere = cast.browser(host) if host else Nitor(app).browser()
            elsewhere.use_cookie(attacker.cookie())
            assert elsewhere.get("/people" if host else "/").status_code == 404
    with tenant_work(alpha.ref):
        assert session().query(Identity).count() == len(people)


def start_at(connection_id):
    return f"/sign-in/start?by={connection_id}"


def test_an_invitation_of_a_colleague_is_not_opened_by_claiming_their_address(cast, alpha, provider):
    """Only the browser that opened the mail's link takes it; an address in the token takes nothing."""
    person = cast.person(alpha.ref, "new@alpha.example")
    invite(alpha.organisation, person)
    provider.extra = {"email": "new@alpha.example", "email_verified": True}
    assert (
        go_through(cast.browser(alpha.organisation), provider, f"/sign-in/start?connection={alpha.trusted}").status_code
        == 403
    )
