"""A pair rests while one of the two has no access: nothing of it is lost, and both read the same sentence."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import now
from app.goals.actions import add_goal, tell_goal
from app.matching.models import Ask
from app.matching.queries.candidates import list_candidates
from app.pairs import actions, queries
from app.pairs.errors import PairIsPaused, PairRests
from app.pairs.jobs import tell_of_change
from app.pairs.models import PairState
from app.pairs.policies import LONGEST_REST, local
from app.people.actions import deactivate_person, reactivate_person
from app.people.models import Person
from tenants.unit_of_work import session, tenant_work
from tests.factories.asks import Asking
from tests.factories.matching import Volunteers

SENTENCE = "You two rest for now."


def _switch(duo, who, *, off, at=None):
    with tenant_work(duo.organisation.ref):
        act = deactivate_person if off else reactivate_person
        act(session().get(Person, who.id), now=at or now())


def _state(duo):
    with tenant_work(duo.organisation.ref):
        return queries.get_pair(duo.id, duo.kamu.id).state


@pytest.fixture
def told(duo):
    """A goal that is told, a note, and a meeting to come."""
    with tenant_work(duo.organisation.ref):
        goal = add_goal(owner_id=duo.kaveri.id, line="Say no once", look_back_on=local(now()).date(), now=now())
        tell_goal(goal_id=goal.id, owner_id=duo.kaveri.id, pair_id=duo.id)
        actions.add_note(pair_id=duo.id, person_id=duo.kaveri.id, kind="note", text="Ask about June", now=now())
        meets = now() + timedelta(days=3)
        actions.set_meeting(pair_id=duo.id, person_id=duo.kamu.id, begins_at=meets, place="Library", now=now())
    return duo


def test_a_year_away_loses_nothing(told):
    _switch(told, told.kaveri, off=True)
    page = told.kamu.browser.get(told.path).text
    assert SENTENCE in page
    assert "Ask about June" in page
    for hidden in ("Say no once", "Library", "Take a break"):
        assert hidden not in page
    _switch(told, told.kaveri, off=False)
    page = told.kamu.browser.get(told.path).text
    assert SENTENCE not in page
    for back in ("Say no once", "Library", "Ask about June"):
        assert back in page


def test_both_read_the_same_sentence_whoever_is_away(duo):
    pages = []
    for away in (duo.kamu, duo.kaveri):
        _switch(duo, away, off=True)
        with tenant_work(duo.organisation.ref):
            seen = [queries.get_pair(duo.id, one.id) for one in (duo.kamu, duo.kaveri)]
            assert [each.is_resting for each in seen] == [True, True]
        other = duo.kaveri if away is duo.kamu else duo.kamu
        pages.append(
            [line for line in other.browser.get(duo.path).text.splitlines() if "rest" in line and "lost" in line]
        )
        _switch(duo, away, off=False)
    assert pages[0] == pages[1] != []


def test_it_rests_until_both_are_back_and_a_break_stays_a_break(duo):
    with tenant_work(duo.organisation.ref):
        actions.pause_pair(pair_id=duo.id, person_id=duo.kamu.id, now=now())
    for away in (duo.kamu, duo.kaveri):
        _switch(duo, away, off=True)
    _switch(duo, duo.kamu, off=False)
    assert _state(duo) is PairState.RESTING
    _switch(duo, duo.kaveri, off=False)
    assert _state(duo) is PairState.PAUSED


def test_nobody_starts_or_stops_a_rest_by_hand_but_either_may_end_it(duo):
    _switch(duo, duo.kaveri, off=True)
    with tenant_work(duo.organisation.ref):
        for act in (actions.pause_pair, actions.resume_pair):
            with pytest.raises(PairRests):
                act(pair_id=duo.id, person_id=duo.kamu.id, now=now())
        with pytest.raises(PairIsPaused):
            actions.set_meeting(pair_id=duo.id, person_id=duo.kamu.id, begins_at=now(), place="", now=now())
        actions.end_pair(pair_id=duo.id, person_id=duo.kamu.id, now=now())
    _switch(duo, duo.kaveri, off=False)
    assert _state(duo) is PairState.ENDED


def test_after_a_year_of_rest_it_ends(duo):
    long_ago = now() - LONGEST_REST
    _switch(duo, duo.kaveri, off=True, at=long_ago + timedelta(days=1))
    for at, state in ((now(), PairState.RESTING), (now() + timedelta(days=1), PairState.ENDED)):
        with tenant_work(duo.organisation.ref):
            actions.follow_directory(now=at)
        assert _state(duo) is state


def test_who_is_away_is_not_suggested_and_what_was_asked_of_them_is_closed_like_any_no(duo):
    volunteers, asking = Volunteers(duo.organisation.ref), Asking(duo.organisation.ref)
    kaveri, seeker, kamu = volunteers.kaveri(), volunteers.kaveri(), volunteers.kamu()
    asking.ask(kaveri, kamu, now=now())
    with tenant_work(duo.organisation.ref):
        deactivate_person(session().get(Person, kamu), now=now())
        ask = session().scalars(select(Ask).where(Ask.kaveri_id == kaveri)).one()
        assert (ask.state, ask.closed_at) == ("closed", ask.lapses_at)
        assert list_candidates(seeker, now=now()) == []
    assert asking.waits(kaveri, now=now())  # to whoever asked it looks as before


def test_no_mail_goes_to_who_is_away(cast, duo):
    _switch(duo, duo.kaveri, off=True)
    with tenant_work(duo.organisation.ref):
        tell_of_change(pair_id=str(duo.id))
    assert [mail.to[0] for mail in cast.mails()] == ["rauha@alpha.example"]
