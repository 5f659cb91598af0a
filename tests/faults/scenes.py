"""For each named point: work that passes it, how it is taken up after an end there, and what must be so at last."""

import hashlib

from sqlalchemy import func, select, text

from app.access.models import Account, RoleGrant
from app.closing.policies import GRACE, SETTLES
from app.export.models import OrganisationExport
from app.files.models import StoredFile
from app.people.models import ImportChange, Person
from app.vault import own_space, seal_text
from onboarding.models import CONFIRMED, OPEN
from tenants import backfills
from tenants.backfills import Batch
from tenants.backup import write_backup
from tenants.context import TenantRef
from tenants.faults import Fault
from tenants.fleet.runs import Orders
from tenants.fleet.waves import migrate_tenants
from tenants.models import new_id
from tenants.outbox import PROVISIONING_QUEUE, JobNames, drain, later
from tenants.provisioning import POOL_SIZE
from tenants.resolution import find_tenant, forget_tenants, get_tenant
from tenants.restore import restore
from tenants.unit_of_work import control_work, session, tenant_work
from tests.factories.rosters import id_of, import_of, people_of, roster, send, staff
from tests.factories.sign_ups import asked, confirmation_path, confirmed, read
from tests.faults.points import Stage

SLUG = "saarnikoski"
EMAIL = f"meri@{SLUG}.example"


class Scene:
    """One piece of work. ``cut`` looks right after the process has ended at the point, ``proof`` at the very end."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def work(self) -> None:
        self.stage.cast.run_jobs()

    def cut(self) -> None:
        pass

    def resume(self) -> None:
        """Let time pass: what waits for another try is due, and is done."""
        forget_tenants()
        for _ in range(6):
            self.stage.make_due()
            self.stage.cast.run_jobs()
            if self.stage.count_waiting() == 0:
                break

    def proof(self) -> None:
        raise NotImplementedError


class SignUpIsConfirmed(Scene):
    """The button of the mail is pressed; without an answer it is pressed again."""

    state_after = CONFIRMED

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.sign_up = asked(SLUG)
        stage.cast.run_jobs()
        (mail,) = stage.cast.mails(EMAIL)
        self.path, self.browser = confirmation_path(mail), stage.cast.browser()
        self.browser.get(self.path)

    def work(self) -> None:
        self.browser.post(self.path)

    def cut(self) -> None:
        assert read(self.sign_up).state == self.state_after

    def resume(self) -> None:
        assert self.browser.post(self.path).status_code == 303
        super().resume()

    def proof(self) -> None:
        is_open_once(self.stage, self.sign_up)
        assert len(self.stage.cast.mails()) == 1
        assert "/sign-in/links/" in self.browser.get(self.path).text, "the browser that pressed gets the way in"


class SignUpIsAnswered(SignUpIsConfirmed):
    state_after = "asked"


class PlaceIsBuilt(Scene):
    """From a confirmed wish to an open organisation."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.sign_up = confirmed(SLUG)

    def cut(self) -> None:
        assert read(self.sign_up).state != OPEN
        assert find_tenant(SLUG) is None or self.stage.cast.browser(host=self.host()).get("/sign-in").status_code == 404

    def host(self) -> str:
        return f"{SLUG}.{self.stage.app.config['SERVER_NAME']}"

    def proof(self) -> None:
        is_open_once(self.stage, self.sign_up)


