"""What Nitor's staff see of customers: steps, dates and ranges, and who needs a hand."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from app.support.queries.customers import STEP_ORDER, Customer, Step
from tenants.models import TenantProgress
from tenants.unit_of_work import control_work
from tests.factories.browsers import Browser
from tests.factories.customers import DONE, Customers, begun
from tests.factories.staff import Nitor

ALL = len(STEP_ORDER)
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ROW = re.compile(r'<th role="rowheader" scope="row"><a href="[^"]+">([^<]+)</a>')


@pytest.fixture
def staff(nitor: Nitor) -> Browser:
    return nitor.enrolled().browser


def names(page) -> list[str]:
    return ROW.findall(page.text)


def customer(**fields: object) -> Customer:
    steps = tuple(Step(key, "open") for key in STEP_ORDER)
    values = {
        "id": None, "slug": "a", "name": "A", "is_suspended": False, "since": NOW, "steps": steps,
        "people_range": None, "launch_on": None, "launched_at": None, "as_of": NOW,
    }  # fmt: skip
    return Customer(**{**values, **fields})


def test_whoever_stands_still_for_a_week_needs_a_hand():
    week = timedelta(days=7)
    assert customer(as_of=NOW - week).needs_a_hand(NOW)
    assert not customer(as_of=NOW - week + timedelta(seconds=1)).needs_a_hand(NOW)
    assert not customer(as_of=NOW - week, launched_at=NOW - week).needs_a_hand(NOW)
    assert not customer(as_of=NOW - week, is_suspended=True).needs_a_hand(NOW)


def test_the_step_begun_comes_before_the_first_open_one():
    steps = (Step("readiness", "open"), Step("sign-in", "now"), Step("launch", "later"))
    assert customer(steps=steps).current.key == "sign-in"
    assert customer().current.key == "readiness"
    assert customer(steps=tuple(Step(step.key, "done") for step in steps)).current is None


def test_a_clock_that_runs_behind_gives_no_negative_days():
    assert customer(as_of=NOW + timedelta(minutes=5)).still_days(NOW) == 0


def test_without_customers_the_page_says_what_will_come(staff: Browser):
    page = staff.get("/")
    assert "No organisations yet" in page.text
    assert "The first organisation will stand here" in page.text


def test_the_headline_counts_those_that_need_a_hand(staff: Browser, customers: Customers):
    customers.add("Norrskata")
    assert "<h1>One organisation</h1>" in staff.get("/").text
    customers.add("Valkeapuro", still=16)
    assert "<h1>2 organisations, one that needs a hand</h1>" in staff.get("/").text
    customers.add("Tyrskyniemi", still=9)
    assert "<h1>3 organisations, 2 that need a hand</h1>" in staff.get("/").text


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        (begun("readiness"), "The readiness check has stood still for 16 days"),
        (begun("sign-in"), "Sign-in has stood still for 16 days"),
        (begun("people"), "Importing people has stood still for 16 days"),
        (begun("time"), "Deciding on time has stood still for 16 days"),
        (begun("training"), "Arranging training has stood still for 16 days"),
        (begun("rules"), "Deciding on matching rules has stood still for 16 days"),
        (begun("seats"), "Choosing a plan has stood still for 16 days"),
        (begun("launch"), "The launch has stood still for 16 days"),
        (DONE, "Set-up has stood still for 16 days"),
    ],
)
def test_what_stands_still_is_said_in_a_sentence(staff, customers, states, sentence):
    customers.add("Valkeapuro", states, still=16.5)
    page = staff.get("/").text
    assert page.count(sentence) == 2
    assert sentence in staff.get("/customers/valkeapuro").text


def test_a_row_holds_steps_dates_and_a_range(staff: Browser, customers: Customers):
    customers.add("Saarnikoski", begun("people"), people="100–249", launch_in=10)
    page = staff.get("/").text
    for part in ("saarnikoski.kamu.localhost:8000", f"2 of {ALL} steps", "100–249", "Launch planned for", "On its way"):
        assert part in page


def test_a_live_one_says_since_when(staff: Browser, customers: Customers):
    customers.add("Lehtovuo", DONE, still=90, live=True)
    page = staff.get("/").text
    assert "Live since" in page
    assert "Needs a hand" not in page


@pytest.mark.parametrize(
    ("known", "shown"), [(None, "Not imported yet"), ("1–4", "Fewer than five"), ("5–49", "5–49"), ("1000+", "1000+")]
)
def test_people_are_a_range_from_five_upwards(staff, customers, known, shown):
    customers.add("Kuulasranta", people=known)
    page = staff.get("/").text
    assert shown in page
    assert "1–4" not in page


def test_one_that_has_reported_nothing_stands_at_the_first_step(staff: Browser, customers: Customers):
    customers.add("Fjallmora", None)
    assert f"0 of {ALL} steps" in staff.get("/").text


def test_those_not_open_yet_and_those_erased_are_not_listed(staff: Browser, customers: Customers):
    customers.add("Building", status="building")
    customers.add("Erased", status="erased")
    customers.add("Suspended", status="suspended", still=30)
    page = staff.get("/")
    assert names(page) == ["Suspended"]
    assert "Closed for now" in page.text
    assert staff.get("/customers/building").status_code == 404


def test_who_stands_still_longest_comes_first_and_the_live_last(staff: Browser, customers: Customers):
    customers.add("Live", DONE, still=90, live=True)
    customers.add("Brisk", still=1)
    customers.add("Still", still=20)
    customers.add("Slow", None, still=5)
    customers.add("Closed", status="suspended", still=60)
    assert names(staff.get("/")) == ["Still", "Slow", "Brisk", "Live", "Closed"]
    assert names(staff.get("/?sort=name")) == ["Brisk", "Closed", "Live", "Slow", "Still"]
    assert names(staff.get("/?sort=newest")) == ["Brisk", "Slow", "Still", "Closed", "Live"]


def test_the_filter_and_the_search_narrow_the_list(staff: Browser, customers: Customers):
    customers.add("Lehtovuo", DONE, live=True)
    customers.add("Norrskata")
    customers.add("Lehti", slug="green")
    assert names(staff.get("/?show=live")) == ["Lehtovuo"]
    assert names(staff.get("/?show=set-up&sort=name")) == ["Lehti", "Norrskata"]
    assert names(staff.get("/?q=LEHT&sort=name")) == ["Lehti", "Lehtovuo"]
    assert names(staff.get("/?q=gree")) == ["Lehti"]
    assert "2 customers found" in staff.get("/?q=leht").text


@pytest.mark.parametrize("q", ["zzz", "%", "_", "\\", "'", "x" * 200])
def test_a_search_that_finds_nothing_leads_back(staff, customers, q):
    customers.add("Norrskata")
    page = staff.get("/", query_string={"q": q})
    assert page.status_code == 200
    assert "No customer fits" in page.text


@pytest.mark.parametrize("query", ["show=x", "sort=x", "page=0", "page=-3", "page=x", "page=99"])
def test_an_odd_address_shows_a_list_all_the_same(staff, customers, query):
    customers.add("Norrskata")
    assert staff.get(f"/?{query}").status_code == 200


def test_a_long_list_has_pages_that_keep_the_search(staff: Browser, customers: Customers):
    for number in range(53):
        customers.add(f"Firm {number:02}")
    first = staff.get("/?q=firm&sort=name")
    assert len(names(first)) == 50
    assert "1 to 50 of 53" in first.text
    assert "q=firm" in first.text
    assert names(staff.get("/?q=firm&sort=name&page=2")) == ["Firm 50", "Firm 51", "Firm 52"]


def test_a_customers_page_shows_the_same_facts(staff: Browser, customers: Customers):
    customers.add("Saarnikoski", (*begun("sign-in")[:-1], "later"), people="5–49", launch_in=10)
    page = staff.get("/customers/saarnikoski")
    for part in ("Set-up is on its way", f"1 of {ALL} steps", "Begun", "Comes later", "5–49", "Launch planned for"):
        assert part in page.text


def test_a_customer_that_is_not_there_is_not_found(staff: Browser):
    assert staff.get("/customers/nobody").status_code == 404


def test_names_are_shown_as_text(staff: Browser, customers: Customers):
    customers.add("<b>Bold</b>", slug="bold", still=9)
    page = staff.get("/").text
    assert "<b>Bold" not in page
    assert "&lt;b&gt;Bold" in page


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_list_is_only_read(staff: Browser, method):
    staff.get("/passkeys")
    headers = {"Sec-Fetch-Site": "same-origin", "X-CSRF-Token": staff.token()}
    answer = getattr(staff.client, method)("/", base_url=f"https://{staff.host}", headers=headers)
    assert answer.status_code == 405


def test_an_owner_cannot_reach_the_staff_host(nitor: Nitor, cast, two):
    owner = cast.signed_in(two.a)
    browser = nitor.browser()
    browser.use_cookie(owner.cookie())
    assert browser.get("/").status_code == 404
    assert browser.get("/customers/beta").status_code == 404


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_the_pages_speak_the_readers_language(staff, customers, language):
    customers.add("Valkeapuro", still=16)
    assert staff.get("/", headers={"Accept-Language": language}).status_code == 200


def test_a_step_that_is_not_known_here_is_shown_by_its_key(staff: Browser, customers: Customers):
    tenant = customers.add("Tomorrow")
    with control_work() as control:
        control.get(TenantProgress, tenant.id).steps = {"people": "done", "badges": "wait", "sign-in": "odd"}
    page = staff.get("/customers/tomorrow").text
    for part in (f"1 of {ALL + 1} steps", "badges", "Waiting for somebody", "odd"):
        assert part in page
