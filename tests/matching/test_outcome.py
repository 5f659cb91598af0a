"""The count of pairs that are possible: never a forbidden one, never one fewer than there could be."""

from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.matching.engine import Demand, assign
from app.matching.policies.outcome import Basis, Offer, Why, find_outcome, leave_out_unknown, list_effects
from app.matching.policies.rules import SWITCHES, Facts, Rules, list_gaps, may_pair

UNITS, LANGUAGES = (None, "a", "b", "c"), ("fi", "sv", "en")
rules = st.builds(Rules, **{name: st.booleans() for name in SWITCHES})
drawn_people = st.lists(
    st.tuples(
        st.none() | st.integers(0, 8),
        st.sampled_from(UNITS),
        st.frozensets(st.sampled_from(LANGUAGES), min_size=1, max_size=2),
        st.booleans(),
        st.integers(-2, 3),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


def basis_of(drawn: list[tuple]) -> Basis:
    """Whoever was drawn before may be a superior; 0 places or fewer: no Kamu."""
    bosses = [boss if boss is not None and boss < place else None for place, (boss, *_) in enumerate(drawn)]
    facts = []
    for place, (_, unit, languages, *_rest) in enumerate(drawn):
        boss = bosses[place]
        above = bosses[boss] if boss is not None else None
        facts.append(Facts(number(place), number(boss), number(above), place in bosses, unit, languages))
    kaveris = tuple(fact for fact, (*_, wants, _, _) in zip(facts, drawn, strict=True) if wants)
    offers = tuple(
        Offer(fact, places, trained) for fact, (*_, places, trained) in zip(facts, drawn, strict=True) if places > 0
    )
    return Basis(kaveris, offers)


def number(place: int | None) -> UUID | None:
    return None if place is None else UUID(int=place + 1)


def most_pairs(chosen: Rules, basis: Basis) -> int:
    """The count by trying: each Kaveri asks around, and who holds a place may move on to another."""
    places = [o for o in basis.offers if o.trained or not chosen.only_trained for _ in range(o.places)]
    holder: dict[int, Facts] = {}

    def finds(kaveri: Facts, tried: set[int]) -> bool:
        for index, offer in enumerate(places):
            if index in tried or not may_pair(chosen, kaveri, offer.facts):
                continue
            tried.add(index)
            if index not in holder or finds(holder[index], tried):
                holder[index] = kaveri
                return True
        return False

    return sum(finds(kaveri, set()) for kaveri in basis.kaveris)


@given(rules, drawn_people)
def test_as_many_are_paired_as_can_be_and_none_against_a_rule(chosen, drawn):
    basis = basis_of(drawn)
    outcome = find_outcome(chosen, basis)
    by_id = {fact.id: fact for fact in (*basis.kaveris, *(offer.facts for offer in basis.offers))}
    assert all(may_pair(chosen, by_id[kaveri], by_id[kamu]) for kaveri, kamu in outcome.pairs)
    taken = Counter(kamu for _, kamu in outcome.pairs)
    assert all(taken[offer.facts.id] <= offer.places for offer in basis.offers)
    both_ways = {frozenset(pair) for pair in outcome.pairs}
    assert len(both_ways) == len(outcome.pairs)
    assert {kaveri for kaveri, _ in outcome.pairs} | set(outcome.left) == {kaveri.id for kaveri in basis.kaveris}
    most = most_pairs(chosen, basis)
    separate = not {kaveri.id for kaveri in basis.kaveris} & {offer.facts.id for offer in basis.offers}
    assert len(outcome.pairs) == most if separate else most - len(basis.kaveris) // 2 <= len(outcome.pairs) <= most


@given(rules, drawn_people)
def test_kamus_apart_from_kaveris_are_counted_exactly(chosen, drawn):
    whole = basis_of(drawn)
    wanting = {kaveri.id for kaveri in whole.kaveris}
    basis = Basis(whole.kaveris, tuple(offer for offer in whole.offers if offer.facts.id not in wanting))
    assert len(find_outcome(chosen, basis).pairs) == most_pairs(chosen, basis)


@given(rules, drawn_people)
def test_each_reason_is_true(chosen, drawn):
    basis = basis_of(drawn)
    serving = [o.facts for o in basis.offers if (o.trained or not chosen.only_trained)]
    for kaveri in basis.kaveris:
        why = find_outcome(chosen, basis).left.get(kaveri.id)
        reachable = [kamu for kamu in serving if may_pair(chosen, kaveri, kamu)]
        if why in {Why.UNIT_UNKNOWN, Why.SUPERIOR_UNKNOWN}:
            assert list_gaps(chosen, kaveri)
        elif why:
            assert bool(reachable) == (why is Why.NO_ROOM)


def test_two_who_could_only_have_each_other_are_one_pair():
    drawn = [(None, "x", frozenset({"fi"}), False, 0, False)] * 2
    drawn += [(0, "a", frozenset({"fi"}), True, 1, True), (1, "b", frozenset({"fi"}), True, 1, True)]
    outcome = find_outcome(Rules(), basis_of(drawn))
    assert len(outcome.pairs) == 1
    assert list(outcome.left.values()) == [Why.NO_ROOM]


def test_a_switch_that_is_turned_shows_what_it_does():
    drawn = [(None, "x", frozenset({"fi"}), False, 0, False)]
    drawn += [(0, "a", frozenset({"fi"}), True, 0, False), (1, "a", frozenset({"fi"}), False, 2, True)]
    assert list_effects(Rules(), basis_of(drawn))["not_same_unit"] == 0
    drawn[2] = (0, "b", frozenset({"fi"}), False, 2, True)
    assert list_effects(Rules(), basis_of(drawn)) == {
        "only_trained": 0, "not_skip_level": 0, "not_same_supervisor": 1, "not_same_unit": 0, "shared_language": 0
    }  # fmt: skip


def test_those_of_whom_something_is_unknown_move_no_count():
    known = [(None, "x", frozenset({"fi"}), False, 0, False), (0, "a", frozenset({"fi"}), True, 1, True)]
    unknown = [(0, None, frozenset({"fi"}), True, 3, True), (None, "b", frozenset({"fi"}), True, 3, True)]
    assert leave_out_unknown(basis_of(known + unknown)) == leave_out_unknown(basis_of(known))


def test_a_range_of_offers_is_reached_however_it_lies():
    places = [1] * 13
    for start in range(13):
        for end in range(start + 1, 14):
            served = assign([Demand(13, ((start, end),))], places)
            assert [len(one) for one in served] == [int(start <= at < end) for at in range(13)]


def test_without_demand_or_offers_nobody_is_served():
    assert assign([], [1, 2]) == [[], []]
    assert assign([Demand(1, ((0, 1),))], []) == []
