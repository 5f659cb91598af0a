"""The page on which a file is checked before anything happens."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from flask import Response, request
from flask_babel import gettext as _
from flask_babel import ngettext

from app.clock import now
from app.people import queries
from app.people.models import PeopleImport
from app.people.queries import Checked
from app.people.reading.deltas import SUPERVISOR
from app.people.reading.fields import DATES, Field, Private
from app.people.reading.people import Value
from app.people.reading.plan import Plan
from app.people.reading.problems import Problem
from app.people.reading.questions import DateStyleIsOpen
from app.people.reading.rows import Texts, day_of, texts_of
from app.people.reading.shapes import clean
from app.people.views import words
from app.people.views.earlier import earlier_files
from app.people.views.problems import Shown, show
from app.people.views.refusals import question_text
from app.web.pages import render

PROBLEMS_SHOWN: Final = 8
ROWS_SHOWN: Final = 8
ROWS_A_STEP: Final = 100
_LONGEST_SAMPLE: Final = 60


@dataclass(frozen=True)
class Column:
    """One column of the file and what it becomes."""

    place: int
    name: str
    sample: str
    private: str
    field: str
    note: str


def check_page(
    people_import: PeopleImport,
    *,
    mapping: Sequence[Field | None] | None = None,
    mapping_error: str = "",
    stopped: str = "",
    status: int = 200,
) -> Response:
    """Show what taking a file in would do, and what has to be put right or answered."""
    checked = queries.check_import(people_import, now=now())
    shown = _shown(checked)
    return render(
        "people/check.html",
        status=status,
        file=people_import,
        title=title(checked.plan, len(shown), len(checked.questions)),
        questions=[question_text(question) for question in checked.questions],
        problems=shown[: _wanted("problems", PROBLEMS_SHOWN)],
        all_problems=len(shown),
        plan=checked.plan,
        lists=_lists(checked.plan) if checked.plan else None,
        columns=_columns(people_import, checked, mapping),
        taken_columns=sum(field is not None for field in checked.reading.mapping),
        field_choices=words.field_choices(),
        date_choices=words.date_choices() if _asks_dates(people_import, checked) else [],
        mapping_error=mapping_error,
        stopped=stopped,
        earlier=earlier_files(besides=people_import.id),
        read_as=_read_as(people_import, checked),
    )


def title(plan: Plan | None, look: int, questions: int) -> str:
    """The h1: how many rows are ready and how many things want a look."""
    if plan is None:
        return ngettext("One question about your file", "%(num)s questions about your file", questions)
    if not look:
        return ngettext("%(num)s row ready", "%(num)s rows ready", plan.taken)
    return ngettext(
        "%(num)s row ready, %(look)s to look at", "%(num)s rows ready, %(look)s to look at", plan.taken, look=look
    )


def _asks_dates(people_import: PeopleImport, checked: Checked) -> bool:
    return bool(people_import.date_style) or any(isinstance(each, DateStyleIsOpen) for each in checked.questions)


def _read_as(people_import: PeopleImport, checked: Checked) -> str:
    return ngettext(
        "Read as %(encoding)s with %(delimiter)s between the cells, %(num)s row.",
        "Read as %(encoding)s with %(delimiter)s between the cells, %(num)s rows.",
        len(checked.table.rows),
        encoding=words.encoding_name(people_import.encoding),
        delimiter=words.delimiter_name(people_import.delimiter),
    )


def _wanted(name: str, usual: int) -> int:
    return max(usual, min(request.args.get(name, usual, int), 1000))


def _shown(checked: Checked) -> list[Shown]:
    if checked.plan is None:
        return []
    problems = sorted(checked.plan.problems, key=lambda problem: (not problem.blocks, problem.rows[:1]))
    texts = _texts(checked, problems)
    return [show(number, problem, texts) for number, problem in enumerate(problems, start=1)]


def _texts(checked: Checked, problems: Iterable[Problem]) -> dict[int, Texts]:
    """Cells of the rows with problems, days as a date field wants them."""
    wanted = {row for problem in problems for row in problem.rows}
    found = {row.number: texts_of(row, checked.reading) for row in checked.table.rows if row.number in wanted}
    for texts in found.values():
        for field in set(DATES) & set(texts):
            day = day_of(texts[field], field, checked.reading)
            texts[field] = day.isoformat() if day else ""
    return found


def _columns(people_import: PeopleImport, checked: Checked, mapping: Sequence[Field | None] | None) -> list[Column]:
    chosen = mapping or checked.reading.mapping
    return [
        Column(
            place,
            words.column_title(people_import, place),
            "" if column["private"] else _sample(checked.table.cells(place)),
            words.private_reason(Private(column["private"])) if column["private"] else "",
            chosen[place] or "",
            _note(chosen[place]),
        )
        for place, column in enumerate(people_import.columns)
    ]


def _note(field: Field | None) -> str:
    return {
        Field.SUPERVISOR_NUMBER: _("By employee number. Used only so that no pair runs along the line"),
        Field.SUPERVISOR_EMAIL: _("By e-mail. Used only so that no pair runs along the line"),
        Field.SUPERVISOR_NAME: _("By name. Used only so that no pair runs along the line"),
    }.get(field or Field.EMAIL, "")


def _sample(cells: Iterable[str]) -> str:
    different = dict.fromkeys(text for cell in cells if (text := clean(cell)))
    text = ", ".join(islice(different, 3))
    return text if len(text) <= _LONGEST_SAMPLE else f"{text[:_LONGEST_SAMPLE].rstrip()}…"


def _lists(plan: Plan) -> dict[str, Any]:
    """Build the lists of what would change, and which one is open."""
    sizes = {
        "new": len(plan.added),
        "changes": len(plan.changed),
        "missing": len(plan.missing),
        "kept": len(plan.kept),
    }
    usual = next((name for name in ("changes", "new", "missing") if sizes[name]), "new")
    current = request.args.get("show", usual)
    current = current if current in sizes else usual
    most = _wanted("rows", ROWS_SHOWN)
    rows = {"new": _new_rows, "changes": _changed_rows, "missing": _missing_rows, "kept": _kept_rows}[current](
        plan, most
    )
    more = sizes[current] - len(rows)
    return {"sizes": sizes, "current": current, "rows": rows, "more": more, "step": most + min(more, ROWS_A_STEP)}


def _new_rows(plan: Plan, most: int) -> list[dict[str, Any]]:
    return [
        {
            "name": new.name,
            "row": new.row,
            "email": new.values[Field.EMAIL],
            "place": _joined(new.values, Field.JOB_TITLE, Field.UNIT, Field.SITE),
            "supervisor": plan.names.get(new.supervisor, "") if new.supervisor is not None else "",
        }
        for new in sorted(plan.added, key=lambda new: new.row)[:most]
    ]


def _joined(values: Mapping[Field, Value], *fields: Field) -> str:
    return ", ".join(str(values[field]) for field in fields if values.get(field))


def _changed_rows(plan: Plan, most: int) -> list[dict[str, Any]]:
    rows = []
    for change in sorted(plan.changed, key=lambda change: change.row)[:most]:
        differences = [
            (words.field_name(field), words.value_text(field, change.before[field]), words.value_text(field, after))
            for field, after in change.after.items()
        ]
        if change.supervisor:
            before, after = (plan.names.get(key) if key is not None else None for key in change.supervisor)
            differences.append((words.attribute_name(SUPERVISOR), before or _("none"), after or _("none")))
        rows.append({"name": change.name, "row": change.row, "differences": differences})
    return rows


def _kept_rows(plan: Plan, most: int) -> list[dict[str, Any]]:
    return [
        {
            "name": kept.person.name,
            "row": kept.row,
            "kept": [
                (words.field_name(f), words.value_text(f, kept.person.values.get(f)), words.value_text(f, said))
                for f, said in kept.said.items()
            ],
        }
        for kept in sorted(plan.kept, key=lambda kept: kept.row)[:most]
    ]


def _missing_rows(plan: Plan, most: int) -> list[dict[str, Any]]:
    people = sorted(plan.missing, key=lambda person: person.name.casefold())[:most]
    return [
        {
            "name": person.name,
            "email": person.values[Field.EMAIL],
            "place": _joined(person.values, Field.JOB_TITLE, Field.UNIT, Field.SITE),
        }
        for person in people
    ]
