"""Ways into an organisation that is closed, restored or erased: old links, sessions, files, processes that remember."""

import json
import re
import zipfile
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import kamu as tree
from app.links import seal
from app.queue import envelope_for, run_drain
from app.web.areas import Area, area_of_endpoint
from app.web.session import COOKIE
from onboarding.actions.ask_for_place import ask_for_place
from onboarding.errors import AddressTaken
from tenants.backup import LEFT_OUT, write_backup
from tenants.errors import BackupIsDamaged, BackupIsOfAnother, CannotRestore, SlugTaken, WrongDoor
from tenants.models import TenantBase, new_id
from tenants.outbox import later
from tenants.provisioning import claim
from tenants.resolution import find_tenant, forget_tenants, get_tenant
from tenants.restore import restore
from tenants.unit_of_work import control_work, tenant_work
from tests.cast import NOON

CLOSED = 403


def operate(*words: str):
    """What an operator's command answers."""
    from flask import current_app

    answer = CliRunner().invoke(tree.kamu, [*words, "--json"], obj=current_app.app_context)
    return json.loads(answer.output)


def addresses_of(app) -> list[tuple[str, str]]:
    """Every address of an organisation's host with some method, ids made up."""
    adapter, found = app.url_map.bind("kamu.localhost:8000", subdomain="alpha"), []
    for rule in app.url_map.iter_rules():
        if area_of_endpoint(rule.endpoint) is not Area.ORGANISATION:
            continue
        values = {name: _made_up(converter) for name, converter in rule._converters.items()} | {"organisation": "alpha"}
        path = urlsplit(adapter.build(rule.endpoint, values, force_external=True, append_unknown=False)).path
        found += [(method, path) for method in sorted(rule.methods & {"GET", "POST"})]
    return found


def _made_up(converter) -> object:
    known = {"UUIDConverter": uuid4(), "IntegerConverter": 1, "AnyConverter": "x", "DateConverter": NOON.date()}
    if type(converter).__name__ == "AnyConverter":
        return next(iter(converter.items))
    return known.get(type(converter).__name__, "x")


def test_while_it_is_closed_every_address_shows_the_same_page_and_no_data(app, cast, two):
    """Whoever was signed in, whoever signs in with what they remember, and whoever holds a link."""
    before = cast.signed_in(two.a)
    invitation = seal("invitation", new_id())
    operate("tenants", "suspend", "alpha")
    forget_tenants()
    now = cast.browser(two.a)
    now.sign_in(find_tenant("alpha"), two.a.owner_id)
    addresses = [*addresses_of(app), ("GET", f"/invitations/{invitation}")]
    assert len(addresses) > 100
    for method, path in addresses:
        is_get = method == "GET"
        answer = before.get(path, check=False) if is_get else now.post(path, token="token-of-a-test", check=False)
        assert answer.status_code == CLOSED, (method, path, answer.status_code)
        assert "@alpha.example" not in answer.text
        assert COOKIE not in answer.headers.get("Set-Cookie", "")
    assert cast.signed_in(two.b).get("/people").status_code == 200, "nobody else is closed"
    operate("tenants", "resume", "alpha")
    forget_tenants()
    for browser in (before, now):
        assert browser.get("/people").status_code == 303, "everybody signs in anew"


