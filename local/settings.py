"""Settings of a local stack, for programs that build an app without an environment: tests, revisions."""

import secrets

from app.settings import Settings
from local.postgres import DatabaseUrls


def settings_for(
    urls: DatabaseUrls,
    *,
    redis_url: str,
    smtp_url: str = "smtp://127.0.0.1:1",
    base_host: str = "kamu.localhost:8000",
) -> Settings:
    """Return local settings with fresh secrets for one database."""
    return Settings(
        env="local",
        base_host=base_host,
        scheme="http",
        mail_from="Kamu <kamu@kamu.localhost>",
        secret_key=secrets.token_urlsafe(32),
        master_key=secrets.token_bytes(32),
        database_url=urls.rt,
        database_ddl_url=urls.ddl,
        keys_database_url=urls.keys,
        redis_url=redis_url,
        smtp_url=smtp_url,
        outbound_loopback=True,
    )
