"""The table of what leaves: complete, and the only thing that an export reads."""

import re
from pathlib import Path

from sqlalchemy import event

from app.export.actions.archive import write_archive
from app.export.policies import TABLES, Exported, exported
from app.export.words import FILE_WORDS
from tenants.database import db
from tenants.models import TenantBase
from tenants.unit_of_work import tenant_snapshot

# Who brought in a file is named on the page of files.
NAMES_ONLY = {"account"}


def test_every_table_of_an_organisation_leaves_or_stays_for_a_reason(app):
    assert set(TABLES) == set(TenantBase.metadata.tables)


def test_every_column_of_a_table_that_leaves_is_decided_on(app):
    for name, part in exported().items():
        columns = {column.name for column in TenantBase.metadata.tables[name].columns}
        assert set(part.columns) | set(part.stays) == columns, name
        assert not set(part.columns) & set(part.stays), name


def test_no_sealed_column_and_no_table_of_two_people_leaves(app):
    for name, part in exported().items():
        stored = TenantBase.metadata.tables[name]
        assert not {each for each in part.columns if str(stored.c[each].type) in {"BLOB", "BYTEA"}}, name
    private = {"pair", "ask", "veto", "participation", "meeting", "note", "goal", "follow_up", "training_record"}
    assert not private & set(exported())


def test_each_file_is_told_of_on_the_page_and_has_one_table(app):
    files = [part.file for part in TABLES.values() if isinstance(part, Exported)]
    assert sorted(files) == sorted(FILE_WORDS)


def test_an_export_reads_no_other_table_and_no_other_column(app, life, tmp_path):
    said: list[str] = []

    def hear(_connection, _cursor, statement, *_):
        said.append(statement)

    engine = db.engines[life.organisation.ref.cell]
    event.listen(engine, "before_cursor_execute", hear)
    try:
        with tenant_snapshot(life.organisation.ref), (tmp_path / "a.zip").open("wb") as out:
            write_archive(out, life.organisation.ref, read_me="", report=lambda _done, _total: None)
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    read = {table for line in said for table in re.findall(r"(?:FROM|JOIN) (\w+)", line)}
    assert read <= set(exported()) | NAMES_ONLY
    assert "client_secret" not in " ".join(said)


def test_the_format_is_written_down_file_by_file_and_column_by_column(app):
    told = (Path(__file__).parents[2] / "docs" / "export.md").read_text(encoding="utf-8")
    rows = {line.split("`")[1]: line for line in told.splitlines() if line.startswith("| `")}
    assert set(FILE_WORDS) <= set(rows)
    for part in exported().values():
        if part.file == "figures.json":  # told by the page of figures, under its words
            continue
        said = rows[part.file].rsplit("|", 2)[1].partition(". ")[0].strip()
        assert said.split(", ") == list(part.columns.values()), part.file
