"""What each pool of connections is told, so that a restarted or pooled server is no fault for anybody."""

from flask import Flask

from tenants.database import db


def test_every_engine_looks_before_it_trusts_a_connection_and_prepares_nothing(app: Flask):
    assert len(db.engines) >= 3
    for name, engine in db.engines.items():
        assert engine.pool._pre_ping, name
        connection = engine.raw_connection()
        assert connection.driver_connection.prepare_threshold is None, name
        assert "kamu" in connection.driver_connection.info.dsn, name
        connection.close()
