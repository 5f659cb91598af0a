"""The job's part: one snapshot, one archive, kept for a week."""

import tempfile
from datetime import datetime
from typing import Final
from uuid import UUID

from app.export.actions.archive import Report, write_archive
from app.export.models import ExportState
from app.export.policies import KEPT_FOR
from app.export.queries import find_export_to_change
from app.files.actions import keep_file
from tenants.context import TenantRef
from tenants.faults import Fault, fault_point
from tenants.unit_of_work import tenant_snapshot

_ZIP: Final = "application/zip"


def write_export(*, export_id: UUID, tenant: TenantRef, read_me: str, now: datetime, report: Report) -> None:
    """Put an export together that waits for it, from one snapshot; does nothing when that was done before.

    The archive grows in a nameless file and not in memory. `report(done, total)` hears how far it is.
    """
    export = find_export_to_change(export_id)
    if export is None or export.state != ExportState.WAITING:
        return
    with tempfile.TemporaryFile() as out:
        with tenant_snapshot(tenant):
            written = write_archive(out, tenant, read_me=read_me, report=report)
        out.seek(0)
        name = f"kamu-{tenant.slug}-{written.snapshot_at:%Y-%m-%d}.zip"
        file = keep_file(stream=out, name=name, media_type=_ZIP, keep=KEPT_FOR, now=now)
    export.state, export.file_id, export.sha256 = ExportState.READY.value, file.id, file.sha256
    export.snapshot_at, export.finished_at, export.counts = written.snapshot_at, now, written.counts
    fault_point(Fault.EXPORT_WRITTEN)
