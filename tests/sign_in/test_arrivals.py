"""Those whom nobody invited: by the directory's id, by an address that an owner has stated is fixed, or by asking."""

import re
from urllib.parse import urlsplit

import pytest

from app.access.models import Account
from app.access.queries import find_account_of_person, list_roles
from app.access.roles import Role
from app.clock import now
from app.domains.models import Domain
from app.people.models import Person
from app.sign_in import jobs
from app.sign_in.models import Connection, Identity, Jit
from tenants.models import TenantOutbox, new_id
from tenants.unit_of_work import session, tenant_work
from tests.factories.sign_in import connect, go_through, invite

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


def asked(cast, organisation, provider, **claims):
    """Somebody has asked to come in; the address of the page where that is decided."""
    change(organisation, jit="approval")
    assert come(cast, organisation, provider, **(claims or AINO)).status_code == 200
    with tenant_work(organisation.ref):
        waiting = session().query(Identity).filter_by(account_id=None, refused_at=None).one()
    return f"/set-up/arrivals/{waiting.id}"


def test_those_who_decide_get_one_mail_a_day_without_names(cast, alpha, provider):
    cast.account(alpha.ref, "lead@alpha.example", Role.PROGRAMME_LEAD)
    cast.account(alpha.ref, "it@alpha.example", Role.IT_CONTACT)
    asked(cast, alpha, provider)
    with tenant_work(alpha.ref):
        jobs.tell_of_arrivals()
    cast.run_jobs()
    for address in ("owner@alpha.example", "lead@alpha.example"):
        (mail,) = cast.mails(address)
        assert mail.subject == "Somebody asks to come in to Kamu at Alpha"
        assert "Aino" not in mail.text
    assert cast.mails("it@alpha.example") == []
    with tenant_work(alpha.ref):
        jobs.tell_of_arrivals(since=now().isoformat())
    cast.run_jobs()
    assert len(cast.mails("owner@alpha.example")) == 1


def test_let_in_as_somebody_of_the_directory_they_come_in_at_the_next_sign_in(cast, alpha, aino, provider):
    path, owner = asked(cast, alpha, provider), cast.signed_in(alpha)
    assert "1 person asks to come in" in owner.get("/set-up").text
    assert "Aino Virta" in owner.get("/set-up/arrivals").text
    assert "Same address" in owner.get(path).text
    assert owner.post(f"{path}/person", {"person": "nobody"}).status_code == 422
    page = owner.follow(owner.post(f"{path}/person", {"person": str(aino.id)}))
    assert ("Decided" in page.text, "Nobody waits" in page.text) == (True, True)
    assert go_through(cast.browser(alpha), provider).status_code == 303
    (identity,) = rows(alpha, Identity)
    assert identity.account_id == account_of(alpha, aino).id
    assert (identity.claimed_email, identity.claimed_name, identity.asked_at) == (None, None, None)
    assert owner.get(path).status_code == 404


def test_who_decides_does_not_learn_whether_a_colleague_takes_part(cast, alpha, aino, provider):
    """The same words whether or not somebody comes in as her already; her account is not joined to the log-in."""
    eero = cast.person(alpha.ref, "eero@alpha.example", given_name="Eero")
    account = cast.account(alpha.ref, "aino@alpha.example", Role.MEMBER, person=aino)
    owner, answers = cast.signed_in(alpha), []
    for subject, person in (("subject-1", aino), ("subject-2", eero)):
        change(alpha, jit="approval")
        come(cast, alpha, provider, subject, **AINO)
        with tenant_work(alpha.ref):
            waiting = session().query(Identity).filter_by(subject=subject).one()
        path = f"/set-up/arrivals/{waiting.id}"
        assert "Is it really Aino Virta?" in owner.get(path).text
        done = owner.follow(owner.post(f"{path}/person", {"person": str(person.id)})).text
        assert ("Nobody waits" in done, "Not let in" in done) == (True, False)
        assert owner.get(path).status_code == 404
        answers.append(re.sub(r"nonce|csrf_token\" value=\"[^\"]+|Aino Virta|Eero Koski", "", done))
    assert answers[0] == answers[1]
    first = session_rows(alpha, "subject-1")
    assert (first.account_id, first.claimed_name) == (None, None)
    assert "not accepted" in come(cast, alpha, provider, "subject-1", **AINO).text
    with tenant_work(alpha.ref):
        assert session().query(Identity).filter_by(account_id=account.id).count() == 0


