"""Text sealed in a space opens in its own place, for its own organisation, and never again once the key is destroyed."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.vault import (
    CannotOpen,
    Sealed,
    actions,
    destroy_space,
    destroy_space_later,
    open_text,
    open_texts,
    own_space,
    pair_space,
    seal_text,
)
from tenants.unit_of_work import keys_work, tenant_work

LINE = "Say no to one thing a week"


def _seal(ref, **place):
    with tenant_work(ref):
        return seal_text(LINE, **place)


@pytest.fixture
def place():
    return {"space": own_space(uuid4()), "row": uuid4(), "column": "line"}


def test_a_text_opens_in_its_place_and_hides_what_it_holds(two, place):
    sealed = _seal(two.a.ref, **place)
    assert LINE.encode() not in sealed
    with tenant_work(two.a.ref):
        assert open_text(sealed, **place) == LINE


@pytest.mark.parametrize("moved", ["row", "column", "space", "organisation"])
def test_a_text_opens_nowhere_else(two, place, moved):
    sealed = _seal(two.a.ref, **place)
    _seal(two.b.ref, **place)
    other = own_space(uuid4())
    _seal(two.a.ref, **place | {"space": other})
    elsewhere = {"row": uuid4(), "column": "name", "space": other}
    where = two.b.ref if moved == "organisation" else two.a.ref
    changed = {} if moved == "organisation" else {moved: elsewhere[moved]}
    with tenant_work(where), pytest.raises(CannotOpen):
        open_text(sealed, **place | changed)


def test_what_a_destroyed_space_held_is_gone_and_other_spaces_are_not(two, place):
    kept = place | {"space": own_space(uuid4())}
    lost, left = _seal(two.a.ref, **place), _seal(two.a.ref, **kept)
    with tenant_work(two.a.ref):
        destroy_space(place["space"])
        with pytest.raises(CannotOpen):
            open_text(lost, **place)
        assert open_text(left, **kept) == LINE


def test_the_same_space_in_another_organisation_outlives_it(two, place):
    sealed = _seal(two.b.ref, **place)
    _seal(two.a.ref, **place)
    with tenant_work(two.a.ref):
        destroy_space(place["space"])
    with tenant_work(two.b.ref):
        assert open_text(sealed, **place) == LINE


def test_a_space_that_is_to_be_destroyed_stays_when_the_transaction_fails(cast, two, place):
    sealed = _seal(two.a.ref, **place)
    with pytest.raises(ZeroDivisionError), tenant_work(two.a.ref):
        destroy_space_later(place["space"])
        raise ZeroDivisionError
    cast.run_jobs()
    with tenant_work(two.a.ref):
        assert open_text(sealed, **place) == LINE
        destroy_space_later(place["space"])
    cast.run_jobs()
    with tenant_work(two.a.ref), pytest.raises(CannotOpen):
        open_text(sealed, **place)


def test_the_key_is_committed_before_the_text_is(two, place, superuser):
    with tenant_work(two.a.ref):
        seal_text(LINE, **place)
        with superuser.connect() as other:
            found = other.scalar(
                text("SELECT count(*) FROM keys.space_key WHERE space_id = :id"), {"id": place["space"]}
            )
    assert found == 1


def test_many_texts_of_many_spaces_cost_one_look_for_keys(two, monkeypatch):
    places = [{"space": own_space(uuid4()), "row": uuid4(), "column": "line"} for _ in range(3)]
    sealed = [Sealed(_seal(two.a.ref, **each), **each) for each in places]
    looks = []
    monkeypatch.setattr(actions, "keys_work", lambda login: (looks.append(login), keys_work(login))[1])
    with tenant_work(two.a.ref):
        assert open_texts(sealed) == [LINE] * 3
        assert open_texts(sealed) == [LINE] * 3
    assert len(looks) == 1


def test_of_two_first_texts_at_once_both_can_be_opened(app, two, place):
    gate, places = Barrier(4), [place | {"row": uuid4()} for _ in range(4)]

    def seal(each):
        with app.app_context(), tenant_work(two.a.ref):
            gate.wait(timeout=10)
            return Sealed(seal_text(LINE, **each), **each)

    with ThreadPoolExecutor(4) as threads:
        sealed = list(threads.map(lambda each: copy_context().run(seal, each), places))
    with tenant_work(two.a.ref):
        assert open_texts(sealed) == [LINE] * 4


def test_the_two_of_a_pair_write_with_keys_of_their_own(two):
    pair, kamu, kaveri = uuid4(), uuid4(), uuid4()
    assert pair_space(pair, kamu) != pair_space(pair, kaveri)
    assert pair_space(pair, kamu) != pair_space(uuid4(), kamu)
