"""Why a whole file cannot be read, and what to do about it, in the reader's language."""

from flask_babel import gettext as _

from app.people import errors
from app.people.reading.fields import Field
from app.people.reading.questions import (
    ColumnHoldsNoDates,
    DateStyleIsOpen,
    EmailColumnIsMissing,
    NameColumnIsMissing,
    Question,
)
from app.people.views.words import field_name

MEGABYTE = 1024 * 1024


def refusal(error: errors.FileRefused) -> str:
    """Say what the file is, and what to do, in two sentences at most."""
    if isinstance(error, errors.FileIsTooLarge):
        most = error.most // MEGABYTE
        return _(
            "The file is larger than %(most)s MB, far more than a list of people needs. "
            "Save only the sheet with people as CSV, and leave out pictures.",
            most=most,
        )
    if isinstance(error, errors.FileHasTooManyRows):
        return _(
            "The file has %(rows)s rows, and one file may have %(most)s. "
            "Split it in parts and bring them in one by one.",
            rows=error.rows,
            most=error.most,
        )
    if isinstance(error, errors.FileHasTooManyColumns):
        return _(
            "The file seems to have %(columns)s columns, and %(most)s are the most. "
            "Keep only those about people at work.",
            columns=error.columns,
            most=error.most,
        )
    if isinstance(error, errors.QuoteIsNotClosed):
        return _(
            "A quotation mark opens in row %(row)s and never closes. Close or remove it, and send the file again.",
            row=error.row,
        )
    return _plain_refusals().get(type(error), _("This file cannot be read as rows and columns."))


def _plain_refusals() -> dict[type[errors.FileRefused], str]:
    return {
        errors.FileIsEmpty: _("The file is empty. Check that you saved the list before you chose it here."),
        errors.FileHasOnlyHeader: _(
            "The file has column names and no rows under them. Check that you saved the sheet with the people."
        ),
        errors.FileIsWorkbook: _(
            "This is a workbook of a spreadsheet program. Open it there, choose Save as, then CSV UTF-8, "
            "and send that file."
        ),
        errors.FileIsPdf: _(
            "This is a PDF. Ask for the list as CSV where it was made; a PDF does not say where one cell ends."
        ),
        errors.FileIsArchive: _("This is a packed file. Unpack it and send the CSV file that is inside."),
        errors.FileIsNotText: _(
            "This file holds no readable text. In the program it came from, choose Save as, then CSV UTF-8."
        ),
        errors.FileIsMarkup: _(
            "This is a web page or data for programs, not rows and columns. Export the list as CSV."
        ),
    }


def question_text(question: Question) -> str:
    """Ask about the file as a whole."""
    if isinstance(question, EmailColumnIsMissing):
        return _("Which column holds the e-mail addresses? Everybody needs one of their own.")
    if isinstance(question, NameColumnIsMissing):
        return _("Which column holds the names? First names are enough.")
    if isinstance(question, DateStyleIsOpen):
        return _(
            "Is %(date)s day first or month first? The file alone cannot tell.",
            date=question.sample,
        )
    if isinstance(question, ColumnHoldsNoDates):
        return _(
            "“%(field)s” was chosen for a column that says “%(sample)s”. We cannot read days there. "
            "Choose something else for it, or leave it out.",
            field=field_name(Field(question.field)),
            sample=question.sample[:40],
        )
    raise TypeError(question)
