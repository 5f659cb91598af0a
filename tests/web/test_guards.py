"""Who is let in: host, session and membership must name the same organisation; forms must come from the same page."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, update

from app.access.models import Account, RoleGrant
from app.access.roles import Role
from app.people.models import Person
from app.valkey import valkey
from tenants.context import Status
from tenants.fleet import head_revision
from tenants.models import Tenant, TenantRevision
from tenants.resolution import forget_tenants
from tenants.unit_of_work import control_work, tenant_work

DIRECTORY = "/people"


def test_an_owner_sees_the_directory(cast, two):
    assert cast.signed_in(two.a).get(DIRECTORY).status_code == 200


def test_nobody_is_sent_to_the_door(cast, two):
    answer = cast.browser(two.a).get(DIRECTORY)
    assert answer.status_code == 303
    assert answer.location.endswith("/sign-in")


def test_a_member_without_the_role_is_told_so(cast, two):
    browser, _ = cast.employee(two.a)
    assert browser.get(DIRECTORY).status_code == 403


def test_another_organisations_session_finds_nothing(cast, two):
    intruder = cast.browser(two.a)
    intruder.use_cookie(cast.signed_in(two.b).cookie())
    for path in (DIRECTORY, "/set-up", "/sign-in", "/welcome"):
        assert intruder.get(path).status_code == 404


def test_an_organisations_session_finds_nothing_on_the_start_and_staff_hosts(app, cast, two):
    cookie = cast.signed_in(two.a).cookie()
    for host in (app.config["SERVER_NAME"], f"staff.{app.config['SERVER_NAME']}"):
        browser = cast.browser(host=host)
        browser.use_cookie(cookie)
        assert browser.get("/").status_code == 404


def test_a_session_that_names_an_account_of_nobody_is_ended(cast, two):
    browser = cast.browser(two.a)
    browser.sign_in(two.a.ref, uuid4())
    assert browser.get(DIRECTORY).status_code == 303


def test_an_account_that_ended_is_out_on_the_next_request(cast, two):
    browser = cast.signed_in(two.a)
    assert browser.get(DIRECTORY).status_code == 200
    with tenant_work(two.a.ref) as opened:
        opened.execute(update(Account).values(ended_at=Account.created_at))
    assert browser.get(DIRECTORY).status_code == 303


@pytest.mark.parametrize(("days", "status"), [(-1, 303), (0, 200), (30, 200), (None, 200)])
def test_membership_ends_with_the_last_day_of_work(cast, two, days, status):
    browser, account = cast.employee(two.a)
    last_day = None if days is None else datetime.now(UTC).date() + timedelta(days=days)
    with tenant_work(two.a.ref) as opened:
        opened.execute(update(Person).where(Person.id == account.person_id).values(ends_on=last_day))
    assert browser.get("/welcome").status_code == status


def test_a_role_that_was_taken_away_is_gone_on_the_next_request(cast, two):
    browser = cast.signed_in(two.a)
    with tenant_work(two.a.ref) as opened:
        opened.execute(update(RoleGrant).values(role=Role.MEMBER.value))
    assert browser.get(DIRECTORY).status_code == 403


def test_a_new_generation_ends_every_session_of_the_organisation(cast, two):
    browser = cast.signed_in(two.a)
    with control_work() as control:
        control.execute(update(Tenant).where(Tenant.slug == "alpha").values(generation=2))
    forget_tenants()
    assert browser.get(DIRECTORY).status_code == 303


@pytest.mark.parametrize("status", [Status.BUILDING, Status.ERASED])
def test_an_organisation_that_is_not_open_is_not_there(cast, two, status):
    browser = cast.signed_in(two.a)
    with control_work() as control:
        control.execute(update(Tenant).where(Tenant.slug == "alpha").values(status=status.value))
    forget_tenants()
    assert browser.get(DIRECTORY).status_code == 404


def test_a_suspended_organisation_says_that_it_is_closed_and_shows_nothing_else(cast, two):
    browser = cast.signed_in(two.a)
    with control_work() as control:
        control.execute(update(Tenant).where(Tenant.slug == "alpha").values(status=Status.SUSPENDED.value))
    forget_tenants()
    for path in (DIRECTORY, "/", "/sign-in", "/help"):
        answer = browser.get(path)
        assert answer.status_code == 403
        assert "Kamu of Alpha is closed for the time being" in answer.text
        assert "Meri" not in answer.text
    assert browser.post("/language", {"language": "fi"}, token="x").status_code == 403
    assert cast.signed_in(two.b).get(DIRECTORY).status_code == 200


@pytest.fixture
def at_revision(two):
    """Says in the mirror at which revision Alpha's schema is, and which heads work with it."""

    def note(revision, served_by=None):
        row = {"schema_name": two.a.ref.schema, "revision": revision, "migrated_at": datetime.now(UTC)}
        with control_work() as control:
            control.execute(delete(TenantRevision).where(TenantRevision.schema_name == two.a.ref.schema))
            control.add(TenantRevision(**row, served_by=served_by))
        forget_tenants()

    yield note
    note(head_revision("tenant"))


