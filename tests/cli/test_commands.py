"""bin/kamu: what it prints, and what its exit code says."""

import json
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy.exc import OperationalError

from app import kamu as tree
from app.access.queries import find_account_by_email, list_roles
from app.access.roles import Role
from app.people.queries import count_people
from app.sign_in.actions.speak_as_client import SECRET
from app.sign_in.queries import find_active_connection, find_draft
from app.vault import open_setting
from tenants.command import Answer, JsonGroup, Refused, answers
from tenants.fleet import Migrated
from tenants.models import Tenant
from tenants.provisioning import count_ready
from tenants.resolution import find_tenant, forget_tenants
from tenants.unit_of_work import control_work, tenant_work
from tests.factories.staff import Nitor, sign_in

ROSTER = """Etunimi;Sukunimi;Sähköposti;Esihenkilö
Aino;Laine;aino@alpha.example;
Eero;Koski;eero@alpha.example;aino@alpha.example
Eero;Koski;not-an-address;
"""


@pytest.fixture
def kamu(app):
    """Run a command line in the test's app; `kamu.json(...)` gives its object after checking its shape."""

    class Line:
        def __call__(self, *words: str, stdin: str | None = None) -> Result:
            return CliRunner().invoke(tree.kamu, words, obj=app.app_context, input=stdin)

        def json(self, *words: str, stdin: str | None = None, code: int = 0) -> dict:
            result = self(*words, "--json", stdin=stdin)
            assert result.exit_code == code, (result.output, result.exception)
            told = json.loads(result.stdout)
            assert set(told) == {"ok", "data", "error"}
            assert told["ok"] == (code == 0)
            assert (told["error"] is None) == told["ok"]
            return told

    return Line()


def test_every_command_describes_itself_and_speaks_json():
    commands = list(walk(tree.kamu, click.Context(tree.kamu)))
    assert len(commands) >= 10
    for path, command in commands:
        result = CliRunner().invoke(tree.kamu, [*path, "--help"])
        assert result.exit_code == 0, path
        assert command.help, path
        assert "--json" in result.output, path


def walk(group: click.Group, ctx: click.Context, path: tuple[str, ...] = ()):
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if isinstance(command, click.Group):
            yield from walk(command, ctx, (*path, name))
        else:
            yield (*path, name), command


