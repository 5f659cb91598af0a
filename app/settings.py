"""Everything the service is told from outside, read once, typed and frozen."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from flask import current_app


class SettingsMissing(ValueError):
    """A setting is absent or ill-formed; the message names it and says what it should hold."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one process. Secrets stay out of ``repr``.

    ``trusted_proxies`` is how many proxies in front of us add to ``X-Forwarded-*``; with 0 those headers are ignored.
    ``control_database_url`` is the same database as ``database_url``, where a pooler keeps a pool of its own for it: a
    page that holds one of the other pool's connections may then still read the control plane.
    ``database_ddl_url`` is empty everywhere but in release, operators' commands and the provisioning worker.
    Without ``stripe_secret_key`` billing is off, or in the local environment with the stand-in.
    """

    env: Literal["local", "production"]
    base_host: str
    scheme: Literal["http", "https"]
    mail_from: str
    secret_key: str = field(repr=False)
    master_key: bytes = field(repr=False)
    database_url: str = field(repr=False)
    database_ddl_url: str | None = field(repr=False)
    keys_database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    smtp_url: str = field(repr=False)
    outbound_loopback: bool = False
    trusted_proxies: int = 0
    stripe_secret_key: str | None = field(default=None, repr=False)
    control_database_url: str | None = field(default=None, repr=False)

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> "Settings":
        """Read the settings from environment variables; ``SettingsMissing`` names the first one that is wrong."""
        kind = env.get("KAMU_ENV", "production")
        if kind not in {"local", "production"}:
            raise SettingsMissing("KAMU_ENV must be local or production")
        return cls(
            env=cast("Literal['local', 'production']", kind),
            base_host=_needed(env, "KAMU_BASE_HOST", "the start host, for example kamu.example"),
            scheme=_scheme(env, kind),
            mail_from=_needed(env, "KAMU_MAIL_FROM", "the sender, for example Kamu <kamu@kamu.example>"),
            secret_key=_secret_key(env),
            master_key=_master_key(env),
            database_url=_database(_needed(env, "DATABASE_URL", "PostgreSQL, as the login app_rt")),
            database_ddl_url=_database(env["DATABASE_DDL_URL"]) if env.get("DATABASE_DDL_URL") else None,
            keys_database_url=_database(_needed(env, "KEYS_DATABASE_URL", "PostgreSQL, as the login app_keys")),
            redis_url=_needed(env, "REDIS_URL", "Valkey or Redis, for example redis://:password@host:6379/0"),
            smtp_url=_needed(env, "SMTP_URL", "the mail server, for example smtp://user:password@host:587"),
            outbound_loopback=kind == "local" and env.get("KAMU_OUTBOUND_LOOPBACK") == "1",
            trusted_proxies=_count(env, "KAMU_TRUSTED_PROXIES"),
            stripe_secret_key=env.get("STRIPE_SECRET_KEY", "").strip() or None,
            control_database_url=_database(env["CONTROL_DATABASE_URL"]) if env.get("CONTROL_DATABASE_URL") else None,
        )

    @property
    def is_local(self) -> bool:
        """Whether this is a developer's machine: test pages and loopback providers exist only there."""
        return self.env == "local"

    @property
    def staff_host(self) -> str:
        """The host of Nitor's staff."""
        return f"staff.{self.base_host}"

    def organisation_host(self, slug: str) -> str:
        """Return the host of the organisation with this address name."""
        return f"{slug}.{self.base_host}"


def settings() -> Settings:
    """Return the settings of the current app."""
    return cast("Settings", current_app.config["KAMU"])


def _needed(env: Mapping[str, str], name: str, what: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise SettingsMissing(f"{name} is not set. It should hold {what}.")
    return value


def _count(env: Mapping[str, str], name: str) -> int:
    value = env.get(name, "0").strip() or "0"
    if not value.isdigit():
        raise SettingsMissing(f"{name} must be a whole number")
    return int(value)


def _scheme(env: Mapping[str, str], kind: str) -> Literal["http", "https"]:
    scheme = env.get("KAMU_SCHEME", "https")
    if scheme == "https" or (scheme == "http" and kind == "local"):
        return cast("Literal['http', 'https']", scheme)
    raise SettingsMissing("KAMU_SCHEME must be https (http only with KAMU_ENV=local)")


def _secret_key(env: Mapping[str, str]) -> str:
    key = _needed(env, "KAMU_SECRET_KEY", "at least 32 random characters; it signs the links in mails")
    if len(key) < 32:
        raise SettingsMissing("KAMU_SECRET_KEY must be at least 32 characters")
    return key


def _database(url: str) -> str:
    """Name the driver: outside services give plain ``postgres://`` addresses."""
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _master_key(env: Mapping[str, str]) -> bytes:
    text = _needed(env, "KAMU_MASTER_KEY", "32 random bytes in base64; it wraps every organisation's key")
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise SettingsMissing("KAMU_MASTER_KEY is not base64") from error
    if len(key) != 32:
        raise SettingsMissing("KAMU_MASTER_KEY must be 32 bytes in base64")
    return key
