"""Sign-ins end at once and for good, for whom it was meant and for nobody else."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import g
from sqlalchemy import update

from app.access.models import Account, RoleGrant
from app.access.policies import Stay, is_over
from app.access.roles import Role
from app.people.models import Person
from app.sessions import actions
from app.sessions.policies import Limits
from app.sign_in.actions import add_active_connection
from app.sign_in.models import Identity, ProviderKind
from app.valkey import valkey
from app.web.session import start_account_session
from tenants.unit_of_work import session, tenant_work

PAGE = "/set-up"


def now():
    return datetime.now(UTC)


def comes_in(browser, organisation, account_id, **by):
    def begin():
        g.tenant = organisation.ref
        start_account_session(account_id, **by)

    browser._begin(begin)
    return browser


def test_all_of_an_account_end_even_when_valkey_forgets_to(cast, two, monkeypatch):
    here, there = cast.signed_in(two.a), cast.signed_in(two.a)
    other = cast.signed_in(two.a, cast.account(two.a.ref, "lead@alpha.example", Role.PROGRAMME_LEAD).id)
    monkeypatch.setattr(actions, "forget", list)
    with tenant_work(two.a.ref):
        actions.end_sessions_of_account(account_id=two.a.owner_id, now=now())
    assert [each.get(PAGE).status_code for each in (here, there, other)] == [303, 303, 200]
    assert cast.signed_in(two.a).get(PAGE).status_code == 200


def test_those_of_a_connection_end_by_the_providers_session_by_subject_or_all(cast, two):
    with tenant_work(two.a.ref):
        connection = add_active_connection(
            provider=ProviderKind.OTHER, issuer="https://id.example", client_id="kamu", client_secret="s", now=now()
        )
        session().flush()
        session().add(
            Identity(connection_id=connection.id, subject="meri", account_id=two.a.owner_id, created_at=now())
        )
    by_link = cast.signed_in(two.a)

    def by_provider(sid=None):
        return comes_in(cast.browser(two.a), two.a, two.a.owner_id, method="oidc", connection_id=connection.id, sid=sid)

    def end(**what):
        with tenant_work(two.a.ref):
            actions.end_sessions_of_connection(connection_id=connection.id, now=now(), **what)

    one, another = by_provider("s-1"), by_provider("s-2")
    end(provider_sid="s-1")
    assert [each.get(PAGE).status_code for each in (one, another, by_link)] == [303, 200, 200]
    end(subject="nobody")
    assert another.get(PAGE).status_code == 200
    end(subject="meri")
    assert [each.get(PAGE).status_code for each in (another, by_link)] == [303, 200]
    third = by_provider()
    end()
    assert [each.get(PAGE).status_code for each in (third, by_link, by_provider())] == [303, 200, 200]


def test_all_of_an_organisation_end_and_none_of_another(cast, two):
    owner, (member, _), neighbour = cast.signed_in(two.a), cast.employee(two.a), cast.signed_in(two.b)
    with tenant_work(two.a.ref):
        actions.end_sessions_of_organisation(now=now())
    assert [each.get("/help").status_code for each in (owner, member)] == [200, 200]
    assert owner.get(PAGE).status_code == member.get("/me").status_code == 303
    assert neighbour.get(PAGE).status_code == 200


@pytest.mark.parametrize("column", ["deactivated_at", "removed_at"])
def test_a_deactivated_or_removed_person_is_out_on_the_next_request_with_every_role(cast, two, column):
    browser, account = cast.employee(two.a)
    with tenant_work(two.a.ref) as opened:
        opened.add(RoleGrant(account_id=account.id, role=Role.PROGRAMME_LEAD, granted_at=now()))
    assert browser.get("/people").status_code == 200
    with tenant_work(two.a.ref) as opened:
        opened.execute(update(Person).where(Person.id == account.person_id).values({column: now()}))
    assert browser.get("/people").status_code == browser.get("/me").status_code == 303


def test_a_sign_in_ends_by_its_age_or_unused_or_because_it_began_before_an_end():
    at = datetime(2026, 1, 31, tzinfo=UTC)
    hour, day = timedelta(hours=1), timedelta(days=1)

    def over(began=hour, used=timedelta(), ends=(None,), idle=None, days=None, since=None):
        stay = Stay(at - began, at - (began if since is None else since), at - used)
        return is_over(stay, ends, idle_hours=idle, absolute_days=days, now=at)

    assert not over()
    assert over(began=7 * day + hour)
    assert not over(began=7 * day + hour, days=30)
    assert over(used=25 * hour)
    assert over(used=2 * hour, idle=1)
    assert over(ends=(None, at))
    assert not over(ends=(at - 2 * hour,))
    assert not over(began=3 * hour, ends=(at - 2 * hour,), since=hour)


def test_the_limits_hold_for_the_sign_ins_there_are(cast, two):
    browser = cast.signed_in(two.a)
    with tenant_work(two.a.ref):
        actions.set_limits(limits=Limits(idle_hours=1, absolute_days=1), now=now())
    assert browser.get(PAGE).status_code == 200
    key = next(key for key in valkey().keys("session:*"))
    valkey().expire(key, 22 * 3600)
    assert browser.get(PAGE).status_code == 303


def test_a_session_that_was_ended_does_not_come_back_with_a_request_under_way(cast, two, app, monkeypatch):
    browser = cast.signed_in(two.a)
    ended = []

    def meanwhile(*_):
        ended.append([valkey().delete(key) for key in valkey().keys("session:*")])
        return app.make_response("done")

    monkeypatch.setitem(app.view_functions, "pages.language", meanwhile)
    monkeypatch.setattr(meanwhile, "kamu_public", "a view of this test", raising=False)
    browser.post("/language", {"language": "fi"})
    assert ended
    assert not valkey().keys("session:*")


def test_the_id_changes_when_a_role_does(cast, two):
    browser = cast.signed_in(two.a)
    browser.get(PAGE)
    before = browser.cookie()
    browser.get(PAGE)
    assert browser.cookie() == before
    with tenant_work(two.a.ref) as opened:
        opened.add(RoleGrant(account_id=two.a.owner_id, role=Role.IT_CONTACT, granted_at=now()))
    assert browser.get(PAGE).status_code == 200
    assert browser.cookie() != before
    stale = cast.browser(two.a)
    stale.use_cookie(before)
    assert stale.get(PAGE).status_code == 303


def test_a_rescuer_opens_the_sign_in_settings_alone_and_for_half_an_hour(cast, two, monkeypatch):
    lead = cast.account(two.a.ref, "lead@alpha.example", Role.PROGRAMME_LEAD)
    browser = comes_in(cast.browser(two.a), two.a, two.a.owner_id, method="rescue")
    assert browser.get("/set-up/sign-in").status_code == 200
    assert [browser.get(path).status_code for path in ("/people", "/set-up", "/set-up/export")] == [403, 403, 403]
    assert comes_in(cast.browser(two.a), two.a, lead.id, method="rescue").get("/set-up/sign-in").status_code == 303
    monkeypatch.setattr("app.web.guards.RESCUE_LASTS", -1)
    assert browser.get("/set-up/sign-in").status_code == 303


def test_one_account_ends_no_session_of_another(cast, two):
    browser = cast.signed_in(two.a)
    (member, account) = cast.employee(two.a)
    handle = browser._session()["handle"]
    with tenant_work(two.a.ref):
        actions.end_one_session(account_id=account.id, handle=handle)
    assert browser.get(PAGE).status_code == member.get("/me").status_code == 200
    with tenant_work(two.a.ref):
        session().get(Account, account.id)
        actions.end_one_session(account_id=two.a.owner_id, handle=handle)
    assert browser.get(PAGE).status_code == 303
