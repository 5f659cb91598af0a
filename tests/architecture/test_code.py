"""Tests about the code: jobs that exist, queues that are served, functions that fit on a screen, imports that run one way."""

import ast
import re
import statistics
from pathlib import Path

import pytest

from app.queue import QUEUES, resolve_job
from tenants.outbox import queue_of
from tests.architecture.source import FOLDERS, ROOT, SOURCE, imported_by, nodes_of

LATER = {"later", "later_in_control", "later_in_tenant"}
DOMAIN = {"actions", "queries", "policies", "models"}
ODD_NAMES = re.compile(r"(utils?|helpers?|common|misc|services?|managers?|base)\.py$")


def _job_names() -> set[str]:
    found = set()
    for path in SOURCE:
        for node in nodes_of(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LATER:
                position = 1 if node.func.id == "later_in_tenant" else 0
                name = node.args[position]
                assert isinstance(name, ast.Constant), f"a job is named by a constant, line {node.lineno}"
                found.add(name.value)
    return found


def test_every_job_that_is_named_exists_and_its_queue_is_served(app):
    names = _job_names()
    assert len(names) >= 5
    served = (ROOT / "Procfile").read_text(encoding="utf-8")
    for name in names:
        assert callable(resolve_job(name))
        assert queue_of(name) in QUEUES
        assert f"worker {queue_of(name)}" in served


def test_jobs_take_ids_and_numbers_only():
    for path in SOURCE:
        if path.stem != "jobs" and path.parent.name != "jobs":
            continue
        for node in nodes_of(path)[0].body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                assert not node.args.args, f"{path}: {node.name} takes keywords only"
                for argument in node.args.kwonlyargs:
                    assert argument.annotation is not None, f"{path}: {node.name}"


def test_functions_are_short():
    lengths = {
        f"{path.relative_to(ROOT)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in SOURCE
        for node in nodes_of(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert max(lengths.values()) <= 40, {name: n for name, n in lengths.items() if n > 40}
    long = sum(n > 20 for n in lengths.values())
    assert long <= len(lengths) * 0.1
    assert statistics.median(lengths.values()) <= 9


@pytest.mark.parametrize("path", SOURCE, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_are_short_and_named_for_what_they_hold(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    assert not ODD_NAMES.fullmatch(path.name)


@pytest.mark.parametrize("path", SOURCE, ids=lambda path: str(path.relative_to(ROOT)))
def test_domain_files_know_no_flask_and_no_queue(path: Path):
    parts = set(path.relative_to(ROOT).with_suffix("").parts)
    if not parts & DOMAIN:
        return
    for name in imported_by(path):
        assert name.partition(".")[0] not in {"flask", "werkzeug", "rq", "flask_babel"}, f"{path} imports {name}"


RESERVED = {
    "authlib": ("app/sign_in/gateway",),
    "joserfc": ("app/sign_in/gateway",),
    "dns": ("app/domains/gateway",),
    "stripe": ("app/billing/gateway",),
    "requests": ("app/outbound", "app/sign_in/gateway"),
    "urllib3": ("app/outbound",),
    "smtplib": ("app/mailer", "onboarding/jobs", "app/closing/emails", "app/rights/emails"),
    "cryptography": ("app/vault", "app/sign_in/gateway"),
    "webauthn": ("app/passkeys/gateway",),
    "rq": ("app/queue",),
    "redis": ("app/valkey", "app/queue", "app/web", "app/progress"),
    "ortools": ("app/matching/engine",),
    "local": (),
}


@pytest.mark.parametrize("library", list(RESERVED))
def test_a_library_is_used_in_its_own_room_only(library: str):
    rooms = RESERVED[library]
    for path in SOURCE:
        place = path.relative_to(ROOT).as_posix()
        if any(place.startswith(room) for room in rooms):
            continue
        assert library not in {name.partition(".")[0] for name in imported_by(path)}, f"{place} imports {library}"


def test_only_the_vault_opens_the_keys_plane():
    for path in SOURCE:
        place = path.relative_to(ROOT).as_posix()
        if place.startswith(("app/vault/", "tenants/")):
            continue
        assert not {name for name in imported_by(path) if "keys_work" in name or "KeysBase" in name}, place


def test_nothing_swallows_every_exception_but_the_shells_that_run_others_code():
    allowed = {"tenants/outbox.py", "app/schedule.py"}
    for path in SOURCE:
        for node in nodes_of(path):
            if isinstance(node, ast.ExceptHandler):
                broad = node.type is None or (
                    isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}
                )
                assert not broad or path.relative_to(ROOT).as_posix() in allowed, f"{path}:{node.lineno}"


def test_no_template_holds_script_style_or_foreign_addresses():
    forbidden = re.compile(
        r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=|hx-on|hx-vals=.js:|https?://(?!www\.w3\.org)",
        re.IGNORECASE,
    )
    for path in (p for folder in FOLDERS for p in (ROOT / folder).rglob("*.html")):
        if "emails" in path.parts or path.name == "components.html":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert not forbidden.search(line), f"{path}:{number}"
