"""From rows to what an import would do, and back again."""

from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.people.reading import problems as p
from app.people.reading.dates import DateStyle
from app.people.reading.deltas import SUPERVISOR, Delta, as_json, deltas_of, from_json, held_by, plan_undo
from app.people.reading.fields import Field
from app.people.reading.people import ATTRIBUTES, Known
from app.people.reading.plan import make_plan
from app.people.reading.rows import Reading, split_name
from app.people.reading.supervisors import find_rings
from app.people.reading.table import Row, Table

FIELDS = (Field.GIVEN_NAME, Field.EMAIL, Field.EMPLOYEE_NUMBER, Field.UNIT, Field.SUPERVISOR_NUMBER)


def table_of(*rows, fields=FIELDS):
    made = tuple(Row(number, tuple(row)) for number, row in enumerate(rows, start=2))
    return Table(tuple(field.value for field in fields), made, ",", has_header=True)


def plan_of(*rows, directory=(), fields=FIELDS, **reading):
    return make_plan(table_of(*rows, fields=fields), Reading(tuple(fields), **reading), directory)


def known(number, email, *, supervisor=None, person_number=None, **values):
    held = dict.fromkeys(ATTRIBUTES)
    held |= {Field.GIVEN_NAME: values.pop("name", "Aava"), Field.FAMILY_NAME: "", Field.EMAIL: email}
    held |= {Field.EMPLOYEE_NUMBER: person_number, **{Field(name): value for name, value in values.items()}}
    return Known(UUID(int=number), held, UUID(int=supervisor) if supervisor else None)


def of_type(plan, kind):
    return [problem for problem in plan.problems if isinstance(problem, kind)]


def test_new_people_come_in_with_their_supervisors():
    plan = plan_of(("Aava", "a@a.example", "1", "Grid", ""), ("Ilo", "i@a.example", "2", "Grid", "1"))
    assert [(new.name, new.supervisor) for new in plan.added] == [("Aava", None), ("Ilo", 2)]
    assert plan.linked == 1


def test_people_are_matched_by_number_first_and_then_by_address():
    directory = [known(1, "old@a.example", person_number="7"), known(2, "i@a.example", name="Ilo")]
    plan = plan_of(("Aava", "new@a.example", "7", "", ""), ("Ilo", "I@A.example", "", "Grid", ""), directory=directory)
    assert {change.person.id.int: dict(change.after) for change in plan.changed} == {
        1: {Field.EMAIL: "new@a.example"},
        2: {Field.UNIT: "Grid"},
    }


def test_people_who_are_not_in_the_file_stay():
    plan = plan_of(("Ilo", "i@a.example", "", "", ""), directory=[known(1, "a@a.example")])
    assert [person.id.int for person in plan.missing] == [1]
    assert not plan.changed


def test_the_same_file_twice_changes_nothing():
    rows = [("Aava", "a@a.example", "1", "Grid", ""), ("Ilo", "i@a.example", "2", "Grid", "1")]
    directory = apply({}, plan_of(*rows))
    plan = plan_of(*rows, directory=directory.values())
    assert (len(plan.added), len(plan.changed), len(plan.same)) == (0, 0, 2)


def test_columns_the_file_does_not_have_are_left_alone():
    directory = [known(1, "a@a.example", unit="Grid", site="Oulu")]
    plan = plan_of(("Aava", "a@a.example"), directory=directory, fields=(Field.GIVEN_NAME, Field.EMAIL))
    assert len(plan.same) == 1


def test_an_empty_cell_clears_a_unit_but_never_a_number_or_a_language():
    fields = (Field.GIVEN_NAME, Field.EMAIL, Field.EMPLOYEE_NUMBER, Field.UNIT, Field.LANGUAGE)
    directory = [known(1, "a@a.example", person_number="7", unit="Grid", language="fi")]
    plan = plan_of(("Aava", "a@a.example", "", "", ""), directory=directory, fields=fields)
    assert [dict(change.after) for change in plan.changed] == [{Field.UNIT: None}]
    assert not plan.problems


