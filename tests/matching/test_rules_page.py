"""The lead's page on pairs: what each rule does, the same whatever people keep to themselves."""

import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, insert, text

from app.billing.models import SeatCounter
from app.choices.models import Participation, Veto
from app.disclosure.actions import freeze_month
from app.matching.models import Ask
from app.matching.policies.rules import Rules
from app.matching.queries import has_rules
from app.matching.queries.rules import read_rules
from app.pairs.models import Pair
from app.people.models import Person
from tenants.models import new_id
from tenants.unit_of_work import session, tenant_work
from tests.cast import Organisation
from tests.factories.crowds import COUNTED, LAUNCHED, Crowd, crowd, launched
from tests.factories.matching import Volunteers

HERE = "/set-up/matching"
ALL_ON = dict.fromkeys(
    ("only_trained", "not_skip_level", "not_same_supervisor", "not_same_unit", "shared_language"), "y"
)


def counted(house: Organisation) -> None:
    with tenant_work(house.ref):
        assert freeze_month(now=COUNTED)


def text_of(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def test_before_the_launch_the_page_says_when_figures_begin_and_what_is_unknown(cast, house, volunteers: Volunteers):
    for _ in range(2):
        volunteers.person(unit=None)
    volunteers.person(supervisor_id=None)
    page = cast.signed_in(house).get(HERE).text
    assert "<h1>Who can be whose Kamu</h1>" in page
    assert "a week after the launch" in page
    assert "2 people have no unit in the directory." in page
    assert "1 person has no superior in the directory, and leads nobody." in page


def test_before_a_count_each_rule_says_how_many_colleagues_it_closes(cast, house):
    crowd(house, kaveris=6, kamus=6, others=24)
    page = text_of(cast.signed_in(house).get(HERE))
    # 36 people in six units of six under six heads and a president: 43 in all
    assert page.count("Closes 4 of 42 colleagues to each person, on average.") == 1
    assert page.count("Closes 5 of 42 colleagues to each person, on average.") == 1
    assert page.count("Closes 2 of 42 colleagues to each person, on average.") == 1
    assert "Closes hardly any colleague to anybody." in page


def test_a_count_says_how_many_find_somebody_and_what_each_rule_costs(cast, house):
    launched(house)
    crowd(house, kaveris=30, kamus=12)
    counted(house)
    page = text_of(cast.signed_in(house).get(HERE))
    assert "30 of 30 find someone" in page
    assert page.count("Costs nobody a Kamu.") == 5


def test_a_rule_that_costs_five_or_more_is_told_and_one_that_costs_fewer_is_hidden(cast, house, volunteers):
    launched(house)
    everybody = crowd(house, kaveris=12, kamus=6)
    with tenant_work(house.ref):
        # Seven speak a language of their own, so that the rule on languages costs seven a Kamu.
        for kaveri in everybody.kaveris[:7]:
            session().get(Person, kaveri).language = "sv"
        for other in everybody.people[12:]:
            session().get(Person, other).language = "fi"
    counted(house)
    page = text_of(cast.signed_in(house).get(HERE))
    assert "5 of 12 find someone" in page
    assert "Costs 7 people a Kamu: without it 12 of 12 would find someone." in page


def test_what_changes_the_count_by_fewer_than_five_is_hidden(cast, house):
    launched(house)
    everybody = crowd(house, kaveris=12, kamus=6)
    with tenant_work(house.ref):
        for kaveri in everybody.kaveris[:4]:
            session().get(Person, kaveri).language = "sv"
        for other in everybody.people[4:]:
            session().get(Person, other).language = "fi"
    counted(house)
    page = text_of(cast.signed_in(house).get(HERE))
    assert "Hidden: it could point at fewer than five people" in page
    assert "Would like a Kamu 12" in page
    assert not re.search(r"\b(8|4) of 12", page)


def test_rules_are_saved_at_once_and_shown_in_figures_with_the_next_count(cast, house):
    launched(house)
    crowd(house, kaveris=30, kamus=12)
    counted(house)
    browser = cast.signed_in(house)
    sent = {name: "y" for name in ALL_ON if name != "not_same_unit"}
    assert browser.post(HERE, sent).status_code == 303
    with tenant_work(house.ref):
        assert has_rules()
        assert read_rules() == Rules(not_same_unit=False)
    page = text_of(browser.get(HERE))
    assert "Counted, with the rules of that day." in page
    assert "Costs nobody a Kamu." in page
    with tenant_work(house.ref):
        freeze_month(now=COUNTED + timedelta(days=15))
    assert "Would cost nobody a Kamu." in text_of(browser.get(HERE))


@pytest.fixture
def ground(cast, house) -> Crowd:
    launched(house)
    return crowd(house, kaveris=12, kamus=8, others=0)


edges = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 7), st.sampled_from(["veto", "refusal", "pair"])), max_size=12
)


