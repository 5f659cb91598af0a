"""Nothing but the door reads raw counts of people."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RAW = re.compile(r"\b(matching\.queries\.basis|matching\.policies\.outcome|count_paired)\b")
DOOR = {"app/disclosure/actions.py", "app/disclosure/queries.py", "app/matching/queries/basis.py"}
SOURCE = sorted(path for folder in ("app", "onboarding") for path in (ROOT / folder).rglob("*.py"))


def test_raw_counts_of_people_are_read_by_the_door_alone():
    readers = {path.relative_to(ROOT).as_posix() for path in SOURCE if RAW.search(path.read_text(encoding="utf-8"))}
    assert readers == DOOR


@pytest.mark.parametrize(
    "room", ["app/support", "app/disclosure/views.py", "app/matching/views/rules.py", "onboarding"]
)
def test_pages_of_leads_and_staff_read_no_choices_pairs_or_asks(room: str):
    private = re.compile(r"import .*\b(Veto|Ask|Pair|Participation|TrainingRecord)\b")
    for path in SOURCE:
        place = path.relative_to(ROOT).as_posix()
        if place.startswith(room):
            found = [line for line in path.read_text(encoding="utf-8").splitlines() if private.search(line)]
            assert all("support.queries.participation" in line for line in found), (place, found)
