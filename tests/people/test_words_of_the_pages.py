"""Every problem, refusal and question has words, and every problem a way on."""

import pytest

from app.people import errors
from app.people.reading import problems as p
from app.people.reading.fields import LANGUAGES, Field, Private
from app.people.reading.questions import ColumnHoldsNoDates, DateStyleIsOpen, EmailColumnIsMissing, NameColumnIsMissing
from app.people.views.problems import _WORDS, show
from app.people.views.refusals import question_text, refusal
from app.people.views.words import delimiter_name, encoding_name, field_name, private_reason, rows_text, value_text

ONE = ((3,), ("Aava",))
TWO = ((3, 9), ("Aava", "Ilo"))
MANY = (tuple(range(2, 12)), ("Aava",) * 10)
PROBLEMS = [
    (p.NameIsMissing((3,), ("",)), "Row 3 has no name"),
    (p.NameIsMissing((3,), ("a@a.example",)), "a@a.example has no first name"),
    (p.EmailIsMissing(*ONE), "Aava has no e-mail address"),
    (p.EmailIsMissing((3,), ("",)), "Row 3 has no e-mail address"),
    (p.EmailIsIllFormed(*ONE, "a@"), "The address of Aava cannot be right"),
    (p.EmailIsShared(*TWO, "a@a.example"), "Aava and Ilo share an address"),
    (p.EmailIsShared(*MANY, "a@a.example"), "10 rows share an address"),
    (p.EmailIsShared((3, 9), ("", ""), "a@a.example"), "2 rows share an address"),
    (p.EmailBelongsToAnother(*ONE, "a@a.example", "Ilo"), "Aava has an address that is taken"),
    (p.NumberIsShared(*TWO, "7"), "Aava and Ilo share an employee number"),
    (p.RowsAreOnePerson(*TWO, "Aava"), "Several rows mean Aava"),
    (p.DateIsImpossible(*ONE, Field.STARTS_ON, "31.2.2020"), "Aava has a day that does not exist"),
    (p.DaysAreReversed(*ONE), "Aava leaves before they start"),
    (p.ValueIsTooLong(*ONE, Field.UNIT, 200), "Aava has a very long entry"),
    (p.NameIsFormula(*ONE, Field.GIVEN_NAME, "=A1"), "Row 3 has a formula for a name"),
    (p.RowIsRagged(*ONE), "Aava has more cells than there are columns"),
    (p.LanguageIsMissing(*ONE), "Aava has no language"),
    (p.LanguageIsMissing(*TWO), "Aava and Ilo have no language"),
    (p.LanguageIsMissing(*MANY), "10 people have no language"),
    (p.LanguageIsUnknown(*ONE, "de"), "Aava speaks a language Kamu does not know yet"),
    (p.SupervisorIsUnknown(*MANY, "Vieno", Field.SUPERVISOR_NAME), "Nobody is known as the supervisor “Vieno”"),
    (p.SupervisorIsAmbiguous(*ONE, "Vieno", Field.SUPERVISOR_NAME), "Several people are called “Vieno”"),
    (p.SupervisorStaysOut(*ONE, "Vieno"), "The supervisor “Vieno” stays out for now"),
    (p.SupervisorsGoRound(*TWO, ("Aava", "Ilo")), "Supervisors go round in a ring"),
]


@pytest.mark.parametrize(("problem", "title"), PROBLEMS, ids=lambda value: str(value)[:50])
def test_a_problem_has_a_title_a_reason_and_fields_for_its_cells(app, problem, title):
    shown = show(1, problem, {})
    assert shown.title == title
    assert shown.note
    assert bool(shown.inputs) == bool(problem.fields)
    assert len(shown.inputs) <= 6
    assert "%(" not in shown.title + shown.note
    assert shown.save in {"Save", "Save both"}


def test_no_problem_was_forgotten():
    assert set(_WORDS) == set(p.Problem.__subclasses__())
    assert {type(problem) for problem, _ in PROBLEMS} == set(_WORDS)


def test_a_language_for_many_is_chosen_once(app):
    (field,) = show(1, p.LanguageIsMissing(*MANY), {}).inputs
    assert field.name == "all.language"
    assert [code for code, _ in field.options] == ["", *LANGUAGES]


REFUSALS = [
    errors.FileIsTooLarge(10 * 1024 * 1024),
    errors.FileHasTooManyRows(30_000, 20_000),
    errors.FileHasTooManyColumns(80, 60),
    errors.QuoteIsNotClosed(7),
    errors.FileIsEmpty(),
    errors.FileHasOnlyHeader(),
    errors.FileIsWorkbook(),
    errors.FileIsPdf(),
    errors.FileIsArchive(),
    errors.FileIsNotText(),
    errors.FileIsMarkup(),
]


def test_every_refusal_says_what_the_file_is_and_what_to_do(app):
    said = {refusal(error) for error in REFUSALS}
    assert len(said) == len(REFUSALS) == len(errors.FileRefused.__subclasses__())
    assert all(len(text) > 40 for text in said)
    assert refusal(errors.FileRefused()) == "This file cannot be read as rows and columns."


def test_every_question_about_a_file_has_words(app):
    questions = [
        EmailColumnIsMissing(),
        NameColumnIsMissing(),
        DateStyleIsOpen(Field.STARTS_ON, "02/03/2020"),
        ColumnHoldsNoDates(Field.ENDS_ON, "soon"),
    ]
    assert all(question_text(question).strip().endswith((".", "?")) for question in questions)


def test_rows_are_named_as_a_spreadsheet_numbers_them(app):
    assert rows_text((3,)) == "Row 3"
    assert rows_text((3, 9)) == "Rows 3 and 9"
    assert rows_text((3, 9, 12)) == "Rows 3, 9, 12"
    assert rows_text(tuple(range(1, 9))) == "Rows 1, 2, 3, 4, 5 and 3 more"


def test_everything_that_can_be_shown_has_a_name(app):
    assert all(field_name(field) for field in Field)
    assert all(private_reason(kind) for kind in Private)
    assert [delimiter_name(sign) for sign in ",;\t|"] == ["comma", "semicolon", "tab", "vertical bar"]
    assert (encoding_name("utf-16-le"), encoding_name("cp1252"), encoding_name("utf-8")) == (
        "UTF-16",
        "Windows-1252",
        "UTF-8",
    )
    assert (value_text("language", "fi"), value_text("unit", None), value_text("unit", "Grid")) == (
        "Suomi",
        "none",
        "Grid",
    )
