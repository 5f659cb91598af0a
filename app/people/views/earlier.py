"""Files that came before, with what became of them, as the pages list them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from app.access.queries import find_account
from app.clock import now
from app.people import queries
from app.people.models import PeopleImport
from app.people.views.words import near_day
from app.web.language import day_in_words


@dataclass(frozen=True)
class Earlier:
    """One earlier file: its id, when and by whom, what became of it, and until when it can be undone."""

    id: UUID
    file_name: str
    title: str
    text: str
    undo_until: str | None


def earlier_files(besides: UUID | None = None) -> list[Earlier]:
    """List the newest files, all but one of them."""
    return [_earlier(each) for each in queries.list_imports() if each.id != besides]


def who_and_when(people_import: PeopleImport) -> str:
    """Say on which day a file came, and who brought it."""
    account = find_account(people_import.account_id) if people_import.account_id else None
    on = day_in_words(people_import.created_at.date())
    return _("%(day)s, by %(name)s", day=on, name=account.name) if account else on


def undo_until(people_import: PeopleImport) -> str | None:
    """Say until which day a file can be undone; None when it cannot."""
    if people_import.finished_at is None or not queries.can_be_undone(people_import, now=now()):
        return None
    until: date = (people_import.finished_at + queries.UNDO_FOR).date()
    return near_day(until)


def _earlier(people_import: PeopleImport) -> Earlier:
    return Earlier(
        people_import.id,
        people_import.file_name,
        who_and_when(people_import),
        what_became(people_import),
        undo_until(people_import),
    )


def what_became(people_import: PeopleImport) -> str:
    """Say in a sentence what became of a file."""
    counts = people_import.counts
    if people_import.state == "taken_in":
        return taken_in_text(counts)
    return {
        "queued": _("Is being taken in right now."),
        "undone": _("Taken in, and taken back later."),
        "failed": _("Was not taken in. Nothing changed."),
    }.get(people_import.state) or ngettext(
        "Saved for later, %(num)s row.", "Saved for later, %(num)s rows.", counts.get("rows", 0)
    )


def taken_in_text(counts: Mapping[str, int]) -> str:
    """Say how many people joined and changed."""
    joined, changed = counts.get("added", 0), counts.get("changed", 0)
    if not joined and not changed:
        return _("Nothing differed from the directory.")
    if not changed:
        return ngettext("%(num)s person joined.", "%(num)s people joined.", joined)
    if not joined:
        return ngettext("%(num)s person changed.", "%(num)s people changed.", changed)
    return ngettext(
        "%(joined)s joined, %(num)s person changed.",
        "%(joined)s joined, %(num)s people changed.",
        changed,
        joined=joined,
    )
