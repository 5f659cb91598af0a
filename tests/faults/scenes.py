"""For each named point: work that passes it, how it is taken up after an end there, and what must be so at last."""

from sqlalchemy import func, select, text

from app.access.models import Account, RoleGrant
from app.people.models import ImportChange, Person
from onboarding.models import CONFIRMED, OPEN
from tenants.faults import Fault
from tenants.outbox import PROVISIONING_QUEUE, drain, later
from tenants.provisioning import POOL_SIZE
from tenants.resolution import find_tenant, forget_tenants
from tenants.unit_of_work import control_work, tenant_work
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
    Fault.JOB_DONE: MailIsSent,
    Fault.JOB_DONE_ELSEWHERE: PlaceIsBuilt,
}
