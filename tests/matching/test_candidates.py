"""Whom a Kaveri may be shown: each hard rule leaves somebody out, and the database and the pure rules agree."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete

from app.choices.models import Participation
from app.matching.models import MatchingRules
from app.matching.policies.rules import SWITCHES, Facts, Rules, may_pair
from app.matching.policies.wishes import Reason, Said
from app.matching.queries.candidates import is_possible, list_candidates
from app.people.models import Person
from app.training.models import TrainingRecord
from tenants.models import new_id
from tenants.unit_of_work import tenant_work
from tests.factories.matching import NOON, Volunteers


@pytest.fixture
def see(house):
    def see(person_id: UUID, **more: object) -> list:
        with tenant_work(house.ref):
            return list_candidates(person_id, now=NOON, **more)

    return see


@pytest.fixture
def possible(house):
    def possible(kaveri_id: UUID, kamu_id: UUID) -> bool:
        with tenant_work(house.ref):
            return is_possible(kaveri_id, kamu_id, now=NOON)

    return possible


def test_a_trained_kamu_with_room_outside_team_and_line_is_suggested(volunteers: Volunteers, see, possible):
    kaveri, kamu = volunteers.kaveri(), volunteers.kamu()
    assert [found.kamu_id for found in see(kaveri)] == [kamu]
    assert possible(kaveri, kamu)


@pytest.mark.parametrize(
    "fields",
    [
        {"trained": False},
        {"places": 0},
        {"unit": "crew "},
        {"unit": None},
        {"supervisor_id": None},
        {"ends_on": date(2026, 11, 20)},
        {"starts_on": date(2026, 11, 22)},
        {"language": "sv", "wishes": {"languages": ["sv"]}},
    ],
    ids=str,
)
def test_what_a_kamu_lacks_leaves_them_out(volunteers: Volunteers, see, possible, fields):
    kaveri = volunteers.kaveri(unit="Crew", language="fi")
    kamu = volunteers.kamu(**fields)
    assert see(kaveri) == []
    assert not possible(kaveri, kamu)


@pytest.mark.parametrize("fields", [{"unit": None}, {"supervisor_id": None}], ids=str)
def test_what_is_unknown_of_a_kaveri_is_not_a_pass(volunteers: Volunteers, see, fields):
    volunteers.kamu()
    assert see(volunteers.kaveri(**fields)) == []


def test_nobody_gets_a_superior_a_report_or_anybody_two_levels_away(volunteers: Volunteers, see):
    top = volunteers.kamu(supervisor_id=None)
    middle = volunteers.kamu(supervisor_id=top)
    kaveri = volunteers.kaveri(supervisor_id=middle)
    below = volunteers.kamu(supervisor_id=kaveri)
    volunteers.kamu(supervisor_id=below)
    volunteers.kamu(supervisor_id=middle)
    elsewhere = volunteers.kamu()
    assert [found.kamu_id for found in see(kaveri)] == [elsewhere]


def test_a_veto_of_either_leaves_the_pair_out(volunteers: Volunteers, see, possible):
    kaveri, mine, theirs = volunteers.kaveri(), volunteers.kamu(), volunteers.kamu()
    volunteers.veto(kaveri, mine)
    volunteers.veto(theirs, kaveri)
    assert see(kaveri) == []
    assert not possible(kaveri, mine)
    assert not possible(kaveri, theirs)


def test_a_full_kamu_and_one_asked_lately_are_not_suggested(volunteers: Volunteers, see, possible):
    kaveri, full, asked = volunteers.kaveri(), volunteers.kamu(places=1), volunteers.kamu()
    volunteers.pair(full, volunteers.kaveri(), state="paused")
    volunteers.asked(kaveri, asked, at=NOON - timedelta(days=89))
    assert see(kaveri) == []
    assert not possible(kaveri, full)
    assert possible(kaveri, asked)


def test_whoever_has_a_kamu_or_no_longer_wants_one_is_shown_nobody(volunteers: Volunteers, see, possible):
    kamu, has, wants_none = volunteers.kamu(), volunteers.kaveri(), volunteers.kamu()
    volunteers.pair(kamu, has)
    other = volunteers.kamu()
    assert see(has) == see(wants_none) == []
    assert not possible(has, other)


def test_a_missing_language_is_the_organisations(volunteers: Volunteers, see):
    for _ in range(3):
        volunteers.person(language="fi")
    kaveri = volunteers.kaveri(language=None)
    kamu = volunteers.kamu(language="fi")
    volunteers.kamu(language="en")
    assert [found.kamu_id for found in see(kaveri)] == [kamu]


def test_reasons_name_what_is_shared_and_gaps_what_is_not(volunteers: Volunteers, see):
    wished = {"topics": ["roles", "no"], "ways": ["walk"], "languages": ["fi"]}
    kaveri = volunteers.kaveri(language="fi", site="Oulu", wishes=wished)
    volunteers.kamu(language="fi", site="oulu", wishes={**wished, "topics": ["no", "rest"]})
    volunteers.kamu(language="fi", site="Turku")
    near, far = sorted(see(kaveri), key=lambda found: found.site.lower())
    shared = (Said(Reason.TOPICS, ("no",)), Said(Reason.WAYS, ("walk",)))
    assert near.reasons == (*shared, Said(Reason.SAME_SITE, ("oulu",)), Said(Reason.OWN_LANGUAGE, ("fi",)))
    assert near.gaps == ()
    assert far.gaps == (Said(Reason.NO_TOPICS), Said(Reason.OTHER_SITE, ("Turku",)))


def test_topics_of_a_kamu_who_also_wants_one_are_neither_told_nor_weighed(volunteers: Volunteers, see):
    wished = {"topics": ["no"], "ways": ["walk"]}
    kaveri = volunteers.kaveri(language="fi", wishes=wished)
    both = volunteers.kamu(language="fi", wishes={**wished, "wants_kamu": True})
    silent, fitting = volunteers.kamu(language="fi"), volunteers.kamu(language="fi", wishes=wished)
    said = {found.kamu_id: (found.reasons, found.gaps) for found in see(kaveri)}
    assert said[both] == said[silent] != said[fitting]
    more = {volunteers.kamu(language="fi", wishes=wished) for _ in range(4)} | {fitting}
    assert {found.kamu_id for found in see(kaveri)} == more


def test_those_who_fit_best_are_shown_when_there_are_many(volunteers: Volunteers, see):
    kaveri = volunteers.kaveri(wishes={"topics": ["no"]})
    for _ in range(3):
        volunteers.kamu()
    fitting = {volunteers.kamu(wishes={"topics": ["no"]}) for _ in range(2)}
    assert {found.kamu_id for found in see(kaveri, most=2)} == fitting


units = st.sampled_from([None, "a", "b"])
people = st.lists(
    st.tuples(st.none() | st.integers(0, 6), units, st.sampled_from(["fi", "sv", "en"])), min_size=7, max_size=7
)
switches = st.fixed_dictionaries({name: st.booleans() for name in SWITCHES})


def facts_of(ids: list[UUID], drawn: list) -> list[Facts]:
    above = [ids[boss] if boss is not None and boss < place else None for place, (boss, _, _) in enumerate(drawn)]
    by_id = dict(zip(ids, above, strict=True))
    return [
        Facts(ids[place], above[place], by_id.get(above[place]), ids[place] in above, unit, frozenset({language}))
        for place, (_, unit, language) in enumerate(drawn)
    ]


def fill(house, facts: list[Facts], chosen: dict) -> None:
    """Nobody but these, all volunteers with one place each, in one transaction."""
    with tenant_work(house.ref) as opened:
        for model in (Participation, TrainingRecord, MatchingRules, Person):
            opened.execute(delete(model))
        for fact in facts:
            (language,) = fact.languages
            opened.add(
                Person(
                    id=fact.id, given_name="Ilta", email=f"{fact.id}@a.example", language=language, unit=fact.unit,
                    supervisor_id=fact.supervisor_id, created_at=NOON, updated_at=NOON,
                )
            )  # fmt: skip
            opened.flush()  # superiors come before those under them
            opened.add(
                Participation(
                    person_id=fact.id, wants_kamu=True, offers_kamu=True, places=1, chosen_at=NOON, updated_at=NOON
                )
            )
            opened.add(TrainingRecord(person_id=fact.id, module="kamu", started_at=NOON, completed_at=NOON))
        opened.add(MatchingRules(account_id=house.owner_id, decided_at=NOON, **chosen))


@given(people, switches)
def test_the_database_leaves_out_just_whom_the_pure_rules_leave_out(house, drawn, chosen):
    ids = sorted(new_id() for _ in drawn)
    facts = facts_of(ids, drawn)
    fill(house, facts, chosen)
    with tenant_work(house.ref):
        seen = {fact.id: {one.kamu_id for one in list_candidates(fact.id, now=NOON, most=9)} for fact in facts}
    rules = Rules(**chosen)
    assert seen == {one.id: {other.id for other in facts if may_pair(rules, one, other)} for one in facts}
