"""The second half of the set-up of the demo: what an organisation answers, promises, offers, buys and begins."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from flask import current_app

from app.billing.actions.choose_plan import choose_plan, note_return
from app.billing.models import BillingAccount, Plan
from app.billing.queries import find_choice, has_plan
from app.disclosure.actions import freeze_month
from app.matching.actions.rules import decide_rules
from app.matching.policies.rules import Rules
from app.matching.queries import has_rules
from app.readiness.actions import save_answers
from app.readiness.policies import Answer, Question
from app.readiness.queries import has_all_answers
from app.settings import settings
from app.time_policy.actions import decide_time
from app.time_policy.policies import Terms
from app.time_policy.queries import has_policy
from app.training.queries import has_plan as has_training
from local.errors import LocalError
from local.stripe.client import FakeStripe
from local.stripe.questions import finish_checkout
from local.volunteers import offer, owner
from onboarding.actions.launch_kamu import plan_launch
from onboarding.queries.launch import find_launch
from tenants.context import TenantRef
from tenants.outbox import drain
from tenants.unit_of_work import control_work, session, tenant_work

READY = dict.fromkeys(Question, Answer.YES) | {Question.LEADERS: Answer.PARTLY}
HALF_READY = dict.fromkeys(Question, Answer.YES) | {
    Question.TIME: Answer.PARTLY,
    Question.REPRESENTATIVES: Answer.UNKNOWN,
}
PATIENCE_SECONDS = 20

Found = TypeVar("Found")


def answer_readiness(tenant: TenantRef, answers: dict[Question, Answer], *, now: datetime) -> None:
    """Answer the six questions."""
    with tenant_work(tenant):
        if not has_all_answers():
            save_answers(answers, by=owner(), now=now)


def decide(tenant: TenantRef, *, now: datetime) -> None:
    """Promise time, offer the training, set the rules for pairs."""
    with tenant_work(tenant):
        if not has_policy():
            decide_time(Terms(), by=owner(), now=now)
        if not has_training():
            offer(by=owner(), now=now)
        if not has_rules():
            decide_rules(Rules(), by=owner(), now=now)


def buy(tenant: TenantRef, *, now: datetime) -> None:
    """Choose a plan and agree to it on the payment page of the stand-in; with the real service nothing is bought."""
    stand_in: FakeStripe | None = current_app.extensions.get("local_stripe")
    if stand_in is None or _with(tenant, has_plan):
        return
    page = f"{settings().scheme}://{settings().organisation_host(tenant.slug)}/set-up/seats"
    with tenant_work(tenant):
        if find_choice() is None:
            choose_plan(plan=Plan.MONTHLY, back=(f"{page}/return", page), by=owner(), now=now)
    checkout = _wait_for(tenant, lambda: _find_checkout(tenant))
    with stand_in.memory() as store:
        finish_checkout(store, checkout)
    with tenant_work(tenant):
        note_return(now=now)
    _wait_for(tenant, lambda: _with(tenant, has_plan))


def launch(tenant: TenantRef, *, at: datetime) -> None:
    """Begin, as of a moment that may be past."""
    with tenant_work(tenant):
        begun = find_launch()
        if begun is None or not begun.launched_at:
            plan_launch(on=at.date(), now=at)


def count_figures(tenant: TenantRef, *, now: datetime) -> None:
    """Count this month's figures as the clock would; once counted they stay."""
    with tenant_work(tenant):
        freeze_month(now=now)


def _find_checkout(tenant: TenantRef) -> str | None:
    with control_work():
        account = session().get(BillingAccount, tenant.id)
        return account.checkout_ref if account else None


def _with(tenant: TenantRef, ask: Callable[[], Found]) -> Found:
    with tenant_work(tenant):
        return ask()


def _wait_for(tenant: TenantRef, look: Callable[[], Found | None]) -> Found:
    """Do the work that the plan left behind, beside whatever worker does it too, until something is found."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        drain(tenant)
        drain(None)
        time.sleep(0.05)
    raise LocalError("The stand-in for the payment service did not answer in time; the reason is in the logs.")
