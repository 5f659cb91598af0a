"""One organisation in a file and back: every table, sealed text unread, nothing mailed twice, nothing lost on the way."""

import io
import json
import stat
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, func, select, text, update

from app import kamu as tree
from app.access.roles import Role
from app.billing.actions.count_seats import begin_seats
from app.billing.models import PlanChoice, SeatCounter
from app.closing.models import Closing
from app.disclosure.models import FrozenFigure
from app.files.actions import store_file
from app.files.models import StoredFile
from app.goals.actions import add_goal
from app.goals.models import Goal
from app.goals.queries import list_own_goals
from app.people.models import Person
from app.rights.actions import shred_own_words
from app.sign_in.models import Invitation
from app.vault import destroy_space_later, is_kept, own_space
from onboarding.models import Launch
from tenants import resolution
from tenants.backup import LEFT_OUT, write_backup
from tenants.context import Status, TenantRef
from tenants.database import DDL, db
from tenants.errors import BackupIsDamaged, BackupIsNewer, BackupIsOfAnother, CannotRestore, WrongDoor
from tenants.fleet import fingerprint, head_revision
from tenants.models import RetiredSchema, Tenant, TenantBase, TenantOutbox, TenantRevision, new_id, utc_now
from tenants.outbox import JobNames, later, later_in_control
from tenants.resolution import forget_tenants, get_tenant
from tenants.restore import AFTER, LIVE_STAYS, OWED, drill, look_at, restore
from tenants.unit_of_work import control_work, session, tenant_work
from tests.cast import NOON, Cast, Organisation
from tests.factories.pairs import make_two

WRITTEN = "Say no once a week"


@pytest.fixture
def alpha(cast: Cast) -> Organisation:
    """An organisation with a pair, a goal, and work that waits."""
    organisation = cast.organisation("alpha")
    duo = make_two(cast, organisation)
    with tenant_work(organisation.ref):
        add_goal(owner_id=duo.kaveri.id, line=WRITTEN, look_back_on=NOON.date() + timedelta(days=30), now=NOON)
        later("files.sweep", delay=timedelta(days=1))
    return organisation


def now_of(organisation: Organisation):
    forget_tenants()
    return get_tenant(organisation.ref.id)


def rewrite(path: Path, name: str, change: Callable[[bytes], bytes | None]) -> None:
    """Write the file anew with one entry changed; None leaves it out."""
    with zipfile.ZipFile(path) as packed:
        entries = {each: packed.read(each) for each in packed.namelist()}
    entries[name] = change(entries[name])
    path.unlink()
    with zipfile.ZipFile(path, "w") as packed:
        for each, data in entries.items():
            if data is not None:
                packed.writestr(each, data)


def shape_of(ref: TenantRef) -> str:
    """What the schema holds, without its rows."""
    with db.engines[DDL].connect() as connection:
        return fingerprint(connection, ref.schema)


@pytest.fixture
def run(app):
    """Run a command line and return the object that it prints."""

    def line(*words: str) -> dict:
        return json.loads(CliRunner().invoke(tree.kamu, [*words, "--json"], obj=app.app_context).stdout)

    return line


def test_what_stays_and_what_is_left_out_are_tables_and_nothing_points_to_them(app):
    tables = TenantBase.metadata.tables
    assert set(LEFT_OUT) | set(LIVE_STAYS) <= set(tables)
    for table in tables.values():
        for key in table.foreign_keys:
            assert key.column.table.name not in {*LEFT_OUT, *LIVE_STAYS}, table.name


def test_the_first_work_of_a_restored_organisation_exists(app):
    for job in (*AFTER, *OWED, "files.sweep"):
        assert callable(JobNames.resolve(job))


