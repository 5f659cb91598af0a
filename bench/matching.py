"""The exact count of possible pairs for up to ten thousand people, beside the same flow with every arc drawn.

People are made by a seed: teams of eight under each superior, half of all want a Kamu, a quarter are Kamus with three
places each, one in a hundred has no unit in the directory.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any
from uuid import UUID

from ortools.graph.python import max_flow

from app.matching.policies.outcome import Basis, Offer, find_outcome, list_effects
from app.matching.policies.rules import Facts, Rules, may_pair
from bench.rows import Row

TITLE = "Matching"
SIZES = (100, 1_000, 10_000)
DRAWN_OUT = 1_000
REPORTS, PLACES = 8, 3
COUNT_LIMIT, MONTH_LIMIT = 2.0, 15.0


def measure() -> Iterator[Row]:
    for size in SIZES:
        basis = make_basis(size)
        seconds, pairs = timed(lambda basis=basis: len(find_outcome(Rules(), basis).pairs))
        yield Row(
            f"{size} people: one count ({pairs} of {len(basis.kaveris)} find somebody)", seconds, "s", COUNT_LIMIT
        )
        if size == DRAWN_OUT:
            slow, most = timed(lambda basis=basis: count_with_every_arc(basis))
            yield Row(f"{size} people: the same with every arc drawn", slow, "s", 60, "for comparison only")
            yield Row(f"{size} people: pairs fewer than with every arc drawn", most - pairs, "pairs", 0)
    seconds, _ = timed(lambda: list_effects(Rules(), basis))
    yield Row(f"{SIZES[-1]} people: what each of five rules does, once a month", seconds, "s", MONTH_LIMIT)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = work()
    return round(time.perf_counter() - began, 3), found


def make_basis(size: int) -> Basis:
    random = Random(size)
    ids = [UUID(int=number + 1) for number in range(size)]
    above = [None, *((number - 1) // REPORTS for number in range(1, size))]
    leads = set(above)
    people = []
    for number, boss in enumerate(above):
        top = above[boss] if boss is not None else None
        unit = None if random.random() < 0.01 else f"unit {boss}"
        spoken = frozenset(random.sample(("fi", "sv", "en"), random.choice((1, 1, 2))))
        people.append(Facts(ids[number], _id(ids, boss), _id(ids, top), number in leads, unit, spoken))
    kaveris = tuple(person for person in people if random.random() < 0.5)
    return Basis(kaveris, tuple(Offer(person, PLACES, trained=True) for person in people if random.random() < 0.25))


def _id(ids: Sequence[UUID], number: int | None) -> UUID | None:
    return None if number is None else ids[number]


def count_with_every_arc(basis: Basis) -> int:
    """The count from a network in which each possible pair is an arc."""
    rules, flow = Rules(), max_flow.SimpleMaxFlow()
    first = 2 + len(basis.kaveris)
    for place, kaveri in enumerate(basis.kaveris):
        flow.add_arc_with_capacity(0, 2 + place, 1)
        for number, offer in enumerate(basis.offers):
            if may_pair(rules, kaveri, offer.facts):
                flow.add_arc_with_capacity(2 + place, first + number, 1)
    for number, offer in enumerate(basis.offers):
        flow.add_arc_with_capacity(first + number, 1, offer.places)
    flow.solve(0, 1)
    return int(flow.optimal_flow())


def tell(rows: Sequence[Row]) -> str:
    lines = ["| what | measured | limit |", "| --- | ---: | ---: |"]
    lines += [f"| {row.name} | {row.value:g} {row.unit} | ≤ {row.target:g} |" for row in rows]
    return "\n".join(lines)
