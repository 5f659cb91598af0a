"""The page about seats: each of its states, and who may see it and choose."""

from datetime import UTC, datetime, timedelta

import pytest

from app.access.roles import Role
from app.billing import gateway
from app.billing.models import Plan
from app.billing.queries import has_plan
from local.stripe.questions import finish_checkout
from tenants.unit_of_work import tenant_work
from tests.factories.billing import account, begin, count, fake, live, subscribe
from tests.factories.launches import people, with_role

SEATS = "/set-up/seats"


def now():
    return datetime.now(UTC)


def launched(organisation):
    begin(organisation, now=now())
    return count(organisation, now=now())


def test_before_the_launch_the_page_says_what_it_will_cost(cast, two):
    people(two.a, 12)
    page = cast.signed_in(two.a).get(SEATS).text
    assert "<h1>Seats and billing</h1>" in page
    assert "€48.00" in page  # 12 × €4.00 a month
    assert "€504.00" in page  # 12 × €42.00 a year
    assert "Setting up is free" in page


def test_an_owner_chooses_agrees_and_comes_back_to_a_trial(cast, two):
    people(two.a, 3)
    owner = cast.signed_in(two.a)
    assert "Your payment page is being opened" in owner.follow(owner.post(f"{SEATS}/plan", {"plan": "yearly"})).text
    cast.run_jobs()
    page = owner.get(SEATS).text
    assert account(two.a).checkout_url in page
    checkout = cast.browser()
    path = account(two.a).checkout_url.partition("8000")[2]
    shown = checkout.get(path, check=False)
    assert "no money moves" in shown.text
    assert "€42.00 a year" in shown.text
    agreed = checkout.post(path, check=False, token="none")
    assert agreed.status_code == 303
    assert agreed.location.endswith("alpha.kamu.localhost:8000/set-up/seats/return")
    assert "Waiting for the payment service" in owner.follow(owner.get(f"{SEATS}/return")).text
    cast.run_jobs()
    page = owner.get(SEATS).text
    assert "Your coming invoice" in page
    assert "By the year" in page
    assert "at the latest on" in page
    assert "€126.00" in page  # 3 × €42.00
    with tenant_work(two.a.ref):
        assert has_plan()
    with tenant_work(two.b.ref):
        assert not has_plan()


def test_whoever_comes_back_without_agreeing_can_go_again(cast, two):
    people(two.a, 1)
    owner = cast.signed_in(two.a)
    owner.post(f"{SEATS}/plan", {"plan": "monthly"})
    cast.run_jobs()
    owner.get(f"{SEATS}/return")
    cast.run_jobs()
    assert "Go to the payment page" in owner.get(SEATS).text
    with tenant_work(two.a.ref):
        assert not has_plan()


def test_another_choice_closes_the_page_that_was_open(cast, two):
    people(two.a, 1)
    owner = cast.signed_in(two.a)
    owner.post(f"{SEATS}/plan", {"plan": "monthly"})
    cast.run_jobs()
    first = account(two.a).checkout_ref
    owner.post(f"{SEATS}/plan", {"plan": "yearly"})
    cast.run_jobs()
    with fake().memory() as store:
        assert store.get("checkout", first)["status"] == "expired"
        finish_checkout(store, account(two.a).checkout_ref)
    owner.get(f"{SEATS}/return")
    cast.run_jobs()
    assert live(two.a).plan == "yearly"


def test_who_has_a_plan_cannot_choose_a_second(cast, two):
    people(two.a, 1)
    subscribe(cast, two.a)
    owner = cast.signed_in(two.a)
    assert "You have a plan already" in owner.follow(owner.post(f"{SEATS}/plan", {"plan": "yearly"})).text
    cast.run_jobs()
    assert live(two.a).plan == "monthly"


def test_after_the_launch_the_heading_is_the_count(cast, two):
    people(two.a, 4)
    subscribe(cast, two.a)
    launched(two.a)
    cast.run_jobs()
    page = cast.signed_in(two.a).get(SEATS).text
    assert "<h1>4 seats today</h1>" in page
    assert "Our count and the payment service agree" in page


def test_a_late_payment_is_said_and_nothing_is_locked(cast, two):
    people(two.a, 2)
    subscribe(cast, two.a)
    with fake().memory() as store:
        body = store.get("subscription", live(two.a).ref)
        store.put("subscription", body | {"status": "past_due"})
    owner = cast.signed_in(two.a)
    from app.billing.schedule import reconcile

    reconcile()
    cast.run_jobs()
    assert "The last invoice is not paid yet." in owner.get(SEATS).text
    with tenant_work(two.a.ref):
        assert has_plan()


def test_with_billing_off_seats_are_shown_and_nothing_is_asked(cast, two, app):
    people(two.a, 2)
    kept = app.extensions[gateway.EXTENSION]
    app.extensions[gateway.EXTENSION] = None
    try:
        page = cast.signed_in(two.a).get(SEATS).text
    finally:
        app.extensions[gateway.EXTENSION] = kept
    assert "Billing is switched off here." in page
    assert "Open the payment page" not in page


def test_a_payment_service_that_is_away_takes_the_choice_away_and_nothing_else(cast, two, app):
    people(two.a, 2)
    kept = app.extensions[gateway.EXTENSION]
    app.extensions[gateway.EXTENSION] = gateway.Payments("sk_test_fake", fake())
    with fake().memory() as store:
        store.break_next("away", "away", "away")
    try:
        page = cast.signed_in(two.a).get(SEATS).text
    finally:
        app.extensions[gateway.EXTENSION] = kept
    assert "The payment service cannot be reached right now." in page


def test_a_form_without_a_plan_comes_back(cast, two):
    answer = cast.signed_in(two.a).post(f"{SEATS}/plan", {"plan": "weekly"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("role", "sees", "chooses"),
    [
        (Role.OWNER, 200, 303),
        (Role.BILLING_CONTACT, 200, 403),
        (Role.PROGRAMME_LEAD, 403, 403),
        (Role.IT_CONTACT, 403, 403),
        (Role.EMPLOYEE_REPRESENTATIVE, 403, 403),
    ],
)
def test_who_may_see_and_who_may_choose(cast, two, role, sees, chooses):
    browser = with_role(cast, two.a, role)
    assert browser.get(SEATS).status_code == sees
    assert browser.post(f"{SEATS}/plan", {"plan": "monthly"}).status_code == chooses
    assert browser.get(f"{SEATS}/plan").status_code in {404, 405}


def test_a_billing_contact_is_told_who_chooses(cast, two):
    assert "An owner of your organisation chooses it." in with_role(cast, two.a, Role.BILLING_CONTACT).get(SEATS).text


def test_an_employee_sees_nothing_of_it(cast, two):
    browser, _ = cast.employee(two.a)
    assert browser.get(SEATS).status_code == 403
    assert cast.browser(two.a).get(SEATS).status_code == 303


def test_the_trial_ends_14_days_after_the_launch(cast, two):
    people(two.a, 3)
    subscribe(cast, two.a, Plan.MONTHLY)
    launched(two.a)
    cast.run_jobs()
    expected = now() + timedelta(days=14)
    assert abs(live(two.a).trial_end - expected) < timedelta(minutes=5)
