"""Pages of a file that is being taken in, was taken in, or was taken back."""

from flask import Response
from flask_babel import gettext as _
from flask_babel import ngettext

from app import progress
from app.people.models import PeopleImport
from app.people.queries import progress_key
from app.people.views.earlier import earlier_files, taken_in_text, undo_until, who_and_when
from app.web.pages import render

SECONDS_BETWEEN_LOOKS = 2


def progress_page(people_import: PeopleImport) -> Response:
    """Show how far taking in has come; the address stays the same, so a reload finds it again."""
    counts = people_import.counts
    total = counts.get("added", 0) + counts.get("changed", 0)
    done, all_of_it = progress.read(progress_key(people_import.id)) or (0, total)
    return render(
        "people/progress.html",
        block="progress",
        file=people_import,
        done=done,
        total=all_of_it,
        refresh_seconds=SECONDS_BETWEEN_LOOKS,
    )


def outcome_page(people_import: PeopleImport, *, stopped: str = "", status: int = 200) -> Response:
    """Show what a file did, what it could not do, and how to take it back."""
    return render(
        "people/outcome.html",
        status=status,
        file=people_import,
        title=_title(people_import),
        who=who_and_when(people_import),
        taken=taken_in_text(people_import.counts),
        until=undo_until(people_import),
        earlier=earlier_files(besides=people_import.id),
        stopped=stopped,
    )


def _title(people_import: PeopleImport) -> str:
    if people_import.state == "undone":
        return _("The file was taken back")
    counts = people_import.counts
    taken = counts.get("added", 0) + counts.get("changed", 0) + counts.get("same", 0)
    return ngettext("%(num)s row is taken in", "%(num)s rows are taken in", taken)
