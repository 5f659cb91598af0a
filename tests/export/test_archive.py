"""The archive itself: whole, of one moment, harmless in a spreadsheet, and silent on what is private."""

import csv
import hashlib
import io
import json
import os
import threading
import tracemalloc
import zipfile
from functools import partial

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import InternalError

from app.disclosure.actions import freeze_month
from app.export.actions import ask_for_export, write_export
from app.export.actions.archive import write_archive
from app.export.models import ExportState, OrganisationExport
from app.export.policies import VERSION
from app.matching.models import MatchingRules
from app.people.models import Person
from app.sign_in.actions import add_active_connection
from app.sign_in.models import Connection, ConnectionState, ProviderKind
from tenants.errors import AlreadyInUnitOfWork
from tenants.models import new_id
from tenants.unit_of_work import session, tenant_snapshot, tenant_work
from tests.cast import NOON, Cast
from tests.export.conftest import SEEN, UNSEEN, Life, take
from tests.factories.crowds import COUNTED, crowd, launched
from tests.factories.rosters import id_of, send

# The first thousand shows as much: rows are read a thousand at a time.
PEOPLE = 10_000 if "KAMU_DEEP" in os.environ else 3_000

silent = lambda _done, _total: None  # noqa: E731


def test_the_manifest_names_each_file_with_its_rows_and_sum(cast: Cast, life: Life):
    taken = take(cast, life.organisation)
    manifest = taken.manifest
    assert manifest["version"] == VERSION
    assert manifest["organisation"]["address_name"] == "alpha"
    assert [each["name"] for each in manifest["files"]] == taken.packed.namelist()[:-1]
    for each in manifest["files"]:
        data = taken.packed.read(each["name"])
        assert (len(data), hashlib.sha256(data).hexdigest()) == (each["bytes"], each["sha256"]), each["name"]
    rows = {each["name"]: each["rows"] for each in manifest["files"]}
    assert rows["people.csv"] == 3
    assert len(list(csv.DictReader(io.StringIO(taken.text("people.csv"))))) == 3


def test_nothing_of_two_people_is_in_it_and_what_owners_see_is(cast: Cast, life: Life):
    taken = take(cast, life.organisation)
    everything = b"".join(taken.packed.read(name) for name in taken.packed.namelist())
    assert SEEN.encode() in everything
    assert UNSEEN.encode() not in everything
    for each in life.ids:
        assert str(each).encode() not in everything
        assert each.bytes not in taken.data


def test_no_cell_runs_as_a_formula_and_the_directory_can_be_brought_in_again(cast: Cast, life: Life):
    taken = take(cast, life.organisation)
    by_name = {row["given_name"]: row for row in csv.DictReader(io.StringIO(taken.text("people.csv")))}
    assert by_name["Rauha"]["unit"] == "'=HYPERLINK(1)"
    assert by_name["Lumi"]["supervisor_email"] == "halla@alpha.example"
    directory = taken.packed.read("people.csv")
    beta = cast.organisation("beta")
    browser = cast.signed_in(beta)
    import_id = id_of(send(browser, directory))
    assert browser.post(f"/people/imports/{import_id}/intake").status_code == 303
    cast.run_jobs()
    with tenant_work(beta.ref):
        people = {each.given_name: each for each in session().scalars(select(Person))}
    assert people["Lumi"].supervisor_id == people["Halla"].id
    assert people["Rauha"].job_title == SEEN


def test_all_of_it_is_of_one_moment(cast: Cast, life: Life, tmp_path):
    ref = life.organisation.ref

    def change() -> None:
        with cast.app.app_context(), tenant_work(ref) as opened:
            opened.execute(text("UPDATE help_contact SET detail = 'Changed'"))

    def meanwhile(done: int, _total: int) -> None:
        if done == 1:  # on another connection, after the first part was read
            thread = threading.Thread(target=change)
            thread.start()
            thread.join()

    with tenant_snapshot(ref), (tmp_path / "a.zip").open("wb") as out:
        write_archive(out, ref, read_me="", report=meanwhile)
    assert b"Call 3100" in zipfile.ZipFile(tmp_path / "a.zip").read("help.csv")
    with tenant_work(ref) as opened:
        assert opened.scalar(text("SELECT detail FROM help_contact")) == "Changed"


