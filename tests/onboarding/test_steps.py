"""States follow from facts, whatever the facts."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.actions.report_progress import people_range
from onboarding.steps import STEPS, Facts, State, progress_of

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
)


@given(facts)
def test_a_launch_opens_exactly_when_nothing_is_missing(known):
    state = progress_of(known).states["launch"]
    if known.launched_at:
        assert state is State.DONE
    elif known.planned_for:
        assert state is State.WAIT
    else:
        assert (state is State.OPEN) == (known.people > 0 and known.sign_in_active)


@given(facts)
def test_there_is_a_next_step_until_all_are_done_and_it_is_never_a_closed_one(known):
    progress = progress_of(known)
    step = progress.next_step
    if step is None:
        assert progress.done == len(STEPS)
    else:
        assert progress.states[step.key] not in {State.DONE, State.LATER}


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
