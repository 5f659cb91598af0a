"""A plan's news: late, out of order, for an organisation that never chose; the trial; counting by the clock."""

from datetime import UTC, datetime, timedelta

import pytest

from app.billing import schedule
from app.billing.actions.choose_plan import note_plan, note_return
from app.billing.actions.settle import move_trial_end, push_quantity
from app.billing.events import on_plan_changed
from app.billing.models import BillingAccount, Plan, SeatDay
from app.billing.policies import trial_ends_at
from app.billing.queries import find_choice, has_plan
from tenants.models import Tenant, new_id
from tenants.unit_of_work import control_work, session, tenant_work
from tests.factories.billing import account, at, live, subscribe
from tests.factories.launches import launched, people, ready


def now():
    return datetime.now(UTC)


def note(organisation, status, when, choice_id=None):
    with tenant_work(organisation.ref):
        note_plan(choice_id=choice_id or new_id(), plan=Plan.MONTHLY if status else None, status=status, as_of=when)
    with tenant_work(organisation.ref):
        return has_plan()


def test_news_of_a_plan_that_nobody_chose_here_is_noted(two):
    assert note(two.a, "active", now())


def test_no_news_of_no_plan_is_nothing(two):
    assert not note(two.a, None, now())
    with tenant_work(two.a.ref):
        assert find_choice() is None


def test_older_news_changes_nothing(two):
    note(two.a, "active", now())
    assert note(two.a, "canceled", now() - timedelta(hours=1))


def test_an_ended_plan_is_no_plan(two):
    note(two.a, "active", now())
    assert not note(two.a, "canceled", now())


def test_news_of_another_choice_does_not_undo_this_one(two):
    note(two.a, "active", now())
    assert note(two.a, None, now())


def test_whoever_listens_hears_of_a_plan(two):
    heard = []
    on_plan_changed.append(lambda: heard.append(True))
    try:
        note(two.a, "trialing", now())
    finally:
        on_plan_changed.pop()
    assert heard == [True]


def test_coming_back_without_having_chosen_is_nothing(two):
    with tenant_work(two.a.ref):
        note_return(now=now())
        assert find_choice() is None


@pytest.mark.parametrize(
    ("launch", "expected"),
    [(None, 150), (10, 24), (145, 150)],
)
def test_paying_begins_14_days_after_the_launch_and_150_after_the_sign_up_at_the_latest(launch, expected):
    signed_up = at(1)
    begun = signed_up + timedelta(days=launch) if launch else None
    assert trial_ends_at(signed_up_at=signed_up, launched_at=begun) == signed_up + timedelta(days=expected)


def test_a_launch_long_after_the_sign_up_ends_the_trial_at_once(cast, two):
    people(two.a, 2)
    subscribe(cast, two.a)
    with control_work() as control:
        control.get(Tenant, two.a.ref.id).created_at = now() - timedelta(days=200)
        control.get(BillingAccount, two.a.ref.id).launched_at = now()
    with control_work():
        move_trial_end(tenant_id=two.a.ref.id, now=now())
    assert live(two.a).status == "active"


def test_a_question_without_a_plan_is_not_asked(two):
    with control_work():
        push_quantity(tenant_id=two.a.ref.id, version=1, now=now())
        move_trial_end(tenant_id=two.a.ref.id, now=now())
    assert account(two.a).version == 0


def test_the_clock_counts_everybody_who_has_launched(cast, two):
    ready(two.a, 3)
    launched(cast, two.a)
    people(two.b, 2)
    with tenant_work(two.a.ref):
        session().query(SeatDay).delete()
    schedule.count_everywhere()
    cast.run_jobs()
    assert account(two.a).desired == 3
    assert account(two.b) is None
    with tenant_work(two.a.ref):
        assert [day.end_of_day for day in session().query(SeatDay)] == [3]
