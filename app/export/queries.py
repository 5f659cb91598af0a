"""Reading what leaves, in the snapshot that is open, and the exports that were asked for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from app.access.models import Account
from app.disclosure.queries import Month, list_months
from app.export.models import ExportState, OrganisationExport
from app.export.policies import GIVEN_UP_AFTER, TABLES, Exported
from app.files.models import StoredFile
from app.people.models import Person
from app.people.queries import IN_DIRECTORY, list_imports
from app.sign_in.models import Connection, ConnectionState
from tenants.errors import NotHere
from tenants.models import TenantBase
from tenants.unit_of_work import session

Row = Mapping[str, Any]
_AT_A_TIME: Final = 1000
_ALL_IMPORTS: Final = 100_000
_LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """An export as its page lists it; `state` also tells of one that was given up or is no longer kept."""

    id: UUID
    state: str
    asked_at: datetime
    asked_by: str
    snapshot_at: datetime | None
    expires_at: datetime | None
    size: int
    rows: int


def read_snapshot_time() -> datetime:
    """Tell when the open transaction began."""
    return session().execute(select(func.now())).scalar_one()


def read_rows(table: str, part: Exported) -> Iterator[Row]:
    """Read one part, row by row, as an owner may see it; nothing is held longer than it takes to write it."""
    read = _READERS.get(table)
    if read is not None:
        yield from read(part)
        return
    rows = session().execute(_select(table, part).execution_options(yield_per=_AT_A_TIME))
    yield from cast("Iterator[Row]", rows.mappings())


def _select(table: str, part: Exported) -> Select[Any]:
    stored = TenantBase.metadata.tables[table]
    columns = [stored.c[name].label(shown) for name, shown in part.columns.items()]
    return select(*columns).order_by(*stored.primary_key.columns)


def _read_people(part: Exported) -> Iterator[Row]:
    """People by name, each supervisor by the address that an import takes."""
    superior = aliased(Person)
    columns: list[ColumnElement[Any]] = [
        (superior.email if name == "supervisor_id" else getattr(Person, name)).label(shown)
        for name, shown in part.columns.items()
    ]
    leads = (superior.id == Person.supervisor_id) & superior.removed_at.is_(None)
    people = select(*columns).outerjoin(superior, leads).where(IN_DIRECTORY)
    ordered = people.order_by(Person.given_name, Person.family_name, Person.id)
    rows = session().execute(ordered.execution_options(yield_per=_AT_A_TIME))
    yield from cast("Iterator[Row]", rows.mappings())


def _read_connections(part: Exported) -> Iterator[Row]:
    """The draft, and what is in use."""
    shown = _select("connection", part).where(Connection.state != ConnectionState.RETIRED)
    yield from cast("Iterator[Row]", session().execute(shown).mappings())


def _read_imports(part: Exported) -> Iterator[Row]:
    imports = list_imports(most=_ALL_IMPORTS)
    names = _names_of([each.account_id for each in imports])
    for each in imports:
        found = {shown: getattr(each, name) for name, shown in part.columns.items()}
        yield {**found, "brought_by": names.get(each.account_id)}


def _read_figures(_: Exported) -> Iterator[Row]:
    """The months that the page of figures lists, through its own door; of the newest all that its pages show."""
    months = list_months()
    for month in months:
        yield _tell(month, is_newest=month is months[0])


def _tell(month: Month, *, is_newest: bool) -> Row:
    told = {
        "month": month.month,
        "counted_on": month.counted_on,
        "would_like_a_kamu": month.matching["wants"],
        "have_a_kamu": month.pairs["paired"],
        "kamus": month.matching["kamus"],
    }
    if not is_newest:
        return told
    newest = {name: month.matching[name] for name in ("people", "places_each", "found", "effects", "rules")}
    return {**told, **newest, "sites": month.sites, "sites_counted_on": month.sites_counted_on}


_READERS: Final[Mapping[str, Callable[[Exported], Iterator[Row]]]] = {
    "person": _read_people,
    "people_import": _read_imports,
    "connection": _read_connections,
    "frozen_figure": _read_figures,
}


def find_export_to_change(export_id: UUID) -> OrganisationExport | None:
    """Find an export and hold it for this transaction."""
    return session().get(OrganisationExport, export_id, with_for_update=True)


def find_waiting(*, now: datetime) -> OrganisationExport | None:
    """Find the export that is being put together."""
    waiting = select(OrganisationExport).where(
        OrganisationExport.state == ExportState.WAITING, OrganisationExport.asked_at > now - GIVEN_UP_AFTER
    )
    return session().scalars(waiting.order_by(OrganisationExport.asked_at.desc()).limit(1)).one_or_none()


def get_kept(export_id: UUID, *, now: datetime) -> tuple[OrganisationExport, StoredFile]:
    """Return an export with its file; raises NotHere when there is none or its time is over."""
    kept = (
        select(OrganisationExport, StoredFile)
        .join(StoredFile, StoredFile.id == OrganisationExport.file_id)
        .where(OrganisationExport.id == export_id, StoredFile.expires_at > now)
    )
    found = session().execute(kept).one_or_none()
    if found is None:
        raise NotHere(export_id)
    return found.OrganisationExport, found.StoredFile


def list_exports(*, now: datetime) -> list[Listed]:
    """List the exports that were asked for, newest first."""
    exports = (
        select(OrganisationExport, Account.name, StoredFile)
        .join(Account, Account.id == OrganisationExport.account_id)
        .outerjoin(StoredFile, (StoredFile.id == OrganisationExport.file_id) & (StoredFile.expires_at > now))
        .order_by(OrganisationExport.asked_at.desc(), OrganisationExport.id.desc())
        .limit(_LISTED)
    )
    return [_listed(row.OrganisationExport, row.name, row.StoredFile, now) for row in session().execute(exports)]


def _listed(export: OrganisationExport, name: str, file: StoredFile | None, now: datetime) -> Listed:
    return Listed(
        id=export.id,
        state=_state(export, file, now),
        asked_at=export.asked_at,
        asked_by=name,
        snapshot_at=export.snapshot_at,
        expires_at=file.expires_at if file else None,
        size=file.size if file else 0,
        rows=sum((export.counts or {}).values()),
    )


def _state(export: OrganisationExport, file: StoredFile | None, now: datetime) -> str:
    if export.state == ExportState.READY:
        return "ready" if file else "over"
    if export.state == ExportState.WAITING and export.asked_at > now - GIVEN_UP_AFTER:
        return "waiting"
    return "failed"


def progress_key(export_id: UUID) -> str:
    """Name under which an export tells how far it is."""
    return f"export:{export_id}"


def _names_of(ids: Sequence[UUID | None]) -> dict[UUID | None, str]:
    wanted = {each for each in ids if each}
    rows = session().execute(select(Account.id, Account.name).where(Account.id.in_(wanted))) if wanted else ()
    return {row[0]: row[1] for row in rows}


def count_parts() -> int:
    """Count the parts of an archive."""
    return sum(isinstance(part, Exported) for part in TABLES.values())
