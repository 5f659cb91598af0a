"""``bin/kamu demo wishes``: volunteers for a roster that was taken in, and what matching makes of them. Counts only."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from random import Random
from uuid import UUID

import click
from sqlalchemy import func, select

from app import clock
from app.access.queries import list_accounts_with
from app.access.roles import Role
from app.choices.actions import clear_choices
from app.matching.policies.outcome import Basis, Outcome, Why, find_outcome
from app.matching.queries.basis import read_basis
from app.matching.queries.rules import read_rules
from app.pairs.models import Pair
from app.people.models import Person
from app.settings import settings
from local.volunteers import draw, forget_training_of, list_everybody, write
from tenants.command import Answer, Refused, answers, tenant_named
from tenants.unit_of_work import session, tenant_work

REASONS = {
    Why.SUPERIOR_UNKNOWN: "whose superior is unknown",
    Why.UNIT_UNKNOWN: "whose department is unknown",
    Why.NO_LANGUAGE: "without a Kamu who shares a language",
    Why.NOBODY_OUTSIDE: "without a Kamu outside their team and line",
    Why.NO_ROOM: "for whom no Kamu has room left",
}
WORDS = {
    "people": "people in the directory",
    "wanting": "would like a Kamu",
    "offering": "would like to be a Kamu",
    "both": "of them both",
    "trained": "have done the training",
    "places": "places with trained Kamus",
    "vetoes": "private wishes not to be paired with somebody",
    "matched": "matched now by the exact assignment",
    "unmatched": "left over",
}
CHECKS = {
    "with_own_superior": "matched with their own superior or report",
    "with_superiors_superior": "matched with their superior's superior, or the other way round",
    "with_same_superior": "matched with somebody who has the same superior",
    "in_own_department": "matched in their own department",
    "not_volunteers": "matched who did not volunteer for it",
}


@dataclass(frozen=True)
class Breaches:
    """How many matched pairs break a rule, counted from the directory itself and not from what matching read."""

    with_own_superior: int
    with_superiors_superior: int
    with_same_superior: int
    in_own_department: int
    not_volunteers: int


@click.command("wishes")
@click.argument("slug")
@click.option("--seed", type=int, required=True, help="The same number draws the same wishes for the same people.")
@answers()
def make_wishes(slug: str, seed: int) -> Answer:
    """Invent volunteers, training and wishes for everybody of SLUG, and count who could be matched.

    Local only. Wishes of an earlier run make way; an organisation that has pairs is refused.
    """
    if not settings().is_local:
        raise Refused("not_local", "Wishes are invented with KAMU_ENV=local only.")
    with tenant_work(tenant_named(slug)):
        people = list_everybody()
        _refuse_unfit(people)
        return _wish(people, Random(seed))  # noqa: S311 - a draw that shall be the same each time


def _refuse_unfit(people: Sequence[Person]) -> None:
    if not people:
        raise Refused("nobody_there", "The directory is empty. Take people in first: bin/kamu people import.")
    if session().scalar(select(func.count()).select_from(Pair)):
        raise Refused("has_pairs", "There are pairs already: what people chose is left as it is.")
    if not list_accounts_with(Role.OWNER):
        raise Refused("no_owner", "The organisation has no owner who could offer the training.")


def _wish(people: Sequence[Person], random: Random) -> Answer:
    now = clock.now()
    for person in people:
        clear_choices(person_id=person.id, now=now)
    forget_training_of(people)
    drawn = draw(people, random)
    write(drawn, now=now)
    basis = read_basis(now=now)
    outcome = find_outcome(read_rules(), basis)
    figures = {"people": len(people)} | _count(basis, outcome) | {"vetoes": len(drawn.vetoes)}
    reasons = {why.value: outcome.reasons[why] for why in REASONS}
    broken = asdict(find_breaches({person.id: person for person in people}, basis, outcome.pairs))
    return Answer({"counts": figures, "unmatched_why": reasons, "breaches": broken}, _say(figures, reasons, broken))


def _count(basis: Basis, outcome: Outcome) -> dict[str, int]:
    offers = basis.offers
    both = {facts.id for facts in basis.kaveris} & {offer.facts.id for offer in offers}
    return {
        "wanting": len(basis.kaveris),
        "offering": len(offers),
        "both": len(both),
        "trained": sum(offer.trained for offer in offers),
        "places": sum(offer.places for offer in offers if offer.trained),
        "matched": len(outcome.pairs),
        "unmatched": len(outcome.left),
    }


def find_breaches(people: Mapping[UUID, Person], basis: Basis, pairs: Sequence[tuple[UUID, UUID]]) -> Breaches:
    """Count pairs (Kaveri, Kamu) that must not be."""
    wanting, offering = {one.id for one in basis.kaveris}, {offer.facts.id for offer in basis.offers}
    both = [(people[kaveri], people[kamu]) for kaveri, kamu in pairs]
    return Breaches(
        with_own_superior=sum(_leads(one, other) or _leads(other, one) for one, other in both),
        with_superiors_superior=sum(
            _is_above(people, one, other) or _is_above(people, other, one) for one, other in both
        ),
        with_same_superior=sum(
            one.supervisor_id is not None and one.supervisor_id == other.supervisor_id for one, other in both
        ),
        in_own_department=sum(_unit(one) is not None and _unit(one) == _unit(other) for one, other in both),
        not_volunteers=sum(kaveri not in wanting or kamu not in offering for kaveri, kamu in pairs),
    )


def _leads(one: Person, other: Person) -> bool:
    return other.supervisor_id == one.id


def _is_above(people: Mapping[UUID, Person], one: Person, other: Person) -> bool:
    superior = people.get(other.supervisor_id) if other.supervisor_id else None
    return superior is not None and superior.supervisor_id == one.id


def _unit(person: Person) -> str | None:
    return (person.unit or "").strip().lower() or None


def _say(figures: Mapping[str, int], reasons: Mapping[str, int], broken: Mapping[str, int]) -> str:
    lines = [f"{figures[key]:>6} {words}" for key, words in WORDS.items()]
    lines += [f"{reasons[why.value]:>10} {words}" for why, words in REASONS.items() if reasons[why.value]]
    lines += ["", "Looked up in the directory:", *(f"{broken[key]:>6} {words}" for key, words in CHECKS.items())]
    return "\n".join(lines)
