"""Those whom nobody invited: by the directory's id, by an address that an owner has stated is fixed, or by asking."""

from urllib.parse import urlsplit

import pytest

from app.access.models import Account
from app.access.queries import find_account_of_person, list_roles
from app.access.roles import Role
from app.clock import now
from app.domains.models import Domain
from app.people.models import Person
from app.sign_in.models import Connection, Identity, Jit
from tenants.unit_of_work import session, tenant_work
from tests.factories.sign_in import connect, go_through

AINO = {"email": "aino@alpha.example", "name": "Aino Virta"}


@pytest.fixture
def alpha(cast, provider):
    alpha = cast.organisation("alpha")
    connect(alpha, provider)
    return alpha


@pytest.fixture
def aino(cast, alpha):
    return cast.person(alpha.ref, "aino@alpha.example", given_name="Aino", family_name="Virta")


def change(organisation, **values):
    """Settings of the connection, as its page writes them."""
    with tenant_work(organisation.ref):
        connection = session().query(Connection).one()
        for name, value in values.items():
            setattr(connection, name, value)


def own(organisation, name, *, verified=True, connection_id=None):
    with tenant_work(organisation.ref):
        session().add(
            Domain(
                name=name,
                token="t",
                verified_at=now() if verified else None,
                connection_id=connection_id,
                created_at=now(),
            )
        )


def account_of(organisation, person):
    with tenant_work(organisation.ref):
        return find_account_of_person(person.id)


def rows(organisation, model):
    with tenant_work(organisation.ref):
        return session().query(model).all()


def come(cast, organisation, provider, subject="subject-1", **claims):
    provider.subject, provider.extra = subject, claims
    return go_through(cast.browser(organisation), provider)


def test_the_directorys_own_id_links_the_first_sign_in(cast, alpha, provider):
    aino = cast.person(alpha.ref, "aino@alpha.example", external_id="e-1")
    change(alpha, external_id_claim="oid")
    assert come(cast, alpha, provider, oid="e-2").status_code == 403
    assert come(cast, alpha, provider, oid=["e-1"]).status_code == 403
    assert come(cast, alpha, provider, oid="e-1", email="else@evil.example").status_code == 303
    assert account_of(alpha, aino).email == "aino@alpha.example"


def test_an_address_links_when_it_is_stated_to_be_fixed_and_its_domain_is_verified(cast, alpha, aino, provider):
    own(alpha, "alpha.example")
    assert come(cast, alpha, provider, **AINO).status_code == 403
    change(alpha, addresses_fixed_at=now())
    assert come(cast, alpha, provider, **AINO, email_verified=False).status_code == 403
    assert come(cast, alpha, provider, **AINO).status_code == 303
    account = account_of(alpha, aino)
    with tenant_work(alpha.ref):
        assert list_roles(account.id) == {Role.MEMBER}
    again = come(cast, alpha, provider, "subject-2", **AINO)
    assert (again.status_code, "Kamu does not know you yet" in again.text) == (403, True)


@pytest.mark.parametrize("verified", [True, False])
def test_an_address_outside_of_the_connections_domains_links_nobody(cast, alpha, aino, provider, verified):
    """The domain is not verified, or its people sign in by another connection."""
    with tenant_work(alpha.ref):
        other = Connection(provider="other", state="draft", created_at=now(), updated_at=now())
        session().add(other)
    own(alpha, "alpha.example", verified=verified, connection_id=other.id if verified else None)
    with tenant_work(alpha.ref):
        session().query(Connection).filter_by(state="active").one().addresses_fixed_at = now()
    assert come(cast, alpha, provider, **AINO).status_code == 403
    assert account_of(alpha, aino) is None


def test_an_owners_account_is_reached_by_no_claim(cast, alpha, provider):
    """Neither by its address nor by an id of the directory, however much the provider is trusted."""
    owner = cast.person(alpha.ref, "owner@alpha.example", external_id="e-1")
    with tenant_work(alpha.ref):
        session().get(Account, alpha.owner_id).person_id = owner.id
    own(alpha, "alpha.example")
    for jit in Jit:
        change(alpha, addresses_fixed_at=now(), external_id_claim="oid", jit=jit.value)
        for claims in ({"email": "owner@alpha.example"}, {"oid": "e-1"}):
            assert come(cast, alpha, provider, **claims).status_code in {200, 403}
    assert {row.account_id for row in rows(alpha, Identity)} == {None}


def test_another_organisations_connection_reaches_nobody_here(cast, alpha, aino, provider):
    """Its owner states what they like of a domain that is verified here as well."""
    beta = cast.organisation("beta")
    connect(beta, provider)
    for each in (alpha, beta):
        own(each, "alpha.example")
        change(each, addresses_fixed_at=now(), jit="domain")
    assert come(cast, beta, provider, **AINO).status_code == 303
    assert account_of(alpha, aino) is None
    assert rows(alpha, Identity) == []


def test_somebody_of_a_verified_domain_is_written_into_the_directory(cast, alpha, provider):
    change(alpha, jit="domain")
    assert come(cast, alpha, provider, **AINO).status_code == 403
    own(alpha, "alpha.example")
    assert come(cast, alpha, provider, email="aino@sub.alpha.example").status_code == 403
    assert come(cast, alpha, provider, **AINO).status_code == 303
    (person,) = rows(alpha, Person)
    assert (person.given_name, person.family_name, person.email) == ("Aino", "Virta", "aino@alpha.example")
    assert account_of(alpha, person).email == "aino@alpha.example"


def test_nobody_is_written_over_whom_the_directory_knows(cast, alpha, aino, provider):
    change(alpha, jit="domain")
    own(alpha, "alpha.example")
    assert come(cast, alpha, provider, **AINO).status_code == 403
    assert account_of(alpha, aino) is None


def test_somebody_who_asks_waits_and_those_who_decide_hear_of_it_once(cast, alpha, provider):
    change(alpha, jit="approval")
    for subject in ("subject-1", "subject-2", "subject-1"):
        page = come(cast, alpha, provider, subject, **AINO)
        assert (page.status_code, "Your request is with Meri" in page.text) == (200, True)
    browser = cast.browser(alpha)
    go_through(browser, provider)
    assert urlsplit(browser.get("/welcome").location).path == "/sign-in"
    first, _ = rows(alpha, Identity)
    assert (first.account_id, first.claimed_name, first.claimed_email) == (None, "Aino Virta", "aino@alpha.example")
    assert rows(alpha, Person) == []
