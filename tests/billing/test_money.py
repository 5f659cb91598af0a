"""What is charged, checked against sums done by hand.

Rules after Stripe's "Prorations" page: on a change the unused time of the old quantity is given back and the remaining
time of the new one charged, each by seconds and rounded to the cent; both wait for the next invoice. With a pending
interval of a month, a yearly plan's changes are invoiced each month. A negative invoice becomes credit. €4.00 a month,
€42.00 a year. February 2027 has 28 days, March 31, the year from 1 February 2027 has 365.
"""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.billing.models import Plan
from local.stripe.ledger import let_time_pass
from local.stripe.money import add_months, share
from local.stripe.questions import finish_checkout
from tests.billing.conftest import day
from tests.factories.billing import fake

FEBRUARY, MARCH = day(2, 1), day(3, 1)
_names = iter(range(100_000))


def begun(payments, clock, quantity, plan=Plan.MONTHLY, first=FEBRUARY):
    """A subscription whose first paid period begins at ``first``."""
    clock(first - timedelta(days=20))
    number = next(_names)
    customer = payments.add_customer(name="A", email="a@a.example", tenant_id=f"money-{number}")
    opened = payments.open_checkout(
        customer_ref=customer,
        plan=plan,
        quantity=quantity,
        trial_end=first,
        back=("http://a.example", "http://b.example"),
        key=f"money-{number}",
    )
    with fake().memory() as store:
        ref = finish_checkout(store, opened.ref)["subscription"]
    pass_to(first)
    return payments.find_subscription(ref)


def pass_to(at):
    with fake().memory() as store:
        let_time_pass(store, int(at.timestamp()))


def change(payments, subscription, quantity, at):
    return payments.change_quantity(
        ref=subscription.ref,
        item_ref=subscription.item_ref,
        quantity=quantity,
        prorate_at=at,
        key=f"change-{next(_names)}",
    )


def amounts(invoice):
    return [line.amount for line in invoice.lines]


def test_the_first_invoice_is_made_when_the_trial_ends(payments, clock):
    subscription = begun(payments, clock, 10)
    assert (subscription.status, subscription.period_start, subscription.period_end) == ("active", FEBRUARY, MARCH)
    [first] = payments.list_invoices(subscription.ref)
    assert (amounts(first), first.total, first.to_pay) == ([4000], 4000, 4000)


def test_four_more_at_half_of_the_month(payments, clock):
    subscription = begun(payments, clock, 10)
    change(payments, subscription, 14, day(2, 15))  # 14 of 28 days are left
    coming = payments.preview(ref=subscription.ref)
    # 10 × 4.00 / 2 back, 14 × 4.00 / 2 on top, and 14 × 4.00 for March
    assert (amounts(coming), coming.total) == ([-2000, 2800, 5600], 6400)
    assert coming.made_at == MARCH


def test_three_fewer_after_a_week(payments, clock):
    subscription = begun(payments, clock, 10)
    change(payments, subscription, 7, day(2, 8))  # 21 of 28 days are left
    coming = payments.preview(ref=subscription.ref)
    assert (amounts(coming), coming.total) == ([-3000, 2100, 2800], 1900)


def test_two_changes_in_one_month(payments, clock):
    subscription = begun(payments, clock, 10)
    change(payments, subscription, 12, day(2, 8))  # -30.00 + 36.00
    change(payments, subscription, 10, day(2, 15))  # -24.00 + 20.00
    coming = payments.preview(ref=subscription.ref)
    assert (amounts(coming), coming.total) == ([-3000, 3600, -2400, 2000, 4000], 4200)


def test_a_mistake_undone_at_once_costs_nothing(payments, clock):
    subscription = begun(payments, clock, 10)
    change(payments, subscription, 20, day(2, 15))
    change(payments, subscription, 10, day(2, 15))
    assert payments.preview(ref=subscription.ref).total == 4000


def test_a_day_of_a_long_month_is_rounded_to_the_cent(payments, clock):
    subscription = begun(payments, clock, 1, first=MARCH)
    change(payments, subscription, 2, day(3, 2))  # 30 of 31 days: 4.00 → 3.870967, 8.00 → 7.741935
    assert amounts(payments.preview(ref=subscription.ref)) == [-387, 774, 800]


