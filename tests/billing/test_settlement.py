"""Seats reach the payment service once and rightly, whatever is lost, broken or overtaken on the way."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.billing.actions import settle as settling
from app.billing.models import BillingAccount, Subscription
from app.billing.policies import billable
from app.billing.queries import Standing, list_standings_in_control
from app.billing.schedule import reconcile
from app.people.models import Person
from local.stripe.client import Crashed
from local.stripe.store import FAULTS
from tenants.models import new_id
from tenants.unit_of_work import control_work, session, tenant_work
from tests.factories.billing import account, at_service, begin, count, fake, hurry, ledger, live, subscribe
from tests.factories.launches import people


def now():
    return datetime.now(UTC)


def quantity(organisation):
    return at_service(organisation)["items"]["data"][0]["quantity"]


def break_next(*kinds):
    with fake().memory() as store:
        store.break_next(*kinds)


def run(cast, superuser, *organisations):
    """Run everything, including what waits for another try; a worker that dies is started again."""
    for _ in range(30):
        hurry(superuser, *organisations)
        try:
            cast.run_jobs()
        except Crashed:
            continue
        if not _waits(superuser, *organisations):
            return
    raise AssertionError("jobs are left that never end")


def _waits(superuser, *organisations):
    with superuser.connect() as connection:
        schemas = ["control", *(each.ref.schema for each in organisations)]
        return sum(connection.scalar(text(f"SELECT count(*) FROM {schema}.outbox")) for schema in schemas)


def launched(cast, superuser, organisation, seats):
    people(organisation, seats)
    subscribe(cast, organisation)
    begin(organisation, now=now())
    run(cast, superuser, organisation)


def test_the_count_at_the_launch_becomes_the_quantity(cast, two, superuser, clock):
    people(two.a, 3)
    subscribe(cast, two.a)
    people(two.a, 4)
    assert quantity(two.a) == 3
    begin(two.a, now=now())
    run(cast, superuser, two.a)
    assert (quantity(two.a), live(two.a).quantity, account(two.a).desired) == (7, 7, 7)
    assert not account(two.a).is_owed_an_answer


def test_a_change_of_the_directory_settles_at_once_when_it_is_a_tenth(cast, two, superuser, clock):
    launched(cast, superuser, two.a, 20)
    people(two.a, 1)
    run(cast, superuser, two.a)
    assert quantity(two.a) == 20  # one of twenty waits for the morning
    people(two.a, 1)
    run(cast, superuser, two.a)
    assert quantity(two.a) == 22
    assert len(ledger(two.a)[0]) == 22


@pytest.mark.parametrize("fault", [kind for kind in FAULTS if kind != "crash"])
def test_what_goes_wrong_three_times_is_asked_again_and_done_once(cast, two, superuser, clock, fault):
    launched(cast, superuser, two.a, 2)
    people(two.a, 5)
    break_next(fault, fault, fault)
    run(cast, superuser, two.a)
    assert (quantity(two.a), live(two.a).quantity) == (7, 7)
    assert not account(two.a).is_owed_an_answer


def test_a_worker_that_dies_after_the_service_acted_asks_the_same_again(cast, two, superuser, clock):
    launched(cast, superuser, two.a, 2)
    before = account(two.a).version
    people(two.a, 5)
    break_next("crash")
    with pytest.raises(Crashed):
        cast.run_jobs()
    assert quantity(two.a) == 7
    assert live(two.a).quantity == 2
    run(cast, superuser, two.a)
    assert (live(two.a).quantity, account(two.a).version) == (7, before + 1)


def test_an_older_count_that_comes_late_changes_nothing(cast, two, superuser, clock):
    launched(cast, superuser, two.a, 5)
    with control_work():
        settling.settle(tenant_id=two.a.ref.id, seats=2, number=1, launched_at=now(), now=now())
    run(cast, superuser, two.a)
    assert (quantity(two.a), account(two.a).desired) == (5, 5)


def test_a_question_older_than_the_services_memory_is_looked_up_before_it_is_asked_anew(cast, two, superuser, clock):
    launched(cast, superuser, two.a, 2)
    with control_work():
        session().get(BillingAccount, two.a.ref.id).answered_at = None
        session().get(BillingAccount, two.a.ref.id).asked_at = now() - timedelta(hours=30)
    version = account(two.a).version
    with control_work():
        settling.push_quantity(tenant_id=two.a.ref.id, version=version, now=now())
    assert (account(two.a).is_owed_an_answer, account(two.a).version, quantity(two.a)) == (False, version, 2)


def test_what_somebody_changed_at_the_service_is_put_right_at_night(cast, two, superuser, clock):
    launched(cast, superuser, two.a, 4)
    body = at_service(two.a)
    body["items"]["data"][0]["quantity"] = 9
    with fake().memory() as store:
        store.put("subscription", body)
    reconcile()
    run(cast, superuser, two.a)
    assert (quantity(two.a), live(two.a).quantity) == (4, 4)


def test_the_database_refuses_a_second_live_subscription(cast, two, superuser, clock):
    launched(cast, superuser, two.a, 1)
    known = live(two.a)
    values = {column.name: getattr(known, column.name) for column in Subscription.__table__.columns}
    with pytest.raises(IntegrityError, match="uq_subscription_live"), control_work():
        session().add(Subscription(**values | {"id": new_id(), "ref": "sub_fake_second"}))


def test_one_organisations_seats_never_touch_the_others_plan(cast, two, superuser, clock):
    launched(cast, superuser, two.a, 2)
    launched(cast, superuser, two.b, 3)
    people(two.a, 6)
    run(cast, superuser, two.a, two.b)
    assert (quantity(two.a), quantity(two.b)) == (8, 3)
    assert (account(two.a).desired, account(two.b).desired) == (8, 3)
    assert at_service(two.a)["customer"] != at_service(two.b)["customer"]


def test_staff_see_counts_and_plans_of_all(cast, two, superuser, clock):
    launched(cast, superuser, two.a, 2)
    people(two.b, 3)
    begin(two.b, now=now())
    run(cast, superuser, two.b)
    with control_work():
        found = list_standings_in_control()
    assert (found[two.a.ref.id].seats, found[two.a.ref.id].plan, found[two.a.ref.id].status) == (
        2,
        "monthly",
        "trialing",
    )
    assert found[two.b.ref.id] == Standing(3, None, None, None)


def test_control_learns_numbers_and_nobodys_name(cast, two, superuser, clock):
    launched(cast, superuser, two.a, 2)
    with superuser.connect() as connection, tenant_work(two.a.ref):
        rows = [
            str(row)
            for name in ("billing_account", "subscription", "outbox")
            for row in connection.execute(text(f"SELECT * FROM control.{name}"))
        ]
        for person in session().query(Person):
            assert not any(str(person.id) in row or person.email in row for row in rows)


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("join"), st.integers(1, 6)),
        st.tuples(st.just("leave"), st.integers(1, 4)),
        st.tuples(st.just("count"), st.just(0)),
        st.tuples(st.just("jobs"), st.just(0)),
        st.tuples(st.just("reconcile"), st.just(0)),
        st.tuples(st.sampled_from(FAULTS), st.integers(1, 4)),
    ),
    min_size=2,
    max_size=10,
)
_numbers = iter(range(100_000))


@settings(max_examples=max(8, settings().max_examples // 4))
@given(moves=MOVES)
def test_whatever_is_lost_and_overtaken_the_quantity_is_the_ledgers(cast, superuser, clock, moves):
    organisation = cast.organisation(f"s{next(_numbers)}")
    launched(cast, superuser, organisation, 3)
    for what, much in moves:
        _move(cast, superuser, organisation, what, much)
    with fake().memory() as store:
        store.mend()
    seats = count(organisation, now=now() + timedelta(days=1, hours=4))
    run(cast, superuser, organisation)
    assert quantity(organisation) == live(organisation).quantity == billable(seats)
    assert account(organisation).desired == seats
    assert not account(organisation).is_owed_an_answer


def _move(cast, superuser, organisation, what, much):
    if what == "join":
        people(organisation, much)
    elif what == "leave":
        with tenant_work(organisation.ref):
            for person in session().query(Person).limit(much):
                person.ends_on = (now() - timedelta(days=1)).date()
    elif what == "count":
        count(organisation, now=now())
    elif what in FAULTS:
        break_next(*[what] * much)
    else:
        if what == "reconcile":
            reconcile()
        hurry(superuser, organisation)
        with suppress(Crashed):
            cast.run_jobs()
