"""How many who want a Kamu could have one now, who is left over, and why. Exact, and blind to all that is private."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
from uuid import UUID

from app.matching.engine import Demand, Range, assign
from app.matching.policies.rules import SWITCHES, Facts, Rules, list_gaps, may_pair

Pairing = tuple[Facts, Facts]


class Why(StrEnum):
    """Why somebody is left over; the first that is true."""

    SUPERIOR_UNKNOWN = "superior_unknown"
    UNIT_UNKNOWN = "unit_unknown"
    NO_LANGUAGE = "no_language"
    NOBODY_OUTSIDE = "nobody_outside"
    NO_ROOM = "no_room"


@dataclass(frozen=True, slots=True)
class Offer:
    """A volunteer Kamu: what the directory says, and how many places."""

    facts: Facts
    places: int
    trained: bool


@dataclass(frozen=True, slots=True)
class Basis:
    """What a count is made from: volunteers, the directory, the places of the policy. Nothing that is kept private.

    No veto, no answer to an ask, no pair that exists: so no figure can move by one.
    """

    kaveris: tuple[Facts, ...]
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way of pairing as many as possible, (Kaveri, Kamu), and why each other Kaveri is left over."""

    pairs: tuple[tuple[UUID, UUID], ...]
    left: Mapping[UUID, Why]

    @property
    def reasons(self) -> Counter[Why]:
        """How many are left over for each reason."""
        return Counter(self.left.values())


def find_outcome(rules: Rules, basis: Basis) -> Outcome:
    """Pair as many as can be paired under the rules."""
    offers = sorted(_serving(rules, basis), key=_order)
    board = _Board(rules, offers)
    groups: dict[tuple[Range, ...], list[Facts]] = defaultdict(list)
    for kaveri in basis.kaveris:
        groups[() if list_gaps(rules, kaveri) else board.open_to(kaveri)].append(kaveri)
    demands = [Demand(len(people), ranges) for ranges, people in groups.items()]
    waiting = [list(people) for people in groups.values()]
    served = assign(demands, [offer.places for offer in offers])
    pairs = [
        (waiting[group].pop(), offer.facts) for offer, found in zip(offers, served, strict=True) for group in found
    ]
    kept = part_mirrored(rules, pairs)
    return Outcome(tuple((kaveri.id, kamu.id) for kaveri, kamu in kept), _left(rules, basis, board, kept))


def list_effects(rules: Rules, basis: Basis) -> dict[str, int]:
    """How many pairs there would be with each switch alone the other way round."""
    return {
        name: len(find_outcome(replace(rules, **{name: not getattr(rules, name)}), basis).pairs) for name in SWITCHES
    }


def leave_out_unknown(basis: Basis) -> Basis:
    """Only those of whom the directory tells what every rule asks.

    So that a count says nothing about the few whose unit or superior is missing, whom whoever reads it can name.
    """
    strict = Rules()
    return Basis(
        tuple(kaveri for kaveri in basis.kaveris if not list_gaps(strict, kaveri)),
        tuple(offer for offer in basis.offers if not list_gaps(strict, offer.facts)),
    )


def _serving(rules: Rules, basis: Basis) -> Iterator[Offer]:
    for offer in basis.offers:
        if offer.places and (offer.trained or not rules.only_trained) and not list_gaps(rules, offer.facts):
            yield offer


def _order(offer: Offer) -> tuple[str, ...]:
    """Neighbours are those whom the same rule leaves out together."""
    facts = offer.facts
    return (",".join(sorted(facts.languages)), facts.unit or "", str(facts.supervisor_id), str(facts.id))


