"""A domain is theirs who can write into its DNS; a slip of a week changes nothing."""

from datetime import timedelta

import pytest

from app import clock
from app.domains import actions, schedule
from app.domains.errors import NoAnswer, NotADomain
from app.domains.gateway import NameServers
from app.domains.jobs import look_for
from app.domains.models import Domain, EmailDomain
from app.domains.policies import DomainState, read_domain, record_value, state_of
from app.domains.queries import is_of_connection, list_organisations_of
from app.sign_in.actions import add_active_connection
from app.sign_in.models import ProviderKind
from tenants.models import TenantOutbox, new_id
from tenants.unit_of_work import control_work, session, tenant_work
from tests.factories.domains import Names, answer_with


@pytest.fixture
def names(app):
    yield answer_with(app, Names())
    answer_with(app, Names())


@pytest.fixture
def alpha(cast):
    return cast.organisation("alpha")


def added(organisation, name="alpha.example"):
    with tenant_work(organisation.ref):
        return actions.add_domain(name=name, now=clock.now())


def looked(organisation, at=None):
    """Look for the record of the one domain; what is so then."""
    with tenant_work(organisation.ref):
        domain = session().query(Domain).one()
        return actions.check_domain(domain=domain, now=at or clock.now())


def mirrored():
    with control_work() as control:
        return {each.name for each in control.query(EmailDomain)}


@pytest.mark.parametrize("place", ["_kamu-challenge.alpha.example", "alpha.example"])
def test_a_domain_is_verified_by_its_record_in_either_place(cast, alpha, names, place):
    domain = added(alpha)
    names.records[place] = {"v=spf1 -all", "kamu-verification=" + "0" * 32}
    assert looked(alpha) is DomainState.WAITING
    names.records[place].add(record_value(domain.token))
    assert looked(alpha) is DomainState.VERIFIED
    cast.run_jobs()
    with control_work():
        assert list_organisations_of("alpha.example") == [("Alpha", "alpha")]
        assert list_organisations_of("sub.alpha.example") == []


def test_one_organisations_record_proves_nothing_for_another(cast, alpha, names):
    beta = cast.organisation("beta")
    names.records["alpha.example"] = {record_value(added(alpha).token)}
    added(beta)
    assert looked(beta) is DomainState.WAITING


def test_silence_of_the_name_servers_takes_nothing_away(alpha, names):
    names.records["alpha.example"] = {record_value(added(alpha).token)}
    assert looked(alpha) is DomainState.VERIFIED
    names.down = True
    with pytest.raises(NoAnswer):
        looked(alpha, clock.now() + timedelta(days=30))
    with tenant_work(alpha.ref):
        assert state_of(session().query(Domain).one()) is DomainState.VERIFIED


def test_a_record_that_is_gone_for_a_week_is_lost_and_those_who_care_hear_of_it(cast, alpha, names):
    start = clock.now()
    names.records["alpha.example"] = {record_value(added(alpha).token)}
    looked(alpha, start)
    names.records.clear()
    assert looked(alpha, start + timedelta(days=1)) is DomainState.MISSING
    cast.run_jobs()
    assert mirrored() == {"alpha.example"}
    assert looked(alpha, start + timedelta(days=7)) is DomainState.MISSING
    with tenant_work(alpha.ref):
        assert is_of_connection("alpha.example", new_id())
    assert looked(alpha, start + timedelta(days=8)) is DomainState.LOST
    with tenant_work(alpha.ref):
        assert not is_of_connection("alpha.example", new_id())
    cast.run_jobs()
    assert mirrored() == set()
    subjects = {mail.subject for mail in cast.mails("owner@alpha.example")}
    assert subjects == {"The record of alpha.example is missing", "alpha.example no longer counts as yours"}


def test_a_record_that_comes_back_counts_as_if_it_had_never_gone(alpha, names):
    start = clock.now()
    names.records["alpha.example"] = {record_value(added(alpha).token)}
    looked(alpha, start)
    kept = names.records.pop("alpha.example")
    looked(alpha, start + timedelta(days=1))
    names.records["alpha.example"] = kept
    assert looked(alpha, start + timedelta(days=6)) is DomainState.VERIFIED
    with tenant_work(alpha.ref):
        assert session().query(Domain).one().verified_at == start


def test_the_clock_has_each_organisation_look_and_forgets_old_questions(cast, alpha, names):
    names.records["alpha.example"] = {record_value(added(alpha).token)}
    looked(alpha)
    cast.run_jobs()
    names.records.clear()
    with control_work():
        actions.ask_where(email="a@alpha.example", language="en", now=clock.now() - timedelta(days=2))
    schedule.check_everywhere()
    schedule.sweep_searches()
    cast.run_jobs()
    with tenant_work(alpha.ref):
        assert state_of(session().query(Domain).one()) is DomainState.MISSING
    assert cast.mails("a@alpha.example") == []


