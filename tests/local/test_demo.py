"""The demo: what its two organisations hold when it is loaded, and that loading it again changes nothing."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from app.billing.queries import has_plan
from app.choices.models import Participation
from app.goals.models import Goal
from app.matching.models import Ask
from app.pairs.models import Note, Pair
from app.people.models import Person
from local.cast import KAMU, KAVERI, LIVE, NEWCOMER
from local.demo import load_half, load_live
from onboarding.queries.facts import read_facts
from tenants.models import TenantOutbox
from tenants.unit_of_work import session, tenant_work

PROVIDER = {"server": "localhost:8400", "client_id": "kamu-local", "client_secret": "s3cret"}
COUNTED = (Person, Participation, Pair, Goal, Note, Ask, TenantOutbox)


@pytest.fixture
def now():
    return datetime.now(UTC)


def counts(tenant):
    with tenant_work(tenant):
        return {model: session().scalar(select(func.count()).select_from(model)) for model in COUNTED}


def person_id(user_name):
    return session().scalars(select(Person.id).where(Person.email == LIVE.email(user_name))).one()


def test_one_organisation_lives_with_kamu_and_loading_it_again_changes_nothing(app, now):
    tenant = load_live(PROVIDER, now=now)
    with tenant_work(tenant):
        facts = read_facts()
        assert facts.launched_at
        assert has_plan()
        pairs = session().scalars(select(Pair)).all()
        assert Counter(pair.state for pair in pairs).keys() == {"live", "paused", "ended"}
        live = [pair for pair in pairs if pair.state == "live"]
        assert person_id(KAVERI) in {pair.kaveri_id for pair in live if pair.kamu_id == person_id(KAMU)}
        assert session().scalars(select(Ask.kamu_id).where(Ask.kamu_id == person_id(KAMU))).all()
        assert session().get(Participation, person_id(NEWCOMER)) is None
    first = counts(tenant)
    assert first[Pair] >= 15
    assert first[Ask] >= 3
    assert counts(load_live(PROVIDER, now=now)) == first


def test_the_other_one_is_half_set_up(app, now):
    tenant = load_half(now=now)
    with tenant_work(tenant):
        facts = read_facts()
    assert len(facts.answers) == 6
    assert facts.people == 30
    assert facts.missing == ("sign-in", "time", "roles")
    assert counts(load_half(now=now))[Person] == 30
