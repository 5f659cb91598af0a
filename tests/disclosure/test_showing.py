"""The door for figures, attacked: by somebody who knows the directory, what is shown, and how it is chosen."""

from datetime import date
from itertools import combinations, pairwise, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.disclosure.policies.showing import (
    Cells,
    Count,
    find_due,
    find_next_month,
    hold,
    raise_only,
    show_cells,
    show_one,
    show_within,
)

K = 2
sizes = st.lists(st.integers(1, 7), min_size=1, max_size=4)


def cells_of(values: tuple[int, ...], among: tuple[int, ...]) -> dict[str, Count]:
    return {str(place): Count(value, size) for place, (value, size) in enumerate(zip(values, among, strict=True))}


def worlds(among: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Every way the people of each part could have answered, by number."""
    return list(product(*(range(size + 1) for size in among)))


@given(sizes, st.data())
def test_nobody_who_knows_the_method_can_tell_what_one_person_answered(drawn, data):
    among = tuple(drawn)
    truth = tuple(data.draw(st.integers(0, size)) for size in among)
    shown = show_cells(cells_of(truth, among), K)
    assume(shown.total is not None)
    consistent = [world for world in worlds(among) if show_cells(cells_of(world, among), K) == shown]
    for place, size in enumerate(among):
        values = {world[place] for world in consistent}
        assert values not in ({0}, {size}), (truth, shown)


@given(sizes, st.data())
def test_every_sum_and_difference_of_what_is_shown_is_k_or_nobody(drawn, data):
    among = tuple(drawn)
    truth = tuple(data.draw(st.integers(0, size)) for size in among)
    shown = show_cells(cells_of(truth, among), K)
    told = [(value, among[int(name)]) for name, value in shown.parts.items() if value is not None]
    for count in range(1, len(told) + 1):
        for chosen in combinations(told, count):
            value, size = map(sum, zip(*chosen, strict=True))
            for left, of in ((value, size), (shown.total - value, sum(among) - size)):
                assert of == 0 or K <= left <= of - K


@given(sizes, st.data())
def test_a_whole_that_may_be_shown_is_shown_and_parts_that_are_all_fit_with_it(drawn, data):
    among = tuple(drawn)
    truth = tuple(data.draw(st.integers(0, size)) for size in among)
    cells = cells_of(truth, among)
    whole = show_one(Count(sum(truth), sum(among)), K)
    alone = {name: show_one(cell, K) for name, cell in cells.items()}
    assert show_cells(cells, K).total == whole
    if None not in alone.values():
        assert show_cells(cells, K) == Cells(whole, alone)


def test_no_part_is_shown_when_the_rest_of_the_whole_would_name_a_few():
    cells = {"Oulu": Count(20, 40), "Turku": Count(12, 40), "Kemi": Count(2, 20)}
    assert show_cells(cells, 5) == Cells(34, {"Oulu": None, "Turku": None, "Kemi": None})


def test_two_that_hide_each_other_let_the_others_be_shown():
    cells = {"Oulu": Count(20, 40), "Kemi": Count(4, 20), "Vaasa": Count(3, 20)}
    assert show_cells(cells, 5) == Cells(27, {"Oulu": 20, "Kemi": None, "Vaasa": None})


@pytest.mark.parametrize(
    ("value", "among", "shown"), [(5, 10, 5), (4, 10, None), (6, 10, None), (0, 10, None), (9, 9, None)]
)
def test_few_all_but_few_none_and_all_are_hidden(value, among, shown):
    assert show_one(Count(value, among), 5) == shown


@given(st.integers(0, 40), st.lists(st.integers(0, 40), max_size=6), st.lists(st.integers(5, 40), max_size=1))
def test_counts_within_one_whole_differ_by_nobody_or_by_five(whole, drawn, within):
    shown = show_within(whole, {str(place): value for place, value in enumerate(drawn)}, 5, within)
    told = [value for value in shown.values() if value is not None]
    assert all(5 <= value <= whole for value in told)
    for one, other in combinations([whole, *within, *told] if told else [], 2):
        assert one == other or abs(one - other) >= 5 or {one, other} == {whole, *within}


def test_nothing_within_a_hidden_whole_is_shown():
    assert show_within(None, {"a": 50}, 5) == {"a": None}


@given(st.lists(st.integers(0, 60), min_size=2, max_size=12))
def test_from_month_to_month_a_figure_stands_or_moves_by_five(truth):
    shown = [truth[0]]
    for value in truth[1:]:
        shown.append(hold(value, shown[-1], 5))
    assert all(one == other or abs(one - other) >= 5 for one, other in pairwise(shown))
    assert all(abs(seen - true) < 5 for seen, true in zip(shown, truth, strict=True))


def test_the_threshold_only_rises():
    assert [raise_only(wanted, last) for wanted, last in [(3, None), (5, None), (8, 5), (5, 8)]] == [5, 5, 8, 8]


def test_a_month_is_counted_on_its_first_day_but_never_in_the_first_week():
    launched = date(2026, 11, 26)
    assert find_due(date(2026, 11, 28), launched) == date(2026, 12, 3)
    assert find_due(date(2026, 12, 20), launched) == date(2026, 12, 3)
    assert find_due(date(2027, 1, 9), launched) == date(2027, 1, 1)
    assert find_next_month(date(2026, 12, 31)) == date(2027, 1, 1)
