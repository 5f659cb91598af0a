"""A month's figures: counted once, on their day, and only as they may be shown."""

from datetime import date, timedelta
from itertools import combinations
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from app.choices.models import Participation
from app.disclosure.actions import freeze_month
from app.disclosure.models import FrozenFigure
from app.disclosure.policies.month import Raw, Site, join_shown, tell_matching, tell_pairs, tell_sites
from app.disclosure.queries import find_month, find_next_count, list_months
from app.matching.policies.rules import SWITCHES
from app.people.models import Person
from tenants.models import TenantProgress
from tenants.unit_of_work import control_work, session, tenant_work
from tests.cast import Organisation
from tests.factories.crowds import COUNTED, LAUNCHED, crowd, launched
from tests.factories.matching import Volunteers

small = st.integers(0, 30)
raws = st.builds(
    Raw,
    people=st.integers(30, 60),
    wants=small,
    kamus=small,
    places_each=st.just(3),
    found=small,
    paired=small,
    effects=st.fixed_dictionaries(dict.fromkeys(SWITCHES, small)),
    rules=st.just(dict.fromkeys(SWITCHES, True)),
)


def shown_of(matching: dict, pairs: dict) -> list[int]:
    told = [matching["wants"], matching["found"], *matching["effects"].values(), pairs["paired"]]
    return [value for value in told if value is not None]


@given(st.lists(raws, min_size=1, max_size=3))
def test_no_two_numbers_of_a_month_differ_by_a_few_however_the_months_went(months):
    matching = pairs = None
    for raw in months:
        matching = tell_matching(raw, matching, 5)
        pairs = tell_pairs(raw, matching, pairs, 5)
        shown = shown_of(matching, pairs)
        assert all(5 <= value <= raw.people - 5 for value in shown)
        assert all(one == other or abs(one - other) >= 5 for one, other in combinations(shown, 2))
        assert matching["kamus"] is None or 5 <= matching["kamus"] <= raw.people - 5


@given(st.lists(raws, min_size=2, max_size=5))
def test_a_figure_that_was_hidden_for_a_while_comes_back_as_it_was_or_five_away(months):
    told: list[dict] = []
    last: dict[str, int] = {}
    for raw in months:
        told.insert(0, tell_matching(raw, join_shown(told), 5))
        flat = {**{name: told[0][name] for name in ("wants", "kamus", "found")}, **told[0]["effects"]}
        for name, value in flat.items():
            if value is not None:
                assert name not in last or value == last[name] or abs(value - last[name]) >= 5
                last[name] = value


@given(raws, st.lists(st.tuples(st.integers(1, 20), small, small), min_size=1, max_size=4))
def test_parts_by_site_are_of_the_whole_that_is_shown(raw, drawn):
    sites = {str(place): Site(size, min(a, size), min(b, size)) for place, (size, a, b) in enumerate(drawn)}
    matching = tell_matching(raw, None, 5)
    told = tell_sites(sites, matching, [], 5, COUNTED.date())
    for name in ("wants", "kamus"):
        values = [value for value in told[name].values() if value is not None]
        assert not values or sum(getattr(site, name) for site in sites.values()) == matching[name]


directories = st.dictionaries(
    st.sampled_from(["Oulu", "Oulu 2", "Turku", "Espoo"]),
    st.builds(Site, people=st.integers(10, 40), wants=small, kamus=small),
    min_size=1,
)


@given(raws, st.lists(directories, min_size=2, max_size=5))
def test_for_a_year_sites_are_shown_once_however_they_are_renamed_or_merged(raw, drawn):
    tables, shown = [], []
    for place, sites in enumerate(drawn):
        matching = {"wants": sum(site.wants for site in sites.values()), "kamus": raw.kamus}
        tables.insert(0, tell_sites(sites, matching, tables, 5, COUNTED.date() + timedelta(days=31 * place)))
        if any(value is not None for name in ("wants", "kamus") for value in tables[0][name].values()):
            shown.append(tables[0])
    assert all(table == shown[0] for table in shown)


def test_a_year_after_sites_were_shown_they_are_counted_again():
    sites = {"Oulu": Site(40, 10, 10), "Turku": Site(40, 20, 20)}
    matching = {"wants": 30, "kamus": 30}
    first = tell_sites(
        {**sites, "Espoo": Site(20, 7, 7), "Salo": Site(20, 6, 6)}, {"wants": 43, "kamus": 43}, [], 5, COUNTED.date()
    )
    assert first["wants"]["Oulu"] == 10
    for days, told in ((364, first["people"]), (365, {"Oulu": 40, "Turku": 40})):
        again = tell_sites(sites, matching, [first], 5, COUNTED.date() + timedelta(days=days))
        assert again["people"] == told


@pytest.fixture
def house(cast) -> Organisation:
    return cast.organisation("alpha")


def freeze(house: Organisation, at=COUNTED) -> bool:
    with tenant_work(house.ref):
        return freeze_month(now=at)


def newest(house: Organisation):
    with tenant_work(house.ref):
        return find_month()


