"""Operators suspend and resume by the address name, and erase by ids, never one that is not approved and due."""

import json

from click.testing import CliRunner

from app.billing.gateway import Payments
from app.billing.models import BillingAccount, Subscription
from app.closing import schedule
from app.closing.policies import AT_MOST_A_DAY, BILLS_KEPT, SETTLES
from app.kamu import kamu
from app.people.models import Person
from app.vault import own_space, seal_text
from onboarding.models import SignUp
from tenants.models import ControlOutbox, new_id
from tenants.unit_of_work import control_work, tenant_work
from tests.closing.conftest import DAY
from tests.factories.billing import live, subscribe
from tests.factories.launches import people


def run(app, *words):
    answer = CliRunner().invoke(kamu, ["tenants", *words, "--json"], obj=app.app_context)
    said = json.loads(answer.output)
    return answer.exit_code, said["data"] if said["ok"] else said["error"]["code"]


def test_suspending_and_resuming_end_sessions_and_add_the_time_to_the_grace(app, road, cast, acme):
    before = road.in_grace(acme).due_at
    assert run(app, "suspend", "acme")[0] == 0
    assert acme.ilta.get("/me").status_code == 403
    road.ahead += 3 * DAY
    assert run(app, "resume", "acme")[0] == 0
    assert acme.ilta.get("/me").status_code == 303
    assert (road.closing(acme).due_at - before).days == 3
    assert run(app, "suspend", "nobody") == (1, "no_such_tenant")


def test_an_operator_asks_and_calls_off_with_the_name_typed_twice(app, road, acme):
    assert run(app, "close", "acme", "--yes-close", "beta") == (1, "wrong_name")
    code, data = run(app, "close", "acme", "--yes-close", "acme")
    assert (code, data["state"]) == (0, "asked")
    assert run(app, "close", "acme", "--yes-close", "acme") == (1, "already_closing")
    assert run(app, "call-off", "acme")[1]["state"] == "cancelled"
    assert run(app, "call-off", "acme") == (1, "nothing_to_call_off")


def test_erasing_takes_ids_that_are_due_all_or_none(app, road, cast):
    due, young = cast.organisation("due"), cast.organisation("young")
    road.grace_of(due, due_at=road.now() - DAY)
    road.grace_of(young, due_at=road.now() + DAY)
    assert run(app, "erase") == (2, "wrong_use")
    assert run(app, "erase", "due") == (2, "wrong_use")
    assert run(app, "erase", str(due.ref.id), str(young.ref.id)) == (1, "not_due")
    assert run(app, "erase", "--dry-run", str(young.ref.id)) == (1, "not_due")
    assert road.tenant(due).status == "open"
    assert run(app, "erase", str(due.ref.id)) == (0, {"begun": [str(due.ref.id)]})
    assert road.tenant(due).status == "suspended"
    assert run(app, "resume", "due") == (1, "erasure_begun")


def test_a_dry_run_counts_and_does_nothing(app, road, cast, acme):
    road.grace_of(acme, due_at=road.now() - DAY)
    code, data = run(app, "erase", "--dry-run")
    (row,) = data["due"]
    assert (code, row["slug"], row["mails"], data["may_begin"]) == (0, "acme", 2, AT_MOST_A_DAY)
    assert row["rows"] >= 5
    assert road.tenant(acme).status == "open"
    assert "ilta" not in json.dumps(data)


def test_more_than_three_within_a_day_are_refused(app, road, cast):
    several = [cast.organisation(f"org-{number}") for number in range(AT_MOST_A_DAY + 1)]
    road.grace_of(*several, due_at=road.now() - DAY)
    ids = [str(each.ref.id) for each in several]
    assert run(app, "erase", *ids) == (1, "enough_for_today")
    assert run(app, "erase", *ids[:AT_MOST_A_DAY])[0] == 0
    assert run(app, "erase", ids[-1]) == (1, "enough_for_today")


def test_the_plan_ends_before_the_keys_go_and_only_what_bills_are_found_by_is_kept(road, cast, acme, monkeypatch):
    end_subscription = Payments.end_subscription
    people(acme, 12)
    subscribe(cast, acme)
    ref = live(acme).ref
    with control_work() as control:
        values = {"organisation": "Acme Oy", "slug": "acme", "email": "owner@acme.example", "language": "en"}
        times = dict.fromkeys(("asked_at", "expires_at", "moved_at"), road.now())
        control.add(SignUp(**values, **times, state="open", tenant_id=acme.ref.id))
    with tenant_work(acme.ref) as opened:
        person = opened.query(Person).first()
        seal_text("Rest on Fridays", space=own_space(person.id), row=new_id(), column="line")

    def away(*_args, **_more):
        raise ConnectionError

    monkeypatch.setattr("app.billing.gateway.Payments.end_subscription", away)
    waiting = road.erased(acme)
    assert (waiting.state, waiting.keys_destroyed_at) == ("suspended", None)
    monkeypatch.setattr("app.billing.gateway.Payments.end_subscription", end_subscription)
    road.let_pass(SETTLES)
    road.work()
    assert road.closing(acme).state == "erased"
    with control_work() as control:
        plan = control.query(Subscription).where(Subscription.ref == ref).one()
        account = control.get(BillingAccount, acme.ref.id)
        assert plan.status == "canceled"
        assert account.customer_ref
        assert (account.checkout_ref, account.checkout_url, account.preview) == (None, None, None)
        assert control.query(SignUp).count() == 0
        assert control.query(ControlOutbox).where(ControlOutbox.tenant_id == acme.ref.id).count() == 0
    road.let_pass(BILLS_KEPT + DAY)
    schedule.sweep()
    with control_work() as control:
        assert control.query(Subscription).count() == control.query(BillingAccount).count() == 0
