"""What the documents say is what the code does."""

import re
from pathlib import Path

import click

from app.kamu import COMMANDS, kamu

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTING = re.compile(
    r"\b(KAMU_[A-Z_]+|(?:CONTROL_|KEYS_)?DATABASE_URL|DATABASE_DDL_URL|REDIS_URL|SMTP_URL|STRIPE_SECRET_KEY)\b"
)


def test_every_setting_is_explained_and_every_explained_one_is_read():
    read = set(SETTING.findall((ROOT / "app" / "settings.py").read_text(encoding="utf-8")))
    explained = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    assert explained == read
    example = set(SETTING.findall((ROOT / ".env.example").read_text(encoding="utf-8")))
    assert example == read - {"KAMU_OUTBOUND_LOOPBACK"}


def test_every_command_is_in_the_readme_and_has_a_help():
    for group, (_, places) in COMMANDS.items():
        for name in places:
            assert f"bin/kamu {group} {name}" in README
            command = kamu.commands[group].get_command(click.Context(kamu), name)
            assert command.help
    for name in ("migrate", "worker", "clock"):
        assert f"bin/kamu {name}" in README


def test_links_and_pictures_of_the_documents_exist():
    for document in [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_promise_names_tests_that_exist():
    promise = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[^`]+\.py)`", promise)
    assert len(named) >= 8
    for name in named:
        assert (ROOT / name).exists(), name


def test_decisions_are_numbered_without_a_gap():
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