class _Board:
    """Offers in order, and where in it stands whom a rule leaves out."""

    def __init__(self, rules: Rules, offers: Sequence[Offer]) -> None:
        facts = [offer.facts for offer in offers]
        self.rules, self.size = rules, len(facts)
        self.of_id = _runs(one.id for one in facts)
        self.of_superior = _runs(one.supervisor_id for one in facts)
        self.of_above = _runs(one.above_id for one in facts)
        self.of_unit = _runs(one.unit for one in facts)
        self.of_languages = _runs(one.languages for one in facts)

    def open_to(self, kaveri: Facts) -> tuple[Range, ...]:
        """Ranges of the offers that nothing in the directory closes to this Kaveri."""
        return tuple(_between(sorted(self._closed_to(kaveri)), self.size))

    def _closed_to(self, kaveri: Facts) -> Iterator[Range]:
        rules = self.rules
        yield from self.of_id.get(kaveri.id, ())
        yield from self.of_superior.get(kaveri.id, ())
        yield from self._named(self.of_id, kaveri.supervisor_id)
        if rules.not_skip_level:
            yield from self._named(self.of_id, kaveri.above_id)
            yield from self.of_above.get(kaveri.id, ())
        if rules.not_same_supervisor:
            yield from self._named(self.of_superior, kaveri.supervisor_id)
        if rules.not_same_unit:
            yield from self._named(self.of_unit, kaveri.unit)
        if rules.shared_language:
            yield from self._speakers_of_others(kaveri.languages)

    def _named(self, runs: Mapping[Hashable, list[Range]], key: Hashable) -> Iterable[Range]:
        return runs.get(key, ()) if key is not None else ()

    def _speakers_of_others(self, languages: frozenset[str]) -> Iterator[Range]:
        for spoken, runs in self.of_languages.items():
            if isinstance(spoken, frozenset) and not spoken & languages:
                yield from runs


def _runs(values: Iterable[Hashable]) -> dict[Hashable, list[Range]]:
    """Where each value stands, neighbours joined."""
    runs: dict[Hashable, list[Range]] = defaultdict(list)
    for position, value in enumerate(values):
        found = runs[value]
        if found and found[-1][1] == position:
            found[-1] = (found[-1][0], position + 1)
        else:
            found.append((position, position + 1))
    return dict(runs)


def _between(closed: Sequence[Range], size: int) -> Iterator[Range]:
    at = 0
    for start, end in closed:
        if at < start:
            yield at, start
        at = max(at, end)
    if at < size:
        yield at, size


def part_mirrored(rules: Rules, pairs: Sequence[Pairing]) -> list[Pairing]:
    """Let no two be each other's Kamu at once: exchange Kamus with another pair, or leave the second pair out."""
    kept = {kaveri.id: (kaveri, kamu) for kaveri, kamu in pairs}
    for place, (kaveri, kamu) in enumerate(pairs):
        mirrored = kept.get(kamu.id)
        if mirrored is None or mirrored[1].id != kaveri.id or kept[kaveri.id][1].id != kamu.id:
            continue
        # Neighbours share a language most often: whoever stands next is asked first.
        others = (kept[other.id] for other, _ in chain(pairs[place + 1 :], pairs[:place]) if other.id in kept)
        if not _exchange(rules, kept, (kaveri, kamu), others):
            del kept[kaveri.id]
    return list(kept.values())


def _exchange(rules: Rules, kept: dict[UUID, Pairing], one: Pairing, others: Iterable[Pairing]) -> bool:
    kaveri, kamu = one
    for other, their_kamu in others:
        fits = may_pair(rules, kaveri, their_kamu) and may_pair(rules, other, kamu)
        if fits and not _is_pair(kept, their_kamu, kaveri) and not _is_pair(kept, kamu, other):
            kept[kaveri.id], kept[other.id] = (kaveri, their_kamu), (other, kamu)
            return True
    return False


def _is_pair(kept: Mapping[UUID, Pairing], kaveri: Facts, kamu: Facts) -> bool:
    return kaveri.id in kept and kept[kaveri.id][1].id == kamu.id


def _left(rules: Rules, basis: Basis, board: _Board, kept: Sequence[Pairing]) -> dict[UUID, Why]:
    paired = {kaveri.id for kaveri, _ in kept}
    return {kaveri.id: _why(rules, board, kaveri) for kaveri in basis.kaveris if kaveri.id not in paired}


def _why(rules: Rules, board: _Board, kaveri: Facts) -> Why:
    gaps = list_gaps(rules, kaveri)
    if gaps:
        return Why.SUPERIOR_UNKNOWN if not kaveri.has_known_superior else Why.UNIT_UNKNOWN
    if board.open_to(kaveri):
        return Why.NO_ROOM
    speaks = any(isinstance(spoken, frozenset) and spoken & kaveri.languages for spoken in board.of_languages)
    return Why.NO_LANGUAGE if rules.shared_language and not speaks else Why.NOBODY_OUTSIDE
