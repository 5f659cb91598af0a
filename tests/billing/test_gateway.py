"""One module knows the payment service; the stand-in holds it to the library's own types and is never mistaken for it."""

from datetime import UTC, datetime

import psycopg
import pytest
import stripe
from sqlalchemy.engine import make_url
from stripe.params import CustomerCreateParams, SubscriptionUpdateParams
from stripe.params.checkout import SessionCreateParams

from app.billing import gateway
from app.billing.errors import BillingOff, PaymentServiceAway, PaymentServiceFailed, PaymentServiceRefused
from app.billing.models import Plan
from local.errors import LocalError
from local.stripe.checker import Unfit, check_answer, check_request
from local.stripe.client import decode
from local.stripe.mount import stand_in
from local.stripe.schema import address, prepare
from local.stripe.shapes import customer, price
from tests.factories.billing import fake
from tests.web.test_settings import WHOLE

API_VERSION = "2026-10-28.endive"


def break_next(*kinds):
    with fake().memory() as store:
        store.break_next(*kinds)


def find(payments):
    return payments.find_subscription("sub_nothing")


def test_the_service_is_asked_in_the_version_this_was_written_for(clock, payments):
    with pytest.raises(PaymentServiceRefused):
        find(payments)
    assert fake().last_headers["Stripe-Version"] == API_VERSION


def test_a_seat_costs_what_the_service_says(clock, payments):
    prices = payments.list_prices()
    assert {plan: (each.unit_amount, each.currency) for plan, each in prices.items()} == {
        Plan.MONTHLY: (400, "eur"),
        Plan.YEARLY: (4200, "eur"),
    }


@pytest.mark.parametrize(
    ("fault", "error"), [("away", PaymentServiceAway), ("429", PaymentServiceAway), ("500", PaymentServiceFailed)]
)
def test_trouble_has_three_names(clock, payments, fault, error):
    break_next(fault, fault, fault)
    with pytest.raises(error):
        payments.add_customer(name="A", email="a@a.example", tenant_id=f"trouble-{fault}")


def test_a_lost_answer_is_asked_for_again_and_nothing_is_done_twice(clock, payments):
    break_next("lost", "lost")
    first = payments.add_customer(name="A", email="a@a.example", tenant_id="lost")
    assert payments.add_customer(name="A", email="a@a.example", tenant_id="lost") == first


def test_one_key_asks_one_question(clock, payments):
    payments.add_customer(name="A", email="a@a.example", tenant_id="one-key")
    with pytest.raises(PaymentServiceRefused):
        payments.add_customer(name="B", email="a@a.example", tenant_id="one-key")


def test_nothing_of_the_library_comes_out(clock, payments):
    ref = payments.add_customer(name="A", email="a@a.example", tenant_id="plain")
    opened = payments.open_checkout(
        customer_ref=ref,
        plan=Plan.MONTHLY,
        quantity=2,
        trial_end=None,
        back=("http://a.example", "http://b.example"),
        key="plain",
    )
    assert type(ref) is str
    assert not isinstance(opened, stripe.StripeObject)
    assert "_fake_" in ref
    assert "_fake_" in opened.ref


def test_without_a_payment_service_billing_is_off(app):
    kept = app.extensions.pop(gateway.EXTENSION)
    try:
        assert not gateway.is_on()
        with pytest.raises(BillingOff):
            gateway.payments()
    finally:
        app.extensions[gateway.EXTENSION] = kept


def test_the_stand_in_does_not_start_beside_a_real_key(app, monkeypatch):
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_live_x")
    with pytest.raises(LocalError, match="STRIPE_SECRET_KEY"):
        stand_in(app)


def test_a_key_is_read_and_kept_out_of_sight():
    from app.settings import Settings

    found = Settings.from_environment(WHOLE | {"STRIPE_SECRET_KEY": " sk_live_x "})
    assert found.stripe_secret_key == "sk_live_x"
    assert "sk_live_x" not in repr(found)
    assert Settings.from_environment(WHOLE).stripe_secret_key is None


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        (CustomerCreateParams, "nickname=A"),
        (SubscriptionUpdateParams, "items[0][quantity]=ten"),
        (SubscriptionUpdateParams, "items[0][amount]=10"),
        (SubscriptionUpdateParams, "proration_behavior=sometimes"),
        (SessionCreateParams, "mode=gift"),
    ],
)
def test_a_request_that_the_library_does_not_know_is_refused(kind, form):
    with pytest.raises(Unfit):
        check_request(kind, decode(form))


def test_a_form_becomes_what_was_meant():
    form = decode("items[0][id]=si_1&items[0][quantity]=3&proration_date=12&proration_behavior=none&trial_end=now")
    assert check_request(SubscriptionUpdateParams, form) == {
        "items": [{"id": "si_1", "quantity": 3}],
        "proration_date": 12,
        "proration_behavior": "none",
        "trial_end": "now",
    }


def test_an_answer_must_be_whole_and_hold_nothing_else():
    whole = customer("cus_fake_1", 0, {"name": "A", "email": "a@a.example"})
    check_answer(stripe.Customer, whole)
    check_answer(stripe.Price, price("monthly"))
    for wrong in (
        {key: value for key, value in whole.items() if key != "livemode"},
        whole | {"nickname": "A"},
        whole | {"created": "yesterday"},
        whole | {"object": "person"},
    ):
        with pytest.raises(Unfit):
            check_answer(stripe.Customer, wrong)


def test_the_stand_ins_books_show_what_time_brings(cast, clock):
    browser = cast.browser()
    assert "no money moves" in browser.get("/test-billing/", check=False).text
    assert browser.post("/test-billing/clock", {"days": "31"}, check=False, token="x").status_code == 303
    with fake().memory() as store:
        assert store.now > datetime.now(UTC).timestamp() + 30 * 24 * 3600
    assert browser.get("/test-billing/checkout/cs_nothing", check=False).status_code == 404


def test_the_product_cannot_reach_the_stand_in_nor_the_stand_in_the_product(app, urls):
    stand_in_login = address(urls.rt, app.config["KAMU"].secret_key)
    product_login = make_url(urls.rt).set(drivername="postgresql").render_as_string(hide_password=False)
    for login, table in ((product_login, "local_billing.object"), (stand_in_login, "control.tenant")):
        with psycopg.connect(login) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"SELECT * FROM {table}")


def test_two_databases_of_one_server_have_each_their_own_books(app, urls, postgres):
    """Two stacks may stand on one server: setting up the second does not lock the first out."""
    second = postgres.create_database("kamu_second_books")
    try:
        prepare(second.ddl, "another secret")
        for stack, secret in ((urls, app.config["KAMU"].secret_key), (second, "another secret")):
            with psycopg.connect(address(stack.rt, secret)) as connection:
                assert connection.execute("SELECT count(*) FROM local_billing.clock").fetchone() == (1,)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(address(urls.rt, "another secret"))
    finally:
        postgres.drop_database("kamu_second_books")