def test_shared_addresses_keep_all_their_rows_out_and_name_them():
    plan = plan_of(
        ("Aava", "a@a.example", "", "", ""), ("Ilo", "A@a.example", "", "", ""), ("Sisu", "s@a.example", "", "", "")
    )
    assert of_type(plan, p.EmailIsShared) == [p.EmailIsShared((2, 3), ("Aava", "Ilo"), "a@a.example")]
    assert [new.name for new in plan.added] == ["Sisu"]
    assert plan.out == {2, 3}


def test_shared_numbers_keep_their_rows_out():
    plan = plan_of(("Aava", "a@a.example", "1", "", ""), ("Ilo", "i@a.example", "1.0", "", ""))
    assert of_type(plan, p.NumberIsShared) == [p.NumberIsShared((2, 3), ("Aava", "Ilo"), "1")]


def test_rows_without_address_or_name_stay_out():
    plan = plan_of(
        ("Aava", "", "", "", ""),
        ("", "i@a.example", "", "", ""),
        ("Sisu", "sisu@", "", "", ""),
        ("=A1", "o@a.example", "", "", ""),
    )
    assert [type(problem) for problem in plan.problems] == [
        p.EmailIsMissing,
        p.NameIsMissing,
        p.EmailIsIllFormed,
        p.NameIsFormula,
    ]
    assert plan.out == {2, 3, 4, 5}


def test_an_address_somebody_else_keeps_is_named_with_its_holder():
    directory = [known(1, "a@a.example", person_number="1"), known(2, "i@a.example", person_number="2", name="Ilo")]
    plan = plan_of(("Aava", "i@a.example", "1", "", ""), directory=directory)
    assert of_type(plan, p.EmailBelongsToAnother) == [p.EmailBelongsToAnother((2,), ("Aava",), "i@a.example", "Ilo")]


def test_two_people_may_exchange_their_addresses():
    directory = [known(1, "a@a.example", person_number="1"), known(2, "i@a.example", person_number="2")]
    plan = plan_of(("Aava", "i@a.example", "1", "", ""), ("Ilo", "a@a.example", "2", "", ""), directory=directory)
    assert len(plan.changed) == 2
    assert not plan.problems


def test_two_rows_for_one_person_are_named():
    directory = [known(1, "a@a.example", person_number="1")]
    plan = plan_of(("Aava", "b@a.example", "1", "", ""), ("Aava", "a@a.example", "", "", ""), directory=directory)
    assert of_type(plan, p.RowsAreOnePerson) == [p.RowsAreOnePerson((2, 3), ("Aava", "Aava"), "Aava")]


def test_an_unknown_supervisor_is_named_once_for_all_their_people():
    plan = plan_of(("Aava", "a@a.example", "1", "", "99"), ("Ilo", "i@a.example", "2", "", "99"))
    assert of_type(plan, p.SupervisorIsUnknown) == [
        p.SupervisorIsUnknown((2, 3), ("Aava", "Ilo"), "99", Field.SUPERVISOR_NUMBER)
    ]
    assert [new.supervisor for new in plan.added] == [None, None]


def test_a_supervisor_whose_row_stays_out_is_named_as_such():
    plan = plan_of(("Aava", "", "1", "", ""), ("Ilo", "i@a.example", "2", "", "1"))
    assert of_type(plan, p.SupervisorStaysOut) == [p.SupervisorStaysOut((3,), ("Ilo",), "1")]


def test_supervisors_are_found_by_number_address_and_name_in_file_and_directory():
    fields = (Field.GIVEN_NAME, Field.EMAIL, Field.SUPERVISOR_NAME)
    directory = [known(1, "v@a.example", name="Vieno", family_name="Aalto", person_number="0042")]
    rows = [
        (f"P{i}", f"p{i}@a.example", text)
        for i, text in enumerate(("Aalto, Vieno", "vieno aalto", "V@a.example", "42"))
    ]
    plan = plan_of(*rows, directory=directory, fields=fields)
    assert {new.supervisor for new in plan.added} == {UUID(int=1)}


def test_a_name_that_several_people_have_is_asked_about():
    fields = (Field.GIVEN_NAME, Field.EMAIL, Field.SUPERVISOR_NAME)
    plan = plan_of(
        ("Aava", "a@a.example", ""), ("Aava", "b@a.example", ""), ("Ilo", "i@a.example", "Aava"), fields=fields
    )
    assert [problem.text for problem in of_type(plan, p.SupervisorIsAmbiguous)] == ["Aava"]


