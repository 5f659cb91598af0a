"""What no line of the product does, because it would go round the door: looked up in the syntax, not by luck."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for part in ("app", "onboarding", "tenants")
    for path in sorted((ROOT / part).rglob("*.py"))
}
# Where SQL is put together: from the catalogue of our own schemas and from our own revisions, never from a request.
PUT_TOGETHER = (
    "tenants/fleet/", "tenants/lifecycle.py", "tenants/restore.py", "tenants/rebuilding.py", "tenants/rows.py",
    "tenants/backup.py", "tenants/provisioning.py", "tenants/migration_environment.py", "tenants/database.py",
    "app/closing/queries/notice.py", "app/billing/models.py",
)  # fmt: skip
TAKES_SQL = {"text", "exec_driver_sql", "literal_column", "DDL", "execute", "scalar", "scalars", "copy"}
# The door's own doings, and where they are done.
OWN = {
    "raw_connection": (),
    "begin_twophase": (),
    "merge": ("tenants/unit_of_work.py",),
    "create_engine": ("tenants/fleet/", "tenants/migration_environment.py"),
    "Session": ("tenants/unit_of_work.py",),
    "sessionmaker": (),
    "scoped_session": (),
    "door_engine": ("tenants/unit_of_work.py", "tenants/rebuilding.py"),
    "Door": ("tenants/unit_of_work.py", "tenants/rebuilding.py"),
    "keys_work": ("tenants/unit_of_work.py", "app/vault/"),
}
ENDS = {"commit", "rollback"}
LASTING = re.compile(
    r"\bSET\s+(?!LOCAL\b)(SESSION|ROLE|search_path|statement_timeout)|\bpg_(try_)?advisory_lock\b|\bWITH HOLD\b|"
    r"\bCREATE\s+(GLOBAL\s+|LOCAL\s+)?TEMP|\bPREPARE\b|\bLISTEN\b|set_config\([^)]*false\)|\bDISCARD\b"
)


def _calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Each call: its file, the name of what is called, itself."""
    for place, tree in FILES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield place, getattr(node.func, "attr", getattr(node.func, "id", "")), node


def _is_written_out(node: ast.expr) -> bool:
    """Whether nothing is put into a text, however it is done."""
    if isinstance(node, ast.JoinedStr):
        return not any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return not isinstance(node.op, ast.Add | ast.Mod) or not any(
            isinstance(each, ast.JoinedStr | ast.Constant) and isinstance(getattr(each, "value", ""), str)
            for each in (node.left, node.right)
        )
    return not (isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"format", "join", "replace"})


def test_no_sql_is_put_together_where_requests_and_jobs_are_answered():
    found = {
        f"{place}:{node.lineno}"
        for place, name, node in _calls()
        if name in TAKES_SQL and node.args and not _is_written_out(node.args[0])
    }
    assert {each for each in found if each.startswith("tenants/lifecycle.py")}, "looking finds"
    assert {each for each in found if not each.startswith(PUT_TOGETHER)} == set()
    excused = {place for place in FILES if "noqa: S608" in (ROOT / place).read_text(encoding="utf-8")}
    assert {each for each in excused if not each.startswith(PUT_TOGETHER)} == set()


def test_what_the_door_does_is_done_by_the_door_alone():
    for place, name, node in _calls():
        if name in OWN and not _is_anothers(node):
            assert place.startswith(OWN[name] or ("nowhere",)), f"{place}:{node.lineno} {name}"


def _is_anothers(call: ast.Call) -> bool:
    """Whether it is a session of HTTP, which has the same name."""
    return ast.unparse(call.func) == "requests.Session"


def test_only_units_of_work_and_runs_over_the_fleet_end_transactions():
    found = {place for place, name, node in _calls() if name in ENDS and isinstance(node.func, ast.Attribute)}
    assert {each for each in found if not each.startswith(("tenants/unit_of_work.py", "tenants/fleet/"))} == set()


def test_no_statement_leaves_anything_on_a_connection():
    for place, tree in FILES.items():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and not place.startswith("tenants/fleet/")
            ):
                assert not LASTING.search(node.value), f"{place}:{node.lineno} {node.value}"


def test_the_name_of_an_execution_option_that_opens_the_door_is_known_to_the_door_alone():
    for place, tree in FILES.items():
        for node in ast.walk(tree):
            word = node.arg if isinstance(node, ast.keyword) else getattr(node, "value", None)
            assert word != "kamu_door" or place == "tenants/database.py", place
