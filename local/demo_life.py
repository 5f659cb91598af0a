"""Some weeks of Kamu in the demo: who takes part, who became a pair, what they keep, who asks whom now."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from app.access.actor import SYSTEM
from app.choices.actions import Choice
from app.choices.models import Participation
from app.choices.policies import Want
from app.matching.actions import ask_kamu
from app.matching.models import Ask
from app.matching.queries.candidates import list_candidates
from app.pairs.actions import end_pair, open_pair, pause_pair
from app.pairs.models import Pair, PairState
from app.people.models import Person
from local.cast import KAMU, KAVERI, LIVE
from local.demo_words import INTRODUCTIONS
from local.demo_writing import write_all
from local.volunteers import Drawn, draw, write
from tenants.context import TenantRef
from tenants.models import TenantBase
from tenants.unit_of_work import session, tenant_work

SEED = 2019
# More would like a Kamu than there are places, so that the lead's page has effects of rules to show.
WANTING, PAIRED, ASKING = 0.6, 0.4, 4
OLDEST_PAIR_DAYS, NEWEST_PAIR_DAYS = 35, 6
# The Kamu whom bin/dev names has room for one more, who asks.
NAMED_KAMU_HAS = 2
KAVERIS_CHOICE = Choice(
    want=Want.KAMU, topics=("customer_work", "balance"), languages=("sv", "fi", "en"), ways=("walk", "coffee")
)
KAMUS_CHOICE = Choice(
    want=Want.BE_ONE,
    topics=("customer_work", "balance", "learning"),
    languages=("fi", "sv", "en"),
    ways=("walk", "video", "coffee"),
    places=3,
    introduction=INTRODUCTIONS["fi"][0],
    lists_self=True,
)


def live(tenant: TenantRef, inside: Sequence[Person], *, now: datetime) -> None:
    """Let `inside`, who have come in, live with Kamu; each part is done once and as a whole."""
    random = Random(SEED)  # noqa: S311 - a draw that shall be the same each time
    drawn = _draw(inside, random)
    with tenant_work(tenant):
        if not _is_there(Participation):
            write(drawn, now=now - timedelta(days=OLDEST_PAIR_DAYS + 2))
    with tenant_work(tenant):
        if not _is_there(Pair):
            _pair(drawn, random, now)
    with tenant_work(tenant):
        write_all(Random(SEED), now=now)  # noqa: S311 - as above
    with tenant_work(tenant):
        if not _is_there(Ask):
            _ask(drawn, now)


def _draw(inside: Sequence[Person], random: Random) -> Drawn:
    """Draw volunteers, and put in the two whom bin/dev names."""
    drawn = draw(inside, random, wanting_share=WANTING)
    kaveri, kamu = _named(inside, KAVERI), _named(inside, KAMU)
    return Drawn(
        drawn.choices | {kaveri: KAVERIS_CHOICE, kamu: KAMUS_CHOICE},
        [kamu, *(person for person in drawn.trained if person not in {kaveri, kamu})],
        [(one, other) for one, other in drawn.vetoes if not {one, other} & {kaveri, kamu}],
    )


def _named(people: Sequence[Person], user_name: str) -> Person:
    return next(person for person in people if person.email == LIVE.email(user_name))


def _pair(drawn: Drawn, random: Random, now: datetime) -> None:
    """Make most who want a Kamu a pair with one whom Kamu would suggest; two pairs have ended, one pauses."""
    kaveris, named = _wanting(drawn), _named(list(drawn.choices), KAMU)
    taken: Counter[Person] = Counter()
    pairs = []
    for kaveri in kaveris[: round(len(kaveris) * PAIRED)]:
        kamu = _best(kaveri, drawn, taken, now)
        if kamu is not None:
            began = now - timedelta(days=random.randint(NEWEST_PAIR_DAYS, OLDEST_PAIR_DAYS))
            pairs.append(open_pair(kamu_id=kamu.id, kaveri_id=kaveri.id, places=5, now=began))
            taken[kamu] += 1
    others = [pair for pair in pairs if pair.kamu_id != named.id]
    for pair in others[:2]:
        end_pair(pair_id=pair.id, person_id=pair.kaveri_id, now=now - timedelta(days=3))
    pause_pair(pair_id=others[2].id, person_id=others[2].kamu_id, now=now - timedelta(days=2))


def _wanting(drawn: Drawn) -> list[Person]:
    """Who wants a Kamu, in an order that is the same each time, with the one whom bin/dev names first."""
    wanting = [person for person, choice in drawn.choices.items() if choice.want.wants_kamu]
    return sorted(wanting, key=lambda person: (person.email != LIVE.email(KAVERI), person.email))


def _best(kaveri: Person, drawn: Drawn, taken: Counter[Person], now: datetime) -> Person | None:
    """Of the Kamus who could be suggested the named one, until there are enough, else whoever has fewest Kaveris."""
    possible = {each.kamu_id for each in list_candidates(kaveri.id, now=now, most=50)}
    found = [person for person in drawn.choices if person.id in possible and _takes(person, kaveri, taken)]
    best = sorted(found, key=lambda person: (not _is_named(person), taken[person], person.email))
    return best[0] if best else None


def _takes(kamu: Person, kaveri: Person, taken: Counter[Person]) -> bool:
    """The named Kamu has the named Kaveri and somebody who writes in the same language as the Kamu; others anybody."""
    if not _is_named(kamu):
        return True
    return taken[kamu] < NAMED_KAMU_HAS and (kaveri.email == LIVE.email(KAVERI) or kaveri.language == kamu.language)


def _is_named(person: Person) -> bool:
    return person.email == LIVE.email(KAMU)


def _ask(drawn: Drawn, now: datetime) -> None:
    """Have a few who have no Kamu ask one: first somebody the Kamu whom bin/dev names, then others."""
    has_kamu = set(session().scalars(select(Pair.kaveri_id).where(Pair.state != PairState.ENDED)))
    free = [person for person in _wanting(drawn) if person.id not in has_kamu]
    named = _named(list(drawn.choices), KAMU).id
    suggested = {person.id: {each.kamu_id for each in list_candidates(person.id, now=now)} for person in free}
    first = [person.id for person in free if named in suggested[person.id]][:1]
    for person_id in first:
        ask_kamu(kaveri_id=person_id, kamu_id=named, by=SYSTEM, now=now)
    others = [person.id for person in free if person.id not in first and suggested[person.id] - {named}]
    for person_id in others[: ASKING - len(first)]:
        kamu = next(person for person in drawn.choices if person.id in suggested[person_id] - {named})
        ask_kamu(kaveri_id=person_id, kamu_id=kamu.id, by=SYSTEM, now=now)


def _is_there(model: type[TenantBase]) -> bool:
    return session().scalars(select(model).limit(1)).first() is not None
