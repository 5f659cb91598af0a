"""Two act at the same moment: the database lets one wait for the other, and what may not be never is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier

import pytest
from sqlalchemy import func, select

from app.choices.models import Participation
from app.choices.queries import list_vetoed_ids
from app.matching.errors import AlreadyAsked, AskIsOver
from app.matching.models import Ask
from app.matching.policies.asking import told_at
from app.pairs.models import Pair
from tenants.unit_of_work import session, tenant_work
from tests.factories.asks import Asking
from tests.factories.matching import NOON


@pytest.fixture
def asking(house):
    return Asking(house.ref)


@pytest.fixture
def at_once(app) -> Callable[..., list]:
    """Run all of these in threads that begin together; returns what each returned, or the refusal's kind."""

    def at_once(*acts: Callable[[], object]) -> list:
        gate = Barrier(len(acts))

        def run(act: Callable[[], object]) -> object:
            with app.app_context():
                gate.wait(timeout=10)
                try:
                    return act()
                except (AlreadyAsked, AskIsOver) as error:
                    return type(error)

        with ThreadPoolExecutor(len(acts)) as threads:
            return list(threads.map(lambda act: copy_context().run(run, act), acts))

    return at_once


def count(house, model, *conditions) -> int:
    with tenant_work(house.ref):
        return session().scalar(select(func.count()).select_from(model).where(*conditions))


def test_of_two_answered_at_once_for_the_last_place_one_begins_and_the_other_is_like_any_no(
    house, volunteers, asking, at_once
):
    kamu = volunteers.kamu(places=1)
    asks = [asking.ask(volunteers.kaveri(), kamu) for _ in range(2)]
    begun = at_once(*(lambda ask_id=each: asking.answer(ask_id, kamu, yes=True) for each in asks))
    assert sorted(begun) == [False, True]
    assert count(house, Pair) == 1
    row = asking.row(asks[begun.index(False)])
    assert (row.state, row.lapses_at, row.closed_at) == ("closed", told_at(NOON), told_at(NOON))


def test_two_who_ask_each_other_and_both_say_yes_are_one_pair(house, volunteers, asking, at_once):
    one, other = volunteers.kamu(), volunteers.kamu()
    with tenant_work(house.ref):
        for person_id in (one, other):
            session().get(Participation, person_id).wants_kamu = True
    there, back = asking.ask(one, other), asking.ask(other, one)
    begun = at_once(lambda: asking.answer(there, other, yes=True), lambda: asking.answer(back, one, yes=True))
    assert begun.count(True) == 1
    assert count(house, Pair) == 1
    assert count(house, Ask, Ask.state == "open") == 0
    assert not asking.waits(one)
    assert not asking.waits(other)


@pytest.mark.parametrize("author", ["kaveri", "kamu"])
def test_a_yes_comes_wholly_before_or_wholly_after_a_wish_rather_not(house, volunteers, asking, at_once, author):
    kaveri, kamu = volunteers.kaveri(), volunteers.kamu()
    ask_id = asking.ask(kaveri, kamu)
    both = (kaveri, kamu) if author == "kaveri" else (kamu, kaveri)
    begun, _ = at_once(lambda: asking.answer(ask_id, kamu, yes=True), lambda: asking.rather_not(*both))
    assert (begun is True) == (asking.row(ask_id).state == "yes") == (count(house, Pair) == 1)
    with tenant_work(house.ref):
        assert list_vetoed_ids(kaveri) == {kamu}
    assert asking.asked(kamu) == []


def test_of_two_questions_of_one_kaveri_at_once_one_is_put(house, volunteers, asking, at_once):
    kaveri, first, second = volunteers.kaveri(), volunteers.kamu(), volunteers.kamu()
    put = at_once(lambda: asking.ask(kaveri, first), lambda: asking.ask(kaveri, second))
    assert put.count(AlreadyAsked) == 1
    assert count(house, Ask) == 1


def test_a_yes_and_a_taking_back_at_once_leave_a_pair_or_nothing(house, volunteers, asking, at_once):
    kaveri, kamu = volunteers.kaveri(), volunteers.kamu()
    ask_id = asking.ask(kaveri, kamu)
    begun, _ = at_once(lambda: asking.answer(ask_id, kamu, yes=True), lambda: asking.take_back(kaveri))
    assert asking.row(ask_id).state == ("yes" if begun is True else "closed")
    assert count(house, Pair) == (1 if begun is True else 0)
    assert not asking.waits(kaveri)
