"""The welcome of an employee, and a "not now" that leaves no mark."""

from tenants.models import TenantBase
from tenants.unit_of_work import tenant_work


def test_the_welcome_is_for_members(cast, two):
    employee, _ = cast.employee(two.a)
    page = employee.get("/welcome").text
    assert "A colleague to think with" in page
    assert "That choice is not open yet" in page
    assert cast.signed_in(two.a).get("/welcome").status_code == 403


def test_not_now_leaves_no_mark(cast, two):
    employee, _ = cast.employee(two.a)
    employee.get("/welcome")
    before = everything(two.a)
    answer = employee.follow(employee.post("/not-now"))
    assert "The door stays open" in answer.text
    assert everything(two.a) == before


def everything(organisation):
    with tenant_work(organisation.ref) as opened:
        return {table.name: opened.execute(table.select()).all() for table in TenantBase.metadata.sorted_tables}
