"""What bin/dev tells its processes, and what it refuses."""

import shlex
import stat
from pathlib import Path

import pytest

from app.settings import Settings
from local import environment
from local.cast import PLACES, describe_ways_in, provider_people
from local.errors import LocalError
from local.options import Options, keep_port, read_options
from local.provider import PASSWORD, prepare

SERVERS = {
    "DATABASE_URL": "postgresql+psycopg://app_rt:a@127.0.0.1:1/kamu",
    "DATABASE_DDL_URL": "postgresql+psycopg://app_ddl:b@127.0.0.1:1/kamu",
    "KEYS_DATABASE_URL": "postgresql+psycopg://app_keys:c@127.0.0.1:1/kamu",
    "REDIS_URL": "redis://:d@127.0.0.1:1/0",
    "SMTP_URL": "smtp://127.0.0.1:1",
}


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(8000, directory=tmp_path)


def test_the_settings_are_ones_that_the_service_takes(options: Options) -> None:
    taken = Settings.from_environment(environment.build(options, SERVERS))
    assert (taken.env, taken.base_host, taken.scheme) == ("local", "kamu.localhost:8000", "http")
    assert taken.outbound_loopback


def test_only_those_who_change_schemas_know_that_login(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_DDL_URL", "postgresql://outside")
    settings = environment.build(options, SERVERS)
    assert "DATABASE_DDL_URL" not in environment.for_process(settings)
    knowing = environment.for_process(settings, changes_schemas=True)
    assert knowing["DATABASE_DDL_URL"] == SERVERS["DATABASE_DDL_URL"]


def test_secrets_are_kept_and_readable_by_their_owner_only(options: Options) -> None:
    assert environment.read_secrets(options.directory) == environment.read_secrets(options.directory)
    for name in ("master.key", "secret.key"):
        assert stat.S_IMODE((options.directory / name).stat().st_mode) == 0o600


def test_the_file_for_bin_kamu_holds_every_setting(options: Options) -> None:
    settings = environment.build(options, SERVERS)
    file = options.directory / "env"
    environment.write_env_file(file, settings)
    lines = [shlex.split(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert dict(line[1].split("=", 1) for line in lines) == settings
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_outside_servers_are_taken_as_they_are() -> None:
    assert environment.outside_servers({**SERVERS, "PATH": "/bin"}) == SERVERS


def test_the_database_addresses_go_together() -> None:
    with pytest.raises(LocalError, match=r"^DATABASE_DDL_URL and KEYS_DATABASE_URL must be set as well"):
        environment.outside_servers({"DATABASE_URL": SERVERS["DATABASE_URL"]})


def test_all_ports_follow_the_one_of_the_pages(tmp_path: Path) -> None:
    options = read_options(["--port", "9000", "--data", str(tmp_path)])
    ports = [options.mail_port, options.smtp_port, options.valkey_port, options.provider_port, options.postgres_port]
    assert ports == [9025, 9026, 9379, 9400, 9432]


def test_kept_data_keeps_its_port(tmp_path: Path) -> None:
    keep_port(Options(9000, directory=tmp_path))
    there = ["--data", str(tmp_path)]
    assert read_options(there).port == 9000
    with pytest.raises(LocalError, match=r"was made for port 9000 .* start with --port 9000, or with --reset"):
        read_options([*there, "--port", "8000"])
    assert read_options([*there, "--port", "8000", "--reset"]).port == 8000


def test_the_ways_in_name_every_address_and_one_way_to_sign_in(options: Options) -> None:
    seed = prepare(options.directory / "provider.json", port=8400, people=provider_people(), hosts=options.base_host)
    printed = describe_ways_in(options)
    for host in ("kamu", "saarnikoski.kamu", "ekvalla.kamu"):
        assert f"http://{host}.localhost:8000/" in printed
    for words in ("http://localhost:8025/", "vaino.kallionpaa", "mirjami.lehdesoja@ekvalla.example"):
        assert words in printed
    assert PASSWORD in printed
    assert seed["client_secret"] in printed


def test_the_provider_keeps_its_key_and_secret(options: Options) -> None:
    file = options.directory / "provider.json"
    first = prepare(file, port=8400, people=[], hosts="kamu.localhost:8000")
    assert prepare(file, port=8400, people=[], hosts="kamu.localhost:8000") == first


def test_everybody_of_the_demo_can_sign_in_and_supervisors_are_among_them() -> None:
    for place, size in zip(PLACES, (120, 30), strict=True):
        rows = place.read_people()
        numbers = {row["Employee number"] for row in rows}
        assert len(rows) == len(numbers) == size
        assert {row["Manager"] for row in rows} - {""} <= numbers
        assert {row["E-mail"] for row in rows} <= {person.email for person in provider_people()}
