"""Whatever bin/dev starts ends with it, and says how it ended."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local import disk
from local.errors import LocalError
from local.forked import ForkedChild
from local.options import ROOT
from local.processes import Child

# The test runner has threads of its own; the children here use none of what those hold.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]
PARENT = """
import os, sys, time
from pathlib import Path
from local.forked import ForkedChild
from local.processes import Child
logs = Path(sys.argv[1])
spawned = Child("spawned", ["sleep", "60"], logs / "spawned.log")
spawned.start()
forked = ForkedChild("forked", lambda: time.sleep(60), logs / "forked.log")
forked.fork(os.environ.copy())
time.sleep(0.5)
print(spawned.pid, forked.pid, flush=True)
time.sleep(60)
"""


def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pids = [int(word) for word in parent.stdout.readline().split()]
        parent.kill()
    assert len(pids) == 2
    for pid in pids:
        _wait_until_gone(pid)


def test_a_child_that_does_not_listen_is_ended_by_force(tmp_path: Path) -> None:
    child = Child("stubborn", STUBBORN, tmp_path / "log")
    child.start()
    child.wait_until(lambda: "up" in child.log.read_text(encoding="utf-8"), 20)
    child.stop(grace=0.2)
    assert child.exit_code == -signal.SIGKILL


def test_a_child_that_dies_is_told_in_one_sentence_with_its_log(tmp_path: Path) -> None:
    child = Child("The process web", [sys.executable, "-c", "raise SystemExit(3)"], tmp_path / "web.log")
    child.start()
    with pytest.raises(LocalError) as told:
        child.wait_until(lambda: False, 20)
    assert told.value.message == f"The process web ended with exit code 3; its log is {tmp_path}/web.log."


def test_a_killed_child_is_told_with_the_signal(tmp_path: Path) -> None:
    child = Child("PostgreSQL", SLEEPER, tmp_path / "log")
    child.start()
    os.kill(child.pid or 0, signal.SIGKILL)
    with pytest.raises(LocalError, match=r"^PostgreSQL was ended by signal 9; its log is "):
        child.wait_until(lambda: False, 20)


def test_a_full_disk_is_named_when_the_log_names_it(tmp_path: Path) -> None:
    words = "import sys; sys.exit('could not write: No space left on device')"
    child = Child("PostgreSQL", [sys.executable, "-c", words], tmp_path / "log")
    child.start()
    with pytest.raises(LocalError, match=r"^PostgreSQL ended: the disk is full\. Make room and start again;"):
        child.wait_until(lambda: False, 20)


def test_a_full_disk_is_named_when_another_program_died_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = Child("The process worker", [sys.executable, "-c", "raise SystemExit(1)"], tmp_path / "log")
    child.start()
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: disk.shutil._ntuple_diskusage(1, 1, 0))
    with pytest.raises(LocalError, match=r"^The process worker ended: the disk is full\."):
        child.wait_until(lambda: False, 20)


def test_a_child_that_is_never_ready_is_told_after_its_time(tmp_path: Path) -> None:
    child = Child("The process web", SLEEPER, tmp_path / "log")
    child.start()
    with pytest.raises(LocalError, match=r"^The process web was not ready after 0 seconds"):
        child.wait_until(lambda: False, 0.2)
    child.stop()


def test_a_program_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    child = Child("The demo", SLEEPER, tmp_path / "log")
    child.start()
    with pytest.raises(LocalError, match=r"^The demo took more than 0 seconds"):
        child.finish(0.2)
    assert not child.alive


def test_a_forked_program_has_its_own_environment_and_log(tmp_path: Path) -> None:
    child = ForkedChild("forked", lambda: sys.stdout.write(f"{sorted(os.environ)}\n"), tmp_path / "log")
    child.fork({"ONLY": "this"})
    child.finish(20)
    assert child.log.read_text(encoding="utf-8") == "['ONLY']\n"


def test_a_forked_program_that_fails_leaves_its_reason_in_the_log(tmp_path: Path) -> None:
    child = ForkedChild("The demo", lambda: 1 // 0, tmp_path / "log")
    child.fork({})
    with pytest.raises(LocalError, match="ended with exit code 1"):
        child.finish(20)
    assert "ZeroDivisionError" in child.log.read_text(encoding="utf-8")


@pytest.mark.parametrize(("end", "code"), [(0, 0), (2, 2), ("no", 1)])
def test_a_forked_program_ends_with_its_own_exit_code(tmp_path: Path, end: object, code: int) -> None:
    child = ForkedChild("forked", lambda: sys.exit(end), tmp_path / "log")
    child.fork({})
    while child.alive:
        time.sleep(0.02)
    assert child.exit_code == code


def _wait_until_gone(pid: int) -> None:
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.1)
    raise AssertionError(f"process {pid} outlived its parent")