def test_help_and_wrong_use_build_no_app(monkeypatch):
    monkeypatch.setattr(tree, "APP", "nowhere:at_all")
    assert CliRunner().invoke(tree.kamu, ["tenants", "--help"]).exit_code == 0
    assert CliRunner().invoke(tree.kamu, ["tenants", "create"]).exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ["tenants", "create", "alpha"],
        ["tenants", "nothing"],
        ["nothing"],
        ["people", "import", "alpha", "/no/such/file"],
        ["pool", "fill", "-1"],
        ["tenants", "list", "--unknown"],
        ["sign-in", "add", "alpha", "--issuer", "x", "--client-id", "y", "--client-secret", "on the command line"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_two_in_words_and_in_json(kamu, words):
    assert kamu(*words).exit_code == 2
    assert kamu.json(*words, code=2)["error"]["code"] == "wrong_use"


def test_an_organisation_is_created_with_its_owner(kamu):
    told = kamu.json("tenants", "create", "alpha", "--name", "Alpha", "--owner", "Meri@alpha.example")
    assert told["data"]["address"] == "http://alpha.kamu.localhost:8000/"
    forget_tenants()
    tenant = find_tenant("alpha")
    with tenant_work(tenant):
        owner = find_account_by_email("meri@alpha.example")
        assert list_roles(owner.id) == {Role.OWNER}
    assert kamu.json("tenants", "list")["data"]["tenants"][0]["slug"] == "alpha"


def test_creating_again_is_refused_by_name(kamu):
    words = ["tenants", "create", "alpha", "--name", "Alpha", "--owner", "meri@alpha.example"]
    kamu.json(*words)
    assert kamu.json(*words, code=1)["error"]["code"] == "slug_taken"
    result = kamu(*words)
    assert result.exit_code == 1
    assert "Another organisation holds this address name." in result.stderr
    assert not result.stdout


def test_what_was_begun_is_finished(kamu, cast):
    organisation = cast.organisation("alpha")
    with control_work() as control:
        control.get(Tenant, organisation.ref.id).status = "building"
    forget_tenants()
    kamu.json("tenants", "create", "alpha", "--name", "Alpha", "--owner", "owner@alpha.example")
    forget_tenants()
    assert find_tenant("alpha").status == "open"


@pytest.mark.parametrize("slug", ["staff", "www", "a", "Ä", "a--b", "xn--a", "x" * 41])
def test_an_address_name_that_cannot_be_is_refused(kamu, slug):
    told = kamu.json("tenants", "create", slug, "--name", "A", "--owner", "meri@alpha.example", code=1)
    assert told["error"]["code"].startswith("slug_")


def test_an_owner_without_an_address_is_refused(kamu):
    told = kamu.json("tenants", "create", "alpha", "--name", "A", "--owner", "meri", code=1)
    assert told["error"]["code"] == "email_ill_formed"


def test_without_organisations_the_list_says_so(kamu):
    assert "no organisations" in kamu("tenants", "list").output


def test_people_come_in_and_only_counts_go_out(kamu, cast, tmp_path: Path):
    organisation = cast.organisation("alpha")
    file = tmp_path / "people.csv"
    file.write_text(ROSTER)
    result = kamu("people", "import", "alpha", str(file))
    assert result.exit_code == 0, result.output
    assert "Aino" not in result.output
    assert "aino@" not in result.output
    told = kamu.json("people", "import", "alpha", "-", stdin=ROSTER)
    assert told["data"]["counts"]["same"] == 2
    assert told["data"]["counts"]["out"] == 1
    assert told["data"]["counts"]["linked"] == 1
    with tenant_work(organisation.ref):
        assert count_people() == 2


@pytest.mark.parametrize(
    ("text", "code"), [("", "file_is_empty"), ("name;email\n", "file_has_only_header"), ("%PDF-1.7", "file_is_pdf")]
)
def test_a_file_that_is_not_people_is_refused_by_name(kamu, two, text, code):
    assert kamu.json("people", "import", "alpha", "-", stdin=text, code=1)["error"]["code"] == code


def test_a_file_of_which_nothing_can_be_taken_in_leaves_nothing(kamu, two):
    told = kamu.json("people", "import", "alpha", "-", stdin="Name;Email\nAino Laine;nowhere\n", code=1)
    assert told["error"]["code"] == "nothing_to_take_in"
    with tenant_work(two.a.ref):
        assert count_people() == 0


def test_the_shape_of_dates_can_be_said(kamu, two):
    csv = "First name,Last name,Email,Start date\nAino,Laine,aino@alpha.example,03/04/2020\n"
    told = kamu.json("people", "import", "alpha", "-", "--date-style", "dmy", stdin=csv)
    assert told["data"]["counts"]["added"] == 1


@pytest.mark.parametrize(
    "words",
    [
        ("people", "import", "nobody", "-"),
        ("sign-in", "add", "nobody", "--issuer", "https://x", "--client-id", "y", "--client-secret-file", "-"),
    ],
)
def test_an_organisation_that_is_not_there_is_refused(kamu, words):
    assert kamu.json(*words, stdin="x", code=1)["error"]["code"] == "no_such_tenant"


def add(kamu, *more: str, stdin: str = "s3cret\n", code: int = 0) -> dict:
    settings = ("--issuer", "https://id.alpha.example", "--client-id", "kamu", "--client-secret-file", "-")
    return kamu.json("sign-in", "add", "alpha", *settings, *more, stdin=stdin, code=code)


def test_a_connection_is_added_as_a_draft_with_its_secret_sealed(kamu, two):
    told = add(kamu)
    assert told["data"]["state"] == "draft"
    with tenant_work(two.a.ref):
        draft = find_draft()
        assert b"s3cret" not in draft.client_secret
        assert open_setting(draft.client_secret, row=draft.id, column=SECRET) == "s3cret"
        assert find_active_connection() is None


def test_a_connection_can_be_put_in_use_at_once(kamu, two):
    assert add(kamu, "--activate", "--unchecked")["data"]["state"] == "active"
    with tenant_work(two.a.ref):
        assert find_active_connection().client_id == "kamu"


def test_a_provider_that_does_not_answer_is_not_put_in_use(kamu, two):
    told = add(kamu, "--activate", code=1)
    assert told["error"]["code"] == "call_failed"
    with tenant_work(two.a.ref):
        assert find_active_connection() is None
        assert find_draft() is None


def test_an_empty_secret_is_refused(kamu, two):
    assert add(kamu, stdin="\n", code=1)["error"]["code"] == "secret_missing"


def test_the_secret_is_read_from_a_file(kamu, two, tmp_path: Path):
    file = tmp_path / "secret"
    file.write_text("from a file")
    words = ("--issuer", "https://id.alpha.example", "--client-id", "kamu", "--client-secret-file", str(file))
    result = kamu("sign-in", "add", "alpha", *words)
    assert result.exit_code == 0
    assert "from a file" not in result.output


def test_staff_are_invited_by_a_link_and_listed(kamu):
    told = kamu.json("staff", "invite", "Tuisku@nitor.example", "--name", "Tuisku")
    assert told["data"]["link"].startswith("http://staff.kamu.localhost:8000/enrol/")
    assert told["data"]["email"] == "tuisku@nitor.example"
    listed = kamu.json("staff", "list")["data"]["staff"]
    assert listed == [{"email": "tuisku@nitor.example", "name": "Tuisku", "passkeys": 0, "ended": False}]
    assert "Tuisku" in kamu("staff", "list").output


def test_whoever_ends_has_no_way_in_left(kamu, app):
    nitor = Nitor(app)
    tuisku = nitor.enrolled()
    open_link = nitor.path_of(nitor.invited())
    assert kamu.json("staff", "end", "TUISKU@nitor.example")["data"]["email"] == "tuisku@nitor.example"
    assert tuisku.browser.get("/").location.endswith("/sign-in")
    assert sign_in(nitor.browser(), tuisku.devices[0]).status_code == 422
    assert nitor.browser().get(open_link).status_code == 410
    assert kamu.json("staff", "list")["data"]["staff"][0]["ended"]
    assert kamu.json("staff", "end", "tuisku@nitor.example", code=1)["error"]["code"] == "unknown_staff"
    nitor.invited()
    assert sign_in(nitor.browser(), tuisku.devices[0]).status_code == 422


def test_a_member_of_staff_needs_an_address(kamu):
    assert kamu.json("staff", "invite", "tuisku", code=1)["error"]["code"] == "email_ill_formed"


def test_the_pool_is_filled_up_to_a_number(kamu):
    with control_work():
        ready = count_ready()
    told = kamu.json("pool", "fill", str(ready + 1))
    assert told["data"] == {"built": 1, "ready": ready + 1}
    assert kamu.json("pool", "fill", str(ready))["data"]["built"] == 0


def test_migrating_again_changes_nothing(kamu):
    data = kamu.json("migrate")["data"]
    assert data["done"] == 0
    assert data["failed"] == 0


def test_schemas_that_fail_are_counted_and_refused(kamu, monkeypatch):
    monkeypatch.setattr("tenants.fleet.migrate_all", lambda *_: Migrated("0009", 3, 1, ("t_busy",)))
    told = kamu.json("migrate", code=1)
    assert told["error"]["code"] == "schemas_failed"
    counts = {"head": "0009", "done": 3, "untouched": 1, "failed": 1, "waiting": 0, "left": 0, "ahead": 0}
    assert told["data"] == counts


@pytest.mark.parametrize("words", [("migrate",), ("pool", "fill", "5")])
def test_without_the_ddl_login_nothing_is_built(kamu, app, monkeypatch, words):
    monkeypatch.setitem(app.config, "KAMU", replace(app.config["KAMU"], database_ddl_url=None))
    monkeypatch.setattr("tenants.cli.may_build", lambda: False)
    assert kamu.json(*words, code=1)["error"]["code"] == "no_ddl_login"


def test_a_file_that_leaves_its_dates_open_asks_for_their_shape(kamu, two):
    csv = "First name,Last name,Email,Start date\nAino,Laine,aino@alpha.example,03/04/2020\n"
    told = kamu.json("people", "import", "alpha", "-", stdin=csv, code=1)
    assert "--date-style" in told["error"]["message"]


def test_a_directory_that_changed_meanwhile_is_told(kamu, two, monkeypatch):
    monkeypatch.setattr("app.people.cli.take_in", lambda **_: None)
    told = kamu.json("people", "import", "alpha", "-", stdin=ROSTER, code=1)
    assert told["error"]["code"] == "not_taken_in"


def test_a_queue_that_is_not_there_is_refused(kamu):
    assert kamu.json("worker", "nowhere", code=1)["error"]["code"] == "unknown_queue"


def test_worker_and_clock_run_in_the_app_itself(kamu, app, monkeypatch):
    seen = []
    monkeypatch.setattr("app.queue.work", lambda it, queue: seen.append((it, queue)))
    monkeypatch.setattr("app.schedule.run", lambda it: seen.append((it, "clock")))
    kamu.json("worker", "default")
    kamu.json("clock")
    assert seen == [(app, "default"), (app, "clock")]


def test_a_missing_setting_is_named(monkeypatch):
    for name in ("DATABASE_URL", "KAMU_BASE_HOST"):
        monkeypatch.delenv(name, raising=False)
    result = CliRunner().invoke(tree.kamu, ["tenants", "list", "--json"])
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["error"]["code"] == "setting_missing"
    assert "KAMU_BASE_HOST" in told["error"]["message"]


def test_a_database_that_is_away_is_told_without_its_address(app):
    @click.group(cls=JsonGroup)
    def group() -> None:
        """A group."""

    @group.command()
    @answers()
    def away() -> Answer:
        raise OperationalError("x", {}, Exception("postgresql://user:password@host"))

    result = CliRunner().invoke(group, ["away", "--json"], obj=app.app_context)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["code"] == "database_unavailable"
    assert "password" not in result.output


def test_a_refusal_can_tell_what_was_done_all_the_same(app):
    @click.group(cls=JsonGroup)
    def group() -> None:
        """A group."""

    @group.command()
    @answers()
    def half() -> Answer:
        raise Refused("half_done", "Half of it is done.", {"done": 1})

    told = json.loads(CliRunner().invoke(group, ["half", "--json"], obj=app.app_context).stdout)
    assert told == {"ok": False, "data": {"done": 1}, "error": {"code": "half_done", "message": "Half of it is done."}}


def test_an_operator_limits_one_organisation_and_lifts_it_again(kamu, two):
    assert kamu.json("tenants", "limit", "alpha", "--requests", "2", "--statement-ms", "5000")["data"] == {
        "slug": "alpha",
        "requests": 2,
        "statement_ms": 5000,
    }
    assert kamu("tenants", "limit", "alpha").output == "alpha: 2 requests, 5000 ms.\n"
    assert find_tenant("beta").request_limit is None
    assert kamu.json("tenants", "limit", "alpha", "--none")["data"]["requests"] is None
    assert kamu("tenants", "limit", "alpha").output == "alpha: requests as everybody, ms as everybody.\n"
    assert kamu.json("tenants", "limit", "alpha", "--statement-ms", "5", code=2)["error"]["code"] == "wrong_use"
    assert kamu.json("tenants", "limit", "nobody", code=1)["error"]["code"] == "no_such_tenant"