def test_a_snapshot_writes_nothing_and_is_of_the_same_organisation(two):
    with tenant_snapshot(two.a.ref) as opened, pytest.raises(InternalError, match="read-only"):
        opened.execute(text("DELETE FROM person"))
    with tenant_work(two.a.ref):
        with tenant_snapshot(two.a.ref) as opened:
            assert session() is opened
        assert session() is not opened
        with pytest.raises(AlreadyInUnitOfWork), tenant_snapshot(two.b.ref):
            pass


def test_asking_twice_and_writing_twice_make_one(cast: Cast, life: Life):
    ref, owner = life.organisation.ref, life.organisation.owner_id
    with tenant_work(ref):
        first = ask_for_export(account_id=owner, now=NOON).id
        assert ask_for_export(account_id=owner, now=NOON).id == first
    write = partial(write_export, export_id=first, tenant=ref, read_me="", now=NOON, report=silent)
    with tenant_work(ref):
        write()
    with tenant_work(ref) as opened:
        written = opened.get(OrganisationExport, first)
        before = (written.file_id, written.sha256)
        write()
        assert (written.file_id, written.sha256) == before
        assert written.state == ExportState.READY


def test_a_large_organisation_takes_little_memory(cast: Cast, tmp_path):
    organisation = cast.organisation("alpha")
    rows = [
        {"id": new_id(), "given_name": "Ilta", "email": f"n{at}@alpha.example", "created_at": NOON, "updated_at": NOON}
        for at in range(PEOPLE)
    ]
    with tenant_work(organisation.ref):
        session().execute(insert(Person), rows)
    del rows
    with tenant_snapshot(organisation.ref), (tmp_path / "a.zip").open("wb") as out:
        tracemalloc.start()
        try:
            archive = write_archive(out, organisation.ref, read_me="", report=silent)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert archive.counts["people.csv"] == PEOPLE
    assert peak < 3 * 1024 * 1024


def test_files_and_figures_are_told_as_their_pages_tell_them(cast: Cast):
    organisation = cast.organisation("alpha")
    crowd(organisation, kaveris=12, kamus=8)
    launched(organisation)
    with tenant_work(organisation.ref):
        assert freeze_month(now=COUNTED)
        session().add(MatchingRules(only_trained=True, account_id=organisation.owner_id, decided_at=NOON))
    browser = cast.signed_in(organisation)
    import_id = id_of(send(browser, "First name;E-mail\nAino;aino@alpha.example\n"))
    browser.post(f"/people/imports/{import_id}/intake")
    cast.run_jobs()
    taken = take(cast, organisation)
    (month,) = json.loads(taken.text("figures.json"))
    assert (month["would_like_a_kamu"], month["kamus"], month["have_a_kamu"]) == (12, 8, None)
    assert set(month["sites"]["wants"].values()) <= {None, 12}
    (file,) = json.loads(taken.text("imports.json"))
    assert (file["brought_by"], file["state"], file["counts"]["added"]) == ("Meri", "taken_in", 1)
    assert "yes" in taken.text("rules.csv")


def test_the_secret_of_the_sign_in_stays_and_a_connection_out_of_use_too(cast: Cast):
    organisation = cast.organisation("alpha")
    settings = {"issuer": "https://login.alpha.example", "client_id": "kamu", "client_secret": UNSEEN}
    with tenant_work(organisation.ref):
        connection = add_active_connection(provider=ProviderKind.OTHER, now=NOON, **settings)
    (told,) = json.loads(take(cast, organisation).text("sign_in.json"))
    assert (told["issuer"], told["state"]) == (settings["issuer"], "active")
    with tenant_work(organisation.ref):
        session().get(Connection, connection.id).state = ConnectionState.RETIRED.value
    assert json.loads(take(cast, organisation).text("sign_in.json")) == []
    assert UNSEEN not in json.dumps(told)