def session_rows(organisation, subject):
    with tenant_work(organisation.ref):
        return session().query(Identity).filter_by(subject=subject).one()


def test_somebody_new_is_written_into_the_directory(cast, alpha, aino, provider):
    path, owner = asked(cast, alpha, provider, email="ella@alpha.example", name="Ella Salo"), cast.signed_in(alpha)
    form = {"given_name": "Ella", "family_name": "Salo", "email": "aino@alpha.example"}
    taken = owner.post(f"{path}/newcomer", form)
    assert (taken.status_code, "has this address in the directory" in taken.text) == (422, True)
    role = owner.post(f"{path}/newcomer", {**form, "email": "owner@alpha.example"})
    assert (role.status_code, "holds a role here" in role.text) == (422, True)
    assert owner.post(f"{path}/newcomer", {**form, "given_name": ""}).status_code == 422
    assert owner.post(f"{path}/newcomer", {**form, "email": "ella@alpha.example"}).status_code == 303
    assert go_through(cast.browser(alpha), provider).status_code == 303


def test_who_is_refused_stays_outside_until_somebody_decides_anew(cast, alpha, aino, provider):
    path, owner = asked(cast, alpha, provider), cast.signed_in(alpha)
    assert "Not let in" in owner.follow(owner.post(f"{path}/refusal")).text
    page = go_through(cast.browser(alpha), provider)
    assert (page.status_code, "not accepted" in page.text) == (403, True)
    assert owner.post(f"{path}/person", {"person": str(aino.id)}).status_code == 303
    assert go_through(cast.browser(alpha), provider).status_code == 303


def test_an_invitation_opens_what_a_refusal_closed(cast, alpha, aino, provider):
    path, owner = asked(cast, alpha, provider), cast.signed_in(alpha)
    owner.post(f"{path}/refusal")
    browser = cast.browser(alpha)
    browser.get(invite(alpha, aino))
    assert go_through(browser, provider).status_code == 303
    assert account_of(alpha, aino)


@pytest.mark.parametrize("left", ["away", "owner"])
def test_who_decides_is_told_when_a_choice_cannot_be(cast, alpha, provider, left):
    address = "owner@alpha.example" if left == "owner" else "aino@alpha.example"
    person = cast.person(alpha.ref, address, deactivated_at=now() if left == "away" else None)
    path, owner = asked(cast, alpha, provider), cast.signed_in(alpha)
    answer = owner.post(f"{path}/person", {"person": str(person.id)})
    words = "holds a role here" if left == "owner" else "no access for now"
    assert (answer.status_code, words in answer.text) == (409, True)
    assert go_through(cast.browser(alpha), provider).status_code == 200


def test_what_was_claimed_is_forgotten_after_three_months(cast, alpha, provider):
    asked(cast, alpha, provider)
    with tenant_work(alpha.ref):
        waiting = session().query(Identity).one()
        assert session().query(TenantOutbox).filter_by(job="sign_in.forget_arrival").count() == 1
        waiting.refused_at = now()
        jobs.forget_arrival(identity_id=str(waiting.id))
        assert (waiting.claimed_name, waiting.claimed_email) == (None, None)
        waiting.refused_at = None
        jobs.forget_arrival(identity_id=str(waiting.id))
        jobs.forget_arrival(identity_id=str(new_id()))
    assert rows(alpha, Identity) == []


def test_members_and_it_decide_about_nobody(cast, alpha):
    member, _ = cast.employee(alpha)
    it = cast.account(alpha.ref, "it@alpha.example", Role.IT_CONTACT)
    for browser in (member, cast.signed_in(alpha, it.id)):
        assert browser.get("/set-up/arrivals").status_code == 403
