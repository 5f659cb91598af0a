"""A file of people arrives, or is refused with what to do."""

from typing import Final

from flask import Response, make_response, request
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.people import actions, queries
from app.people.errors import FileIsTooLarge, FileRefused
from app.people.forms import UploadForm
from app.people.reading.neutral import write_csv
from app.people.views.earlier import earlier_files
from app.people.views.pages import people
from app.people.views.refusals import refusal
from app.web.here import actor
from app.web.pages import render, see_other

# What a browser adds around the file: boundaries and the token.
_AROUND: Final = 64 * 1024
_LONGEST_NAME: Final = 120


@people.get("/people/imports/new")
@needs(Permission.IMPORT_PEOPLE)
def new_import() -> Response:
    return _upload_page(UploadForm())


@people.post("/people/imports")
@needs(Permission.IMPORT_PEOPLE)
def create_import() -> Response:
    form = UploadForm(request.files)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        form.file.errors = [_("Choose a file first.")]
        return _upload_page(form, 422)
    data = sent.stream.read(actions.MOST_BYTES + 1)
    try:
        made = actions.upload_file(data=data, file_name=_file_name(sent.filename), by=actor(), now=now())
    except FileIsTooLarge as error:
        form.file.errors = [refusal(error)]
        return _upload_page(form, 413)
    except FileRefused as error:
        form.file.errors = [refusal(error)]
        return _upload_page(form, 422)
    return see_other("people.show_import", import_id=made.id)


@people.get("/people/imports/sample.csv")
@needs(Permission.IMPORT_PEOPLE)
def sample() -> Response:
    """Give a file that shows which columns are useful; the people in it are invented."""
    domain = "organisation.example"
    header = ("Employee number", "First name", "Last name", "E-mail", "Job title", "Unit", "Site", "Language")
    rows = [
        (*header, "Supervisor", "First day", "Last day"),
        ("1001", "Vieno", "Aalto", f"vieno@{domain}", "Head of grid", "Grid", "Oulu", "fi", "", "2015-03-02", ""),
        ("1002", "Alma", "Berg", f"alma@{domain}", "Planner", "Grid", "Oulu", "sv", "1001", "2021-08-16", ""),
        ("1003", "Noor", "", f"noor@{domain}", "Analyst", "Finance", "Tampere", "en", "1001", "2026-01-12", ""),
    ]
    answer = make_response(write_csv(rows))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="people.csv"'
    return answer


@people.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """Explain the cap; the guards met it before any view ran."""
    most = actions.MOST_BYTES // (1024 * 1024)
    return render("people/too_large.html", status=413, most=most)


def _file_name(name: str) -> str:
    """Keep the last part of a path, as some browsers send whole ones."""
    return " ".join(name.replace("\\", "/").rsplit("/", 1)[-1].split())[-_LONGEST_NAME:] or _("people.csv")


def _upload_page(form: UploadForm, status: int = 200) -> Response:
    return render(
        "people/new_import.html",
        status=status,
        form=form,
        earlier=earlier_files(),
        everybody=queries.count_people(),
    )
