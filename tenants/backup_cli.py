"""``bin/kamu``: one organisation in a file, and back. Prints counts of rows, never what is in them."""

import tempfile
from pathlib import Path

import click

from tenants.backup import Manifest, write_backup
from tenants.command import Answer, Refused, answers
from tenants.context import Status, TenantRef
from tenants.errors import BackupIsDamaged, BackupIsNewer, BackupIsOfAnother, CannotRestore
from tenants.provisioning import may_build
from tenants.resolution import find_tenant
from tenants.restore import KEPT_FOR, Restored, drill, look_at, restore

REFUSALS = (BackupIsDamaged, BackupIsNewer, BackupIsOfAnother, CannotRestore)


@click.command("backup")
@click.argument("slug")
@click.argument("file", type=click.Path(path_type=Path))
@answers(*REFUSALS)
def back_up(slug: str, file: Path) -> Answer:
    """Write all of the organisation SLUG to FILE, from one moment.

    Only you can read FILE. It holds names and addresses; what people wrote is sealed in it, and the keys are not.
    """
    tenant = _ours(slug)
    try:
        manifest = write_backup(tenant, file)
    except FileExistsError as error:
        raise Refused("file_exists", f"{file} is there already, and is not written over.") from error
    return Answer(_said(manifest), f"{_counted(manifest)} written to {file}.")


@click.command("restore")
@click.argument("slug")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Check FILE and say what it holds; change nothing.")
@answers(*REFUSALS)
def put_back(slug: str, file: Path, *, dry_run: bool) -> Answer:
    """Put the organisation SLUG back as it was in FILE.

    Whatever was done since is undone, also that somebody left or shredded; texts whose keys are gone stay closed.
    Roles are those of FILE: look at them afterwards. Everybody signs in anew. The rows of today are kept aside for 30
    days.
    """
    tenant = _ours(slug)
    if dry_run:
        manifest = look_at(tenant, file)
        return Answer(_said(manifest), f"{_counted(manifest)} would be put back. Nothing has changed.")
    done = restore(tenant, file)
    text = f"{_counted(done.manifest)} put back. The schema before is kept for {KEPT_FOR.days} days."
    return Answer(_said(done.manifest), text)


@click.command("drill")
@click.argument("slug")
@answers(*REFUSALS)
def try_out(slug: str) -> Answer:
    """Back SLUG up, restore it beside itself, compare every table, and leave nothing behind."""
    tenant = _ours(slug)
    with tempfile.TemporaryDirectory() as folder:
        done = drill(tenant, Path(folder))
    if not done.is_same:
        raise Refused("drill_failed", _report(done), _compared(done))
    return Answer(_compared(done), _report(done))


def _ours(slug: str) -> TenantRef:
    if not may_build():
        raise Refused("no_ddl_login", "DATABASE_DDL_URL is not set, and this needs it.")
    found = find_tenant(slug)
    if found is None or found.status not in {Status.OPEN, Status.SUSPENDED}:
        raise Refused("no_such_tenant", f"No organisation that can be restored has the address name “{slug}”.")
    return found


def _counted(manifest: Manifest) -> str:
    at = f"{manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC"
    return (
        f"{manifest.rows} rows of {len(manifest.parts)} tables of {manifest.slug}, as of {at}, at {manifest.revision},"
    )


def _said(manifest: Manifest) -> dict[str, object]:
    return {
        "slug": manifest.slug,
        "taken_at": manifest.taken_at.isoformat(),
        "revision": manifest.revision,
        "tables": {part.name: part.rows for part in manifest.parts},
    }


def _compared(done: Restored) -> dict[str, object]:
    return {
        **_said(done.manifest),
        "same": done.is_same,
        "different": [table.name for table in done.tables if not table.is_same],
    }


def _report(done: Restored) -> str:
    lines = [f"{'same' if table.is_same else 'DIFFERENT':<10} {table.rows:>8}  {table.name}" for table in done.tables]
    end = "Every table came back as it was." if done.is_same else "Some tables did not come back as they were."
    return "\n".join([*lines, end])