class MailIsSent(Scene):
    """A mail that the server took from a process that then ended goes out again, known by its name as the same mail."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.sign_up = asked(SLUG)

    def cut(self) -> None:
        assert read(self.sign_up).mails == 0

    def proof(self) -> None:
        mails = self.stage.cast.mails(EMAIL)
        assert 1 <= len(mails) <= 2
        assert len({self.stage.message_id(mail) for mail in mails}) == 1
        assert read(self.sign_up).mails == 1


class PoolIsFilled(Scene):
    """Blank schemas are built until the pool is full."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        with stage.superuser.begin() as connection:
            self.aside = connection.execute(text("DELETE FROM control.tenant_slot RETURNING *")).mappings().all()
        with control_work():
            later("tenants.fill_pool")
        self.before = self._built()

    def work(self) -> None:
        drain(None, PROVISIONING_QUEUE)

    def cut(self) -> None:
        assert self._built() == self.before

    def proof(self) -> None:
        schemas, roles = self._built()
        slots = {row[0] for row in self.stage.rows("SELECT schema_name FROM control.tenant_slot")}
        assert len(slots) == POOL_SIZE
        assert schemas - self.before[0] == slots
        assert len(roles - self.before[1]) == POOL_SIZE
        columns = ", ".join(self.aside[0])
        places = ", ".join(f":{name}" for name in self.aside[0])
        with self.stage.superuser.begin() as connection:
            connection.execute(text(f"INSERT INTO control.tenant_slot ({columns}) VALUES ({places})"), self.aside)

    def _built(self) -> tuple[set[str], set[str]]:
        schemas = self.stage.rows(r"SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\_%'")
        roles = self.stage.rows(r"SELECT rolname FROM pg_roles WHERE rolname LIKE 'r\_%'")
        return {row[0] for row in schemas}, {row[0] for row in roles}


class PeopleAreTakenIn(Scene):
    """A file of people is taken in by the worker."""

    people = 4

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        organisation = stage.cast.organisation("alpha")
        self.ref, owner = organisation.ref, stage.cast.signed_in(organisation)
        self.import_id = id_of(send(owner, roster(staff(self.people))))
        assert owner.post(f"/people/imports/{self.import_id}/intake").status_code == 303

    def cut(self) -> None:
        assert people_of(self.ref) == {}
        assert import_of(self.ref, self.import_id).state == "queued"

    def proof(self) -> None:
        assert import_of(self.ref, self.import_id).state == "taken_in"
        with tenant_work(self.ref) as opened:
            for model in (Person, ImportChange):
                assert opened.scalar(select(func.count()).select_from(model)) == self.people


class FleetIsMigrated(Scene):
    """A run over the fleet is cut off after a schema has moved, or before the ledger knows of it; the next resumes."""

    schemas = 4

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.fleet, self.tree = stage.fixture("small_fleet"), stage.fixture("tree")
        self.fleet.make(blank=1, taken=self.schemas - 1)
        self.head = self.tree.add_column("colour")

    def work(self) -> None:
        # The process of its own must not share the parent's connections.
        self.fleet.engine.dispose(close=False)
        migrate_tenants(self.fleet.engine, Orders(workers=2))

    def cut(self) -> None:
        assert self.head in self.fleet.revisions(), "one has moved"
        assert self.fleet.rows("SELECT state FROM control.migration_run") == [("running",)]

    def resume(self) -> None:
        assert migrate_tenants(self.fleet.engine, Orders(workers=2)).is_whole

    def proof(self) -> None:
        assert self.fleet.revisions() == {self.head}
        columns = (
            "SELECT count(*) FROM information_schema.columns WHERE column_name = 'colour' AND table_schema = ANY(:s)"
        )
        assert self.fleet.rows(columns, s=[schema.name for schema in self.fleet.all()]) == [(self.schemas,)]
        assert self.fleet.rows("SELECT DISTINCT revision FROM control.tenant_slot") == [(self.head,)]
        assert migrate_tenants(self.fleet.engine).untouched == self.schemas


class RowsAreBackfilled(Scene):
    """A backfill adds one to each row; no row is left out and none gets two."""

    people = 5

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.ref = stage.cast.organisation("alpha").ref
        for number in range(self.people):
            stage.cast.person(self.ref, f"p{number}@alpha.example", given_name="Aino")
        patch, known = stage.fixture("monkeypatch"), JobNames.resolve
        patch.setattr(backfills, "A_BATCH", 2)
        jobs = {FILL: fill_nickname}
        patch.setattr(JobNames, "resolve", staticmethod(lambda name: jobs.get(name) or known(name)))
        with tenant_work(self.ref):
            backfills.begin(FILL)

    def cut(self) -> None:
        assert set(self.names()) == {"Aino"}

    def proof(self) -> None:
        assert self.names() == ["Aino!"] * self.people
        with tenant_work(self.ref):
            row = backfills.find_backfill(FILL)
        assert (row.rows, row.done_at is not None) == (self.people, True)

    def names(self) -> list[str]:
        with tenant_work(self.ref) as opened:
            return list(opened.scalars(select(Person.given_name)))


