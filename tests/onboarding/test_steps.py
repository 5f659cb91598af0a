"""States follow from facts, whatever the facts."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.actor import Actor
from app.access.roles import Role
from app.billing import queries as billing
from app.matching.queries.rules import has_rules
from app.people.queries import count_people, count_problems_left, has_import_under_way, has_open_import
from app.readiness.policies import Answer, Question
from app.sign_in.queries import has_active_connection, has_connection_begun
from app.support.queries.customers import STEP_ORDER
from app.training import queries as training
from onboarding.actions.report_progress import people_range
from onboarding.queries.facts import Facts, read_facts
from onboarding.steps import STEPS, State, progress_of
from tenants.models import TenantProgress
from tenants.unit_of_work import control_work, tenant_work
from tests.factories.billing import subscribe
from tests.factories.launches import connected, people
from tests.factories.policies import questions_answered, rules_decided, time_decided
from tests.factories.rosters import roster, send, staff
from tests.factories.training import offer_training

DECISIONS = {
    "readiness": questions_answered,
    "time": time_decided,
    "training": offer_training,
    "rules": rules_decided,
}
facts = st.builds(
    Facts,
    people=st.integers(0, 3000),
    import_under_way=st.booleans(),
    file_waits=st.booleans(),
    problems=st.integers(0, 5),
    sign_in_begun=st.booleans(),
    sign_in_active=st.booleans(),
    planned_for=st.none() | st.just(date(2027, 1, 18)),
    launched_at=st.none() | st.just(datetime(2027, 1, 18, 6, tzinfo=UTC)),
    answers=st.dictionaries(st.sampled_from(Question), st.sampled_from(Answer)),
    promised=st.none() | st.just(420),
    owners=st.integers(0, 4),
    has_training=st.booleans(),
    has_rules=st.booleans(),
    bills=st.booleans(),
    has_plan=st.booleans(),
    plan_begun=st.booleans(),
)


@given(facts)
def test_a_launch_opens_exactly_when_nothing_is_missing(known):
    state = progress_of(known).states["launch"]
    if known.launched_at:
        assert state is State.DONE
    elif known.planned_for:
        assert state is State.WAIT
    else:
        needed = known.people > 0 and known.sign_in_active and known.promised is not None and known.owners > 1
        assert (state is State.OPEN) == needed


@given(facts)
def test_there_is_a_next_step_until_all_are_done_and_it_is_never_a_closed_one(known):
    progress = progress_of(known)
    step = progress.next_step
    if step is None:
        assert progress.done == len(STEPS)
    else:
        assert progress.states[step.key] not in {State.DONE, State.LATER}


@given(facts)
def test_what_is_only_recommended_never_keeps_a_launch_from_opening(known):
    ready = replace(known, people=3, owners=2, sign_in_active=True, promised=420, planned_for=None, launched_at=None)
    assert progress_of(ready).states["launch"] is State.OPEN


@given(facts, st.sampled_from([role for role in Role if role not in {Role.MEMBER, Role.STAFF}]))
def test_whoever_has_a_step_of_their_own_to_do_is_shown_that_one(known, role):
    progress, who = progress_of(known), Actor("account", roles=frozenset({role}))
    to_do = {step.key for step in STEPS if progress.states[step.key] in {State.NOW, State.OPEN}}
    own = {step.key for step in STEPS if step.key in to_do and who.may(step.permission)}
    shown = progress.next_step_for(who)
    if own:
        assert shown.key in own
    else:
        assert shown is progress.next_step


@given(facts)
def test_nobody_in_the_directory_is_never_done(known):
    if not known.people:
        assert progress_of(known).states["people"] is not State.DONE


@pytest.mark.parametrize(
    ("people", "name"),
    [(0, None), (1, "1–4"), (4, "1–4"), (5, "5–49"), (107, "100–249"), (999, "500–999"), (1000, "1000+")],
)
def test_a_size_is_named_roughly(people, name):
    assert people_range(people) == name


def test_the_one_reading_of_the_facts_agrees_with_what_each_feature_says_itself(cast, two):
    empty = _agreed(two.a)
    assert not any((empty.people, empty.sign_in_begun, empty.promised, empty.has_training, empty.has_rules))
    connected(two.a)
    people(two.a, 2)
    time_decided(two.a)
    questions_answered(two.a, questions=[Question.TIME])
    send(cast.signed_in(two.a), roster([*staff(2), ["", "", "no address", "", ""]]))
    subscribe(cast, two.a)
    offer_training(two.a)
    rules_decided(two.a)
    full = _agreed(two.a)
    assert all((full.people, full.file_waits, full.sign_in_active, full.promised, full.has_training, full.has_rules))
    assert full.answers == {Question.TIME: Answer.YES}


def _agreed(organisation):
    with tenant_work(organisation.ref):
        known = read_facts()
        assert known.people == count_people()
        assert known.import_under_way == has_import_under_way()
        assert known.file_waits == has_open_import()
        assert known.problems == count_problems_left()
        assert known.sign_in_active == has_active_connection()
        assert known.sign_in_begun == has_connection_begun()
        assert known.has_plan == billing.has_plan()
        assert known.has_training == training.has_plan()
        assert known.has_rules == has_rules()
    return known


def test_staff_know_the_steps_in_their_order():
    assert tuple(step.key for step in STEPS) == STEP_ORDER


def test_a_step_is_reported_by_the_decision_itself(cast, two):
    """What comes last is told too: no step waits for the news of another."""
    for key, decide in DECISIONS.items():
        decide(two.a)
        cast.run_jobs()
        with control_work() as control:
            assert control.get(TenantProgress, two.a.ref.id).steps[key] == "done", key
