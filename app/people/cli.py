"""``bin/kamu people``: a file of people, taken in as the pages do it. It prints counts, never people."""

from pathlib import Path
from typing import BinaryIO

import click

from app import clock
from app.access.actor import SYSTEM
from app.people.actions import map_columns, queue_import, take_in, upload_file
from app.people.errors import FileRefused, ImportIsUnderWay, NothingToTakeIn
from app.people.models import PeopleImport
from app.people.queries import get_import
from app.people.reading.dates import DateStyle
from app.people.reading.fields import Field
from tenants.command import Answer, Refused, answers, tenant_named
from tenants.context import TenantRef
from tenants.unit_of_work import tenant_work

WORDS = {
    "rows": "rows",
    "added": "new",
    "changed": "changed",
    "same": "as before",
    "out": "held back by a problem",
    "linked": "with a supervisor",
    "missing": "known people not in the file",
}


@click.command("import")
@click.argument("slug")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--date-style",
    type=click.Choice([style.value for style in DateStyle]),
    help="Which way round the file writes its dates, where it leaves that open.",
)
@answers(FileRefused, ImportIsUnderWay)
def import_people(slug: str, file: BinaryIO, date_style: str | None) -> Answer:
    """Take a CSV FILE (- for standard input) into the directory of the organisation SLUG.

    Columns mean what the set-up page would suggest. Rows with a problem stay out and are counted.
    """
    tenant = tenant_named(slug)
    name = Path(getattr(file, "name", "people.csv")).name
    begun = _upload(tenant, file.read(), name, DateStyle(date_style) if date_style else None)
    with tenant_work(tenant):
        take_in(import_id=begun.id, now=clock.now(), report=lambda _done, _total: None)
        done = get_import(begun.id)
    counts = {key: int(done.counts.get(key, 0)) for key in WORDS}
    if done.state != "taken_in":
        raise Refused("not_taken_in", "The directory changed meanwhile. Try again.", {"counts": counts})
    text = "\n".join(f"{counts[key]:>6} {words}" for key, words in WORDS.items())
    return Answer({"import": str(done.id), "counts": counts}, text)


def _upload(tenant: TenantRef, data: bytes, name: str, style: DateStyle | None) -> PeopleImport:
    with tenant_work(tenant):
        begun = upload_file(data=data, file_name=name, by=SYSTEM, now=clock.now())
        if style:
            mapping = [Field(field) if field else None for field in begun.mapping]
            map_columns(begun, mapping=mapping, date_style=style, now=clock.now())
        try:
            queue_import(begun, now=clock.now())
        except NothingToTakeIn as nothing:
            raise Refused("nothing_to_take_in", _why_nothing(begun), {"counts": begun.counts}) from nothing
    return begun


def _why_nothing(begun: PeopleImport) -> str:
    """No plan was made when a question is open; else every row has its problem."""
    if begun.state == "uploaded":
        return "It is open what the columns or dates mean. Say it with --date-style, or import by the page."
    return "No row can be taken in: each has a problem. The set-up page shows them row by row."
