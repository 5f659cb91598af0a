"""Putting an export together, which nobody waits for in a request."""

from functools import partial
from uuid import UUID

from flask_babel import force_locale

from app import progress
from app.access.queries import find_account
from app.clock import now
from app.export import actions
from app.export.queries import find_export_to_change, progress_key
from app.export.words import read_me
from tenants.outbox import HEAVY_QUEUE, on_queue
from tenants.unit_of_work import current

DEFAULT_LANGUAGE = "en"


@on_queue(HEAVY_QUEUE)
def write_export(*, export_id: str) -> None:
    """Put together an export that was asked for, telling how far it is."""
    found, tenant = UUID(export_id), current().tenant
    export = find_export_to_change(found)
    if export is None or tenant is None:
        return
    account = find_account(export.account_id)
    with force_locale((account.language if account else None) or DEFAULT_LANGUAGE):
        text = read_me(tenant.name)
    report = partial(progress.report, progress_key(found))
    actions.write_export(export_id=found, tenant=tenant, read_me=text, now=now(), report=report)