def test_a_month_says_how_many_want_a_kamu_and_how_many_could_have_one(house: Organisation):
    launched(house)
    everybody = crowd(house)
    volunteers = Volunteers(house.ref)
    for place in range(6):
        volunteers.pair(everybody.kamus[place], everybody.kaveris[place])
    assert freeze(house)
    month = newest(house)
    # 40 people, the six heads and the president
    told = month.matching
    assert (told["people"], told["wants"], told["kamus"], told["found"]) == (47, 12, 8, 12)
    assert told["effects"] == dict.fromkeys(SWITCHES, 12)
    assert month.pairs["paired"] == 6


def test_a_month_is_counted_once_and_never_changes(house: Organisation):
    launched(house)
    crowd(house)
    assert freeze(house)
    before = newest(house)
    with tenant_work(house.ref):
        session().execute(update(Participation).values(wants_kamu=False))
    assert not freeze(house, COUNTED + timedelta(days=5))
    assert newest(house) == before


def test_the_next_month_shows_a_change_of_five_and_not_one_of_four(house: Organisation):
    launched(house)
    crowd(house)
    freeze(house)
    crowd(house, kaveris=4, kamus=5, others=0)
    freeze(house, COUNTED + timedelta(days=15))
    told = newest(house).matching
    assert (told["wants"], told["kamus"]) == (12, 13)
    with tenant_work(house.ref):
        assert [month.month for month in list_months()] == [date(2026, 12, 1), date(2026, 11, 1)]


@pytest.mark.parametrize("at", [LAUNCHED, LAUNCHED + timedelta(days=6, hours=12)])
def test_nothing_is_counted_in_the_first_week(house: Organisation, at):
    launched(house)
    crowd(house)
    assert not freeze(house, at)
    with tenant_work(house.ref):
        assert find_next_count(at.date()) == date(2026, 11, 9)


def test_nothing_is_counted_before_the_launch(house: Organisation):
    crowd(house)
    assert not freeze(house)
    with tenant_work(house.ref):
        assert find_next_count(COUNTED.date()) is None


def test_those_with_gaps_in_the_directory_are_in_no_figure(house: Organisation):
    launched(house)
    crowd(house)
    volunteers = Volunteers(house.ref)
    for _ in range(5):
        volunteers.chooses(volunteers.person(unit=None, supervisor_id=None), wants_kamu=True)
    freeze(house)
    assert (newest(house).matching["people"], newest(house).matching["wants"]) == (47, 12)


def test_sites_are_shown_where_none_can_be_worked_out(house: Organisation):
    launched(house)
    crowd(house, site="Oulu")
    crowd(house, site="Turku", kaveris=6, kamus=2)
    freeze(house)
    told = newest(house).sites
    assert told["wants"] == {"": None, "Oulu": None, "Turku": None}
    assert told["people"] == {"": 14, "Oulu": 40, "Turku": 28}


def test_the_page_says_when_sites_were_counted(house: Organisation, cast):
    launched(house)
    crowd(house, kaveris=30, kamus=12, site="Saarnikoski")
    crowd(house, kaveris=12, kamus=7, site="Turku", others=12)
    for site in ("Kuopio", "Rovaniemi"):
        crowd(house, kaveris=4, kamus=3, others=9, site=site)
    freeze(house)
    page = cast.signed_in(house).get("/figures").text
    assert "These were counted on 22 November 2026." in page
    before = newest(house).sites
    with tenant_work(house.ref):
        session().execute(update(Person).where(Person.site == "Turku").values(site="Saarnikoski"))
    freeze(house, COUNTED + timedelta(days=15))
    assert newest(house).sites == before
    assert any(before["wants"].values())


def test_staff_are_told_what_the_lead_sees_and_nothing_more(house: Organisation, cast):
    launched(house)
    crowd(house, kamus=4)
    with control_work() as control:
        control.add(TenantProgress(tenant_id=house.ref.id, steps={}, as_of=LAUNCHED))
    freeze(house)
    cast.run_jobs()
    with control_work() as control:
        figures = control.get(TenantProgress, house.ref.id).figures
    assert figures == {"month": "2026-11-01", "wants": 12, "kamus": None}


def test_a_lead_comes_in_at_the_set_up_before_the_launch_and_at_the_figures_after_it(house: Organisation, cast):
    browser = cast.signed_in(house)
    assert browser.get("/").location.endswith("/set-up")
    launched(house)
    assert browser.get("/").location.endswith("/figures")


def test_two_counts_at_the_same_moment_are_one_month(house: Organisation, app):
    launched(house)
    crowd(house)
    done: list[bool] = []
    counts = [Thread(target=_count_in_thread, args=(app, house, done)) for _ in range(2)]
    for each in counts:
        each.start()
    for each in counts:
        each.join()
    assert sorted(done) == [False, True]
    with tenant_work(house.ref):
        assert session().scalar(select(func.count()).select_from(FrozenFigure)) == 3


def _count_in_thread(app, house: Organisation, done: list) -> None:
    with app.app_context():
        done.append(freeze(house))
