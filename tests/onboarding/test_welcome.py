"""The welcome of an employee, and a "not now" that leaves no mark."""

from app.access.actor import Actor
from app.time_policy.actions import decide_time
from app.time_policy.policies import Terms
from tenants.models import TenantBase
from tenants.unit_of_work import tenant_work
from tests.cast import NOON


def test_the_welcome_is_for_members(cast, two):
    employee, _ = cast.employee(two.a)
    page = employee.get("/welcome").text
    assert "A colleague to think with" in page
    assert "I’d like to be one" in page
    assert "2 hours" not in page
    assert cast.signed_in(two.a).get("/welcome").status_code == 403


def test_not_now_leaves_no_mark(cast, two):
    employee, _ = cast.employee(two.a)
    employee.get("/welcome")
    before = everything(two.a)
    answer = employee.follow(employee.post("/choices/want", {"want": "not_now"}))
    assert "The door stays open" in answer.text
    assert everything(two.a) == before


def test_the_welcome_shows_the_promise_of_time_and_what_was_chosen(cast, two):
    employee, _ = cast.employee(two.a)
    with tenant_work(two.a.ref):
        decide_time(Terms(kaveri_minutes=90), by=Actor("account", two.a.owner_id), now=NOON)
    employee.post("/choices/want", {"want": "both"})
    page = employee.get("/welcome").text
    assert "gives it 1 h 30 min of working time a month" in page
    assert 'checked id="want-2"' in page


def test_the_first_page_is_the_welcome_until_somebody_takes_part_and_today_from_then_on(cast, two):
    employee, _ = cast.employee(two.a)
    assert employee.get("/").location.endswith("/welcome")
    employee.post("/choices/want", {"want": "kamu"})
    assert employee.get("/").location.endswith("/today")


def everything(organisation):
    with tenant_work(organisation.ref) as opened:
        return {table.name: opened.execute(table.select()).all() for table in TenantBase.metadata.sorted_tables}
