"""Files of people for the tests, and what happens to them on the way in."""

import csv
import io
from collections.abc import Iterable
from uuid import UUID

from werkzeug.test import TestResponse

from app.people.models import PeopleImport, Person
from app.people.queries import get_import
from tenants.context import TenantRef
from tenants.unit_of_work import session, tenant_work
from tests.factories.browsers import Browser

HEADER = ("First name", "Last name", "E-mail", "Employee number", "Unit", "Manager ID", "Language")


def roster(rows: Iterable[Iterable[str]], *, header: Iterable[str] = HEADER, delimiter: str = ",") -> str:
    """A file of people as text."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([list(header), *[list(row) for row in rows]])
    return out.getvalue()


def staff(many: int, *, domain: str = "alpha.example", unit: str = "Grid") -> list[tuple[str, ...]]:
    """Rows of so many people; the first supervises the rest."""
    return [
        (f"Aava{i}", "Koski", f"aava{i}@{domain}", str(100 + i), unit, "" if i == 0 else "100", "fi")
        for i in range(many)
    ]


def send(browser: Browser, text: str | bytes, name: str = "people.csv") -> TestResponse:
    """Upload a file through the page."""
    data = text.encode() if isinstance(text, str) else text
    answer = browser.post("/people/imports", {"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")
    # The test client keeps large bodies in a temporary file and leaves it open.
    answer.request.environ["wsgi.input"].close()
    return answer


def id_of(answer: TestResponse) -> UUID:
    """The import that an answer leads to."""
    assert answer.status_code == 303, answer.text
    return UUID(answer.headers["Location"].rsplit("/", 1)[-1].partition("#")[0].partition("?")[0])


def import_of(ref: TenantRef, import_id: UUID) -> PeopleImport:
    """The import as it is now."""
    with tenant_work(ref):
        return get_import(import_id)


def people_of(ref: TenantRef) -> dict[str, Person]:
    """Everybody in the directory by address."""
    with tenant_work(ref):
        return {person.email: person for person in session().query(Person)}