def test_a_ring_of_supervisors_is_named_with_all_members():
    plan = plan_of(
        ("Aava", "a@a.example", "1", "", "3"),
        ("Ilo", "i@a.example", "2", "", "1"),
        ("Sisu", "s@a.example", "3", "", "2"),
    )
    (ring,) = of_type(plan, p.SupervisorsGoRound)
    assert sorted(ring.members) == ["Aava", "Ilo", "Sisu"]
    assert len(plan.added) == 3
    assert [new.supervisor for new in plan.added] == [None, None, None]


def test_a_ring_through_the_directory_drops_only_the_new_link():
    directory = [known(1, "a@a.example", person_number="1"), known(2, "i@a.example", person_number="2", supervisor=1)]
    plan = plan_of(("Aava", "a@a.example", "1", "", "2"), directory=directory)
    assert len(of_type(plan, p.SupervisorsGoRound)) == 1
    assert len(plan.same) == 1


def test_somebody_who_is_their_own_supervisor_has_none():
    plan = plan_of(("Aava", "a@a.example", "1", "", "1"))
    assert not plan.problems
    assert plan.added[0].supervisor is None


def test_what_was_put_right_by_hand_lies_over_the_file():
    plan = plan_of(
        ("Aava", "a@a.example", "", "", ""), ("Ilo", "a@a.example", "", "", ""),
        corrections={3: {Field.EMAIL: "ilo@a.example"}},
    )  # fmt: skip
    assert not plan.problems
    assert plan.added[1].values[Field.EMAIL] == "ilo@a.example"


def test_days_and_languages_are_checked():
    fields = (Field.GIVEN_NAME, Field.EMAIL, Field.STARTS_ON, Field.ENDS_ON, Field.LANGUAGE)
    plan = plan_of(
        ("Aava", "a@a.example", "31.2.2020", "", "suomi"),
        ("Ilo", "i@a.example", "1.2.2020", "1.1.2020", "sv"),
        ("Sisu", "s@a.example", "1.2.2020", "31.12.9999", "Klingon"),
        ("Otso", "o@a.example", "", "", ""),
        fields=fields,
        styles={Field.STARTS_ON: DateStyle.DMY, Field.ENDS_ON: DateStyle.DMY},
    )
    assert [type(problem) for problem in plan.problems] == [
        p.DateIsImpossible, p.DaysAreReversed, p.LanguageIsUnknown, p.LanguageIsMissing,
    ]  # fmt: skip
    assert [new.name for new in plan.added] == ["Sisu", "Otso"]
    assert plan.added[0].values[Field.STARTS_ON] == date(2020, 2, 1)


def test_values_too_long_stay_out():
    plan = plan_of(("A" * 101, "a@a.example", "", "", ""))
    assert [problem.field for problem in of_type(plan, p.ValueIsTooLong)] == [Field.GIVEN_NAME]


def test_whole_names_are_split():
    assert split_name("Aino Maria von Essen") == ("Aino Maria", "von Essen")
    assert split_name("Koski, Aava") == ("Aava", "Koski")
    assert split_name("Noor") == ("Noor", "")


def apply(directory, plan, deltas=None):
    """Do to plain values what the database does."""
    ids = {new.row: UUID(int=10_000 + new.row) for new in plan.added}
    deltas = deltas if deltas is not None else deltas_of(plan, ids)
    held = {key: held_by(person) for key, person in directory.items()}
    for delta in deltas:
        held[delta.person_id] = {**held.get(delta.person_id, {}), **delta.after}
    return {key: as_known(key, values) for key, values in held.items()}


def as_known(key, values):
    return Known(key, {field: values[field.value] for field in ATTRIBUTES}, values[SUPERVISOR])


def undo(directory, deltas, in_use=()):
    back = plan_undo(deltas, directory.values(), in_use)
    held = {key: held_by(person) for key, person in directory.items() if key not in back.remove}
    for key, values in back.restore.items():
        held[key] |= values
    return {key: as_known(key, values) for key, values in held.items()}