def test_a_backup_is_for_its_writer_only_and_holds_no_words_that_somebody_wrote(alpha, tmp_path):
    manifest = write_backup(alpha.ref, tmp_path / "alpha.zip")
    assert stat.S_IMODE((tmp_path / "alpha.zip").stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["alpha.zip"]
    assert {part.name for part in manifest.parts} == set(TenantBase.metadata.tables) - set(LEFT_OUT)
    assert manifest.revision == head_revision("tenant")
    with zipfile.ZipFile(tmp_path / "alpha.zip") as packed:
        everything = b"".join(packed.read(name) for name in packed.namelist())
    assert b"lumi@alpha.example" in everything
    assert WRITTEN.encode() not in everything
    assert WRITTEN.encode().hex().encode() not in everything


def test_a_backup_is_never_written_over(alpha, tmp_path):
    (tmp_path / "alpha.zip").write_text("mine")
    with pytest.raises(FileExistsError):
        write_backup(alpha.ref, tmp_path / "alpha.zip")
    assert (tmp_path / "alpha.zip").read_text() == "mine"


def test_an_organisation_comes_back_as_it_was(cast: Cast, alpha, tmp_path, superuser):
    write_backup(alpha.ref, tmp_path / "alpha.zip")
    browser = cast.signed_in(alpha)
    assert browser.get("/set-up").status_code == 200
    with tenant_work(alpha.ref):
        session().execute(update(Person).values(unit="Mistake"))
    cast.person(alpha.ref, "late@alpha.example")
    done = restore(alpha.ref, tmp_path / "alpha.zip")
    ref = now_of(alpha)
    assert done.is_same
    assert (ref.schema, ref.generation) == (done.schema, alpha.ref.generation + 1)
    assert ref.schema != alpha.ref.schema
    with tenant_work(ref) as opened:
        assert opened.scalar(select(func.count()).select_from(Person)) == 2
        assert opened.scalar(select(func.count()).where(Person.unit == "Mistake")) == 0
        assert {each.job for each in opened.scalars(select(TenantOutbox))} == {*AFTER, "files.sweep"}
    assert browser.get("/set-up").status_code == 303  # everybody signs in anew
    with control_work() as control:
        retired = control.get(RetiredSchema, alpha.ref.schema)
        assert (retired.reason, retired.tenant_id) == ("restored", ref.id)
        assert control.get(RetiredSchema, ref.schema) is None
    with superuser.connect() as connection:
        may = "SELECT has_schema_privilege(:role, :schema, 'USAGE')"
        assert not connection.scalar(text(may), {"role": alpha.ref.role, "schema": alpha.ref.schema})


def test_who_still_thinks_of_the_old_schema_is_refused_and_looks_again(cast: Cast, alpha, tmp_path):
    write_backup(alpha.ref, tmp_path / "alpha.zip")
    restore(alpha.ref, tmp_path / "alpha.zip")
    with pytest.raises(WrongDoor), tenant_work(alpha.ref):
        session().execute(text("SELECT 1"))
    door = cast.browser(alpha)
    now_of(alpha)
    for key in list(resolution._remembered):  # as another process remembers it
        seconds, _ = resolution._remembered[key]
        resolution._remembered[key] = resolution._remembered[alpha.slug] = (seconds, alpha.ref)
    assert door.get("/sign-in").status_code == 503
    assert door.get("/sign-in").status_code == 200


def test_an_organisation_whose_schema_is_gone_comes_back(alpha, tmp_path):
    write_backup(alpha.ref, tmp_path / "alpha.zip")
    with db.engines[DDL].begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {alpha.ref.schema} CASCADE")
    restore(alpha.ref, tmp_path / "alpha.zip")
    with tenant_work(now_of(alpha)) as opened:
        assert opened.scalar(select(func.count()).select_from(Person)) == 2


def test_what_stands_for_the_world_outside_stays_as_it_is_today(cast: Cast, alpha, tmp_path):
    write_backup(alpha.ref, tmp_path / "alpha.zip")
    late = cast.person(alpha.ref, "late@alpha.example")
    newcomer = cast.account(alpha.ref, "new@alpha.example", Role.OWNER)
    with tenant_work(alpha.ref):
        choice = {"choice_id": new_id(), "plan": "yearly", "chosen_at": NOON, "status": "active"}
        session().add(PlanChoice(account_id=newcomer.id, **choice))
        lumi = session().scalars(select(Person.id).where(Person.given_name == "Lumi")).one()
        session().add(Launch(greeting="Welcome", planned_for=NOON.date(), launched_at=NOON))
        for person_id in (lumi, late.id):
            session().add(Invitation(person_id=person_id, created_at=NOON, expires_at=NOON, sent_at=NOON))
        session().add(FrozenFigure(name="pairs", cut="organisation", month=NOON.date(), value={}, frozen_at=NOON))
        begin_seats(now=NOON)
    cast.run_jobs()
    restore(alpha.ref, tmp_path / "alpha.zip")
    with tenant_work(now_of(alpha)) as opened:
        assert opened.scalar(select(Launch.launched_at)) == NOON
        assert opened.execute(select(PlanChoice.status, PlanChoice.account_id)).one() == ("active", None)
        assert opened.scalars(select(Invitation.person_id)).all() == [lumi]
        assert opened.scalar(select(func.count()).select_from(FrozenFigure)) == 1
        assert opened.scalar(select(SeatCounter.seats)) == 3
    cast.run_jobs()
    with tenant_work(now_of(alpha)) as opened:
        assert opened.execute(select(SeatCounter.seats, SeatCounter.number)).one() == (2, 4)


def test_what_was_shredded_since_stays_shredded(cast: Cast, alpha, tmp_path):
    write_backup(alpha.ref, tmp_path / "alpha.zip")
    with tenant_work(alpha.ref):
        lumi = session().scalars(select(Goal.owner_id)).one()
        shred_own_words(person_id=lumi)
    restore(alpha.ref, tmp_path / "alpha.zip")
    with tenant_work(now_of(alpha)) as opened:
        assert opened.scalar(select(func.count()).select_from(Goal)) == 1  # the seal, which nothing opens
    cast.run_jobs()
    with tenant_work(now_of(alpha)) as opened:
        assert opened.scalar(select(func.count()).select_from(Goal)) == 0


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_was_being_shredded_is_shredded(cast: Cast, alpha, tmp_path, when):
    """Its job still waits: in the backup, or in the schema that is replaced."""
    if when == "after":
        write_backup(alpha.ref, tmp_path / "alpha.zip")
    with tenant_work(alpha.ref):
        space = own_space(session().scalars(select(Goal.owner_id)).one())
        destroy_space_later(space)
    if when == "before":
        write_backup(alpha.ref, tmp_path / "alpha.zip")
    restore(alpha.ref, tmp_path / "alpha.zip")
    cast.run_jobs()
    with tenant_work(now_of(alpha)) as opened:
        assert not is_kept(space)
        assert opened.scalar(select(func.count()).select_from(Goal)) == 0


def test_what_the_live_schema_still_owes_is_done(alpha, tmp_path):
    write_backup(alpha.ref, tmp_path / "alpha.zip")
    with tenant_work(alpha.ref):
        later_in_control("onboarding.record_progress", tenant_id=str(alpha.ref.id))
        later("sign_in.send_login_link", link_id=str(new_id()))
        later("onboarding.send_invitation", invitation_id=str(new_id()))
    restore(alpha.ref, tmp_path / "alpha.zip")
    with tenant_work(now_of(alpha)) as opened:
        waiting = set(opened.scalars(select(TenantOutbox.job)))
    assert waiting == {*AFTER, "files.sweep", "onboarding.record_progress"}


def test_what_was_written_can_be_read_after_a_restore(alpha, tmp_path, cast: Cast):
    write_backup(alpha.ref, tmp_path / "alpha.zip")
    restore(alpha.ref, tmp_path / "alpha.zip")
    cast.run_jobs()
    with tenant_work(now_of(alpha)):
        owner = session().scalars(select(Goal.owner_id)).one()
        assert [goal.line for goal in list_own_goals(owner)] == [WRITTEN]


def test_uploads_whose_time_is_over_do_not_come_back(alpha, tmp_path):
    with tenant_work(alpha.ref):
        for name, days in (("old", -1), ("new", 1)):
            stream, keep = io.BytesIO(name.encode()), timedelta(days=days)
            store_file(stream=stream, name=name, media_type="text/csv", most=9, keep=keep, now=utc_now())
    write_backup(alpha.ref, tmp_path / "alpha.zip")
    restore(alpha.ref, tmp_path / "alpha.zip")
    with tenant_work(now_of(alpha)) as opened:
        assert opened.scalars(select(StoredFile.name)).all() == ["new"]
        sweeps = opened.scalars(select(TenantOutbox.due_at).where(TenantOutbox.job == "files.sweep")).all()
        assert max(sweeps) > utc_now()


def test_a_file_of_another_organisation_is_refused(two, tmp_path):
    write_backup(two.a.ref, tmp_path / "a.zip")
    with pytest.raises(BackupIsOfAnother):
        restore(two.b.ref, tmp_path / "a.zip")


def test_an_erased_organisation_is_not_restored(alpha, tmp_path):
    write_backup(alpha.ref, tmp_path / "alpha.zip")
    with control_work() as control:
        control.get(Tenant, alpha.ref.id).status = Status.ERASED.value
    with pytest.raises(CannotRestore):
        restore(now_of(alpha), tmp_path / "alpha.zip")
    with pytest.raises(CannotRestore):  # as it looked before: the row decides
        restore(alpha.ref, tmp_path / "alpha.zip")


@pytest.mark.parametrize(("state", "may"), [("grace", True), ("suspended", False)])
def test_an_organisation_whose_erasure_has_begun_is_not_restored(alpha, tmp_path, state, may):
    write_backup(alpha.ref, tmp_path / "alpha.zip")
    with control_work() as control:
        control.add(Closing(tenant_id=alpha.ref.id, asked_by_kind="operator", state=state))
    if may:
        assert look_at(alpha.ref, tmp_path / "alpha.zip")
        return
    with pytest.raises(CannotRestore):
        restore(alpha.ref, tmp_path / "alpha.zip")


@pytest.mark.parametrize(
    ("entry", "how"),
    [
        ("tables/person.copy", lambda data: data.replace(b"Lumi", b"Luma")),
        ("tables/person.copy", lambda _: None),
        ("manifest.json", lambda data: data.replace(b'"version": 1', b'"version": 9')),
    ],
)
def test_a_damaged_file_is_refused_before_anything_is_built(alpha, tmp_path, entry, how, superuser):
    write_backup(alpha.ref, tmp_path / "alpha.zip")
    rewrite(tmp_path / "alpha.zip", entry, how)
    with pytest.raises(BackupIsDamaged):
        restore(alpha.ref, tmp_path / "alpha.zip")
    with control_work() as control:
        assert control.scalar(select(func.count()).select_from(RetiredSchema)) == 0


def test_a_file_that_is_none_is_refused(alpha, tmp_path):
    (tmp_path / "alpha.zip").write_bytes(b"PK no")
    with pytest.raises(BackupIsDamaged):
        look_at(alpha.ref, tmp_path / "alpha.zip")


def test_a_file_of_a_newer_application_is_refused(alpha, tmp_path):
    write_backup(alpha.ref, tmp_path / "alpha.zip")
    head = head_revision("tenant").encode()
    rewrite(tmp_path / "alpha.zip", "manifest.json", lambda data: data.replace(head, b"9999"))
    with pytest.raises(BackupIsNewer):
        restore(alpha.ref, tmp_path / "alpha.zip")


def test_a_table_that_is_not_the_revisions_is_refused_and_nothing_changes(alpha, tmp_path):
    write_backup(alpha.ref, tmp_path / "alpha.zip")

    def less(data: bytes) -> bytes:
        said = json.loads(data)
        said["tables"] = [each for each in said["tables"] if each["name"] != "veto"]
        return json.dumps(said).encode()

    rewrite(tmp_path / "alpha.zip", "manifest.json", less)
    with pytest.raises(BackupIsDamaged):
        restore(alpha.ref, tmp_path / "alpha.zip")
    assert now_of(alpha).schema == alpha.ref.schema
    with control_work() as control:  # what was begun waits to be dropped
        assert control.scalars(select(RetiredSchema.reason)).all() == ["restored"]


def test_a_file_of_an_older_revision_is_brought_to_head(alpha, tmp_path):
    with tenant_work(alpha.ref):
        session().execute(delete(TenantOutbox))
    write_backup(alpha.ref, tmp_path / "alpha.zip")
    shape, came_later = shape_of(alpha.ref), {"domain", "account_passkey", "rescue_code", "people_policy"}
    came_later |= {"scim_token", "scim_group", "scim_group_member", "sign_in_policy"}

    def as_before(data: bytes) -> bytes:
        said = json.loads(data)
        said["tables"] = [each for each in said["tables"] if each["name"] not in came_later]
        return json.dumps({**said, "revision": "0001"}).encode()

    rewrite(tmp_path / "alpha.zip", "manifest.json", as_before)
    assert restore(alpha.ref, tmp_path / "alpha.zip").manifest.revision == "0001"
    with control_work() as control:
        assert control.get(TenantRevision, now_of(alpha).schema).revision == head_revision("tenant")
    with tenant_work(now_of(alpha)) as opened:
        assert opened.scalar(select(func.count()).select_from(Goal)) == 1
    assert shape_of(now_of(alpha)) == shape


def test_a_drill_compares_every_table_and_leaves_nothing_behind(alpha, tmp_path, superuser):
    with superuser.connect() as connection:
        before = connection.scalar(text("SELECT count(*) FROM pg_namespace"))
    done = drill(alpha.ref, tmp_path)
    assert done.is_same
    assert len(done.tables) == len(TenantBase.metadata.tables) - len(LEFT_OUT) + 1
    assert not list(tmp_path.iterdir())
    with superuser.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM pg_namespace")) == before
    with control_work() as control:
        assert control.scalar(select(func.count()).select_from(RetiredSchema)) == 0
        assert control.get(TenantRevision, done.schema) is None


def test_a_drill_notices_a_table_that_no_migration_made(alpha, tmp_path):
    with db.engines[DDL].begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE {alpha.ref.schema}.left_over (id uuid PRIMARY KEY)")
    try:
        with pytest.raises(BackupIsDamaged, match="left_over"):
            drill(alpha.ref, tmp_path)
    finally:
        with db.engines[DDL].begin() as connection:
            connection.exec_driver_sql(f"DROP TABLE {alpha.ref.schema}.left_over")


def test_the_commands_say_counts_and_refuse_in_words(run, alpha, tmp_path):
    path = str(tmp_path / "alpha.zip")
    said = run("tenants", "backup", "alpha", path)
    assert said["ok"]
    assert said["data"]["tables"]["person"] == 2
    assert run("tenants", "backup", "alpha", path)["error"]["code"] == "file_exists"
    assert run("tenants", "restore", "alpha", path, "--dry-run")["data"] == said["data"]
    assert now_of(alpha).schema == alpha.ref.schema
    assert run("tenants", "restore", "alpha", path)["ok"]
    assert now_of(alpha).schema != alpha.ref.schema
    assert run("tenants", "drill", "alpha")["data"]["same"]
    assert run("tenants", "drill", "nobody")["error"]["code"] == "no_such_tenant"
