"""The sums behind a promise, whatever is promised."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.time_policy.forms import EACH, RING
from app.time_policy.models import TimePolicy
from app.time_policy.policies import FULL_TIME_MONTH, Fit, Terms, fit_of, promise_minutes, terms_of, ways_to_fit

TERMS = st.builds(
    Terms,
    core_time_percent=st.none() | st.integers(0, 100),
    kamu_minutes=st.sampled_from(EACH),
    kaveri_minutes=st.sampled_from(EACH),
    ring_minutes=st.sampled_from(RING),
    places=st.integers(1, 5),
)


@given(TERMS)
def test_a_kamu_is_promised_time_for_each_kaveri_and_the_ring(terms):
    policy = TimePolicy(**{name: getattr(terms, name) for name in Terms.__dataclass_fields__})
    assert promise_minutes(policy, 4) == terms.kamu_minutes * 4 + terms.ring_minutes
    assert promise_minutes(policy, terms.places) == terms.kamu_promise
    assert terms_of(policy) == terms


@given(TERMS)
def test_the_sums_do_not_fit_exactly_when_somebody_is_promised_more_than_there_is(terms):
    there = FULL_TIME_MONTH * (100 if terms.core_time_percent is None else terms.core_time_percent) / 100
    assert (fit_of(terms) is Fit.TOO_MUCH) == (terms.kamu_promise > there or terms.kaveri_minutes > there)


@given(TERMS, st.floats(0, 1))
def test_each_way_that_is_named_makes_it_fit_by_itself(terms, part):
    promised = max(terms.kamu_promise, terms.kaveri_minutes)
    terms = replace(terms, core_time_percent=int(part * (promised - 1) * 100 / FULL_TIME_MONTH))
    assert fit_of(terms) is Fit.TOO_MUCH
    ways = ways_to_fit(terms)
    for name, value in (
        ("core_time_percent", ways.percent),
        ("places", ways.places),
        ("kamu_minutes", ways.kamu_minutes),
    ):
        if value is not None:
            assert fit_of(replace(terms, **{name: value})) is not Fit.TOO_MUCH, name
    assert ways.percent, "the share can always be raised: no promise here is longer than a month"


@pytest.mark.parametrize(
    ("percent", "fit"),
    [(None, Fit.NO_SHARE), (4, Fit.TOO_MUCH), (5, Fit.NOT_FOR_BOTH), (8, Fit.TAKES_MOST), (10, Fit.FITS)],
)
def test_what_the_page_begins_with_against_shares(percent, fit):
    assert fit_of(Terms(core_time_percent=percent)) is fit
