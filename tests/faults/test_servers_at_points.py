"""The whole matrix: at every named point PostgreSQL, or Valkey, is killed under the process that stands there."""

import os
from collections.abc import Iterator

import psutil
import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text

from local.mail.sink import MailSink
from local.postgres import PostgresServer
from local.settings import settings_for
from local.stripe.schema import prepare as prepare_billing
from local.valkey import ValkeyServer
from tenants import faults
from tenants.database import db
from tenants.faults import Fault
from tenants.fleet import migrate_all
from tenants.resolution import forget_tenants
from tests.cast import Cast
from tests.closing.conftest import Road
from tests.factories.staff import Nitor
from tests.faults.points import Stage, stand_at
from tests.faults.scenes import SCENES, FleetIsMigrated
from wsgi import create_app

pytestmark = [
    pytest.mark.deep,
    pytest.mark.skipif(not os.environ.get("KAMU_DEEP"), reason="bin/test --deep runs it: servers are killed 34 times"),
]
# A fleet at a throw-away tree has a database of the other tests' server: there only the process is killed.
POINTS = [fault for fault in SCENES if SCENES[fault] is not FleetIsMigrated]
TRUNCATE = """DO $$ DECLARE name text; BEGIN
FOR name IN SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('control', 'keys')
AND tablename NOT IN ('cell', 'tenant_slot', 'tenant_revision', 'alembic_version')
LOOP EXECUTE 'TRUNCATE ' || name || ' CASCADE'; END LOOP; END $$"""


class Servers:
    """Servers of this file's own, that can be killed, and an app on them."""

    def __init__(self, make: pytest.TempPathFactory, sink: MailSink) -> None:
        self.postgres, self.valkey = PostgresServer(make.mktemp("postgres")), ValkeyServer(make.mktemp("valkey"))
        self.postgres.start()
        self.valkey.start()
        urls = self.postgres.create_database("kamu")
        self.app: Flask = create_app(settings_for(urls, redis_url=self.valkey.url, smtp_url=sink.url))
        migrate_all(urls.ddl, urls.keys)
        prepare_billing(urls.ddl, self.app.config["KAMU"].secret_key)
        self.superuser: Engine = create_engine(urls.superuser, pool_pre_ping=True)

    def kill(self, name: str) -> None:
        """End a server at once, and start it again."""
        server = getattr(self, name)
        main = psutil.Process(server.child.pid)
        family = main.children(recursive=True)
        main.kill()
        psutil.wait_procs(family, timeout=30)
        server.child.stop()
        server.start()

    def stop(self) -> None:
        self.superuser.dispose()
        self.valkey.stop()
        self.postgres.stop()


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory, mail_sink: MailSink) -> Iterator[Servers]:
    made = Servers(tmp_path_factory, mail_sink)
    yield made
    made.stop()


@pytest.fixture
def stage(servers: Servers, mail_sink: MailSink, mail_directory, monkeypatch, tmp_path) -> Iterator[Stage]:
    forget_tenants()
    with servers.app.app_context():
        cast = Cast(servers.app, mail_sink)
        things = {"monkeypatch": monkeypatch, "tmp_path": tmp_path}
        made = Stage(servers.app, cast, servers.superuser, lambda name: things.get(name) or _make(name, made, things))
        yield made
        faults.disarm()
        with servers.superuser.begin() as connection:
            connection.execute(text(TRUNCATE))
        for engine in db.engines.values():
            engine.dispose()
    for mail in mail_directory.glob("*.eml"):
        mail.unlink()
    forget_tenants()


def _make(name: str, stage: Stage, things: dict) -> object:
    if name == "road":
        return Road(stage.cast, Nitor(stage.app), stage.superuser, things["monkeypatch"])
    organisation = stage.cast.organisation("acme", name="Acme Oy")
    stage.cast.employee(organisation)
    return organisation


@pytest.mark.parametrize("server", ["postgres", "valkey"])
@pytest.mark.parametrize("fault", POINTS)
def test_a_server_killed_at_a_point_loses_nothing(servers: Servers, stage: Stage, fault: Fault, server: str):
    scene = SCENES[fault](stage)
    stand_at(stage, fault, scene.work, lambda: servers.kill(server))
    scene.resume()
    scene.proof()
