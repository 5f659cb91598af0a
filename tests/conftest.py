"""Real servers for every test: PostgreSQL and Valkey of each worker's own, an SMTP sink, the whole app.

After a test, the organisations it used are emptied and go back to the pool of blank schemas.
"""

import gc
import os
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine, create_engine, text

from app.people.events import on_people_changed
from app.valkey import connect
from local.mail.sink import MailSink
from local.postgres import DatabaseUrls, PostgresServer
from local.settings import settings_for
from local.stripe.schema import prepare as prepare_billing
from local.valkey import ValkeyServer
from tenants.database import db
from tenants.fleet import head_revision, migrate_all
from tenants.resolution import forget_tenants
from tests.cast import Cast
from tests.factories.domains import Names, answer_with
from tests.factories.screens import one_chromium, screen
from tests.queries import queries_stay_in_their_schema
from tests.watching import begin_watching, unwatched, watched
from wsgi import create_app

__all__ = ["one_chromium", "queries_stay_in_their_schema", "screen"]

# What is loaded stays loaded: looking through it for garbage again and again takes a tenth of the time.
gc.freeze()
gc.set_threshold(50_000, 20, 20)

SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
hypothesis_settings.register_profile(
    "short", max_examples=25, derandomize=True, deadline=None, suppress_health_check=SLOW_IS_FINE, database=None
)
hypothesis_settings.register_profile("deep", max_examples=1000, deadline=None, suppress_health_check=SLOW_IS_FINE)
hypothesis_settings.load_profile("deep" if os.environ.get("KAMU_DEEP") else "short")

BACK_TO_POOL = (
    "INSERT INTO control.tenant_slot (id, schema_name, role_name, cell_id, revision, built_at) "
    "SELECT id, schema_name, role_name, cell_id, :head, now() FROM control.tenant "
    "WHERE CASE WHEN to_regclass(schema_name || '.account') IS NULL THEN false "
    "ELSE has_table_privilege(role_name, schema_name || '.account', 'INSERT') END"
)
SLOWEST = ("tests/journeys", "tests/local/test_dev", "tests/support/test_ceremony", "tests/sign_in/test_looks")
KEPT_IN_CONTROL = "cell", "tenant_slot", "tenant_revision"
HOLDS_SOMETHING = """
    SELECT oid::regclass::text, pg_relation_size(oid) FROM pg_class
    WHERE relkind = 'r' AND relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY(:names))
    AND relname <> 'alembic_version' AND oid::regclass::text <> ALL(:kept) AND pg_relation_size(oid) > 0
"""
MOST_BYTES = 64 * 1024
# What these run is run by other tests as well, as is what browsers and trials by chance run.
NOT_WATCHED = tuple(
    f"tests/{folder}/" for folder in ("architecture", "bench", "faults", "isolation", "journeys", "local", "red_team")
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(SLOWEST))
    begin_watching(config)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    with unwatched() if _is_not_watched(item) else nullcontext():
        return (yield)


def _is_not_watched(item: pytest.Item) -> bool:
    by_chance = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    return item.nodeid.startswith(NOT_WATCHED) or item.get_closest_marker("browser") is not None or by_chance


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    server = PostgresServer(tmp_path_factory.mktemp("postgres"), fast=True)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def valkey_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyServer]:
    server = ValkeyServer(tmp_path_factory.mktemp("valkey"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def mail_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mail")


@pytest.fixture(scope="session")
def mail_sink(mail_directory: Path) -> Iterator[MailSink]:
    sink = MailSink(mail_directory)
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture(scope="session")
def urls(postgres: PostgresServer) -> DatabaseUrls:
    return postgres.create_database("kamu")


@pytest.fixture(scope="session")
def whole_app(urls: DatabaseUrls, valkey_server: ValkeyServer, mail_sink: MailSink) -> Iterator[Flask]:
    """The app, migrated, without anything in it; tests use ``app``."""
    with watched():
        app = create_app(settings_for(urls, redis_url=valkey_server.url, smtp_url=mail_sink.url))
        migrate_all(urls.ddl, urls.keys)
    app.testing = False
    answer_with(app, Names())
    prepare_billing(urls.ddl, app.config["KAMU"].secret_key)
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture(scope="session")
def superuser(urls: DatabaseUrls) -> Iterator[Engine]:
    """Sees everything; for looking after the fact, never for what the product does."""
    engine = create_engine(urls.superuser)
    yield engine
    engine.dispose()


@pytest.fixture
def app(whole_app: Flask, superuser: Engine, mail_directory: Path) -> Iterator[Flask]:
    """The app inside its context; what the test leaves in the databases, Valkey and the mail sink is cleared."""
    listeners = list(on_people_changed)
    with whole_app.app_context():
        yield whole_app
    on_people_changed[:] = listeners
    with unwatched():
        clear_all(superuser)
    forget_tenants()
    with connect(whole_app.config["KAMU"]) as valkey:
        valkey.flushdb()
    for mail in mail_directory.glob("*.eml"):
        mail.unlink()


@pytest.fixture
def cast(app: Flask, mail_sink: MailSink) -> Cast:
    """Organisations and people for a test, made as they are made in life."""
    return Cast(app, mail_sink)


@pytest.fixture
def two(cast: Cast) -> SimpleNamespace:
    """Two organisations, each with an owner."""
    return SimpleNamespace(a=cast.organisation("alpha"), b=cast.organisation("beta"))


def clear_all(superuser: Engine) -> None:
    """Empty what holds anything; the files of a table are thrown away only when they have grown.

    TRUNCATE makes new files for a table and each of its indexes, and every connection learns the table anew.
    """
    with superuser.begin() as connection:
        tenants = connection.scalars(text("SELECT schema_name FROM control.tenant")).all()
        connection.execute(text(BACK_TO_POOL), {"head": head_revision("tenant")})
        kept = [f"control.{table}" for table in KEPT_IN_CONTROL]
        values = {"names": ["control", "keys", *tenants], "kept": kept}
        filled = connection.execute(text(HOLDS_SOMETHING), values).all()
        # Whoever empties every table need not be told that one is referred to from another.
        connection.execute(text("SET LOCAL session_replication_role = 'replica'"))
        connection.exec_driver_sql("; ".join(f"DELETE FROM {table}" for table, _ in filled))
    grown = [table for table, size in filled if size > MOST_BYTES]
    if grown:
        with superuser.begin() as connection:
            connection.execute(text("TRUNCATE " + ", ".join(grown) + " CASCADE"))