FILL = "people.fill_nickname"


def fill_nickname(*, cursor: dict | None, limit: int) -> Batch:
    found = select(Person).order_by(Person.email).limit(limit)
    people = list(session().scalars(found.where(Person.email > cursor["email"]) if cursor else found))
    for person in people:
        person.given_name += "!"
    return Batch(len(people), {"email": people[-1].email} if len(people) == limit else None)


class ExportIsWritten(Scene):
    """An owner asks for everything in one file."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.organisation = stage.cast.organisation("alpha")
        self.owner = stage.cast.signed_in(self.organisation)
        assert self.owner.post("/set-up/export").status_code == 303

    def cut(self) -> None:
        assert self.files() == 0
        assert "is being put together" in self.owner.get("/set-up/export").text

    def proof(self) -> None:
        with tenant_work(self.organisation.ref) as opened:
            (export,) = opened.scalars(select(OrganisationExport)).all()
        assert self.files() == 1
        taken = self.owner.get(f"/set-up/export/{export.id}/file")
        assert hashlib.sha256(taken.data).hexdigest() == export.sha256

    def files(self) -> int:
        with tenant_work(self.organisation.ref) as opened:
            return opened.scalar(select(func.count()).select_from(StoredFile))


class OrganisationIsErased(Scene):
    """From the day itself to the tombstone: each step is done, the receipts go out as one mail each, all is gone."""

    people = ("owner@acme.example", "ilta@acme.example")

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.road, self.acme = stage.fixture("road"), stage.fixture("acme")
        with tenant_work(self.acme.ref):
            self.place = {"space": own_space(self.acme.owner_id), "row": new_id(), "column": "line"}
            seal_text("Rest on Fridays", **self.place)
        self.road.in_grace(self.acme)
        self.road.let_pass(GRACE)

    def work(self) -> None:
        self.road.work()
        self.road.let_pass(SETTLES)
        self.road.work()

    def cut(self) -> None:
        assert self.road.tenant(self.acme).status != "erased"
        closing = self.road.closing(self.acme)
        assert closing.state != "erased"

    def resume(self) -> None:
        # The clock goes on, minute by minute; whoever begins anew waits until what went on has ended.
        for _ in range(4):
            self.road.let_pass(SETTLES)
            self.road.work()
            if self.road.closing(self.acme).state == "erased":
                break

    def proof(self) -> None:
        assert self.road.closing(self.acme).state == "erased"
        assert self.road.tenant(self.acme).status == "erased"
        gone = {"schema": self.acme.ref.schema, "role": self.acme.ref.role, "id": self.acme.ref.id}
        for what in (
            "pg_namespace WHERE nspname = :schema",
            "pg_roles WHERE rolname = :role",
            "keys.tenant_key WHERE tenant_id = :id",
            "keys.space_key WHERE tenant_id = :id",
            "control.outbox WHERE dead_at IS NOT NULL",
        ):
            names = {name: value for name, value in gone.items() if f":{name}" in what}
            assert self.stage.count(what, **names) == 0, what
        assert self.stage.count("control.retired_schema WHERE dropped_at IS NULL") == 0
        for address in self.people:
            receipts = [mail for mail in self.stage.cast.mails(address) if "is closed for good" in mail.subject]
            assert 1 <= len(receipts) <= 2
            assert len({self.stage.message_id(mail) for mail in receipts}) == 1, "one mail, whatever was cut off"


class OrganisationIsRestored(Scene):
    """A backup is put back; cut off, it is begun anew by its operator."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.organisation = stage.cast.organisation("alpha")
        self.person = stage.cast.person(self.ref, "aino@alpha.example", given_name="Aino")
        self.path = stage.fixture("tmp_path") / "alpha.zip"
        write_backup(self.ref, self.path)
        stage.cast.person(self.ref, "late@alpha.example", given_name="Late")
        self.before = self.ref

    @property
    def ref(self) -> TenantRef:
        forget_tenants()
        return get_tenant(self.organisation.ref.id)

    def work(self) -> None:
        restore(self.ref, self.path)

    def cut(self) -> None:
        assert self.names() in ({"Aino", "Late"}, {"Aino"}), "all of what was, or all of what was put back"

    def resume(self) -> None:
        restore(self.ref, self.path)

    def proof(self) -> None:
        now = self.ref
        assert self.names() == {"Aino"}
        assert now.schema != self.before.schema
        assert now.generation > self.before.generation
        with tenant_work(now) as opened:
            assert opened.get(Account, self.organisation.owner_id)
        built = {row[0] for row in self.stage.rows(r"SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\_%'")}
        known = "SELECT schema_name FROM control.{} {}"
        named = {
            row[0]
            for table, where in (("tenant", ""), ("tenant_slot", ""), ("retired_schema", "WHERE dropped_at IS NULL"))
            for row in self.stage.rows(known.format(table, where))
        }
        assert self.before.schema in named, "the old one waits to be dropped"
        assert {now.schema} <= built
        retired = self.stage.rows("SELECT schema_name FROM control.retired_schema WHERE dropped_at IS NULL")
        assert now.schema not in {row[0] for row in retired}, "nobody drops what is in use"
        assert len(self.stage.rows("SELECT 1 FROM control.tenant")) == 1

    def names(self) -> set[str]:
        with tenant_work(self.ref) as opened:
            return set(opened.scalars(select(Person.given_name)))


