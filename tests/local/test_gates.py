"""bin/test runs every gate, says which did not hold, and fails when one did not."""

import io

import pytest

from local import gates
from local.gates import Gate

HOLDS = Gate("holding", ("python", "-c", "print('as it should be')"))
BREAKS = Gate("breaking", ("python", "-c", "print('because of this'); raise SystemExit(1)"))
TESTS = ("python", "-c", "import os; print(os.environ.get('KAMU_DEEP', 'short'), os.environ.get('DATABASE_URL'))")


@pytest.fixture(autouse=True)
def few_gates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "_install_node_modules", lambda: None)
    monkeypatch.setattr(gates, "GATES", (HOLDS,))
    monkeypatch.setattr(gates, "PYTEST", TESTS)


def test_it_ends_well_when_every_gate_holds() -> None:
    said = io.StringIO()
    assert gates._run_all({}, said) == 0
    assert "1 of 1 gates hold; the tests follow." in said.getvalue()


def test_a_gate_that_breaks_stops_nothing_and_is_named_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "GATES", (BREAKS, HOLDS))
    said = io.StringIO()
    assert gates._run_all({}, said) == 1
    assert "because of this" in said.getvalue()
    assert "as it should be" in said.getvalue()
    assert said.getvalue().endswith("Did not hold: breaking.\n")


def test_a_persons_own_servers_are_kept_from_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://precious")
    said = io.StringIO()
    gates._run_all({}, said)
    assert "short None" in said.getvalue()


def test_deep_runs_tell_the_tests_and_keep_what_was_said() -> None:
    said, kept = io.StringIO(), io.StringIO()
    gates._run_all({"KAMU_DEEP": "1"}, said, kept)
    assert "\n1 None\n" in kept.getvalue()
    assert kept.getvalue() == said.getvalue()
