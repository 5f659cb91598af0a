"""The large organisation of the benches, made small: what it holds, and that a page of it can be measured."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from app.access.queries import find_account_of_person
from app.pairs.models import Pair
from app.people.models import Person
from bench.crowd import CROWD, load_crowd, user_name
from bench.places import PROVIDER
from bench.readers import Reader
from tenants.unit_of_work import session, tenant_work


def test_a_crowd_lives_and_its_owner_waits_for_a_page(app) -> None:
    tenant = load_crowd(PROVIDER, now=datetime.now(UTC), size=60)
    with tenant_work(tenant):
        assert session().scalar(select(func.count()).select_from(Person)) == 60
        assert session().scalar(select(func.count()).select_from(Pair)) > 5
        owner = session().scalars(select(Person).where(Person.email == CROWD.email(user_name(0)))).one()
        account_id = find_account_of_person(owner.id).id
    reader = Reader(app, f"{CROWD.slug}.{app.config['SERVER_NAME']}", "owner")
    assert reader.look("/set-up", times=1).status == 303
    reader.sign_in(tenant, account_id)
    look = reader.look("/set-up", times=2)
    assert look.status == 200
    assert 0 < look.queries <= 12
