"""bin/kamu tenants migrate, status, drift and backfill, for people and for programs."""

import json
from contextlib import nullcontext

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from app import kamu as tree_of_commands
from tenants.backfills import Batch
from tenants.outbox import JobNames


@pytest.fixture
def tenants(small_fleet, monkeypatch):
    """Run `bin/kamu tenants …` over the small fleet; returns (exit code, JSON, what stands on stderr)."""
    monkeypatch.setattr("tenants.fleet.cli._ddl_engine", lambda: small_fleet.engine)

    def run(*words: str) -> tuple[int, dict]:
        told = CliRunner().invoke(tree_of_commands.kamu, ["tenants", *words, "--json"], obj=nullcontext)
        assert told.exit_code in {0, 1}, (told.output, told.exception)
        return told.exit_code, json.loads(told.stdout)

    run.text = lambda *words: CliRunner().invoke(tree_of_commands.kamu, ["tenants", *words], obj=nullcontext)
    return run


def test_a_dry_run_tells_the_sql_and_the_waves_and_changes_nothing(tenants, small_fleet, tree):
    small_fleet.make(blank=1, taken=7)
    tree.add_column("colour", expands=True)
    code, told = tenants("migrate", "--dry-run", "--canary", "2")
    assert code == 0
    (way,) = told["data"]["ways"]
    assert (way["start"], way["schemas"], [step["id"] for step in way["revisions"]]) == ("0001", 8, ["0002"])
    assert "ALTER TABLE thing ADD COLUMN colour TEXT" in way["sql"]
    assert told["data"]["waves"] == [1, 2, 5]
    assert small_fleet.revisions() == {"0001"}
    said = tenants.text("migrate", "--dry-run").stdout
    assert "8 from 0001 by 0002 (Step 0002):" in said
    assert "In waves of 1, 1, 4, 2." in said


def test_a_dry_run_names_the_rules_that_a_revision_breaks(tenants, small_fleet, tree):
    small_fleet.make(taken=1)
    tree.add('op.execute("CREATE VIEW seen AS SELECT 1")')
    code, told = tenants("migrate", "--dry-run")
    assert (code, told["error"]["code"]) == (1, "revision_unfit")
    assert "revision 0002, 3: no triggers" in told["error"]["message"]
    assert tenants("migrate")[1]["error"]["code"] == "revision_unfit"


def test_migrating_is_told_and_status_tells_the_same(tenants, small_fleet, tree):
    names = sorted(small_fleet.make(taken=3))
    small_fleet.run(f"ALTER TABLE {names[0]}.thing ADD COLUMN colour text")
    tree.add_column("colour", backfills=["people.fill"])
    code, told = tenants("migrate", "--workers", "2")
    assert (code, told["error"]["code"]) == (1, "schemas_failed")
    assert told["data"] == {"head": "0002", "done": 0, "untouched": 0, "failed": 1, "waiting": 0, "left": 2, "ahead": 0}
    seen = tenants("status")[1]["data"]
    assert seen["revisions"] == {"0001": 3}
    assert [(one["schema"], one["error"]) for one in seen["failed"]] == [(names[0], "DuplicateColumn")]
    assert (seen["last_run"]["state"], len(seen["not_served"])) == ("stopped", 3)
    assert "DuplicateColumn" in tenants.text("status").stdout
    small_fleet.run(f"ALTER TABLE {names[0]}.thing DROP COLUMN colour")
    assert tenants("migrate")[1]["data"]["done"] == 3
    seen = tenants("status")[1]["data"]
    assert (seen["failed"], seen["not_served"], seen["backfills"]) == ([], [], {"people.fill": 3})
    assert "The backfill people.fill goes on in 3." in tenants.text("status").stdout


def test_drift_is_refused_and_named(tenants, small_fleet, tree):
    _, other = small_fleet.make(taken=2)
    assert tenants("drift")[1]["data"] == {"compared": 2, "behind": 0, "drifted": []}
    tree.add_column("colour")
    assert tenants("drift")[1]["error"]["code"] == "behind"
    small_fleet.run(f"CREATE INDEX ix_own ON {other}.thing (name)")
    code, told = tenants("drift")
    assert (code, told["error"]["code"]) == (1, "drifted")
    assert [one["schema"] for one in told["data"]["drifted"]] == [other]
    assert "+ CREATE INDEX ix_own ON thing USING btree (name)" in tenants.text("drift").stderr


def test_a_second_run_at_the_same_time_is_refused(tenants, small_fleet, tree):
    small_fleet.make(taken=1)
    tree.add_column("colour")
    with small_fleet.engine.begin() as other:
        other.execute(text("SELECT pg_advisory_xact_lock(4212)"))
        assert tenants("migrate")[1]["error"]["code"] == "run_under_way"


def test_a_backfill_is_begun_everywhere_and_done_here_when_asked(app, two, monkeypatch):
    batches = []

    def fill(*, cursor: dict | None, limit: int) -> Batch:
        batches.append(cursor)
        return Batch(1, None if cursor else {"at": 1})

    known = JobNames.resolve
    monkeypatch.setattr(JobNames, "resolve", staticmethod(lambda name: fill if name == "people.fill" else known(name)))

    def run(*words: str) -> dict:
        told = CliRunner().invoke(tree_of_commands.kamu, ["tenants", "backfill", *words, "--json"], obj=app.app_context)
        return json.loads(told.stdout)

    assert run("people.fill")["data"] == {"organisations": 2, "begun": 2, "done": 0}
    assert batches == []
    assert run("people.fill", "--now")["data"] == {"organisations": 2, "begun": 0, "done": 2}
    assert batches == [None, {"at": 1}] * 2
    assert run("people.unheard_of")["error"]["code"] == "unknown_backfill"
