"""A process that is told nonsense says which setting is wrong, and starts with nothing half-read."""

import base64

import pytest

from app.settings import Settings, SettingsMissing

WHOLE = {
    "KAMU_BASE_HOST": "kamu.example",
    "KAMU_MAIL_FROM": "Kamu <kamu@kamu.example>",
    "KAMU_SECRET_KEY": "s" * 32,
    "KAMU_MASTER_KEY": base64.b64encode(b"m" * 32).decode(),
    "DATABASE_URL": "postgres://app_rt:pw@db.example/kamu",
    "KEYS_DATABASE_URL": "postgresql://app_keys:pw@db.example/kamu",
    "REDIS_URL": "redis://localhost",
    "SMTP_URL": "smtp://localhost",
}


def test_a_whole_environment_is_read():
    settings = Settings.from_environment(WHOLE)
    assert (settings.env, settings.scheme, settings.database_ddl_url) == ("production", "https", None)
    assert settings.database_url == "postgresql+psycopg://app_rt:pw@db.example/kamu"
    assert settings.organisation_host("acme") == "acme.kamu.example"


@pytest.mark.parametrize("name", list(WHOLE))
def test_a_missing_setting_is_named(name: str):
    with pytest.raises(SettingsMissing, match=f"^{name} is not set"):
        Settings.from_environment({key: value for key, value in WHOLE.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KAMU_ENV", "staging"),
        ("KAMU_SCHEME", "http"),
        ("KAMU_MASTER_KEY", "not base64!"),
        ("KAMU_MASTER_KEY", base64.b64encode(b"short").decode()),
        ("KAMU_SECRET_KEY", "short"),
        ("KAMU_TRUSTED_PROXIES", "two"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str):
    with pytest.raises(SettingsMissing, match=name):
        Settings.from_environment({**WHOLE, name: value})


def test_secrets_stay_out_of_what_is_printed():
    text = repr(Settings.from_environment({**WHOLE, "DATABASE_DDL_URL": "postgres://app_ddl:pw@db.example/kamu"}))
    assert "pw@" not in text
    assert "s" * 32 not in text
    assert "mmmm" not in text


def test_production_never_talks_to_its_own_machine():
    assert not Settings.from_environment({**WHOLE, "KAMU_OUTBOUND_LOOPBACK": "1"}).outbound_loopback
    local = {**WHOLE, "KAMU_ENV": "local", "KAMU_OUTBOUND_LOOPBACK": "1"}
    assert Settings.from_environment(local).outbound_loopback