def is_open_once(stage: Stage, sign_up_id: object) -> None:
    """One organisation, one schema taken from the pool, one owner, one state of set-up, and nothing left to do."""
    forget_tenants()
    assert read(sign_up_id).state == OPEN
    assert [stage.count(f"control.{table}") for table in ("tenant", "sign_up", "tenant_progress")] == [1, 1, 1]
    ref = find_tenant(SLUG)
    taken = stage.count("control.tenant_slot WHERE schema_name = :schema", schema=ref.schema)
    assert taken == 0, "the schema is no longer in the pool"
    with tenant_work(ref) as opened:
        assert opened.scalars(select(Account.email)).all() == [EMAIL]
        assert len(opened.scalars(select(RoleGrant.role)).all()) == 1
    assert stage.count_waiting() == 0


SCENES: dict[Fault, type[Scene]] = {
    Fault.REQUEST_DONE: SignUpIsAnswered,
    Fault.REQUEST_COMMITTED: SignUpIsConfirmed,
    Fault.SIGN_UP_BUILT: PlaceIsBuilt,
    Fault.SIGN_UP_SEATED: PlaceIsBuilt,
    Fault.SIGN_UP_OPENED: PlaceIsBuilt,
    Fault.SLOT_BUILT: PoolIsFilled,
    Fault.IMPORT_WRITTEN: PeopleAreTakenIn,
    Fault.SCHEMA_MIGRATED: FleetIsMigrated,
    Fault.LEDGER_BEHIND: FleetIsMigrated,
    Fault.BACKFILL_BATCH: RowsAreBackfilled,
    Fault.EXPORT_WRITTEN: ExportIsWritten,
    Fault.ERASE_SUSPENDED: OrganisationIsErased,
    Fault.ERASE_KEYS_DESTROYED: OrganisationIsErased,
    Fault.ERASE_RECEIPT_SENT: OrganisationIsErased,
    Fault.ERASE_DROPPED: OrganisationIsErased,
    Fault.RESTORE_LOADED: OrganisationIsRestored,
    Fault.RESTORE_SWAPPED: OrganisationIsRestored,
    Fault.JOB_DONE: MailIsSent,
    Fault.JOB_DONE_ELSEWHERE: PlaceIsBuilt,
}