def test_an_organisation_at_a_revision_that_this_application_does_not_serve_waits(cast, two, at_revision):
    browser = cast.signed_in(two.a)
    for revision, served_by, status in (
        ("0000", None, 503),
        ("9999", ["0000"], 503),
        ("9999", [head_revision("tenant")], 200),
        (head_revision("tenant"), None, 200),
    ):
        at_revision(revision, served_by)
        answer = browser.get(DIRECTORY)
        assert answer.status_code == status
        assert answer.headers.get("Retry-After") == ("5" if status == 503 else None)
    assert cast.signed_in(two.b).get(DIRECTORY).status_code == 200


@pytest.mark.parametrize(
    "host", ["nobody.kamu.localhost:8000", "a.b.kamu.localhost:8000", "kamu.localhost.evil.example"]
)
@pytest.mark.filterwarnings("ignore:Current server name")
def test_a_host_of_nobody_is_a_page_that_says_so(cast, two, host):
    assert cast.browser(host=host).get("/sign-in").status_code == 404


def test_the_organisation_comes_from_the_host_and_from_nothing_else(cast, two):
    browser = cast.signed_in(two.a)
    for trick in (
        {"headers": {"X-Forwarded-Host": "beta.kamu.localhost:8000"}},
        {"headers": {"X-Organisation": "beta"}},
        {"query_string": {"organisation": "beta"}},
    ):
        answer = browser.get(DIRECTORY, **trick)
        assert answer.status_code == 200
        assert "Alpha" in answer.text
        assert "Beta" not in answer.text


def test_a_form_without_the_token_is_refused(cast, two):
    answer = cast.signed_in(two.a).post("/language", {"language": "fi"}, token="")
    assert answer.status_code == 400


def test_a_form_with_another_sessions_token_is_refused(cast, two):
    other = cast.browser(two.a)
    other.get("/sign-in")
    assert cast.signed_in(two.a).post("/language", {"language": "fi"}, token=other.token()).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-site", "Origin": "http://beta.kamu.localhost:8000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "", "Origin": "https://beta.kamu.localhost:8000"},
        {"Sec-Fetch-Site": "", "Origin": "null"},
        {"Sec-Fetch-Site": "", "Origin": ""},
    ],
)
def test_a_form_from_another_host_is_refused_even_with_the_right_token(cast, two, headers):
    assert cast.signed_in(two.a).post("/language", {"language": "fi"}, headers=headers).status_code == 403


def test_an_old_browser_that_sends_only_its_origin_is_served(cast, two):
    headers = {"Sec-Fetch-Site": "", "Origin": "https://alpha.kamu.localhost:8000"}
    assert cast.signed_in(two.a).post("/language", {"language": "fi"}, headers=headers).status_code == 303


def test_valkey_holds_no_session_id_only_its_hash(cast, two):
    browser = cast.signed_in(two.a)
    everything = json.dumps([key.decode() for key in valkey().keys("*")])
    assert browser.cookie() not in everything
    assert "session:" in everything


def test_signing_in_gives_the_session_a_new_id(cast, two):
    browser = cast.browser(two.a)
    browser.post("/language", {"language": "fi"})
    before = browser.cookie()
    assert before
    browser.sign_in(two.a.ref, two.a.owner_id)
    assert browser.cookie() != before


def test_signing_out_ends_the_session_on_the_server(cast, two):
    browser = cast.signed_in(two.a)
    cookie = browser.cookie()
    assert browser.post("/sign-out").status_code == 303
    again = cast.browser(two.a)
    again.use_cookie(cookie)
    assert again.get(DIRECTORY).status_code == 303


def test_the_cookie_is_bound_to_its_host_and_hidden_from_scripts(cast, two):
    answer = cast.browser(two.a).get("/sign-in")
    cookie = next(value for name, value in answer.headers if name == "Set-Cookie")
    assert cookie.startswith("__Host-kamu=")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
    assert "Domain" not in cookie
