"""Whatever people do, one by one or at the same moment: capacity, one Kamu for a Kaveri, one pair of two, wishes hold.

Hypothesis makes up the story; each act is a transaction of its own on the real database, several of them at once.
"""

import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from threading import Barrier

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, select

from app.choices.models import Participation, Veto
from app.matching.actions import close_asks_of, lapse_asks
from app.matching.errors import AlreadyAsked, AskIsOver, NotSuggested
from app.matching.models import Ask
from app.pairs import actions
from app.pairs.errors import PairHasEnded, PairRests
from app.pairs.models import Pair
from app.people.actions import deactivate_person, reactivate_person
from app.people.models import Person
from tenants.errors import NotHere
from tenants.models import TenantOutbox
from tenants.unit_of_work import session, tenant_work
from tests.cast import NOON
from tests.factories.asks import Asking
from tests.factories.matching import Volunteers

REFUSALS = (AlreadyAsked, AskIsOver, NotHere, NotSuggested, PairHasEnded, PairRests)
PLACES = {"rauha": 1, "sulo": 2, "venla": 1}
KAVERIS = ("lumi", "halla", "ilmari", "venla")
ASKED_ALREADY = (("lumi", "rauha"), ("halla", "rauha"), ("ilmari", "sulo"), ("venla", "sulo"))
DEEP = bool(os.environ.get("KAMU_DEEP"))

asks = st.tuples(st.just("ask"), st.sampled_from(KAVERIS), st.sampled_from(list(PLACES)))
answers = st.tuples(st.just("answer"), st.integers(0, 3), st.sampled_from(["yes", "yes", "no"]))
changes = st.tuples(st.sampled_from(["pause", "resume", "end"]), st.integers(0, 3), st.booleans())
wishes = st.tuples(st.just("rather_not"), st.sampled_from(KAVERIS), st.sampled_from(list(PLACES)))
switches = st.tuples(st.sampled_from(["away", "back"]), st.sampled_from((*KAVERIS, "rauha", "sulo")), st.none())
others = st.tuples(st.sampled_from(["take_back", "leave"]), st.sampled_from(KAVERIS), st.none())
acts = st.one_of(asks, asks, answers, answers, answers, changes, changes, wishes, others, switches)


