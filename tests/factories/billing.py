"""Organisations that have launched, with seats, a plan, and a payment service that can be told to fail."""

from datetime import UTC, datetime

from flask import current_app
from sqlalchemy import text

from app.billing.actions import count_seats as counting
from app.billing.actions.choose_plan import choose_plan, note_return
from app.billing.models import BillingAccount, Plan, SeatDay, SeatEvent
from app.billing.queries import find_live_in_control
from local.stripe.client import FakeStripe
from local.stripe.questions import finish_checkout
from tenants.unit_of_work import control_work, session, tenant_work
from tests.factories.launches import people


def at(day, hour=12, month=11):
    """A time in 2026."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def fake() -> FakeStripe:
    return current_app.extensions["local_stripe"]


def begin(organisation, *, now):
    """Kamu is launched as far as seats are concerned."""
    with tenant_work(organisation.ref):
        counting.begin_seats(now=now)


def count(organisation, *, now):
    with tenant_work(organisation.ref):
        return counting.count_seats(now=now)


def ledger(organisation):
    with tenant_work(organisation.ref):
        return session().query(SeatEvent).order_by(SeatEvent.number).all(), session().query(SeatDay).order_by(
            SeatDay.day
        ).all()


def owner_actor(organisation):
    from app.access.queries import find_actor

    with tenant_work(organisation.ref):
        return find_actor(organisation.owner_id)


BACK = ("http://alpha.example/back", "http://alpha.example/left")


def subscribe(cast, organisation, plan=Plan.MONTHLY):
    """The owner chooses a plan, agrees on the payment page, and comes back."""
    by = owner_actor(organisation)
    with tenant_work(organisation.ref):
        choose_plan(plan=plan, back=BACK, by=by, now=datetime.now(UTC))
    cast.run_jobs()
    with fake().memory() as store:
        finish_checkout(store, account(organisation).checkout_ref)
    with tenant_work(organisation.ref):
        note_return(now=datetime.now(UTC))
    cast.run_jobs()


def account(organisation):
    with control_work():
        return session().get(BillingAccount, organisation.ref.id)


def live(organisation):
    with control_work():
        return find_live_in_control(organisation.ref.id)


def at_service(organisation):
    """The subscription as the payment service has it."""
    with fake().memory() as store:
        return store.get("subscription", live(organisation).ref)


def hurry(superuser, *organisations):
    """Have everything that waits for a later try be due now."""
    schemas = ["control", *(each.ref.schema for each in organisations)]
    with superuser.begin() as connection:
        for schema in schemas:
            connection.execute(text(f"UPDATE {schema}.outbox SET due_at = now(), dead_at = NULL, attempts = 0"))


__all__ = ["people"]
