"""The largest number of pairs, exactly: a maximum flow. The only module that knows OR-Tools.

Who may have whom is given as ranges of positions in one order of all offers. A binary tree over the positions lets a
range be reached by a few arcs, so that ten thousand people need some hundred thousand arcs rather than millions.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ortools.graph.python import max_flow

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Demand:
    """So many who may all have the same offers: those at the positions of `ranges`, half open."""

    size: int
    ranges: tuple[Range, ...]


@dataclass(slots=True)
class _Network:
    """Arcs by their numbers; node 0 is the source, 1 the sink."""

    flow: max_flow.SimpleMaxFlow = field(default_factory=max_flow.SimpleMaxFlow)

    def arc(self, start: int, end: int, most: int) -> int:
        return int(self.flow.add_arc_with_capacity(start, end, most))

    def through(self, arc: int) -> int:
        return int(self.flow.flow(arc))


def assign(demands: Sequence[Demand], places: Sequence[int]) -> list[list[int]]:
    """Fill as many places as can be filled; return for each offer the indexes of the demands that it serves."""
    if not demands or not places:
        return [[] for _ in places]
    network = _Network()
    leaves = 1 << (len(places) - 1).bit_length()
    tree = _add_tree(network, places, leaves)
    wanted = _add_demands(network, demands, leaves)
    if network.flow.solve(0, 1) != network.flow.OPTIMAL:
        raise ArithmeticError("the flow was not solved")
    return _spread(network, tree, wanted, leaves)[: len(places)]


def _add_tree(network: _Network, places: Sequence[int], leaves: int) -> dict[int, int]:
    """Arcs from each node of the tree (2 is its root's number) to its parts, by the number of the part."""
    room = [0] * (2 * leaves)
    for position, most in enumerate(places):
        room[leaves + position] = most
        network.arc(_node(leaves + position), 1, most)
    arcs = {}
    for part in range(2 * leaves - 1, 1, -1):
        room[part // 2] += room[part]
        if room[part]:
            arcs[part] = network.arc(_node(part // 2), _node(part), room[part])
    return arcs


def _add_demands(network: _Network, demands: Sequence[Demand], leaves: int) -> list[tuple[int, int, int]]:
    """Arcs of each demand: (index of the demand, part of the tree, arc)."""
    first = _node(2 * leaves)
    arcs: list[tuple[int, int, int]] = []
    for index, demand in enumerate(demands):
        network.arc(0, first + index, demand.size)
        parts = _cover(demand.ranges, leaves)
        arcs.extend((index, part, network.arc(first + index, _node(part), demand.size)) for part in parts)
    return arcs


def _cover(ranges: Iterable[Range], leaves: int) -> Iterator[int]:
    """The fewest parts of the tree that hold just the positions of the ranges."""
    for start, end in ranges:
        low, high = start + leaves, end + leaves
        while low < high:
            if low & 1:
                yield low
                low += 1
            if high & 1:
                high -= 1
                yield high
            low, high = low // 2, high // 2


def _spread(
    network: _Network, tree: dict[int, int], wanted: list[tuple[int, int, int]], leaves: int
) -> list[list[int]]:
    """Follow the flow down the tree: which demands arrive at each leaf."""
    here: list[list[int]] = [[] for _ in range(2 * leaves)]
    for index, part, arc in wanted:
        here[part].extend([index] * network.through(arc))
    for part in range(2, 2 * leaves):
        if part in tree:
            above = here[part // 2]
            for _ in range(network.through(tree[part])):
                here[part].append(above.pop())
    return here[leaves:]


def _node(part: int) -> int:
    return part + 1