people = st.integers(min_value=1, max_value=9)
file_rows = st.lists(
    st.tuples(
        st.sampled_from(("Aava", "Ilo", "Sisu", "")),
        st.one_of(people.map(lambda i: f"p{i}@a.example"), st.sampled_from(("", "p@", "new@a.example"))),
        st.one_of(people.map(str), st.just("")),
        st.sampled_from(("Grid", "Finance", "")),
        st.one_of(people.map(str), st.sampled_from(("", "99"))),
    ),
    max_size=9,
)


@st.composite
def directories(draw):
    made = {}
    for i in draw(st.sets(people)):
        above = draw(st.sampled_from([None, *(key.int for key in made)]))
        made[UUID(int=i)] = known(
            i, f"p{i}@a.example", person_number=draw(st.sampled_from((None, str(i)))), supervisor=above
        )
    return made


@given(directories(), file_rows, st.sets(st.integers(min_value=2, max_value=10)))
def test_no_row_is_lost(directory, rows, left_out):
    numbers = set(range(2, len(rows) + 2))
    plan = plan_of(*rows, directory=directory.values(), left_out=frozenset(left_out & numbers))
    assert plan.taken + len(plan.out) + len(plan.left_out) == len(rows)
    assert plan.out == {row for problem in plan.problems if problem.blocks for row in problem.rows}
    assert not plan.out & plan.left_out


@given(directories(), file_rows)
def test_what_comes_out_is_a_directory_without_shared_keys_or_rings(directory, rows):
    after = apply(directory, plan_of(*rows, directory=directory.values()))
    emails = [person.values[Field.EMAIL] for person in after.values()]
    numbers = [n for person in after.values() if (n := person.values[Field.EMPLOYEE_NUMBER])]
    assert len(emails) == len(set(emails))
    assert len(numbers) == len(set(numbers))
    links = {key: person.supervisor_id for key, person in after.items()}
    assert not find_rings(links)
    assert all(above is None or above in after for above in links.values())


@given(directories(), file_rows)
def test_an_import_and_its_undo_leave_everything_as_it_was(directory, rows):
    plan = plan_of(*rows, directory=directory.values())
    deltas = deltas_of(plan, {new.row: UUID(int=10_000 + new.row) for new in plan.added})
    kept = [
        Delta(d.person_id, d.row, as_json(d.before) and from_json(as_json(d.before)), from_json(as_json(d.after)))
        for d in deltas
    ]
    assert undo(apply(directory, plan, deltas), kept) == directory


@given(directories(), file_rows)
def test_the_same_file_again_changes_nothing(directory, rows):
    plan = plan_of(*rows, directory=directory.values())
    after = apply(directory, plan)
    again = plan_of(*rows, directory=after.values())
    assert not again.added
    assert not [change for change in again.changed if change.after]


def test_undo_leaves_what_was_changed_by_hand_since():
    directory = {UUID(int=1): known(1, "a@a.example", unit="Grid")}
    plan = plan_of(("Aava", "a@a.example", "", "Finance", ""), directory=directory.values())
    deltas = deltas_of(plan, {})
    after = apply(directory, plan, deltas)
    by_hand = {UUID(int=1): known(1, "a@a.example", unit="Operations")}
    assert undo(after, deltas)[UUID(int=1)].values[Field.UNIT] == "Grid"
    assert undo(by_hand, deltas)[UUID(int=1)].values[Field.UNIT] == "Operations"


def test_undo_keeps_whom_something_points_to():
    plan = plan_of(("Aava", "a@a.example", "", "", ""), ("Ilo", "i@a.example", "", "", ""))
    deltas = deltas_of(plan, {2: UUID(int=2), 3: UUID(int=3)})
    back = plan_undo(deltas, apply({}, plan, deltas).values(), [UUID(int=2)])
    assert back.stay == {UUID(int=2)}
    assert back.remove == {UUID(int=3)}


def test_undo_does_not_return_an_address_that_somebody_else_has_now():
    directory = {UUID(int=1): known(1, "old@a.example", person_number="1")}
    plan = plan_of(("Aava", "new@a.example", "1", "", ""), directory=directory.values())
    deltas = deltas_of(plan, {})
    after = apply(directory, plan, deltas) | {UUID(int=5): known(5, "old@a.example")}
    assert undo(after, deltas)[UUID(int=1)].values[Field.EMAIL] == "new@a.example"
