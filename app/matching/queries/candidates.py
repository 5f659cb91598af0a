"""Whom a Kaveri could have as their Kamu now. All hard rules in one statement; only a few rows leave the database."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import aliased

from app import clock
from app.choices.models import Participation, Veto
from app.matching.models import Ask
from app.matching.policies.rules import Facts, Rules, list_gaps
from app.matching.policies.wishes import Said, Wishes, list_open_questions, list_reasons
from app.matching.queries.facts import default_language, is_employed, leads_anybody, unit_of
from app.matching.queries.rules import read_rules
from app.pairs.models import Pair, PairState
from app.people.models import Person
from app.training.models import TrainingRecord
from tenants.unit_of_work import session

ASKED_LATELY: Final = timedelta(days=90)
LASTING = (PairState.LIVE.value, PairState.PAUSED.value, PairState.RESTING.value)
TOPIC, SITE, WAY, LANGUAGE = 3, 2, 1, 1

Boss = aliased(Person)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A Kamu with room, in their own words. `matching.words.say` puts `reasons` and `gaps` into words."""

    kamu_id: UUID
    name: str
    unit: str | None
    site: str | None
    introduction: str
    reasons: tuple[Said, ...]
    gaps: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Seeker:
    """The Kaveri: directory facts for the rules, wishes for the reasons."""

    facts: Facts
    wishes: Wishes


def list_candidates(person_id: UUID, *, now: datetime, most: int = 5) -> list[Suggestion]:
    """List at most `most` Kamus for somebody who wants one, in no order that means anything.

    Left out for a while is whoever was asked, whatever became of it. Empty while the person has a Kamu.
    """
    rules = read_rules()
    seeker = _find_seeker(person_id, now)
    if seeker is None or list_gaps(rules, seeker.facts):
        return []
    fitting = _possible(seeker.facts, rules, now).where(~_asked_lately(person_id, now))
    mixed = func.md5(cast(Person.id, Text) + str(person_id))
    best = fitting.order_by(_weight(seeker.wishes).desc(), mixed).limit(most)
    found = [_suggestion(person, chosen, seeker.wishes) for person, chosen in session().execute(best)]
    return sorted(found, key=lambda suggestion: suggestion.kamu_id.hex[::-1])


def is_possible(kaveri_id: UUID, kamu_id: UUID, *, now: datetime | None = None) -> bool:
    """Whether the two may become a pair at this moment: all hard rules, room with the Kamu, no veto."""
    at = now or clock.now()
    rules = read_rules()
    seeker = _find_seeker(kaveri_id, at)
    if seeker is None or list_gaps(rules, seeker.facts):
        return False
    this_one = _possible(seeker.facts, rules, at).where(Person.id == kamu_id)
    return session().execute(this_one).first() is not None


def _find_seeker(person_id: UUID, now: datetime) -> Seeker | None:
    """Whoever wants a Kamu, works here now and has none."""
    has_kamu = exists().where(Pair.kaveri_id == Person.id, Pair.state.in_(LASTING))
    wanted = (
        select(Person, Participation, Boss.supervisor_id, unit_of(Person), leads_anybody(Person), _told_language())
        .join(Participation, Participation.person_id == Person.id)
        .outerjoin(Boss, Boss.id == Person.supervisor_id)
        .where(Person.id == person_id, Participation.wants_kamu, is_employed(now), ~has_kamu)
    )
    row = session().execute(wanted).one_or_none()
    if row is None:
        return None
    person, chosen, above_id, unit, leads, told = row
    languages = tuple(chosen.languages) or (told,)
    facts = Facts(person.id, person.supervisor_id, above_id, leads, unit, frozenset(languages))
    return Seeker(facts, _wishes(person, chosen, languages))


def _possible(kaveri: Facts, rules: Rules, now: datetime) -> Select[Any, Any]:
    """Every Kamu whom nothing leaves out for this Kaveri: with each switch one condition more."""
    return (
        select(Person, Participation)
        .join(Participation, Participation.person_id == Person.id)
        .outerjoin(Boss, Boss.id == Person.supervisor_id)
        .where(Person.id != kaveri.id, Participation.offers_kamu, is_employed(now))
        .where(*_outside_line(kaveri, rules), *_switched(kaveri, rules))
        .where(~_vetoed(kaveri.id), _has_room(), ~_are_pair(kaveri.id))
    )


