"""Names of fields, kinds of columns, encodings and dates, in the reader's language."""

from datetime import date, datetime, time
from typing import Any

from babel import Locale
from babel.dates import format_skeleton
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from app.people.models import PeopleImport
from app.people.reading.dates import DateStyle
from app.people.reading.deltas import SUPERVISOR
from app.people.reading.fields import DATES, LANGUAGES, Field, Private
from app.web.language import day_in_words

LANGUAGE_NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}


def field_name(field: Field) -> str:
    return {
        Field.EMPLOYEE_NUMBER: _("Employee number"),
        Field.GIVEN_NAME: _("First name"),
        Field.FAMILY_NAME: _("Last name"),
        Field.FULL_NAME: _("Whole name"),
        Field.EMAIL: _("E-mail"),
        Field.JOB_TITLE: _("Job title"),
        Field.UNIT: _("Unit or team"),
        Field.SITE: _("Site"),
        Field.LANGUAGE: _("Language"),
        Field.SUPERVISOR_NUMBER: _("Supervisor, by employee number"),
        Field.SUPERVISOR_EMAIL: _("Supervisor, by e-mail"),
        Field.SUPERVISOR_NAME: _("Supervisor, by name"),
        Field.STARTS_ON: _("First day"),
        Field.ENDS_ON: _("Last day"),
    }[field]


def attribute_name(name: str) -> str:
    return _("Supervisor") if name == SUPERVISOR else field_name(Field(name))


def value_text(name: str, value: Any) -> str:
    if value is None or value == "":
        return _("none")
    if name in DATES and isinstance(value, date):
        return day_in_words(value)
    return LANGUAGE_NAMES.get(str(value), str(value)) if name == Field.LANGUAGE else str(value)


def near_day(value: date) -> str:
    """Write out a day that is close, without its year."""
    return str(format_skeleton("MMMMd", datetime.combine(value, time()), locale=_locale()))


def _locale() -> Locale:
    locale = get_locale() or Locale("en")
    return Locale("en", "GB") if locale.language == "en" else locale


def private_reason(kind: Private) -> str:
    return {
        Private.PAY: _("Looks like pay. Kamu holds no pay or appraisal data."),
        Private.APPRAISAL: _("Looks like appraisal. Kamu holds no pay or appraisal data."),
        Private.IDENTITY_NUMBER: _("Looks like identity or tax numbers. Kamu has no use for them."),
        Private.BIRTH: _("Looks like age or date of birth. Kamu has no use for it."),
        Private.HEALTH: _("Looks like health or absence. Kamu holds nothing about either."),
        Private.GENDER: _("Looks like gender. Kamu never uses it."),
        Private.HOME: _("Looks like a home address. Work lives at a site, home stays home."),
        Private.PHONE: _("Looks like phone numbers. Kamu writes, it does not call."),
        Private.BANK: _("Looks like bank details. Kamu has no use for them."),
        Private.FAMILY: _("Looks like family. Kamu has no use for it."),
        Private.BELIEF: _("Looks like belief, union or nationality. Kamu never uses it."),
        Private.SECRET: _("Looks like passwords. They never belong in such a file."),
    }[kind]


def column_title(people_import: PeopleImport, column: int) -> str:
    return people_import.columns[column]["name"] or _("Column %(number)s", number=column + 1)


def field_choices() -> list[tuple[str, str]]:
    return [("", _("Leave out")), *((field.value, field_name(field)) for field in Field)]


def date_choices() -> list[tuple[str, str]]:
    return [
        (DateStyle.DMY.value, _("Day first: 3.11. is the third of November")),
        (DateStyle.MDY.value, _("Month first: 3/11 is the eleventh of March")),
    ]


def language_choices(empty: str) -> list[tuple[str, str]]:
    return [("", empty), *((code, LANGUAGE_NAMES[code]) for code in LANGUAGES)]


def encoding_name(encoding: str) -> str:
    names = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp850": "DOS (850)"}
    return names.get(encoding, encoding.upper().removesuffix("-LE").removesuffix("-BE").replace("_", "-"))


def delimiter_name(delimiter: str) -> str:
    return {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar")}[delimiter]


def rows_text(rows: tuple[int, ...]) -> str:
    """Name rows as a spreadsheet numbers them: `Row 3`, `Rows 3 and 9`, `Rows 3, 9, 12 and 5 more`."""
    if len(rows) == 1:
        return _("Row %(row)s", row=rows[0])
    if len(rows) == 2:
        return _("Rows %(one)s and %(other)s", one=rows[0], other=rows[1])
    first = ", ".join(str(row) for row in rows[:5])
    if len(rows) <= 5:
        return _("Rows %(rows)s", rows=first)
    more = len(rows) - 5
    return ngettext("Rows %(rows)s and %(num)s more", "Rows %(rows)s and %(num)s more", more, rows=first)
