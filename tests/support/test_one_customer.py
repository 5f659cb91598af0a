"""The page of one customer: steps, seats and plan; participation only as the lead sees it."""

import pytest

from app.billing.models import BillingAccount
from tenants.models import TenantProgress
from tenants.unit_of_work import control_work
from tests.factories.browsers import Browser
from tests.factories.customers import DONE, Customers
from tests.factories.staff import Nitor
from tests.journeys.browser import carry, look_over, person


@pytest.fixture
def staff(nitor: Nitor) -> Browser:
    return nitor.enrolled().browser


def counted(tenant, **figures: int | None) -> None:
    with control_work() as control:
        control.get(TenantProgress, tenant.id).figures = {"month": "2026-11-01", **figures}


def test_participation_is_shown_from_five_upwards(staff: Browser, customers: Customers):
    tenant = customers.add("Lehtovuo", live=True)
    counted(tenant, wants=51, kamus=None)
    page = staff.get("/customers/lehtovuo").text
    assert "<dt>Would like a Kamu</dt><dd>51</dd>" in page
    assert "<dt>Kamus</dt><dd>Fewer than five, or nearly all</dd>" in page


def test_before_the_first_count_the_page_says_when_figures_begin(staff: Browser, customers: Customers):
    customers.add("Norrskata")
    page = staff.get("/customers/norrskata").text
    assert "Figures begin a week after the launch" in page
    assert "<dt>Plan</dt><dd>None chosen</dd>" in page


def test_seats_are_those_that_are_paid_for(staff: Browser, customers: Customers):
    tenant = customers.add("Lehtovuo", live=True)
    with control_work() as control:
        control.add(BillingAccount(tenant_id=tenant.id, desired=118))
    page = staff.get("/customers/lehtovuo").text
    with control_work() as control:
        control.query(BillingAccount).delete()
    assert "<dt>Seats</dt><dd>118</dd>" in page


@pytest.mark.browser
def test_the_page_is_clean(screen, staff: Browser, customers: Customers):
    host = "staff.kamu.localhost:8000"
    tenant = customers.add("Lehtovuo", live=True, people="100–249", states=DONE)
    counted(tenant, wants=51, kamus=None)
    with person(screen) as nitor:
        carry(nitor, host, staff.cookie())
        look_over(nitor, f"http://{host}/customers/lehtovuo", "customer").close()