def test_a_tombstone_is_nowhere_to_be_found_and_its_name_is_given_to_nobody(road, cast, acme, tmp_path, superuser):
    browser, link = cast.signed_in(acme), seal("login-link", new_id())
    write_backup(acme.ref, tmp_path / "acme.zip")
    restore(acme.ref, tmp_path / "acme.zip")  # leaves the schema of before behind, which the erasure takes along
    acme.ref = get_tenant(acme.ref.id)
    entry = envelope_for(acme.ref)
    assert road.erased(acme).state == "erased"
    forget_tenants()
    never = cast.browser(host="never-was.kamu.localhost:8000").get("/people").text
    for path in ("/people", "/sign-in", "/set-up/closing", f"/sign-in/links/{link}"):
        answer = browser.get(path)
        assert answer.status_code == 404
        assert "Acme" not in answer.text
    assert without_token(browser.get("/people").text.replace("acme", "never-was")) == without_token(never)
    with pytest.raises((WrongDoor, DBAPIError)), tenant_work(acme.ref) as opened:
        opened.execute(text("SELECT 1 FROM account"))
    run_drain(entry)
    with pytest.raises(AddressTaken), control_work():
        ask_for_place(organisation="Acme", slug="acme", email="x@acme.example", language="en", now=NOON)
    with pytest.raises(SlugTaken), control_work():
        claim(tenant_id=new_id(), slug="acme", name="Acme")
    for tenant in (acme.ref, get_tenant(acme.ref.id)):
        with pytest.raises(CannotRestore):
            restore(tenant, tmp_path / "acme.zip")
    for words in (("resume",), ("suspend",), ("close", "--name", "acme")):
        assert "error" in operate("tenants", words[0], "acme", *words[1:]), words
    with superuser.connect() as connection:
        left = "SELECT nspname FROM pg_namespace JOIN control.retired_schema ON schema_name = nspname"
        assert connection.scalars(text(left)).all() == []
    assert _named(superuser, "acme", "Acme Oy", "owner@acme.example", "ilta@acme.example") == []


def without_token(page: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


def _named(superuser, *words: str) -> list[tuple[str, str]]:
    """Where in control or among the keys one of these words still stands; the address name stays on the tombstone."""
    found = []
    with superuser.connect() as connection:
        tables = connection.execute(
            text("SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('control', 'keys')")
        )
        for table in tables.scalars().all():
            for word in words:
                held = connection.scalar(
                    text(f"SELECT count(*) FROM {table} t WHERE t::text LIKE :w"), {"w": f"%{word}%"}
                )
                found += [(table, word)] * bool(held)
    return [each for each in found if each != ("control.tenant", "acme")]


def test_once_an_erasure_has_begun_nothing_opens_or_restores_the_organisation(road, cast, acme, tmp_path):
    write_backup(acme.ref, tmp_path / "acme.zip")
    road.suspended(acme)
    forget_tenants()
    assert "error" in operate("tenants", "resume", "acme")
    with pytest.raises(CannotRestore):
        restore(get_tenant(acme.ref.id), tmp_path / "acme.zip")
    assert cast.signed_in(acme).post("/set-up/closing/call-off", token="token-of-a-test").status_code == CLOSED


def test_after_a_restore_who_remembers_the_old_schema_reads_and_writes_nothing(cast, two, tmp_path):
    write_backup(two.a.ref, tmp_path / "alpha.zip")
    browser, entry = cast.signed_in(two.a), envelope_for(two.a.ref)
    restore(two.a.ref, tmp_path / "alpha.zip")
    with pytest.raises((WrongDoor, DBAPIError)), tenant_work(two.a.ref):
        later("files.sweep")
    run_drain(entry)
    assert browser.get("/people").status_code == 303, "sessions of before have lapsed"
    with pytest.raises(BackupIsOfAnother):
        restore(two.b.ref, tmp_path / "alpha.zip")


def test_a_file_that_was_written_by_somebody_else_brings_no_work_and_no_other_tables(cast, two, tmp_path):
    """The sums of a backup show damage, not forgery; what no backup holds is refused whatever its sums say."""
    write_backup(two.a.ref, tmp_path / "alpha.zip")
    forgeries = {name: [column.name for column in TenantBase.metadata.tables[name].columns] for name in LEFT_OUT}
    forgeries |= {"alembic_version": ["version_num"], 'account"; DROP TABLE account; --': ["id"]}
    for number, (name, columns) in enumerate(forgeries.items()):
        with zipfile.ZipFile(tmp_path / "alpha.zip") as packed:
            entries = {each: packed.read(each) for each in packed.namelist()}
        manifest = json.loads(entries["manifest.json"])
        part = {"name": name, "columns": columns, "rows": 0, "size": 0, "sha256": EMPTY}
        manifest["tables"].append(part)
        entries |= {"manifest.json": json.dumps(manifest).encode(), f"tables/{name}.copy": b""}
        forged = tmp_path / f"forged-{number}.zip"
        with zipfile.ZipFile(forged, "w") as packed:
            for each, data in entries.items():
                packed.writestr(each, data)
        with pytest.raises(BackupIsDamaged):
            restore(get_tenant(two.a.ref.id), forged)
    assert cast.signed_in(two.a).get("/people").status_code == 200


EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