def test_a_new_domain_is_looked_for_by_itself(alpha, names):
    domain = added(alpha)
    names.records["alpha.example"] = {record_value(domain.token)}
    with tenant_work(alpha.ref):
        assert session().query(TenantOutbox).filter_by(job="domains.look_for").count() == 1
        look_for(domain_id=str(domain.id))
        assert state_of(session().get(Domain, domain.id)) is DomainState.VERIFIED


def test_the_page_shows_what_to_write_and_what_came_of_it(cast, alpha, names):
    owner = cast.signed_in(alpha)
    assert "Add your first domain" in owner.get("/set-up/domains").text
    assert owner.post("/set-up/domains", {"name": "Aino@Alpha.example"}).status_code == 303
    with tenant_work(alpha.ref):
        domain = session().query(Domain).one()
    page = owner.get("/set-up/domains").text
    for shown in ("_kamu-challenge.alpha.example", record_value(domain.token), "Waits for its record"):
        assert shown in page
    path = f"/set-up/domains/{domain.id}"
    assert "not there yet" in owner.follow(owner.post(f"{path}/check")).text
    names.down = True
    assert "did not answer" in owner.follow(owner.post(f"{path}/check")).text
    names.down = False
    names.records["alpha.example"] = {record_value(domain.token)}
    assert "alpha.example is yours" in owner.follow(owner.post(f"{path}/check")).text
    assert owner.post(f"{path}/connection", {"connection": str(new_id())}).status_code == 404
    assert owner.post(f"{path}/connection", {"connection": ""}).status_code == 303
    assert owner.post("/set-up/domains", {"name": "alpha.example"}).status_code == 422
    assert "out of the list" in owner.follow(owner.post(f"{path}/removal")).text
    cast.run_jobs()
    assert mirrored() == set()


def connected(organisation, client_id):
    with tenant_work(organisation.ref):
        return add_active_connection(
            provider=ProviderKind.OTHER,
            issuer="https://login.example",
            client_id=client_id,
            client_secret="s",
            now=clock.now(),
            beside=True,
        )


def test_a_domain_is_bound_to_one_of_several_connections(cast, alpha, names):
    domain = added(alpha)
    names.records["alpha.example"] = {record_value(domain.token)}
    looked(alpha)
    first, second = connected(alpha, "first"), connected(alpha, "second")
    owner = cast.signed_in(alpha)
    assert "sign in by: any connection" in owner.get("/set-up/domains").text
    assert owner.post(f"/set-up/domains/{domain.id}/connection", {"connection": str(second.id)}).status_code == 303
    assert "sign in by: any connection" not in owner.get("/set-up/domains").text
    with tenant_work(alpha.ref):
        assert is_of_connection("alpha.example", second.id)
        assert not is_of_connection("alpha.example", first.id)


def test_an_employee_has_no_business_here(cast, alpha):
    member, _ = cast.employee(alpha)
    assert member.get("/set-up/domains").status_code == 403


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" Alpha.Example. ", "alpha.example"),
        ("aino@alpha.example", "alpha.example"),
        ("työ.example", "xn--ty-gka.example"),
        ("a-b.alpha.co.uk", "a-b.alpha.co.uk"),
    ],
)
def test_a_domain_is_read_as_it_is_pasted(typed, name):
    assert read_domain(typed) == name


@pytest.mark.parametrize(
    ("typed", "fact"),
    [
        ("localhost", "dot"),
        ("127.0.0.1", "dot"),
        ("gmail.com", "free-mail"),
        ("Example@Outlook.com", "free-mail"),
        ("co.uk", "suffix"),
        ("a..b", "form"),
        ("-a.example", "form"),
        ("https://alpha.example/", "form"),
        ("a b.example", "form"),
        ("x" * 64 + ".example", "form"),
        (".".join(["abcdefg"] * 32), "form"),
        ("*.example", "form"),
    ],
)
def test_what_is_no_domain_of_ones_own_is_refused_by_its_fact(typed, fact):
    with pytest.raises(NotADomain) as refused:
        read_domain(typed)
    assert refused.value.fact == fact


def test_real_name_servers_are_asked_for_txt_only_and_their_failures_have_one_name(monkeypatch):
    import dns.resolver

    asked = []

    def resolve(_self, name, kind, **options):
        asked.append((name, kind, options["lifetime"]))
        raise {0: dns.resolver.NXDOMAIN, 1: dns.resolver.NoNameservers, 2: dns.resolver.LifetimeTimeout}[len(asked) - 1]

    monkeypatch.setattr(dns.resolver.Resolver, "__init__", lambda self: None)
    monkeypatch.setattr(dns.resolver.Resolver, "resolve", resolve)
    assert NameServers().texts("alpha.example") == frozenset()
    for _ in range(2):
        with pytest.raises(NoAnswer):
            NameServers().texts("alpha.example")
    assert asked == [("alpha.example.", dns.rdatatype.TXT, 2.5)] * 3