def empty(superuser: Engine, house: Organisation) -> None:
    """No private reasons, and no figures: those the organisation's own role can never change."""
    with superuser.begin() as connection:
        connection.execute(text(f"TRUNCATE {house.ref.schema}.frozen_figure"))
    with tenant_work(house.ref):
        for model in (Veto, Ask, Pair):
            session().execute(delete(model))


def keep_apart(ground: Crowd, drawn: list) -> None:
    """In the organisation's tables: some pairs are missing for private reasons of any kind."""
    taken: dict[int, int] = {}
    has_kamu: set[int] = set()
    for kaveri, kamu, kind in drawn:
        one, other = ground.kaveris[kaveri], ground.kamus[kamu]
        if kind == "veto":
            row = {"id": new_id(), "person_id": one, "other_id": other, "created_at": LAUNCHED}
            session().execute(insert(Veto).values(row)) if (one, other) not in _vetoes() else None
        elif kind == "refusal":
            times = {"asked_at": LAUNCHED, "lapses_at": LAUNCHED, "closed_at": LAUNCHED}
            session().execute(insert(Ask).values(id=new_id(), kaveri_id=one, kamu_id=other, state="closed", **times))
        elif kaveri not in has_kamu and taken.get(kamu, 0) < 2:
            taken[kamu] = taken.get(kamu, 0) + 1
            has_kamu.add(kaveri)
            low, high = sorted((one, other))
            pair = {"kamu_id": other, "kaveri_id": one, "low_id": low, "high_id": high, "place_no": taken[kamu]}
            session().execute(insert(Pair).values(id=new_id(), state="live", began_at=LAUNCHED, **pair))


def _vetoes() -> set:
    return {(veto.person_id, veto.other_id) for veto in session().query(Veto)}


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(drawn=edges, places=st.lists(st.integers(0, 5), min_size=8, max_size=8))
def test_the_page_is_the_same_whether_a_pair_is_missing_by_veto_refusal_or_a_full_kamu(
    cast, house, ground, superuser, drawn, places
):
    browser = cast.signed_in(house)
    pages = []
    for private in (False, True):
        empty(superuser, house)
        with tenant_work(house.ref):
            for kamu, most in zip(ground.kamus, places if private else [2] * 8, strict=True):
                session().get(Participation, kamu).places = most
            if private:
                keep_apart(ground, drawn)
        counted(house)
        main = re.search(r"<main.*</main>", browser.get(HERE).text, re.DOTALL)[0]
        pages.append(re.sub(r'name="csrf_token" value="[^"]*"', "", main))
    assert pages[0] == pages[1]


def test_an_owner_a_lead_and_a_representative_see_the_same_figures_and_it_contacts_none(cast, house):
    from app.access.roles import Role

    launched(house)
    everybody = crowd(house)
    for place in range(6):
        Volunteers(house.ref).pair(everybody.kamus[place], everybody.kaveris[place])
    counted(house)
    shown = set()
    for role in (Role.OWNER, Role.PROGRAMME_LEAD, Role.EMPLOYEE_REPRESENTATIVE):
        account = cast.account(house.ref, f"one-{role.value}@alpha.example", role)
        page = cast.signed_in(house, account.id).get("/figures")
        assert "<h1>6 of 12 who would like a Kamu have one</h1>" in page.text
        shown.add(re.search(r'<dl class="facts">.*?</dl>', page.text, re.DOTALL)[0])
    assert len(shown) == 1
    contact = cast.account(house.ref, "it@alpha.example", Role.IT_CONTACT)
    assert cast.signed_in(house, contact.id).get("/figures").status_code == 403


def test_before_the_first_count_figures_say_when_it_will_be(cast, house):
    browser = cast.signed_in(house)
    assert "Figures begin a week after the launch" in browser.get("/figures").text
    with tenant_work(house.ref):
        session().add(SeatCounter(launched_at=COUNTED))
    assert "The first count is on" in browser.get("/figures").text