class Story(RuleBasedStateMachine):
    """Seven people of one organisation. Venla is a Kamu and a Kaveri."""

    def __init__(self, app, house) -> None:
        super().__init__()
        self.app, self.ref, self.asking = app, house.ref, Asking(house.ref)
        self.now, self.ended = NOON, set()

    @initialize()
    def gather(self) -> None:
        with tenant_work(self.ref):
            for model in (Ask, Pair, Veto, Participation, TenantOutbox):
                session().execute(delete(model))
        volunteers = Volunteers(self.ref)
        self.people = {name: volunteers.kamu(places=places) for name, places in PLACES.items()}
        self.people |= {name: volunteers.kaveri() for name in KAVERIS if name not in PLACES}
        with tenant_work(self.ref):
            session().get(Participation, self.people["venla"]).wants_kamu = True
        for kaveri, kamu in ASKED_ALREADY:
            self.asking.ask(self.people[kaveri], self.people[kamu], now=self.now)
        self.at_once([("answer", 0, "yes")])

    @rule(act=acts)
    def one_acts(self, act: tuple) -> None:
        self.at_once([act])

    @rule(together=st.lists(acts, min_size=2, max_size=4))
    def several_act_at_once(self, together: list[tuple]) -> None:
        self.at_once(together)

    @rule(first=answers, second=answers, third=asks)
    def kamus_answer_at_once(self, first: tuple, second: tuple, third: tuple) -> None:
        self.at_once([first, second, third])

    @rule(days=st.sampled_from([1, 9]))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        with tenant_work(self.ref):
            lapse_asks(now=self.now)

    def at_once(self, together: list[tuple]) -> None:
        """Run acts in threads that begin together. What was vetoed before cannot have become a pair afterwards."""
        apart, known = self.vetoed(), {pair.id for pair in self.pairs()}
        chosen = [self.prepare(*act) for act in together]
        gate = Barrier(len(chosen))

        def run(act: Callable[[], object]) -> None:
            with self.app.app_context():
                gate.wait(timeout=20)
                try:
                    act()
                except REFUSALS:
                    return

        with ThreadPoolExecutor(len(chosen)) as threads:
            list(threads.map(lambda act: copy_context().run(run, act), chosen))
        begun = {frozenset((pair.kamu_id, pair.kaveri_id)) for pair in self.pairs() if pair.id not in known}
        assert not begun & apart

    def prepare(self, kind: str, what: object, how: object) -> Callable[[], object]:
        """Choose now whom an act is about, so that others may change it in the meantime."""
        if kind == "ask":
            return lambda: self.asking.ask(self.people[what], self.people[how], now=self.now)
        if kind == "rather_not":
            return lambda: self.asking.rather_not(self.people[what], self.people[how], now=self.now)
        if kind == "take_back":
            return lambda: self.asking.take_back(self.people[what], now=self.now)
        if kind in {"away", "back"}:
            return lambda: self.switch(self.people[what], off=kind == "away")
        if kind == "leave":
            return lambda: self.leave(self.people[what])
        if kind == "answer":
            found = self.open_asks()
            ask = found[what % len(found)] if found else None
            return lambda: ask and self.asking.answer(ask.id, ask.kamu_id, yes=how == "yes", now=self.now)
        lasting = [pair for pair in self.pairs() if pair.ended_at is None]
        pair = lasting[what % len(lasting)] if lasting else None
        return lambda: pair and self.change(kind, pair.id, pair.kamu_id if how else pair.kaveri_id)

    def change(self, kind: str, pair_id: object, person_id: object) -> None:
        with tenant_work(self.ref):
            getattr(actions, f"{kind}_pair")(pair_id=pair_id, person_id=person_id, now=self.now)

    def leave(self, person_id: object) -> None:
        with tenant_work(self.ref):
            close_asks_of(person_id=person_id, now=self.now)
            actions.end_all_of(person_id=person_id, now=self.now)

    def switch(self, person_id: object, *, off: bool) -> None:
        """The organisation's directory takes access away, or gives it back."""
        with tenant_work(self.ref):
            (deactivate_person if off else reactivate_person)(session().get(Person, person_id), now=self.now)

    def away(self) -> set:
        with tenant_work(self.ref):
            return set(session().scalars(select(Person.id).where(Person.deactivated_at.is_not(None))))

    def pairs(self) -> list[Pair]:
        with tenant_work(self.ref):
            return list(session().scalars(select(Pair).order_by(Pair.id)))

    def open_asks(self) -> list[Ask]:
        with tenant_work(self.ref):
            return list(session().scalars(select(Ask).where(Ask.state == "open").order_by(Ask.id)))

    def vetoed(self) -> set[frozenset]:
        with tenant_work(self.ref):
            return {frozenset((veto.person_id, veto.other_id)) for veto in session().scalars(select(Veto))}

    @invariant()
    def what_must_hold_holds(self) -> None:
        if not hasattr(self, "people"):
            return
        found = self.pairs()
        lasting = [pair for pair in found if pair.ended_at is None]
        taken = Counter(pair.kamu_id for pair in lasting)
        assert all(taken[self.people[name]] <= places for name, places in PLACES.items()), "capacity"
        assert all(count == 1 for count in Counter(pair.kaveri_id for pair in lasting).values()), "one Kamu"
        assert all(count == 1 for count in Counter((pair.low_id, pair.high_id) for pair in lasting).values()), "two"
        away = self.away()
        rests = {pair.id for pair in lasting if {pair.kamu_id, pair.kaveri_id} & away}
        assert rests == {pair.id for pair in lasting if pair.state == "resting"}, "a rest, and only while one is away"
        assert not {ask.kamu_id for ask in self.open_asks()} & away, "nobody is asked who is away"
        asking = Counter(ask.kaveri_id for ask in self.open_asks())
        assert all(count == 1 for count in asking.values()), "one question at a time"
        ended = {pair.id for pair in found if pair.ended_at is not None}
        assert self.ended <= ended, "what ended stays ended"
        self.ended = ended


def test_whatever_people_do_what_must_hold_holds(app, cast):
    house = cast.organisation("alpha")
    # A story of threads is not the same when it is told again, so that looking for a shorter one finds nothing.
    story = settings(
        max_examples=200 if DEEP else 6, stateful_step_count=40 if DEEP else 12, phases=[Phase.explicit, Phase.generate]
    )
    run_state_machine_as_test(lambda: Story(app, house), settings=story)