def test_on_trial_a_change_costs_nothing_by_itself(payments, clock):
    clock(FEBRUARY - timedelta(days=20))
    customer = payments.add_customer(name="A", email="a@a.example", tenant_id="on-trial")
    opened = payments.open_checkout(
        customer_ref=customer,
        plan=Plan.MONTHLY,
        quantity=10,
        trial_end=FEBRUARY,
        back=("http://a.example", "http://b.example"),
        key="on-trial",
    )
    with fake().memory() as store:
        ref = finish_checkout(store, opened.ref)["subscription"]
    subscription = payments.find_subscription(ref)
    assert subscription.status == "trialing"
    change(payments, subscription, 25, day(1, 20))
    coming = payments.preview(ref=ref)
    assert (amounts(coming), coming.made_at) == ([10000], FEBRUARY)  # 25 × 4.00 for February


def test_a_yearly_plans_change_is_invoiced_at_the_next_turn_of_the_month(payments, clock):
    subscription = begun(payments, clock, 10, Plan.YEARLY)
    change(payments, subscription, 11, day(4, 15))  # 73 of 365 days are gone, four fifths left
    coming = payments.preview(ref=subscription.ref)
    # 420.00 × 4/5 back, 462.00 × 4/5 on top; the seats of the next year come in February
    assert (amounts(coming), coming.total, coming.made_at) == ([-33600, 36960], 3360, day(5, 1))


def test_what_is_paid_back_beyond_an_invoice_is_kept_for_the_next(payments, clock):
    subscription = begun(payments, clock, 10, Plan.YEARLY)
    change(payments, subscription, 1, day(4, 15))  # -336.00 + 33.60
    pass_to(day(5, 1))
    back = payments.list_invoices(subscription.ref)[0]
    assert (back.total, back.to_pay) == (-30240, 0)
    coming = payments.preview(ref=subscription.ref)
    assert (coming.made_at, coming.total, coming.balance_before, coming.to_pay) == (day(2, 1, 2028), 4200, -30240, 0)
    pass_to(day(2, 1, 2028))
    assert payments.preview(ref=subscription.ref).balance_before == -26040  # 302.40 - 42.00 are left


def test_a_wished_change_is_told_and_not_made(payments, clock):
    subscription = begun(payments, clock, 10)
    wished = payments.preview(ref=subscription.ref, item_ref=subscription.item_ref, quantity=14, prorate_at=day(2, 15))
    assert wished.total == 6400
    assert payments.preview(ref=subscription.ref).total == 4000
    assert payments.find_subscription(subscription.ref).quantity == 10


@pytest.mark.parametrize(
    ("month", "number", "months", "expected"),
    [(1, 31, 1, (2, 28)), (1, 31, 2, (3, 31)), (2, 28, 1, (3, 28)), (11, 30, 3, (2, 28))],
)
def test_a_month_later_is_the_same_day_or_the_last(month, number, months, expected):
    begins = day(month, number)
    year = 2028 if month == 11 else 2027
    assert add_months(int(begins.timestamp()), months) == int(day(*expected, year).timestamp()) + (
        86400 if year == 2028 else 0
    )


@given(amount=st.integers(-10_000_000, 10_000_000), part=st.integers(0, 1000), whole=st.integers(1, 1000))
def test_a_share_is_the_nearest_cent_whichever_its_sign(amount, part, whole):
    found = share(amount, part, whole)
    assert abs(2 * (found * whole - amount * part)) <= whole
    assert share(-amount, part, whole) == -found


@settings(max_examples=max(4, settings().max_examples // 8))
@given(
    changes=st.lists(st.tuples(st.integers(1, 27), st.integers(1, 40)), max_size=4), plan=st.sampled_from(list(Plan))
)
def test_the_preview_is_the_invoice_that_comes(payments, clock, changes, plan):
    subscription = begun(payments, clock, 10, plan)
    for number, quantity in sorted(changes):
        change(payments, subscription, quantity, FEBRUARY + timedelta(days=number))
    coming = payments.preview(ref=subscription.ref)
    pass_to(coming.made_at)
    made = payments.list_invoices(subscription.ref)[0]
    assert (made.total, made.to_pay, amounts(made)) == (coming.total, coming.to_pay, amounts(coming))
    assert sum(amounts(made)) == made.total
