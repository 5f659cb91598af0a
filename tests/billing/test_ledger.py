"""The seat ledger: who has a seat, counted once a day, append-only, and the same when it is replayed."""

from datetime import date, timedelta
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.billing.policies import has_seat, settles_now
from app.people.models import Person
from tenants.unit_of_work import session, tenant_work
from tests.factories.billing import at, begin, count, ledger
from tests.factories.launches import people

LAUNCH = date(2026, 11, 9)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "day", "expected"),
    [
        (None, None, date(2026, 11, 8), False),  # the set-up is free
        (None, None, LAUNCH, True),
        (date(2026, 11, 20), None, date(2026, 11, 19), False),  # before the first day
        (date(2026, 11, 20), None, date(2026, 11, 20), True),
        (None, date(2026, 11, 20), date(2026, 11, 20), True),  # the last day counts
        (None, date(2026, 11, 20), date(2026, 11, 21), False),
    ],
)
def test_a_seat_is_held_from_the_launch_on_while_employed(starts_on, ends_on, day, expected):
    assert has_seat(starts_on, ends_on, launched_on=LAUNCH, day=day) is expected


def test_nobody_has_a_seat_before_there_is_a_launch():
    assert not has_seat(None, None, launched_on=None, day=LAUNCH)


@pytest.mark.parametrize(
    ("settled", "settled_on", "seats", "now", "expected"),
    [
        (None, None, 5, at(9, 1), True),  # the first count
        (100, LAUNCH, 109, at(9, 15), False),
        (100, LAUNCH, 110, at(9, 15), True),  # a rise of a tenth
        (100, LAUNCH, 50, at(9, 15), False),  # a fall waits for the morning
        (100, LAUNCH, 100, at(10, 2), False),
        (100, LAUNCH, 100, at(10, 3), True),  # each morning at three
    ],
)
def test_the_count_goes_out_each_morning_and_at_a_rise_of_a_tenth(settled, settled_on, seats, now, expected):
    assert settles_now(settled_seats=settled, settled_on=settled_on, seats=seats, now=now) is expected


def test_counting_before_the_launch_counts_nothing(two):
    people(two.a, 3)
    assert count(two.a, now=at(9)) == 0
    assert ledger(two.a) == ([], [])


def test_everybody_employed_gets_one_seat_however_often_it_is_counted(two):
    people(two.a, 3)
    people(two.a, 1, starts_on=date(2026, 11, 12))
    begin(two.a, now=at(9))
    assert [count(two.a, now=at(9, hour)) for hour in (12, 13, 14)] == [3, 3, 3]
    assert count(two.a, now=at(12)) == 4
    events, days = ledger(two.a)
    assert [(event.number, event.delta, event.reason, event.seats_after) for event in events] == [
        (1, 1, "launch", 1),
        (2, 1, "launch", 2),
        (3, 1, "launch", 3),
        (4, 1, "began", 4),
    ]
    assert [(day.day.day, day.end_of_day, day.peak) for day in days] == [(9, 3, 3), (10, 3, 3), (11, 3, 3), (12, 4, 4)]


def test_a_launch_said_twice_begins_once(two):
    people(two.a, 1)
    begin(two.a, now=at(9))
    begin(two.a, now=at(10))
    assert count(two.a, now=at(10)) == 1
    assert ledger(two.a)[0][0].effective_on == LAUNCH


def test_a_seat_comes_back_after_the_last_day_and_one_who_is_gone_keeps_none(two):
    people(two.a, 1, ends_on=date(2026, 11, 10))
    [gone] = people(two.a, 1)
    begin(two.a, now=at(9))
    count(two.a, now=at(9))
    with tenant_work(two.a.ref):
        session().delete(session().query(Person).filter_by(email=gone).one())
    assert count(two.a, now=at(10)) == 1
    assert count(two.a, now=at(11)) == 0
    events, _ = ledger(two.a)
    assert [(event.delta, event.reason) for event in events[2:]] == [(-1, "removed"), (-1, "ended")]
    assert events[3].effective_on == date(2026, 11, 11)


def test_the_ledger_can_be_added_to_and_not_changed(two):
    people(two.a, 1)
    begin(two.a, now=at(9))
    count(two.a, now=at(9))
    for statement in ("UPDATE seat_event SET delta = -1", "DELETE FROM seat_event"):
        with pytest.raises(DBAPIError, match="permission denied"), tenant_work(two.a.ref):
            session().execute(text(statement))


def test_the_database_refuses_a_second_seat_for_one_person(two):
    people(two.a, 1)
    begin(two.a, now=at(9))
    count(two.a, now=at(9))
    again = "INSERT INTO seat_event SELECT gen_random_uuid(), 2, person_id, {turn}, 1, effective_on, recorded_at, 'began', 'system', 'x', 2 FROM seat_event"
    for turn, constraint in ((1, "uq_seat_event"), (2, "ck_seat_event_one_seat")):
        with pytest.raises(DBAPIError, match=constraint), tenant_work(two.a.ref):
            session().execute(text(again.format(turn=turn)))


def test_one_organisations_seats_are_not_the_others(two):
    people(two.a, 2)
    people(two.b, 5)
    begin(two.a, now=at(9))
    assert (count(two.a, now=at(9)), count(two.b, now=at(9))) == (2, 0)
    assert ledger(two.b) == ([], [])


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["join", "leave", "leave later", "come later", "come back", "remove", "nothing"]),
        st.integers(0, 5),
        st.integers(0, 3),
    ),
    max_size=12,
)


@settings(max_examples=settings().max_examples // 4)
@given(steps=STEPS)
def test_the_ledger_replayed_gives_the_stored_days(cast, steps):
    organisation = cast.organisation(f"o{next(_numbers)}")
    people(organisation, 2)
    now = at(1)
    begin(organisation, now=now)
    count(organisation, now=now)
    for what, which, days in steps:
        _change(organisation, what, which, now.date())
        now += timedelta(days=days, minutes=1)
        count(organisation, now=now)
    events, stored = ledger(organisation)
    held: set = set()
    for event in events:
        assert (event.person_id in held) == (event.delta == -1)
        held ^= {event.person_id}
        assert event.seats_after == len(held)
    assert [(day.day, day.end_of_day, day.peak) for day in stored] == _replay(events, now.date())


_numbers = iter(range(100_000))


def _change(organisation, what, which, today):
    with tenant_work(organisation.ref):
        everybody = session().query(Person).order_by(Person.id).all()
        if what == "join":
            session().add(
                Person(
                    email=f"x{next(_numbers)}@x.example",
                    given_name="Ilta",
                    family_name="Koski",
                    created_at=at(1),
                    updated_at=at(1),
                )
            )
        if not everybody:
            return
        person = everybody[which % len(everybody)]
        if what == "remove":
            session().delete(person)
        dates = {
            "leave": (None, today - timedelta(days=1)),
            "leave later": (None, today + timedelta(days=which)),
            "come later": (today + timedelta(days=which), None),
            "come back": (None, None),
        }
        if what in dates:
            person.starts_on, person.ends_on = dates[what]


def _replay(events, last):
    by_day = {day: list(group) for day, group in groupby(events, key=lambda event: event.recorded_at.date())}
    seats, day, days = 0, date(2026, 11, 1), []
    while day <= last:
        after = [event.seats_after for event in by_day.get(day, [])]
        days.append((day, after[-1] if after else seats, max([seats, *after])))
        seats, day = days[-1][1], day + timedelta(days=1)
    return days
