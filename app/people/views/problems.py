"""Problems of rows as the page shows them: a title, a reason, and fields to put them right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.people.reading import problems as p
from app.people.reading.fields import DATES, SUPERVISORS, Field
from app.people.reading.rows import Texts
from app.people.views.words import field_name, language_choices, rows_text

_MOST_FIELDS = 6
Words = tuple[str, str]


@dataclass(frozen=True)
class Input:
    """One field: `name` is `row.field` or `all.field`; `options` makes it a select."""

    name: str
    label: str
    value: str
    kind: str = "text"
    options: Sequence[tuple[str, str]] = ()
    error: str = ""

    @property
    def id(self) -> str:
        """The same words as an id of the page."""
        return "fix-" + self.name.replace(".", "-").replace(",", "-")


@dataclass(frozen=True)
class Shown:
    """One problem on the page."""

    number: int
    title: str
    note: str
    rows: tuple[int, ...]
    inputs: Sequence[Input]
    blocks: bool

    @property
    def save(self) -> str:
        """The words of the button that saves."""
        return _("Save both") if len(self.inputs) == 2 and len(self.rows) == 2 else _("Save")


def show(number: int, problem: p.Problem, texts: dict[int, Texts]) -> Shown:
    """Turn a problem into words and fields; `texts` holds the cells of its rows, days as 2026-11-21."""
    title, why = _WORDS[type(problem)](problem)
    note = f"{rows_text(problem.rows)}. {why}" if problem.rows else why
    return Shown(number, title, note, problem.rows, _inputs(problem, texts), problem.blocks)


def _who(problem: p.Problem) -> str:
    return problem.names[0] or _("Row %(row)s", row=problem.rows[0])


def _inputs(problem: p.Problem, texts: dict[int, Texts]) -> list[Input]:
    together = len(problem.rows) > _MOST_FIELDS or bool(set(problem.fields) & set(SUPERVISORS))
    if together and {Field.EMAIL, Field.EMPLOYEE_NUMBER} & set(problem.fields):
        together = False
    if together:
        return [_input("all", field, _all_label(field), "") for field in problem.fields]
    rows = list(zip(problem.rows, problem.names, strict=True))[:_MOST_FIELDS]
    shown = [
        (place, _input(str(row), field, _label(problem, field, row, name), texts.get(row, {}).get(field, "")))
        for place, (row, name) in enumerate(rows)
        for field in problem.fields
    ]
    return [_with_error(field, problem, place) for place, field in shown]


def _label(problem: p.Problem, field: Field, row: int, name: str) -> str:
    if len(problem.fields) > 1:
        return field_name(field)
    return _("%(name)s, row %(row)s", name=name, row=row) if name else _("Row %(row)s", row=row)


def _all_label(field: Field) -> str:
    return _("Language for all of them") if field is Field.LANGUAGE else _("Their supervisor’s e-mail or number")


def _input(row: str, field: Field, label: str, value: str) -> Input:
    name = f"{row}.{field.value}"
    if field is Field.LANGUAGE:
        return Input(name, label, "", "select", language_choices(_("Choose")))
    kind = "email" if field is Field.EMAIL else "date" if field in DATES else "text"
    return Input(name, label, value, kind)


def _with_error(shown: Input, problem: p.Problem, place: int) -> Input:
    error = ""
    if isinstance(problem, p.EmailIsShared | p.NumberIsShared) and place:
        error = _("The same as %(name)s", name=problem.names[0]) if problem.names[0] else _("The same again")
    elif isinstance(problem, p.EmailIsIllFormed):
        error = _("Not an e-mail address")
    elif isinstance(problem, p.EmailBelongsToAnother):
        error = _("This is %(name)s", name=problem.holder)
    return Input(shown.name, shown.label, shown.value, shown.kind, shown.options, error) if error else shown


def _several(problem: p.Problem, two: str, more: str) -> str:
    if len(problem.names) == 2 and all(problem.names):
        return two % {"one": problem.names[0], "other": problem.names[1]}
    return more % {"num": len(problem.rows)}


def _name_missing(problem: Any) -> Words:
    if problem.names[0]:
        title = _("%(name)s has no first name", name=problem.names[0])
    else:
        title = _("Row %(row)s has no name", row=problem.rows[0])
    return title, _("A first name is enough.")


def _email_missing(problem: Any) -> Words:
    return (
        _("%(name)s has no e-mail address", name=_who(problem)),
        _("Kamu writes to each person alone, so everybody needs one."),
    )


def _email_ill_formed(problem: Any) -> Words:
    return (
        _("The address of %(name)s cannot be right", name=_who(problem)),
        _("No mail could reach “%(text)s”.", text=problem.text[:60]),
    )


def _email_shared(problem: Any) -> Words:
    title = _several(problem, _("%(one)s and %(other)s share an address"), _("%(num)s rows share an address"))
    return title, _("Kamu writes to each person alone, so everybody needs an address of their own.")


def _email_of_another(problem: Any) -> Words:
    return (
        _("%(name)s has an address that is taken", name=_who(problem)),
        _("%(email)s belongs to %(holder)s in the directory.", email=problem.email, holder=problem.holder),
    )


def _number_shared(problem: Any) -> Words:
    title = _several(
        problem, _("%(one)s and %(other)s share an employee number"), _("%(num)s rows share an employee number")
    )
    return title, _("“%(number)s” can be one person’s only.", number=problem.number)


def _one_person(problem: Any) -> Words:
    return (
        _("Several rows mean %(name)s", name=problem.holder),
        _("One names them by number, another by address. Change one of the addresses, or leave a row out."),
    )


def _date_impossible(problem: Any) -> Words:
    return (
        _("%(name)s has a day that does not exist", name=_who(problem)),
        _("“%(text)s” was given for “%(field)s”. Choose the day, or save it empty.",
          text=problem.text[:40], field=field_name(problem.field)),
    )  # fmt: skip


def _days_reversed(problem: Any) -> Words:
    return _("%(name)s leaves before they start", name=_who(problem)), _("One of the two days is wrong.")


def _too_long(problem: Any) -> Words:
    return (
        _("%(name)s has a very long entry", name=_who(problem)),
        _("“%(field)s” takes %(num)s letters. Shorten it, or save it empty.",
          field=field_name(problem.field), num=problem.longest),
    )  # fmt: skip


def _formula(problem: Any) -> Words:
    return (
        _("Row %(row)s has a formula for a name", row=problem.rows[0]),
        _("“%(text)s” would run in a spreadsheet. Write the name as it is said.", text=problem.text[:60]),
    )


def _ragged(problem: Any) -> Words:
    return (
        _("%(name)s has more cells than there are columns", name=_who(problem)),
        _("A comma inside a cell may lack its quotation marks. Mend it in your file, or leave the row out."),
    )


def _language_missing(problem: Any) -> Words:
    title = _several(problem, _("%(one)s and %(other)s have no language"), _("%(num)s people have no language"))
    if len(problem.names) == 1:
        title = _("%(name)s has no language", name=_who(problem))
    return title, _("What is unknown is asked, never guessed. If you leave it, we ask in the first message.")


def _language_unknown(problem: Any) -> Words:
    return (
        _("%(name)s speaks a language Kamu does not know yet", name=_who(problem)),
        _("The file says “%(text)s”. If you leave it, we ask in the first message.", text=problem.text[:40]),
    )


def _under(problem: Any) -> str:
    return ngettext(
        "%(name)s comes in without a supervisor if you leave it.",
        "%(name)s and others, %(num)s in all, come in without a supervisor if you leave it.",
        len(problem.rows),
        name=_who(problem),
    )


def _supervisor_unknown(problem: Any) -> Words:
    title = _("Nobody is known as the supervisor “%(text)s”", text=problem.text[:60])
    return title, _under(problem)


def _supervisor_ambiguous(problem: Any) -> Words:
    return _("Several people are called “%(text)s”", text=problem.text[:60]), _under(problem)


def _supervisor_out(problem: Any) -> Words:
    title = _("The supervisor “%(text)s” stays out for now", text=problem.text[:60])
    return title, _("Put that row right first. %(rest)s", rest=_under(problem))


def _ring(problem: Any) -> Words:
    members = " → ".join((*problem.members, problem.members[0]))
    return (
        _("Supervisors go round in a ring"),
        _("%(members)s. They come in without these links; put the file right and bring it in again.", members=members),
    )


_WORDS: dict[type[p.Problem], Callable[[Any], Words]] = {
    p.NameIsMissing: _name_missing,
    p.EmailIsMissing: _email_missing,
    p.EmailIsIllFormed: _email_ill_formed,
    p.EmailIsShared: _email_shared,
    p.EmailBelongsToAnother: _email_of_another,
    p.NumberIsShared: _number_shared,
    p.RowsAreOnePerson: _one_person,
    p.DateIsImpossible: _date_impossible,
    p.DaysAreReversed: _days_reversed,
    p.ValueIsTooLong: _too_long,
    p.NameIsFormula: _formula,
    p.RowIsRagged: _ragged,
    p.LanguageIsMissing: _language_missing,
    p.LanguageIsUnknown: _language_unknown,
    p.SupervisorIsUnknown: _supervisor_unknown,
    p.SupervisorIsAmbiguous: _supervisor_ambiguous,
    p.SupervisorStaysOut: _supervisor_out,
    p.SupervisorsGoRound: _ring,
}
