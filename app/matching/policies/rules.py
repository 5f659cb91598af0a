"""The hard rules on what the directory tells. Each is a question about two people; unknown is not a pass.

Volunteering, training, room with the Kamu and private vetoes are asked elsewhere: they are not in the directory.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Hindrance(StrEnum):
    """Why two people are no pair. The first two concern what is unknown of one of them."""

    SUPERIOR_UNKNOWN = "superior_unknown"
    UNIT_UNKNOWN = "unit_unknown"
    SUPERIOR = "superior"
    SKIP_LEVEL = "skip_level"
    SAME_SUPERIOR = "same_superior"
    SAME_UNIT = "same_unit"
    NO_LANGUAGE = "no_language"


@dataclass(frozen=True, slots=True)
class Rules:
    """The organisation's switches, as in `MatchingRules`. That nobody is paired with a superior has no switch."""

    only_trained: bool = True
    not_skip_level: bool = True
    not_same_supervisor: bool = True
    not_same_unit: bool = True
    shared_language: bool = True


SWITCHES = ("only_trained", "not_skip_level", "not_same_supervisor", "not_same_unit", "shared_language")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one person. `above_id`: the superior's superior; `unit` in lower case; `leads`: has reports."""

    id: UUID
    supervisor_id: UUID | None
    above_id: UUID | None
    leads: bool
    unit: str | None
    languages: frozenset[str]

    @property
    def has_known_superior(self) -> bool:
        """Whether it is known who the superior is. Whoever leads others and has none stands at the top."""
        return self.supervisor_id is not None or self.leads


def list_gaps(rules: Rules, person: Facts) -> frozenset[Hindrance]:
    """What is unknown of a person and leaves them out of every pair."""
    gaps = {
        Hindrance.SUPERIOR_UNKNOWN: not person.has_known_superior,
        Hindrance.UNIT_UNKNOWN: rules.not_same_unit and person.unit is None,
    }
    return frozenset(gap for gap, there in gaps.items() if there)


def list_hindrances(rules: Rules, kaveri: Facts, kamu: Facts) -> frozenset[Hindrance]:
    """Why these two are no pair under the rules; empty when they may be one."""
    against = {
        Hindrance.SUPERIOR: kamu.id == kaveri.supervisor_id or kaveri.id == kamu.supervisor_id,
        Hindrance.SKIP_LEVEL: rules.not_skip_level and (kamu.id == kaveri.above_id or kaveri.id == kamu.above_id),
        Hindrance.SAME_SUPERIOR: rules.not_same_supervisor and _same(kaveri.supervisor_id, kamu.supervisor_id),
        Hindrance.SAME_UNIT: rules.not_same_unit and _same(kaveri.unit, kamu.unit),
        Hindrance.NO_LANGUAGE: rules.shared_language and not kaveri.languages & kamu.languages,
    }
    found = {hindrance for hindrance, there in against.items() if there}
    return frozenset(found) | list_gaps(rules, kaveri) | list_gaps(rules, kamu)


def may_pair(rules: Rules, kaveri: Facts, kamu: Facts) -> bool:
    """Whether nothing in the directory stands between two people."""
    return kaveri.id != kamu.id and not list_hindrances(rules, kaveri, kamu)


def _same(one: UUID | str | None, other: UUID | str | None) -> bool:
    return one is not None and one == other
