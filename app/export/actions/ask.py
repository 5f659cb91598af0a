"""An owner asks for an export."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from app.export.models import ExportState, OrganisationExport
from app.export.queries import find_waiting
from tenants.outbox import later
from tenants.unit_of_work import session


def ask_for_export(*, account_id: UUID, now: datetime) -> OrganisationExport:
    """Have an export put together by a job; while one is under way, asking again gives that one.

    One that has waited for more than an hour is given up.
    """
    waiting = find_waiting(now=now)
    if waiting is not None:
        return waiting
    left = update(OrganisationExport).where(OrganisationExport.state == ExportState.WAITING)
    session().execute(left.values(state=ExportState.FAILED.value, finished_at=now))
    export = OrganisationExport(account_id=account_id, asked_at=now)
    session().add(export)
    session().flush()  # flush: the job is named by the row's id
    later("export.write_export", export_id=str(export.id))
    return export
