"""The page about seats as people see it: narrow and wide, light and dark, in each of its states."""

from datetime import UTC, datetime

import pytest

from app.billing.models import Plan
from app.billing.schedule import reconcile
from tests.billing.conftest import day
from tests.factories.billing import account, begin, count, fake, live, subscribe
from tests.factories.launches import people
from tests.journeys.browser import carry, look_over, looked, person

ALPHA = "http://alpha.kamu.localhost:8000"

pytestmark = pytest.mark.browser


def test_choosing_a_plan_is_clean_from_the_first_look_to_the_coming_invoice(screen, cast, two):
    people(two.a, 12)
    with person(screen) as meri:
        carry(meri, "alpha.kamu.localhost:8000", cast.signed_in(two.a).cookie())
        page = look_over(meri, f"{ALPHA}/set-up/seats", "seats-choose")
        page.get_by_label("By the month").check()
        page.get_by_role("button", name="Open the payment page").click()
        page.get_by_text("Your payment page is being opened").wait_for()
        looked(page, "seats-preparing")
        cast.run_jobs()
        page.get_by_role("link", name="Go to the payment page").wait_for()
        looked(page, "seats-open")
        page.get_by_role("link", name="Go to the payment page").click()
        page.get_by_text("no money moves").wait_for()
        looked(page, "seats-checkout")
        page.get_by_role("button", name="Agree to this plan").click()
        page.get_by_text("Waiting for the payment service").wait_for()
        looked(page, "seats-confirming")
        cast.run_jobs()
        page.get_by_role("heading", name="Your coming invoice").wait_for()
        looked(page, "seats-trial")


def test_a_full_invoice_and_a_late_payment_are_clean(screen, cast, two):
    with_changes(cast, two.a)
    with person(screen) as meri:
        carry(meri, "alpha.kamu.localhost:8000", cast.signed_in(two.a).cookie())
        page = look_over(meri, f"{ALPHA}/set-up/seats", "seats-full")
        assert page.locator("table.lines").count() == 1


def with_changes(cast, organisation):
    """A plan with a month behind it, people who joined and left, money left over, and an invoice that is not paid."""
    people(organisation, 12)
    subscribe(cast, organisation, Plan.YEARLY)
    begin(organisation, now=datetime.now(UTC))
    count(organisation, now=datetime.now(UTC))
    cast.run_jobs()
    reconcile()
    cast.run_jobs()
    with fake().memory() as store:
        body = store.get("subscription", live(organisation).ref)
        item = body["items"]["data"][0]
        item["current_period_start"], item["current_period_end"] = (
            int(day(1, 1, year).timestamp()) for year in (2026, 2027)
        )
        store.put(
            "subscription", body | {"status": "past_due", "billing_cycle_anchor": int(day(1, 1, 2026).timestamp())}
        )
        for number, (seats, amount, begins) in enumerate(
            [(10, -4200, 9), (12, 5040, 9), (12, -4600, 16), (9, 1200, 16)]
        ):
            waiting = {
                "id": f"ii_fake_x{number}{body['id']}",
                "subscription": body["id"],
                "item": item["id"],
                "amount": amount,
            }
            waiting |= {
                "quantity": seats,
                "begins": int(day(11, begins, 2026).timestamp()),
                "ends": item["current_period_end"],
            }
            store.put("waiting", waiting | {"proration": True, "text": "x"})
        customer = store.get("customer", body["customer"])
        store.put("customer", customer | {"balance": -1234})
    reconcile()
    cast.run_jobs()
    assert account(organisation).preview["total"] < 0
