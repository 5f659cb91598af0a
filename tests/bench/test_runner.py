"""The runner of benches: what holds, how it ends, where it writes."""

import json
from types import ModuleType

import pytest

from bench import __main__ as runner
from bench import pages
from bench.rows import Row

FAST, SLOW = Row("120 people: /today, a Kamu", 12.5, "ms", 50), Row("120 people: /people, the owner", 51, "ms", 50)


def bench_of(*rows: Row) -> ModuleType:
    bench = ModuleType("bench.nothing")
    bench.TITLE, bench.measure = "Nothing", lambda: iter(rows)
    bench.tell = lambda found: "\n".join(f"- {row.name}" for row in found)
    return bench


@pytest.mark.parametrize(
    ("row", "holds"),
    [
        (FAST, True),
        (SLOW, False),
        (Row("at the limit", 50, "ms", 50), True),
        (Row("not to be had", None, "ms", 50), False),
        (Row("more is better", 900, "a second", 500, at_least=True), True),
    ],
)
def test_a_row_holds_up_to_its_limit(row: Row, holds: bool) -> None:
    assert row.holds is holds
    assert ("DOES NOT HOLD" in str(row)) is not holds


def test_one_row_that_does_not_hold_fails_the_run_and_so_does_none_at_all() -> None:
    assert runner.conclude([FAST]) == 0
    assert runner.conclude([FAST, SLOW]) == 1
    assert runner.conclude([]) == 1


def test_every_row_goes_into_the_file(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(runner.importlib, "import_module", lambda _: bench_of(FAST, SLOW))
    assert runner.main(["pages", "--json", str(tmp_path / "rows.json")]) == 1
    rows = json.loads((tmp_path / "rows.json").read_text())
    assert [set(row) for row in rows] == [{"name", "value", "unit", "target", "holds"}] * 2
    assert "1 of 2 values hold" in capsys.readouterr().out


def test_a_section_takes_the_place_of_the_older_one_alone() -> None:
    text = "# Benchmarks\n\n## Nothing\n\nold\n\n## Other\n\nkept\n"
    written = runner.replace_section(text, bench_of(FAST), [FAST])
    assert "old" not in written
    assert written.endswith("- 120 people: /today, a Kamu\n\n## Other\n\nkept\n")
    assert runner.replace_section("# Benchmarks\n", bench_of(), []).startswith("# Benchmarks\n\n## Nothing\n")


def test_the_table_of_pages_has_a_line_a_page_and_says_its_reasons() -> None:
    rows = [
        FAST,
        Row("10,000 people: /today, a Kamu", 20, "ms", 50),
        Row("10,000 people: /file, a Kamu", 60, "ms", 90, "big"),
    ]
    told = pages.tell(rows)
    assert "| `/today` | organisation | 12.5 |  | 20 |  | a Kamu |" in told
    assert "- `/file`, 90 ms and 12 statements: big" in told
    assert told.endswith("Every page holds its limit.")


def test_a_page_over_its_limit_is_named_below_the_table() -> None:
    told = pages.tell([FAST, SLOW, Row("Staff: /nowhere", None, "ms", 50)])
    assert "- `/people`, 120 people: 51 ms" in told
    assert "- `/nowhere`, Staff: not to be had" in told
