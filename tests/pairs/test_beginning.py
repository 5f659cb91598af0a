"""A pair begins only when both still want it, there is a place, and neither would rather not."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier

import pytest
from sqlalchemy import select

from app.choices.models import Participation, Veto
from app.pairs.actions import end_pair, open_pair, pause_pair
from app.pairs.errors import AlreadyAPair, CannotBegin, HasAKamu, KamuIsFull, NotTakingPart, Vetoed
from app.pairs.models import Pair
from app.pairs.queries import count_lasting_places
from tenants.unit_of_work import session, tenant_work
from tests.cast import NOON
from tests.factories.pairs import become_a_pair, member, take_part


def _open(duo, kamu, kaveri, places=3):
    with tenant_work(duo.organisation.ref):
        return open_pair(kamu_id=kamu.id, kaveri_id=kaveri.id, places=places, now=NOON).id


def test_the_same_two_are_one_pair_whichever_way_round(cast, duo):
    take_part_as_kamu = duo.kaveri
    with tenant_work(duo.organisation.ref):
        session().get(Participation, take_part_as_kamu.id).places = 2
        session().get(Participation, take_part_as_kamu.id).offers_kamu = True
    for kamu, kaveri in ((duo.kamu, duo.kaveri), (duo.kaveri, duo.kamu)):
        with pytest.raises(AlreadyAPair):
            _open(duo, kamu, kaveri)


def test_a_kaveri_has_one_kamu_also_on_a_break(cast, duo):
    other = member(cast, duo.organisation, "Halla", places=2)
    with tenant_work(duo.organisation.ref):
        pause_pair(pair_id=duo.id, person_id=duo.kamu.id, now=NOON)
    with pytest.raises(HasAKamu):
        _open(duo, other, duo.kaveri)


@pytest.mark.parametrize("author", ["kamu", "kaveri"])
def test_a_wish_rather_not_holds_whosever_it_is(cast, duo, author):
    both = {"kamu": duo.kamu, "kaveri": member(cast, duo.organisation, "Ilmari")}
    one, other = both[author], both["kaveri" if author == "kamu" else "kamu"]
    with tenant_work(duo.organisation.ref):
        session().add(Veto(person_id=one.id, other_id=other.id, created_at=NOON))
    with pytest.raises(Vetoed):
        _open(duo, both["kamu"], both["kaveri"])


def test_places_are_the_fewer_of_what_is_allowed_and_what_the_kamu_offers(cast, duo):
    second, third = (member(cast, duo.organisation, name) for name in ("Halla", "Ilmari"))
    with pytest.raises(KamuIsFull):
        _open(duo, duo.kamu, second, places=1)
    _open(duo, duo.kamu, second, places=2)
    with tenant_work(duo.organisation.ref):
        session().get(Participation, duo.kamu.id).places = 2
        assert count_lasting_places([duo.kamu.id, third.id]) == {duo.kamu.id: 2}
    with pytest.raises(KamuIsFull):
        _open(duo, duo.kamu, third, places=5)


def test_a_place_is_free_again_when_its_pair_has_ended(cast, duo):
    other = member(cast, duo.organisation, "Halla")
    with tenant_work(duo.organisation.ref):
        end_pair(pair_id=duo.id, person_id=duo.kaveri.id, now=NOON)
    assert become_a_pair(duo.organisation, duo.kamu, other)
    assert _open(duo, duo.kamu, duo.kaveri)


def test_whoever_takes_no_part_begins_no_pair(cast, duo):
    stranger = cast.person(duo.organisation.ref, "petri@alpha.example")
    with pytest.raises(NotTakingPart):
        _open(duo, duo.kamu, stranger)


def test_of_many_who_begin_at_once_only_as_many_do_as_there_are_places(cast):
    organisation = cast.organisation("alpha")
    kamu = cast.person(organisation.ref, "rauha@alpha.example")
    kaveris = [cast.person(organisation.ref, f"kaveri{number}@alpha.example") for number in range(5)]
    take_part(organisation, kamu.id, places=2)
    for kaveri in kaveris:
        take_part(organisation, kaveri.id)
    gate = Barrier(len(kaveris))

    def begin(kaveri):
        try:
            with cast.app.app_context(), tenant_work(organisation.ref):
                session().scalar(select(Pair.id).limit(1))
                gate.wait(timeout=10)
                open_pair(kamu_id=kamu.id, kaveri_id=kaveri.id, places=3, now=NOON)
        except CannotBegin as error:
            return type(error)
        return Pair

    with ThreadPoolExecutor(len(kaveris)) as threads:
        begun = list(threads.map(lambda kaveri: copy_context().run(begin, kaveri), kaveris))
    assert sorted(each.__name__ for each in begun) == ["KamuIsFull"] * 3 + ["Pair"] * 2
    with tenant_work(organisation.ref):
        assert sorted(session().scalars(select(Pair.place_no))) == [1, 2]