def _outside_line(kaveri: Facts, rules: Rules) -> list[ColumnElement[bool]]:
    conditions = [
        or_(Person.supervisor_id.is_not(None), leads_anybody(Person)),
        Person.id.is_distinct_from(kaveri.supervisor_id),
        Person.supervisor_id.is_distinct_from(kaveri.id),
    ]
    if rules.not_skip_level:
        conditions += [Person.id.is_distinct_from(kaveri.above_id), Boss.supervisor_id.is_distinct_from(kaveri.id)]
    if rules.not_same_supervisor and kaveri.supervisor_id:
        conditions.append(Person.supervisor_id.is_distinct_from(kaveri.supervisor_id))
    return conditions


def _switched(kaveri: Facts, rules: Rules) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if rules.only_trained:
        done = exists().where(TrainingRecord.person_id == Person.id, TrainingRecord.completed_at.is_not(None))
        conditions.append(done)
    if rules.not_same_unit:
        conditions.append(unit_of(Person) != kaveri.unit)
    if rules.shared_language:
        conditions.append(_speaks(kaveri.languages))
    return conditions


def _speaks(languages: frozenset[str]) -> ColumnElement[bool]:
    """One of the languages is among those chosen, else is the directory's, else the organisation's."""
    codes = sorted(languages)
    unsaid = func.jsonb_array_length(Participation.languages) == 0
    return or_(Participation.languages.has_any(array(codes)), and_(unsaid, _told_language().in_(codes)))


def _told_language() -> ColumnElement[str]:
    """The directory's, else the organisation's, which is only looked for where somebody has none."""
    return func.coalesce(Person.language, default_language())


def _vetoed(person_id: UUID) -> ColumnElement[bool]:
    mine = and_(Veto.person_id == person_id, Veto.other_id == Person.id)
    theirs = and_(Veto.person_id == Person.id, Veto.other_id == person_id)
    return or_(exists().where(mine), exists().where(theirs))


def _has_room() -> ColumnElement[bool]:
    taken = select(func.count()).select_from(Pair).where(Pair.kamu_id == Person.id, Pair.state.in_(LASTING))
    return Participation.places > taken.correlate(Person).scalar_subquery()


def _are_pair(person_id: UUID) -> ColumnElement[bool]:
    return exists().where(Pair.kaveri_id == Person.id, Pair.kamu_id == person_id, Pair.state.in_(LASTING))


def _asked_lately(person_id: UUID, now: datetime) -> ColumnElement[bool]:
    return exists().where(Ask.kaveri_id == person_id, Ask.kamu_id == Person.id, Ask.asked_at > now - ASKED_LATELY)


def _weight(wishes: Wishes) -> ColumnElement[int]:
    """How much speaks for a Kamu; orders rows and is shown to nobody."""
    parts = [_counts(and_(_tells(), Participation.topics.has_key(topic)), TOPIC) for topic in wishes.topics]
    parts += [_counts(and_(_tells(), Participation.ways.has_key(way)), WAY) for way in wishes.ways]
    if wishes.own_language:
        parts.append(_counts(Participation.languages.has_key(wishes.own_language), LANGUAGE))
    if wishes.site:
        parts.append(_counts(func.lower(Person.site) == wishes.site.lower(), SITE))
    return sum(parts, literal(0))


def _tells() -> ColumnElement[bool]:
    """Whether topics and ways are those of a Kamu alone, and not what is on the mind of somebody who wants one."""
    return ~Participation.wants_kamu


def _counts(condition: ColumnElement[bool], weight: int) -> ColumnElement[int]:
    return case((condition, weight), else_=0)


def _wishes(person: Person, chosen: Participation, languages: tuple[str, ...]) -> Wishes:
    return Wishes(tuple(chosen.topics), tuple(chosen.ways), languages, person.language, person.site)


def _suggestion(person: Person, chosen: Participation, wished: Wishes) -> Suggestion:
    spoken = tuple(chosen.languages) or ((person.language,) if person.language else ())
    theirs = _wishes(person, chosen, spoken)
    if chosen.wants_kamu:
        theirs = replace(theirs, topics=(), ways=())
    return Suggestion(
        kamu_id=person.id,
        name=person.name,
        unit=person.unit,
        site=person.site,
        introduction=chosen.introduction,
        reasons=list_reasons(wished, theirs),
        gaps=list_open_questions(wished, theirs),
    )
